# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pieces and older batches made into one batch: a Parquet file for each table, and last the record that makes it count.

<table>/<batch>.parquet, and .archive/batches/<batch>.json. A plan names what goes in, so that whoever carries it out,
and however often, makes the same files.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from koteihyo.pipeline.archive.piece import Piece
from koteihyo.pipeline.archive.storage import Storage, open_storage
from koteihyo.pipeline.store.frames import frame_bytes, table_schema, to_frame
from koteihyo.schema.archive import Document
from koteihyo.schema.catalog import EDITION_TABLES
from koteihyo.schema.record import Record

if TYPE_CHECKING:
    import polars as pl

BATCHES, MERGES = ".archive/batches", ".archive/merges"
TABLES: tuple[type[Record], ...] = (*EDITION_TABLES, Document)
"""All tables of an archive; the documents come last."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Told):
    """A piece or a batch that goes into a batch, and which of its rows do not."""

    name: str
    """Of a piece its file, of a batch its id."""
    is_piece: bool = True
    without_sources: tuple[str, ...] = ()
    without_editions: tuple[str, ...] = ()


class MergePlan(_Told):
    """What a batch is to be made of."""

    parts: tuple[Part, ...]

    @property
    def id(self) -> str:
        """The batch's id: the same parts give the same one."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """The file that keeps the plan until it is carried out."""
        return f"{MERGES}/{self.id}.json"


class Batch(_Told):
    """A batch that counts: its files, and what it replaces."""

    id: str
    documents: int
    plans: int
    files: dict[str, tuple[int, str]]
    """Table → bytes and SHA-256 of its file."""
    pieces: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    """Ids of batches whose rows are in this one now."""

    @property
    def name(self) -> str:
        """The file whose presence makes the batch count."""
        return f"{BATCHES}/{self.id}.json"

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(size for size, _sha256 in self.files.values())


def batch_file(table: str, batch_id: str) -> str:
    """The name of a batch's file of one table."""
    return f"{table}/{batch_id}.parquet"


def merge(target: str, plan: MergePlan) -> Batch:
    """Carries out a plan.

    Raises:
        StoreError: a part is not there, or the target does not work.
    """
    storage = open_storage(target)
    pieces = {part.name: Piece(storage, part.name) for part in plan.parts if part.is_piece}
    files: dict[str, tuple[int, str]] = {}
    rows = plans = 0
    for model in TABLES:
        frame = _joined(model, list(_frames(storage, plan.parts, pieces, model)))
        if model is Document:
            rows, plans = frame.height, int((frame["status"] == "plan").sum())
        data = frame_bytes(model, frame)
        storage.put(batch_file(model.TABLE, plan.id), data)
        files[model.TABLE] = len(data), hashlib.sha256(data).hexdigest()
    batch = Batch(
        id=plan.id,
        documents=rows,
        plans=plans,
        files=files,
        pieces=tuple(pieces),
        replaces=tuple(part.name for part in plan.parts if not part.is_piece),
    )
    storage.put(batch.name, batch.model_dump_json(indent=1).encode())
    return batch


def _frames(
    storage: Storage, parts: Sequence[Part], pieces: dict[str, Piece], model: type[Record]
) -> Iterator[pl.DataFrame]:
    import polars as pl

    for part in parts:
        if not part.is_piece:
            frame = pl.read_parquet(io.BytesIO(storage.get(batch_file(model.TABLE, part.name))))
            key, gone = ("source", part.without_sources) if model is Document else ("edition_id", part.without_editions)
            yield frame.filter(~pl.col(key).is_in(list(gone)))
        elif model is Document:
            yield to_frame(Document, [row for row in pieces[part.name].rows if row.source not in part.without_sources])
        else:
            yield from pieces[part.name].frames(model.TABLE, frozenset(part.without_editions))


def _joined(model: type[Record], frames: list[pl.DataFrame]) -> pl.DataFrame:
    import polars as pl

    key = "source" if model is Document else "edition_id"
    frame = pl.concat([pl.DataFrame(schema=table_schema(model)), *frames])
    return frame.sort(key, maintain_order=True).rechunk()
