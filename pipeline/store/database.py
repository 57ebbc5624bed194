# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings a DuckDB file up to date with a generation's Parquet files: partitions that changed go out and come in.

The file says itself which partitions it holds (`store.partitions`), so the work is that of what changed, whatever else
is stored. What comes in is proven to hold its keys, checks and references.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.pipeline.store.described import comment_views
from koteihyo.pipeline.store.manifest import CHAIN_LABEL, Part
from koteihyo.schema.errors import StoreError
from koteihyo.schema.record import Record
from koteihyo.schema.records import Edition
from koteihyo.schema.tables import columns, comment_sql, create_table_sql, sql_string

if TYPE_CHECKING:
    import duckdb

VIEWS_FOLDER = Path(__file__).parent / "views"
FILL_FOLDER = Path(__file__).parent / "fill"
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    # Clients of other versions open the file too: tried with DuckDB 1.1 to 2.0.
    "storage_compatibility_version": "v1.0.0",
    # The run's memory stays the same however much is stored.
    "memory_limit": "512MiB",
    "threads": "2",
    "python_enable_replacements": "false",
    # What a transaction changes goes into the file at once, not into the log first.
    "checkpoint_threshold": "1KB",
}
# Partitions that come in at the same time: what they take of memory is bounded.
AT_ONCE = 32
# How many offending rows an error message lists.
SHOWN_ROWS = 5
PART_FILE = "part-0.parquet"

_OWN_TABLES = """
CREATE SCHEMA store;
CREATE TABLE store.partitions (label VARCHAR, digest VARCHAR, editions VARCHAR[], tables VARCHAR[]);
COMMENT ON TABLE store.partitions IS 'What this file was made from: one row for each partition of the Parquet files.';
COMMENT ON COLUMN store.partitions.label IS 'Folder of the partition.';
COMMENT ON COLUMN store.partitions.digest IS 'Changes when one of its files does.';
COMMENT ON COLUMN store.partitions.editions IS 'Editions its rows were made from.';
COMMENT ON COLUMN store.partitions.tables IS 'Tables it has rows of.';
"""


def update_database(path: Path, folder: Path, parts: Mapping[str, Part], models: Sequence[type[Record]]) -> None:
    """Makes a DuckDB file hold exactly the rows of some partitions; a file that is not there is made.

    Args:
        path: The DuckDB file. Nobody else may have it open.
        folder: Where the Parquet files of the partitions lie, `<table>/<label>/part-0.parquet`.
        parts: The partitions by label.
        models: All tables there are.

    Raises:
        StoreError: rows break a key, a check or a reference (the message lists them), or the file cannot be written.
    """
    import duckdb

    try:
        is_new = not path.exists()
        with duckdb.connect(str(path.absolute()), config=dict(SETTINGS)) as connection:
            # In as few transactions as can be: the disk is waited for at the end of each.
            connection.begin()
            if is_new:
                connection.execute(_OWN_TABLES)
            create_tables(connection, models)
            if is_new:
                create_views(connection)
            _Update(connection, folder, parts, models).run()
            connection.commit()
            connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise StoreError(
            f"{path.name}: cannot be built ({_first_line(error)}); if the disk is full, free space and run again. "
            "The outputs are as they were before"
        ) from error


def check_place(folder: Path) -> None:
    """Refuses a folder in which DuckDB could not work, before anything is read for it.

    Raises:
        StoreError: its path has a question mark, or is no text.
    """
    place = str(folder.absolute())
    if "?" in place:
        # DuckDB takes the rest for options and looks for its log under another name.
        raise StoreError(f"{place}: DuckDB cannot write under a path with a question mark; choose another --out")
    try:
        place.encode()
    except UnicodeEncodeError as error:
        raise StoreError(f"{place}: DuckDB cannot write under a path that is no UTF-8; choose another --out") from error


