# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs one query in a process of its own: started by `koteihyo.pipeline.query.ask`, which ends it when its time is up.

DuckDB looks at an interrupt only between pieces of work and does not count what a single value takes: one
`repeat('x', 3000000000)` overran both limits by far. Only a process can be ended at any moment.
"""

from __future__ import annotations

import math
import os
import pickle
import resource
import sys
from pathlib import Path
from typing import Any

from koteihyo.pipeline.query.connection import MEBIBYTE, THREADS, check_statement, connect
from koteihyo.schema.errors import StoreError, UsageError

# Address space of Python and DuckDB before any query, rounded up: 0.76 GiB with DuckDB 2.0.
OWN_SPACE = 1024 * MEBIBYTE


def main() -> None:
    """Reads a request from standard input and writes ("answer" | "failed" | "memory", value) to standard output."""
    request = pickle.load(sys.stdin.buffer)
    _limit(request["memory"], request["seconds"])
    pickle.dump(_outcome(**request), sys.stdout.buffer)
    sys.stdout.buffer.flush()
    # DuckDB's Python module reports its own leaks at the ordinary end of the interpreter.
    os._exit(0)


def _outcome(database: Path, sql: str, parameters: Any, rows: int, memory: int, seconds: float) -> tuple[str, Any]:
    import duckdb

    del seconds
    try:
        check_statement(sql)
        cursor = connect(database, memory).execute(sql, parameters)
        columns = [(column[0], str(column[1])) for column in cursor.description or []]
        found = cursor.fetchmany(rows + 1)
        return "answer", (columns, found[:rows], len(found) > rows)
    except UsageError as error:
        return "failed", str(error)
    except StoreError as error:
        return "store", str(error)
    except (MemoryError, duckdb.OutOfMemoryException):
        return "memory", ""
    except duckdb.Error as error:
        return "failed", f"the query failed: {error}"


def _limit(memory: int, seconds: float) -> None:
    """Limits that hold even when the parent is gone."""
    whole = math.ceil(seconds * THREADS) + 1
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 1))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory + OWN_SPACE, memory + OWN_SPACE))
    except (ValueError, OSError):
        # macOS refuses limits on address space; DuckDB's own limit stays.
        return


if __name__ == "__main__":
    main()
