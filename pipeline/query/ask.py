# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks the stored tables a question that somebody else wrote, within limits on rows, time and memory."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from koteihyo.pipeline.query.connection import MEBIBYTE, QueryLimits
from koteihyo.schema.errors import StoreError, UsageError, cannot_start

Parameters = Sequence[Any] | Mapping[str, Any] | None


@dataclass(frozen=True)
class Answer:
    """The rows of a query as Python values."""

    columns: tuple[tuple[str, str], ...]
    """(name, DuckDB type) of each column."""
    rows: list[tuple[Any, ...]]
    truncated: bool
    """Whether rows were left out because there were more than the limit."""

    @property
    def names(self) -> list[str]:
        """The columns' names, as the query gives them."""
        return [name for name, _type in self.columns]

    @property
    def distinct_names(self) -> list[str]:
        """The columns' names where each must be another: the second `n` becomes `n_1`, as in DuckDB's own tables."""
        taken: dict[str, None] = {}
        for name in self.names:
            numbered = (f"{name}_{number}" for number in count(1))
            taken[name if name not in taken else next(n for n in numbered if n not in taken)] = None
        return list(taken)


def ask(database: Path, sql: str, parameters: Parameters = None, limits: QueryLimits | None = None) -> Answer:
    """Runs one query in a process of its own, which can reach nothing but the tables of the file.

    Args:
        database: The DuckDB file, as `koteihyo.pipeline.store.stored.database_path` names it.
        sql: One SELECT, DESCRIBE, SUMMARIZE, SHOW, PIVOT or EXPLAIN in DuckDB's SQL.
        parameters: Values for `?` (a sequence) or `$name` (a mapping) in the query.
        limits: Rows, seconds and bytes that it may take.

    Raises:
        UsageError: the query is refused or wrong, or went over its time or memory.
        StoreError: the file is damaged, or another program writes to it.
        KoteihyoError: the system does not let us start the process.
    """
    limits = limits or QueryLimits()
    request = {
        "database": database.absolute(),
        "sql": sql,
        "parameters": parameters,
        "rows": limits.rows,
        "memory": limits.memory,
        "seconds": limits.seconds,
    }
    try:
        # -P: a file in the user's folder must not be taken for one of our modules.
        done = subprocess.run(
            [sys.executable, "-P", "-m", "koteihyo.pipeline.query.child"],
            input=pickle.dumps(request),
            capture_output=True,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"the query was stopped after {limits.seconds:g} s; ask for less, or allow it more") from error
    except OSError as error:
        raise cannot_start(error) from error
    # Not data from outside: the bytes come from our own module in our own process.
    outcome: tuple[str, Any] = pickle.loads(done.stdout) if done.stdout else ("memory" if _no_memory(done) else "", "")
    kind, value = outcome
    if kind == "answer":
        columns, rows, truncated = value
        return Answer(tuple(columns), rows, truncated)
    if kind == "store":
        raise StoreError(value)
    if kind == "memory":
        raise UsageError(f"the query needs more than {limits.memory // MEBIBYTE} MiB of memory; ask for less")
    last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
    raise UsageError(
        value or f"the query broke DuckDB (exit status {done.returncode}{': ' if last else ''}{''.join(last)})"
    )


def _no_memory(done: subprocess.CompletedProcess[bytes]) -> bool:
    return b"MemoryError" in done.stderr or b"bad_alloc" in done.stderr