def is_readable(path: Path, parts: Mapping[str, Part]) -> bool:
    """Whether every block of a DuckDB file can be read, and its rows are those of the partitions."""
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute("SELECT label, digest FROM store.partitions").fetchall()
            if dict(found) != {label: part.digest for label, part in parts.items()}:
                return False
            for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall():
                # Blocks have checksums that DuckDB looks at when it reads them.
                schema = "store." if name == "partitions" else ""
                connection.execute(f'SELECT bit_xor(hash(t)) FROM {schema}"{name}" AS t').fetchall()
    except duckdb.Error:
        return False
    return True


def view_scripts() -> list[Path]:
    """SQL files that define views, macros and the tables of the search, in the order of their names."""
    return sorted(VIEWS_FOLDER.glob("*.sql"))


def create_all(connection: duckdb.DuckDBPyConnection, models: Sequence[type[Record]]) -> None:
    """Makes all tables, without rows, with the views and macros over them."""
    create_tables(connection, models)
    create_views(connection)


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the views, the macros and the tables of the search."""
    for script in view_scripts():
        connection.execute(script.read_text(encoding="utf-8"))
    comment_views(connection)


def create_tables(connection: duckdb.DuckDBPyConnection, models: Sequence[type[Record]]) -> None:
    """Makes the tables that are not there yet."""
    known = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    # Keys are proven for what comes in; an index over all rows would cost three times the space and time.
    statements = [
        statement
        for model in models
        if model.TABLE not in known
        for statement in (create_table_sql(model, keyed=False), *comment_sql(model))
    ]
    connection.execute(";\n".join(statements))


class _Update:
    """Takes partitions out of an open database and puts others in."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        folder: Path,
        parts: Mapping[str, Part],
        models: Sequence[type[Record]],
    ) -> None:
        self._connection, self._folder, self._parts, self._models = connection, folder, parts, models

    def run(self) -> None:
        found = self._connection.execute("SELECT label, digest, editions, tables FROM store.partitions").fetchall()
        held = {label: digest for label, digest, _editions, _tables in found}
        wanted = {label: part.digest for label, part in self._parts.items()}
        gone = [(label, editions, tables) for label, digest, editions, tables in found if wanted.get(label) != digest]
        self._take_out(gone)
        new = sorted(label for label, digest in wanted.items() if held.get(label) != digest)
        derived = [label for label in new if not _is_edition(label)]
        editions = [label for label in new if _is_edition(label)]
        for labels in (editions, derived):
            for start in range(0, len(labels), AT_ONCE):
                self._put_in(labels[start : start + AT_ONCE])
                # What one transaction changes is held in memory.
                self._connection.commit()
                self._connection.begin()

    def _take_out(self, gone: Sequence[tuple[str, list[str], list[str]]]) -> None:
        execute = self._connection.execute
        editions = [of[0] for label, of, _tables in gone if _is_edition(label)]
        if editions:
            names = ", ".join(sql_string(name) for name in editions)
            _count_uses(self._connection, f"SELECT * FROM tokens WHERE edition_id IN ({names})", sign=-1)
            edition_tables = {table for label, _of, tables in gone if _is_edition(label) for table in tables}
            for table in sorted(edition_tables | {"texts", "search_words"}):
                execute(f"DELETE FROM {table} WHERE edition_id IN ({names})")
        for label, of, tables in gone:
            for table in () if _is_edition(label) else tables:
                if label == CHAIN_LABEL:
                    execute(f"DELETE FROM {table}")
                else:
                    execute(f"DELETE FROM {table} WHERE old_edition_id = ? AND new_edition_id = ?", of)
        labels = [label for label, _of, _tables in gone]
        execute("DELETE FROM store.partitions WHERE list_contains(?, label)", [labels])

    def _put_in(self, labels: Sequence[str]) -> None:
        execute = self._connection.execute
        incoming = [model for model in self._models if self._files(model, labels)]
        for model in incoming:
            self._view(model, self._files(model, labels))
        filled = [model for model in incoming if self._insert(model)]
        by_name = {model.TABLE: model for model in incoming}
        for model in filled:
            _check_key(self._connection, model)
            for column, target in model.REFERENCES:
                _check_reference(self._connection, model, column, by_name[target])
        if Edition in incoming:
            fill_search(self._connection)
        for label in labels:
            part = self._parts[label]
            row = [label, part.digest, list(part.editions), sorted(part.files)]
            execute("INSERT INTO store.partitions VALUES (?, ?, ?, ?)", row)

    def _insert(self, model: type[Record]) -> bool:
        """Whether there were rows to put in."""
        names = ", ".join(f'"{c.name}"' for c in columns(model))
        done = self._connection.execute(
            f"INSERT INTO {model.TABLE} ({names}) SELECT {names} FROM new_{model.TABLE}"
        ).fetchone()
        return bool(done and done[0])

    def _files(self, model: type[Record], labels: Iterable[str]) -> list[Path]:
        return [
            self._folder / model.TABLE / label / PART_FILE
            for label in labels
            if model.TABLE in self._parts[label].files
        ]

    def _view(self, model: type[Record], files: Sequence[Path]) -> None:
        listed = ", ".join(sql_string(glob_literal(file)) for file in files)
        self._connection.execute(
            f"CREATE OR REPLACE TEMP VIEW new_{model.TABLE} AS "
            f"SELECT * FROM read_parquet([{listed}], hive_partitioning = false)"
        )


