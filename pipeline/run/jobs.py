# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the run and its worker processes tell each other: requests, results and limits, as small JSON files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from koteihyo.pipeline.store.manifest import EditionSummary
from koteihyo.schema.records import Edition
from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, PlainValidator, ValidationInfo


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


class Limits(BaseModel):
    """What one document may cost."""

    model_config = ConfigDict(frozen=True)

    timeout: float = 180.0
    """Seconds, start of the process included: a page of a scan takes up to 20."""
    memory: int = 2048 * MEBIBYTE
    """Bytes of address space of the worker process."""
    max_pages: int = 2000
    max_size: int = 300 * MEBIBYTE
    """Bytes of the file."""
    witness: bool = True
    """Whether a second reader checks the first: it doubles the time."""
    facts: bool = True
    """Whether dates, targets, organisations and words are found in the texts."""


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

    def save(self, folder: Path) -> None:
        """Writes the page that is being read; the parent shows it, also when it was the last one."""
        (folder / "progress").write_text(f"{self.page_no}/{self.page_count}", encoding="ascii")

    @staticmethod
    def load(folder: Path) -> Progress | None:
        """The page a worker is at; None before the first."""
        try:
            page_no, page_count = (folder / "progress").read_text(encoding="ascii").split("/")
            return Progress(int(page_no), int(page_count))
        except (OSError, ValueError):
            return None


def table_file(folder: Path, table: str) -> Path:
    """The Parquet file of one table in a job's folder."""
    return folder / f"{table}.parquet"
