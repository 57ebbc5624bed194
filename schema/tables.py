# SPDX-License-Identifier: AGPL-3.0-or-later
"""Table definitions derived from the models: DuckDB DDL with comments, and column types for Parquet."""

from __future__ import annotations

import datetime as dt
import inspect
import types
import typing
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel

from koteihyo.schema.record import Record


class Scalar(NamedTuple):
    """The type of a column: as DuckDB names it, and as polars does."""

    sql: str
    polars: str


SCALARS: dict[type, Scalar] = {
    str: Scalar("VARCHAR", "String"),
    int: Scalar("INTEGER", "Int32"),
    float: Scalar("DOUBLE", "Float64"),
    bool: Scalar("BOOLEAN", "Boolean"),
    dt.date: Scalar("DATE", "Date"),
}
"""What a field may be, and what its column is then."""


@dataclass(frozen=True)
class Column:
    """One column: its SQL type, whether it may be NULL, and what it means.

    The type of a column of structures is written as DuckDB writes it; `fields` are their names and types.
    """

    name: str
    sql_type: str
    nullable: bool
    comment: str
    fields: tuple[tuple[str, str], ...] = ()


@cache
def columns(model: type[Record]) -> tuple[Column, ...]:
    """The columns of a model's table, in order.

    Raises:
        TypeError: a field has a type that no table column can hold.
    """
    hints = typing.get_type_hints(model)
    result = []
    # The keys come first and inherited box columns last: people read tables from the left.
    for name in _ordered_names(model):
        sql_type, nullable = _sql_type(hints[name])
        comment = model.model_fields[name].description or ""
        result.append(Column(name, sql_type, nullable, comment, _fields(hints[name])))
    return tuple(result)


def table_comment(model: type[Record]) -> str:
    """The table's meaning: its model's docstring on one line."""
    return " ".join(inspect.cleandoc(model.__doc__ or "").split())


def create_table_sql(model: type[Record], *, keyed: bool = True) -> str:
    """The CREATE TABLE statement, with NOT NULL, checks and, if `keyed`, the primary key."""
    parts = [f"{c.name} {c.sql_type}{'' if c.nullable else ' NOT NULL'}" for c in columns(model)]
    if keyed:
        parts.append(f"PRIMARY KEY ({', '.join(model.KEY)})")
    parts += [f"CHECK ({check})" for check in model.CHECKS]
    return f"CREATE TABLE {model.TABLE} (\n  " + ",\n  ".join(parts) + "\n)"


def comment_sql(model: type[Record]) -> list[str]:
    """COMMENT statements for the table and each column."""
    statements = [f"COMMENT ON TABLE {model.TABLE} IS {sql_string(table_comment(model))}"]
    statements += [f"COMMENT ON COLUMN {model.TABLE}.{c.name} IS {sql_string(c.comment)}" for c in columns(model)]
    return statements


def sql_string(text: str) -> str:
    """A text as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def _ordered_names(model: type[Record]) -> list[str]:
    box = ["x0", "y0", "x1", "y1"]
    names = list(model.model_fields)
    inherited_box = [n for n in box if n in names] if all(n in names for n in box) else []
    return [n for n in names if n not in inherited_box] + inherited_box


def _fields(hint: object) -> tuple[tuple[str, str], ...]:
    """Names and types of the structures in a column of lists of them."""
    inner = typing.get_args(hint)[0] if typing.get_origin(hint) is list else hint
    return _struct(inner) if isinstance(inner, type) and issubclass(inner, BaseModel) else ()


def _struct(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _sql_type(field.annotation)[0]) for name, field in model.model_fields.items())


def _sql_type(hint: object) -> tuple[str, bool]:
    """(SQL type, nullable) of a field's annotation."""
    nullable = False
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        options = [a for a in typing.get_args(hint) if a is not type(None)]
        if len(options) != 1:
            raise TypeError(f"no column type for {hint}")
        nullable, hint = True, options[0]
    if typing.get_origin(hint) is list:
        inner, _ = _sql_type(typing.get_args(hint)[0])
        return f"{inner}[]", nullable
    if isinstance(hint, type):
        if issubclass(hint, Enum):
            return f"ENUM({', '.join(sql_string(member.value) for member in hint)})", nullable
        if issubclass(hint, BaseModel):
            members = ", ".join(f'"{name}" {sql_type}' for name, sql_type in _struct(hint))
            return f"STRUCT({members})", nullable
        if hint in SCALARS:
            return SCALARS[hint].sql, nullable
    raise TypeError(f"no column type for {hint}")