def fill_search(connection: duckdb.DuckDBPyConnection) -> None:
    """Fills the tables of the search with the texts of editions that come in, whose tables are the views `new_…`."""
    _count_uses(connection, "SELECT * FROM new_tokens", sign=1)
    for script in ("10-texts.sql", "20-search.sql"):
        connection.execute((FILL_FOLDER / script).read_text(encoding="utf-8"))


def _count_uses(connection: duckdb.DuckDBPyConnection, tokens: str, sign: int) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP VIEW counted_tokens AS {tokens}")
    connection.execute(f"SET VARIABLE sign = {sign}")
    connection.execute((FILL_FOLDER / "30-uses.sql").read_text(encoding="utf-8"))


def _is_edition(label: str) -> bool:
    return label.startswith("edition=")


def _check_key(connection: duckdb.DuckDBPyConnection, model: type[Record]) -> None:
    key = ", ".join(model.KEY)
    rows = connection.execute(
        f"SELECT {key} FROM new_{model.TABLE} GROUP BY {key} HAVING count(*) > 1 LIMIT {SHOWN_ROWS}"
    ).fetchall()
    if rows:
        raise StoreError(f"{model.TABLE}: duplicate key ({key}): {_listed(rows)}")


def _check_reference(
    connection: duckdb.DuckDBPyConnection, model: type[Record], column: str, target: type[Record]
) -> None:
    # DuckDB's own foreign keys cannot point into the table itself within one bulk insert, nor be NULL per edition.
    same_edition = "edition_id" in model.model_fields and "edition_id" in target.model_fields
    edition = "AND t.edition_id = r.edition_id" if same_edition else ""
    rows = connection.execute(
        f"SELECT {', '.join(f'r.{key}' for key in model.KEY)}, r.{column} FROM new_{model.TABLE} r "
        f"WHERE r.{column} IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM new_{target.TABLE} t WHERE t.{target.KEY[-1]} = r.{column} {edition}) LIMIT {SHOWN_ROWS}"
    ).fetchall()
    if rows:
        raise StoreError(f"{model.TABLE}.{column} names rows of {target.TABLE} that do not exist: {_listed(rows)}")


def _listed(rows: Sequence[tuple[object, ...]]) -> str:
    return "; ".join(" ".join(str(value) for value in row) for row in rows)


def glob_literal(path: Path) -> str:
    """A path for `read_parquet`, which would take * ? [ in a folder's name as a pattern."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
