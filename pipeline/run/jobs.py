# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the run and its worker processes tell each other: requests, results and limits, as small JSON files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, PlainValidator, ValidationInfo

from koteihyo.pipeline.store.manifest import EditionSummary
from koteihyo.schema.records import Edition


def _path(value: Any, info: ValidationInfo) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(value))) if info.mode == "json" else Path(value)


AnyPath = Annotated[
    Path,
    PlainValidator(_path),
    PlainSerializer(lambda path: quote_from_bytes(os.fsencode(path)), when_used="json"),
]
"""A path that survives JSON, whatever its bytes: the names of files need not be text (Shift_JIS)."""

Message = Annotated[str, AfterValidator(lambda text: text.encode("utf-8", "replace").decode("utf-8"))]
"""Text for people; bytes of a file's name that are no text become ?."""

MEBIBYTE = 1 << 20
# Eight busy programs on two processors leave each a quarter of the time.
CLOCK_FACTOR = 4
# Starting a program may take that long there, seconds.
CLOCK_LEAST = 60.0
# The page that never ends must leave time for the others.
PAGE_SHARE = 1 / 3


class Limits(BaseModel):
    """What one document may cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    timeout: float = 180.0
    """Seconds of computing, start of the process included. A page of a scan takes up to 20."""
    memory: int = 2048 * MEBIBYTE
    """Bytes of address space of the worker process."""
    max_pages: int = 2000
    """A longer document is not read."""
    max_size: int = 300 * MEBIBYTE
    """Bytes of the file."""
    witness: bool = True
    """Whether a second reader checks the first: it takes a quarter more time."""
    facts: bool = True
    """Whether dates, targets, organisations and words are found in the texts."""

    @property
    def tried(self) -> dict[str, float]:
        """The limits that may keep pages from being read: with higher ones there may be more to read."""
        return {"timeout": self.timeout, "memory": self.memory, "max_pages": self.max_pages}

    def raised(self, tried: Mapping[str, float]) -> bool:
        """Whether a limit is higher than it was in an earlier try."""
        return any(value > tried.get(name, 0) for name, value in self.tried.items())

    @property
    def clock(self) -> float:
        """Seconds that may pass: a busy machine must not cost a document its rows, a dead disk must not hold the run."""
        return max(CLOCK_LEAST, CLOCK_FACTOR * self.timeout)

    def page_seconds(self, page_count: int) -> float:
        """Seconds of computing that one page may take of a document's."""
        return self.timeout * max(PAGE_SHARE, 1 / page_count)


class Request(BaseModel):
    """One document to read."""

    model_config = ConfigDict(frozen=True)

    pdf: AnyPath
    edition: Edition
    limits: Limits
    corrections: tuple[AnyPath, ...] = ()
    """Files of corrections by hand, in the order in which they are applied."""
    kept: AnyPath | None = None
    """Where the reading before corrections is kept; not kept when there is no such place."""
    kept_key: str = ""
    """What a kept reading must have been made from."""
    only: int | None = None
    """The one page to read; all when it is not named."""
    skip: dict[int, str] = {}
    """Pages at which an earlier try ended, and the warning that stands for them: they are not read again."""
    hurried: bool = False
    """Whether an earlier try ended after all pages were read: the second reader is left out."""
    triage: bool = False
    """Whether a document whose text shows that it holds no plan is not read any further."""
    split_from: int = 0
    """A document of so many pages is not read but counted, to be read in parts; 0: never."""
    part: tuple[int, int] | None = None
    """The first and the last page of the part to read."""
    parts: tuple[AnyPath, ...] = ()
    """Folders of the parts to join; when there are any, the PDF is not read."""

    @property
    def may_be_split(self) -> bool:
        """Whether nothing but the document's length decides how it is read."""
        return not (self.corrections or self.kept or self.only or self.skip or self.hurried)

    def save(self, folder: Path) -> None:
        """Writes the request into a job's folder."""
        (folder / "request.json").write_text(self.model_dump_json(), encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> Request:
        """The request in a job's folder."""
        return Request.model_validate_json((folder / "request.json").read_bytes())


class Failure(BaseModel):
    """Why a document was not read. `reason` is a stable word, `message` is for people."""

    model_config = ConfigDict(frozen=True)

    reason: str
    message: Message


class Result(BaseModel):
    """How reading ended: a summary with the tables' files beside it, a failed document, or a failed disk."""

    model_config = ConfigDict(frozen=True)

    summary: EditionSummary | None = None
    sha256: str = ""
    failure: Failure | None = None
    store_error: Message | None = None
    without_plan: int = 0
    """Pages of a document that was not read because it holds no plan."""
    pages: int = 0
    """Pages of a document that is long enough to be read in parts, and was not read."""
    whole: bool = False
    """Whether the document must be read by one worker after all."""
    resident: int = 0
    """Bytes of memory that the worker holds after the document."""

    def save(self, folder: Path) -> None:
        """Writes the result into a job's folder in one step, so that a killed worker leaves none."""
        temporary = folder / "result.tmp"
        temporary.write_text(self.model_dump_json(), encoding="utf-8")
        temporary.replace(folder / "result.json")

    @staticmethod
    def load(folder: Path) -> Result | None:
        """The result in a job's folder; None when the worker did not come to its end."""
        try:
            return Result.model_validate_json((folder / "result.json").read_bytes())
        except FileNotFoundError:
            return None


@dataclass(frozen=True)
class Progress:
    """How far a worker is."""

    page_no: int
    page_count: int
    pages_read: bool = False
    """Whether the pages are done and the second reader, or the search for facts, is at work."""

    def save(self, folder: Path) -> None:
        """Writes the page that is being read; the parent shows it, also when it was the last one."""
        done = "/read" if self.pages_read else ""
        (folder / "progress").write_text(f"{self.page_no}/{self.page_count}{done}", encoding="ascii")

    @staticmethod
    def load(folder: Path) -> Progress | None:
        """The page a worker is at; None before the first."""
        try:
            page_no, page_count, *done = (folder / "progress").read_text(encoding="ascii").split("/")
            return Progress(int(page_no), int(page_count), bool(done))
        except (OSError, ValueError):
            return None


def table_file(folder: Path, table: str) -> Path:
    """The Parquet file of one table in a job's folder."""
    return folder / f"{table}.parquet"
