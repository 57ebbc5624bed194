# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a machine hands in: the rows of some documents in one file, so that all of it is there or nothing."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from koteihyo.pipeline.archive.storage import Storage
from koteihyo.pipeline.archive.tries import CHUNKS, PIECE
from koteihyo.pipeline.run.jobs import table_file
from koteihyo.schema.archive import Document
from koteihyo.schema.catalog import EDITION_TABLES
from koteihyo.schema.errors import StoreError

if TYPE_CHECKING:
    import polars as pl

_DOCUMENTS = "documents.json"
_ROWS = TypeAdapter(list[Document])


def write_piece(storage: Storage, chunk_id: str, rows: Sequence[Document], tables: Mapping[str, Path]) -> str:
    """Stores the rows of inputs and the tables of their editions (id → folder); returns the piece's name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_DOCUMENTS, _ROWS.dump_json(list(rows)))
        for number, (edition_id, folder) in enumerate(tables.items()):
            archive.writestr(f"{number}/edition", edition_id)
            for model in EDITION_TABLES:
                archive.write(table_file(folder, model.TABLE), f"{number}/{model.TABLE}")
    data = packed.getvalue()
    name = f"{CHUNKS}/{chunk_id}/{hashlib.sha256(data).hexdigest()}{PIECE}"
    storage.put(name, data)
    return name


class Piece:
    """A piece that was handed in.

    Raises:
        StoreError: it is not what was handed in.
    """

    def __init__(self, storage: Storage, name: str) -> None:
        data = storage.get(name)
        if hashlib.sha256(data).hexdigest() not in name:
            raise StoreError(f"{name}: is not as it was written")
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self.rows: list[Document] = _ROWS.validate_json(self._zip.read(_DOCUMENTS))

    def frames(self, table: str, without: frozenset[str]) -> list[pl.DataFrame]:
        """A table of each edition but those named."""
        import polars as pl

        numbers = [name.partition("/")[0] for name in self._zip.namelist() if name.endswith("/edition")]
        wanted = [number for number in numbers if self._zip.read(f"{number}/edition").decode() not in without]
        return [pl.read_parquet(io.BytesIO(self._zip.read(f"{number}/{table}"))) for number in wanted]
