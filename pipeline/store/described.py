# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the views and the tables that only SQL makes are, column by column, in one place with the tables they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES
from koteihyo.schema.changes import EditionChange
from koteihyo.schema.facts import ItemDate, ItemOrganization, ItemTarget
from koteihyo.schema.records import Page, ScheduleItem, Section
from koteihyo.schema.tables import Column, columns, sql_string, table_comment

if TYPE_CHECKING:
    import duckdb

# A column of a view means what the column of its name means in the first of these tables that has one.
_SOURCES = (ScheduleItem, Page, ItemOrganization, ItemTarget, ItemDate, Section, EditionChange)
# Columns that only views have, and those that mean something else there.
_OWN = {
    "place": "Section path, or group and name of the table row, as text.",
    "due_text": "The words of the date.",
    "target_text": "The words of the number.",
    "pages": "The pages that the heading is printed on.",
    "from_fy": "First fiscal year of the items under it.",
    "to_fy": "Last fiscal year of the items under it.",
    "depth": "Number of headings in the path.",
}


@dataclass(frozen=True)
class Described:
    """A table or a view; `key` are the columns that tell the rows of a table apart."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()


def described_tables() -> dict[str, Described]:
    """Every table and view by its name: those of an edition, those of a pair of editions, then what SQL makes of them."""
    models = (*EDITION_TABLES, *PAIR_TABLES)
    stored = [Described(m.TABLE, table_comment(m), tuple(columns(m)), tuple(m.KEY)) for m in models]
    return {described.name: described for described in (*stored, *described_views())}


def comment_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Comments every column of a view that has no comment of its own."""
    known = {c.name: c.comment for model in reversed(_SOURCES) for c in columns(model)} | _OWN
    bare = connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal "
        "AND table_name IN (SELECT view_name FROM duckdb_views() WHERE NOT internal)"
    ).fetchall()
    statements = [
        f'COMMENT ON COLUMN "{view}"."{column}" IS {sql_string(known[column])}'
        for view, column in bare
        if column in known
    ]
    connection.execute(";\n".join(statements))


def described_views() -> list[Described]:
    """Every view and every table that only SQL makes, in the order in which they are made."""
    import duckdb

    from koteihyo.pipeline.store.database import create_all

    models = (*EDITION_TABLES, *PAIR_TABLES)
    with duckdb.connect() as connection:
        create_all(connection, models)
        found = connection.execute(
            "SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'main' "
            "UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
        own = [(name, comment) for name, comment in found if name not in {model.TABLE for model in models}]
        return [Described(name, comment or "", _columns(connection, name)) for name, comment in own]


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[Column, ...]:
    rows = connection.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
        [table],
    ).fetchall()
    return tuple(Column(name, kind, nullable, comment or "") for name, kind, nullable, comment in rows)
