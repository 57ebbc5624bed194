# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer as a polars frame: the columns' types come from the query, also where every value is NULL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from koteihyo.pipeline.query.ask import Answer

if TYPE_CHECKING:
    import polars as pl


def answer_frame(answer: Answer) -> pl.DataFrame:
    """The rows as a frame. A type that polars has no equal for (INTERVAL, MAP, UUID …) is found from its values."""
    import polars as pl

    columns = zip(answer.distinct_names, answer.columns, strict=True)
    return pl.DataFrame(
        {
            name: pl.Series(name, [row[number] for row in answer.rows], dtype=_dtype(sql_type), strict=False)
            for number, (name, (_own_name, sql_type)) in enumerate(columns)
        }
    )


def _dtype(sql_type: str) -> pl.DataType | None:
    import polars as pl

    known: dict[str, pl.DataType] = {
        "VARCHAR": pl.String(),
        "BOOLEAN": pl.Boolean(),
        "TINYINT": pl.Int8(),
        "SMALLINT": pl.Int16(),
        "INTEGER": pl.Int32(),
        "BIGINT": pl.Int64(),
        "UINTEGER": pl.UInt32(),
        "UBIGINT": pl.UInt64(),
        "HUGEINT": pl.Int128(),
        "FLOAT": pl.Float32(),
        "DOUBLE": pl.Float64(),
        "DATE": pl.Date(),
    }
    if sql_type.endswith("[]"):
        inner = _dtype(sql_type.removesuffix("[]"))
        return pl.List(inner) if inner is not None else None
    if sql_type.startswith("ENUM("):
        return pl.String()
    return known.get(sql_type)
