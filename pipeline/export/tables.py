# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads tables and views of the DuckDB file for export, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koteihyo.pipeline.query.connection import connect
from koteihyo.pipeline.store.stored import database_path
from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES
from koteihyo.schema.errors import StoreError, UsageError
from koteihyo.schema.facts import Token
from koteihyo.schema.record import Record
from koteihyo.schema.records import Block

if TYPE_CHECKING:
    import duckdb

MODELS: dict[str, type[Record]] = {model.TABLE: model for model in (*EDITION_TABLES, *PAIR_TABLES)}
# Made for programs: a row for each word and for each text line. They are exported when they are named.
BULKY = (Token.TABLE, Block.TABLE)
DEFAULT_TABLES = tuple(name for name in MODELS if name not in BULKY)
ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Column:
    """One column: its name, DuckDB type, whether it may be NULL, and its meaning."""

    name: str
    sql_type: str
    nullable: bool
    comment: str


@dataclass(frozen=True)
class Table:
    """One table or view to export. `rows` may be read once."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    row_count: int
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def open_tables(out: Path, names: Sequence[str], editions: Sequence[str]) -> Iterator[Iterator[Table]]:
    """The named tables and views, one after the other, with the rows of some editions (of all when none is named).

    Raises:
        UsageError: there is no such table or edition.
        StoreError: nothing was stored yet, or the database cannot be read.
    """
    import duckdb

    try:
        with connect(database_path(out)) as connection:
            _check(connection, names, editions)
            yield (_table(connection, name, list(editions)) for name in names)
    except duckdb.Error as error:
        first_line = str(error).strip().split("\n")[0]
        raise StoreError(f"{out}: the tables cannot be read ({first_line}); run `koteihyo run` again") from error


def _check(connection: duckdb.DuckDBPyConnection, names: Sequence[str], editions: Sequence[str]) -> None:
    known = [row[0] for row in connection.execute(_RELATIONS).fetchall()]
    missing = [name for name in names if name not in known]
    if missing:
        raise UsageError(f"there is no table {', '.join(missing)}; there are {', '.join(known)}")
    stored = [row[0] for row in connection.execute("SELECT edition_id FROM editions ORDER BY 1").fetchall()]
    unknown = [edition for edition in editions if edition not in stored]
    if unknown:
        raise UsageError(f"edition {', '.join(unknown)} is not stored; stored: {', '.join(stored) or 'none'}")


_RELATIONS = """
SELECT table_name FROM duckdb_tables() WHERE NOT internal
UNION ALL
SELECT view_name FROM duckdb_views() WHERE NOT internal
"""


def _table(connection: duckdb.DuckDBPyConnection, name: str, editions: list[str]) -> Table:
    columns = tuple(
        Column(*row)
        for row in connection.execute(
            "SELECT column_name, data_type, is_nullable, coalesce(comment, '') FROM duckdb_columns() "
            "WHERE table_name = ? AND NOT internal ORDER BY column_index",
            [name],
        ).fetchall()
    )
    comment = connection.execute(
        "SELECT comment FROM (SELECT table_name AS name, comment FROM duckdb_tables() WHERE NOT internal "
        "UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal) WHERE name = ?",
        [name],
    ).fetchall()[0][0]
    condition, parameters = _of_editions({column.name for column in columns}, editions)
    source = f'FROM "{name}"{condition}'
    row_count = connection.execute(f"SELECT count(*) {source}", parameters).fetchall()[0][0]
    return Table(name, comment or "", columns, row_count, _rows(connection, f"SELECT * {source}", parameters))


def _of_editions(columns: set[str], editions: list[str]) -> tuple[str, list[Any]]:
    """The condition that keeps the rows of some editions, and its parameters."""
    if not editions:
        return "", []
    if "edition_id" in columns:
        return " WHERE list_contains(?, edition_id)", [editions]
    if "old_edition_id" in columns:
        return " WHERE list_contains(?, old_edition_id) AND list_contains(?, new_edition_id)", [editions, editions]
    if "edition_ids" in columns:
        return " WHERE list_has_any(?, edition_ids)", [editions]
    return "", []


def _rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any]) -> Iterator[tuple[Any, ...]]:
    cursor = connection.cursor().execute(query, parameters)
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield from rows
