# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an archive holds: its batches, the pieces that wait for theirs, and what killed runs left."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import ValidationError

from koteihyo.pipeline.archive.merge import BATCHES, MERGES, TABLES, Batch, MergePlan, batch_file
from koteihyo.pipeline.archive.piece import Piece
from koteihyo.pipeline.archive.storage import Storage
from koteihyo.pipeline.archive.tries import CHUNKS, MARK, PIECE, Blame, read_marks
from koteihyo.pipeline.store.fingerprint import schema_key
from koteihyo.schema.archive import Document
from koteihyo.schema.errors import StoreError

if TYPE_CHECKING:
    import polars as pl

FORMAT_FILE = ".archive/format"


@dataclass
class DataSet:
    """An archive as a run finds it."""

    batches: dict[str, Batch] = field(default_factory=dict)
    open_merges: list[MergePlan] = field(default_factory=list)
    """Plans that were made and not carried out."""
    waiting: dict[str, list[Document]] = field(default_factory=dict)
    """Pieces that no plan has taken, and their rows."""
    blame: Blame = field(default_factory=Blame)


def open_data_set(storage: Storage) -> DataSet:
    """What is there, after what killed runs left half done was cleared away.

    Raises:
        StoreError: the tables were made by a koteihyo with other columns, or cannot be read.
    """
    _check_format(storage)
    batches = _read_batches(storage)
    plans = [MergePlan.model_validate_json(storage.get(name)) for name in storage.names(MERGES)]
    done = [plan for plan in plans if plan.id in batches]
    found = DataSet(batches, [plan for plan in plans if plan.id not in batches])
    _drop_replaced(batches)
    _clear(storage, found, [plan.name for plan in done])
    _find_waiting(storage, found)
    return found


def counting(storage: Storage) -> list[str]:
    """The ids of the batches that count, in order.

    Raises:
        StoreError: there is no archive.
    """
    batches = _read_batches(storage)
    if not batches:
        raise StoreError(f"{storage.url}: holds no archive; make one with `koteihyo archive SOURCE --to {storage.url}`")
    _drop_replaced(batches)
    return sorted(batches)


def _drop_replaced(batches: dict[str, Batch]) -> None:
    for batch in list(batches.values()):
        for replaced in batch.replaces:
            batches.pop(replaced, None)


def _check_format(storage: Storage) -> None:
    if FORMAT_FILE not in storage.names(".archive"):
        if storage.names(Document.TABLE):
            raise StoreError(f"{storage.url}: holds tables that are not an archive's; name another place with --to")
        storage.put(FORMAT_FILE, schema_key().encode())
    elif storage.get(FORMAT_FILE) != schema_key().encode():
        raise StoreError(
            f"{storage.url}: was made by a koteihyo whose tables have other columns; name another place with --to"
        )


def _read_batches(storage: Storage) -> dict[str, Batch]:
    batches = {}
    for name in storage.names(BATCHES):
        try:
            batch = Batch.model_validate_json(storage.get(name))
        except ValidationError as error:
            raise StoreError(f"{storage.url}/{name}: is damaged; remove it, and run again") from error
        batches[batch.id] = batch
    return batches


def _clear(storage: Storage, found: DataSet, done: Iterable[str]) -> None:
    """Removes what does not count: replaced batches and files that never came to count."""
    storage.remove(done)
    counting = set(found.batches)
    storage.remove(name for name in storage.names(BATCHES) if _stem(name) not in counting)
    for model in TABLES:
        storage.remove(name for name in storage.names(model.TABLE) if _stem(name) not in counting)


def _find_waiting(storage: Storage, found: DataSet) -> None:
    taken = {part.name for plan in found.open_merges for part in plan.parts}
    taken |= {piece for batch in found.batches.values() for piece in batch.pieces}
    names = storage.names(CHUNKS)
    with_piece = {name.rpartition("/")[0] for name in names if name.endswith(PIECE)}
    found.blame = read_marks(storage, (name for name in names if name.rpartition("/")[0] not in with_piece))
    for name in names:
        if name.endswith(PIECE) and name not in taken:
            found.waiting[name] = Piece(storage, name).rows


def documents(storage: Storage, batches: Iterable[str]) -> pl.DataFrame:
    """The rows of all inputs in some batches, with the batch of each."""
    import polars as pl

    from koteihyo.pipeline.store.frames import table_schema

    frames = [pl.DataFrame(schema={**table_schema(Document), "batch": pl.String()})]
    for batch_id in batches:
        frame = pl.read_parquet(io.BytesIO(storage.get(batch_file(Document.TABLE, batch_id))))
        frames.append(frame.with_columns(batch=pl.lit(batch_id)))
    return pl.concat(frames)


def forget(storage: Storage, batches: Iterable[str]) -> None:
    """Removes batches that do not count any more."""
    for batch_id in batches:
        storage.remove([f"{BATCHES}/{batch_id}.json"])
        storage.remove(batch_file(model.TABLE, batch_id) for model in TABLES)


def forget_chunks(storage: Storage) -> None:
    """Removes all pieces and marks; for when nothing is waiting."""
    storage.remove(name for name in storage.names(CHUNKS) if name.endswith((MARK, PIECE)))


def _stem(name: str) -> str:
    return name.rpartition("/")[2].partition(".")[0]
