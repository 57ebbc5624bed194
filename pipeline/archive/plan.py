# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is to be read: inputs that are new or have changed, in chunks; what may be the same file comes into one chunk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koteihyo.pipeline.archive.chunk import Chunk, Wanted
from koteihyo.pipeline.archive.inputs import PASSING, UNKNOWN_SIZE, Input, is_web
from koteihyo.pipeline.archive.names import shown
from koteihyo.pipeline.archive.tries import Blame
from koteihyo.pipeline.sources.discover import id_from_stem, printable
from koteihyo.pipeline.sources.registry import Registration
from koteihyo.pipeline.store.fingerprint import reader_key
from koteihyo.schema.archive import Document, Status
from koteihyo.schema.records import Edition

if TYPE_CHECKING:
    import polars as pl

# What a machine that dies has read in vain, at most; and what is brought to a machine at once, bytes.
CHUNK_DOCUMENTS = 16
CHUNK_BYTES = 64 << 20


@dataclass(frozen=True)
class Again:
    """What is read again though it did not change."""

    failed: bool = False
    other_reader: bool = False
    """What another version read."""


@dataclass
class Survey:
    """The inputs, and which of them are to be read."""

    inputs: int
    todo: pl.DataFrame
    known: pl.DataFrame
    """Rows of documents that stay, to find the same file under another name."""
    registered: Mapping[str, Registration] = field(default_factory=dict)
    """By the path of the file."""
    raw_names: Mapping[str, str] = field(default_factory=dict)
    """Paths that are no text, by how they are shown."""

    def chunks(self, blame: Blame) -> Iterator[Chunk]:
        """What is to be read, in an order that mixes the large with the small."""
        cuts = list(self._cuts())
        # By chance, but the same in every run: the rate of the first hour is that of the last.
        cuts.sort(key=lambda cut: hashlib.sha256(self.todo["source"][cut[0]].encode("utf-8")).digest())
        for start, end in cuts:
            wanted = tuple(self._wanted(row) for row in self.todo[start:end].iter_rows(named=True))
            told = [[one.input.source, one.input.stamp] for one in wanted]
            chunk_id = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
            sizes = {one.input.size for one in wanted}
            yield Chunk(chunk_id, wanted, self._known(sizes), blame.among([one.input.source for one in wanted]))

    def _cuts(self) -> Iterator[tuple[int, int]]:
        """(start, end) of each chunk among what is to be read, which is in the order of sizes."""
        start = total = 0
        sizes = self.todo["size"].to_list()
        for at, size in enumerate(sizes):
            is_new = at > start and (size != sizes[at - 1] or size == UNKNOWN_SIZE)
            if is_new and (at - start >= CHUNK_DOCUMENTS or total + size > CHUNK_BYTES):
                yield start, at
                start, total = at, 0
            total += size
        if start < len(sizes):
            yield start, len(sizes)

    def _known(self, sizes: set[int]) -> dict[str, Document]:
        import polars as pl

        rows = self.known.filter(pl.col("size").is_in(list(sizes))).drop("size").iter_rows(named=True)
        return {row["sha256"]: Document.model_validate(row) for row in rows}

    def _wanted(self, row: Mapping[str, Any]) -> Wanted:
        source = self.raw_names.get(row["source"], row["source"])
        one = Input(source, row["size"], row["stamp"])
        registration = self.registered.get(source)
        edition = Edition(
            edition_id=row["id"],
            title=registration.title if registration else row["id"],
            published_on=registration.published_on if registration else None,
            source_url=registration.source_url if registration else source if is_web(source) else None,
            source_sha256="",
            source_file=printable(one.name),
            page_count=0,
        )
        return Wanted(one, edition, row["alone"])


def survey(
    inputs: Iterable[Input], stored: pl.DataFrame, again: Again, registered: Mapping[str, Registration]
) -> Survey:
    """Compares the inputs with the rows of those that were read before (`documents`)."""
    import polars as pl

    listed = _listed(inputs, registered)
    raw_names = listed.raw_names
    frame = listed.frame.unique("source", keep="first", maintain_order=True)
    before = stored.select("source", was=pl.col("stamp"), status="status", reason="reason", reader="reader")
    joined = frame.join(before, on="source", how="left").with_columns(claims=pl.len().over("id"))
    todo = joined.filter(_is_to_be_read(again))
    stays = stored.join(todo, on="source", how="anti")
    taken = stays["edition_id"].drop_nulls().unique()
    todo = todo.with_columns(alone=(pl.col("claims") == 1) & ~pl.col("id").is_in(taken.implode()))
    todo = todo.select("source", "size", "stamp", "id", "alone").sort("size", "source")
    return Survey(frame.height, todo, _by_size(stays, todo), registered, raw_names)


@dataclass
class _Listed:
    frame: pl.DataFrame
    raw_names: dict[str, str]


def _listed(inputs: Iterable[Input], registered: Mapping[str, Registration]) -> _Listed:
    import polars as pl

    sources: list[str] = []
    sizes: list[int] = []
    stamps: list[str] = []
    ids: list[str] = []
    raw_names: dict[str, str] = {}
    for one in inputs:
        name = shown(one.source)
        if name != one.source:
            raw_names[name] = one.source
        sources.append(name)
        sizes.append(one.size)
        stamps.append(one.stamp)
        registration = registered.get(one.source)
        ids.append(registration.id if registration else id_from_stem(Path(one.name).stem))
    schema = {"source": pl.String(), "size": pl.Int64(), "stamp": pl.String(), "id": pl.String()}
    return _Listed(pl.DataFrame({"source": sources, "size": sizes, "stamp": stamps, "id": ids}, schema), raw_names)


def _is_to_be_read(again: Again) -> pl.Expr:
    import polars as pl

    wanted = pl.col("was").is_null() | (pl.col("was") != pl.col("stamp"))
    wanted |= pl.col("reason").is_in(list(PASSING)).fill_null(False)
    if again.failed:
        wanted |= pl.col("status") == Status.FAILED.value
    if again.other_reader:
        wanted |= pl.col("reader") != reader_key()
    return wanted


def _by_size(stays: pl.DataFrame, todo: pl.DataFrame) -> pl.DataFrame:
    """Rows of files that may be the same as one that is to be read."""
    import polars as pl

    size = pl.col("stamp").str.split(":").list.first().cast(pl.Int64, strict=False)
    rows = stays.filter(pl.col("sha256").is_not_null()).with_columns(size=size).drop("batch")
    return rows.filter(pl.col("size").is_in(todo["size"].unique().implode()))
