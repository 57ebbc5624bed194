# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one read-only connection to the DuckDB file, and which statements may go through it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.schema.errors import StoreError, UsageError

if TYPE_CHECKING:
    import duckdb

Settings = dict[str, "str | bool | int | float | list[str]"]
MEBIBYTE = 1 << 20
THREADS = 2


@dataclass(frozen=True)
class QueryLimits:
    """What one query may cost."""

    rows: int = 100_000
    """Rows of the answer; more are left out, and `Answer.truncated` says so."""
    seconds: float = 60.0
    """Wall-clock time, start of the process included."""
    memory: int = 1024 * MEBIBYTE
    """Bytes that DuckDB may use."""


def connect(database: Path, memory: int = QueryLimits.memory) -> duckdb.DuckDBPyConnection:
    """A connection that can read the tables and nothing else: no other file, no network, no setting, no Python variable.

    It has no limit on time: for queries that are not our own use `koteihyo.pipeline.query.ask`.

    Args:
        database: The DuckDB file.
        memory: Bytes that DuckDB may use; it never spills to the disk.

    Raises:
        StoreError: the file is damaged, or another program writes to it.
    """
    settings: Settings = {
        "enable_external_access": "false",
        "allow_community_extensions": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        # A name in a query is a table, never a variable of the calling program.
        "python_enable_replacements": "false",
        "memory_limit": f"{memory // MEBIBYTE}MiB",
        "max_temp_directory_size": "0B",
        "threads": str(THREADS),
        # Last: from here on no SET can loosen the others.
        "lock_configuration": "true",
    }
    return _open(database, settings)


def connect_trusted(database: Path) -> duckdb.DuckDBPyConnection:
    """A connection for our own queries, which may write files beside the database; it only reads the database.

    Raises:
        StoreError: the file is damaged, or another program writes to it.
    """
    return _open(database, {})


def _open(database: Path, settings: Settings) -> duckdb.DuckDBPyConnection:
    import duckdb

    try:
        return duckdb.connect(str(database), read_only=True, config=settings)
    except duckdb.IOException as error:
        if "lock" in str(error):
            message = f"{database}: another program has it open for writing; close it there and ask again"
            raise StoreError(message) from error
        raise StoreError(f"{database}: is damaged; make it again with `koteihyo run`") from error
    except duckdb.Error as error:
        raise StoreError(f"{database}: is damaged; make it again with `koteihyo run`") from error


def check_statement(sql: str) -> None:
    """Lets one question through: SELECT with all it can hold, DESCRIBE, SUMMARIZE, SHOW, PIVOT, EXPLAIN.

    The connection itself refuses what writes or leaves the tables; this also refuses what would only change the
    session (temporary tables, settings, prepared statements), so that no query depends on the one before.

    Raises:
        UsageError: it is not one statement, or not a question.
    """
    import duckdb

    allowed = {
        duckdb.StatementType.SELECT,
        duckdb.StatementType.EXPLAIN,
        # What PIVOT becomes when its columns are found out from the data.
        duckdb.StatementType.MULTI,
    }
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(f"the query failed: {error}") from error
    if len(statements) != 1:
        raise UsageError(f"the query must be one statement, not {len(statements)}")
    if statements[0].type not in allowed:
        kind = statements[0].type.name
        raise UsageError(f"the tables are only read: SELECT, DESCRIBE, SUMMARIZE, SHOW, PIVOT and EXPLAIN, not {kind}")
