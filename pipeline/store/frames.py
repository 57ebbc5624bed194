# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records ↔ Parquet files. Column types come from the models, so the same rows give the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from enum import Enum
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

from pydantic import BaseModel

from koteihyo.schema.columns import Columns
from koteihyo.schema.errors import StoreError
from koteihyo.schema.record import Record
from koteihyo.schema.records import Edition, EditionRecords
from koteihyo.schema.tables import SCALARS, columns

if TYPE_CHECKING:
    import polars as pl

R = TypeVar("R", bound=Record)

# One row group for any edition: how many threads polars has must not show in the bytes.
ROW_GROUP_SIZE = 1_000_000


def table_schema(model: type[Record]) -> dict[str, pl.DataType]:
    """Column name → polars type, in the table's order."""
    import polars as pl

    known: dict[str, pl.DataType] = {kind.sql: getattr(pl, kind.polars)() for kind in SCALARS.values()}

    def scalar(sql_type: str) -> pl.DataType:
        # Closed sets are words in files, so that a file of another version can be read.
        return pl.String() if sql_type.startswith("ENUM(") else known[sql_type]

    result: dict[str, pl.DataType] = {}
    inner: pl.DataType
    for column in columns(model):
        inner = (
            pl.Struct({name: scalar(sql_type) for name, sql_type in column.fields})
            if column.fields
            else scalar(column.sql_type.removesuffix("[]"))
        )
        result[column.name] = pl.List(inner) if column.sql_type.endswith("[]") else inner
    return result


def to_frame(model: type[Record], records: Iterable[Record]) -> pl.DataFrame:
    """The records as a frame with exactly the table's columns and types."""
    import polars as pl

    schema = table_schema(model)
    if isinstance(records, Columns):
        return pl.DataFrame({name: records.data[name] for name in schema}, schema=schema, strict=True)
    rows = list(records)
    data = {name: list(map(attrgetter(name), rows)) for name in schema}
    for name in _structured(model):
        data[name] = [_plain(value) for value in data[name]]
    return pl.DataFrame(data, schema=schema, strict=True)


def write_table(path: Path, model: type[Record], records: Iterable[Record]) -> None:
    """Writes one Parquet file; the folder is made if it is missing."""
    write_frame(path, model, to_frame(model, records))


def write_frame(path: Path, model: type[Record], frame: pl.DataFrame) -> None:
    """Writes a table's frame as one Parquet file; the folder is made if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not straight into the file: of some failures of the disk polars says that the data are wrong.
    path.write_bytes(frame_bytes(model, frame))


def frame_bytes(model: type[Record], frame: pl.DataFrame) -> bytes:
    """A table's frame as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    frame.write_parquet(
        buffer,
        compression="zstd",
        compression_level=3,
        row_group_size=ROW_GROUP_SIZE,
        metadata={"koteihyo.table": model.TABLE},
    )
    return buffer.getvalue()


def read_table(path: Path, model: type[R]) -> list[R]:
    """The records of one Parquet file.

    Raises:
        StoreError: the file is missing, damaged or of another version.
    """
    import polars as pl

    try:
        frame = pl.read_parquet(path, hive_partitioning=False, glob=False)
        return [model.model_validate(row) for row in frame.iter_rows(named=True)]
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise StoreError(f"{path}: cannot be read ({_first_line(error)}); run `koteihyo run` again") from error


def records_of(records: EditionRecords, model: type[Record]) -> Sequence[Record]:
    """The records of one table of an edition."""
    if model is Edition:
        return [records.edition]
    rows: Sequence[Record] = getattr(records, model.TABLE)
    return rows


def _structured(model: type[Record]) -> list[str]:
    """Columns whose values polars does not take as they are: enumerations and lists."""
    scalars = {str, int, float, bool, dt.date, type(None)}
    hints = get_type_hints(model)
    return [name for name in model.model_fields if not set(get_args(hints[name]) or (hints[name],)) <= scalars]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [part.model_dump() if isinstance(part, BaseModel) else part for part in value]
    return value.value if isinstance(value, Enum) else value


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0]
