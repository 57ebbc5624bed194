# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds the DuckDB file from a generation's Parquet files and proves that keys, checks and references hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.schema.errors import StoreError
from koteihyo.schema.record import Record
from koteihyo.schema.tables import columns, comment_sql, create_table_sql

if TYPE_CHECKING:
    import duckdb

VIEWS_FOLDER = Path(__file__).parent / "views"
# Clients of other versions open the file too: tried with DuckDB 1.1 to 2.0.
STORAGE = {"storage_compatibility_version": "v1.0.0"}
# How many offending rows an error message lists.
SHOWN_ROWS = 5

Files = Mapping[type[Record], Sequence[Path]]


def build_database(path: Path, files: Files) -> None:
    """Writes a DuckDB file with all tables, comments, views and macros.

    Raises:
        StoreError: rows break a key, a check or a reference; the message lists them.
    """
    import duckdb

    if "?" in str(path.absolute()):
        # DuckDB takes the rest for options and looks for its log under another name.
        raise StoreError(
            f"{path.absolute()}: DuckDB cannot write under a path with a question mark; choose another --out"
        )
    try:
        with duckdb.connect(str(path.absolute()), config=dict(STORAGE)) as connection:
            _load(connection, files)
            for script in view_scripts():
                connection.execute(script.read_text(encoding="utf-8"))
            connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise StoreError(
            f"{path.name}: cannot be built ({_first_line(error)}); if the disk is full, free space and run again. "
            "The outputs are as they were before"
        ) from error


def view_scripts() -> list[Path]:
    """SQL files that define views and macros, in the order of their names."""
    return sorted(VIEWS_FOLDER.glob("*.sql"))


def _load(connection: duckdb.DuckDBPyConnection, files: Files) -> None:
    for model, paths in files.items():
        connection.execute(create_table_sql(model))
        for statement in comment_sql(model):
            connection.execute(statement)
        if paths:
            names = ", ".join(f'"{c.name}"' for c in columns(model))
            connection.execute(
                f"INSERT INTO {model.TABLE} ({names}) SELECT {names} FROM read_parquet(?, hive_partitioning = false)",
                [[_glob_literal(path) for path in paths]],
            )
    by_name = {model.TABLE: model for model in files}
    for model in files:
        for column, target in model.REFERENCES:
            _check_reference(connection, model, column, by_name[target])


def _check_reference(
    connection: duckdb.DuckDBPyConnection, model: type[Record], column: str, target: type[Record]
) -> None:
    # DuckDB's own foreign keys cannot point into the table itself within one bulk insert, nor be NULL per edition.
    same_edition = "edition_id" in model.model_fields and "edition_id" in target.model_fields
    edition = "AND t.edition_id = r.edition_id" if same_edition else ""
    rows = connection.execute(
        f"SELECT {', '.join(f'r.{key}' for key in model.KEY)}, r.{column} FROM {model.TABLE} r "
        f"WHERE r.{column} IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM {target.TABLE} t WHERE t.{target.KEY[-1]} = r.{column} {edition}) LIMIT {SHOWN_ROWS}"
    ).fetchall()
    if rows:
        listed = "; ".join(" ".join(str(value) for value in row) for row in rows)
        raise StoreError(f"{model.TABLE}.{column} names rows of {target.TABLE} that do not exist: {listed}")


def _glob_literal(path: Path) -> str:
    """A path for `read_parquet`, which would take * ? [ in a folder's name as a pattern."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
