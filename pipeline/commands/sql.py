# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo sql`: asks the tables a question."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from koteihyo.pipeline.commands.options import OUT_DEFAULT, Json, Out, check_text


def sql(
    query: Annotated[str, typer.Argument(help="A query in DuckDB's SQL.", callback=check_text)],
    out: Out = OUT_DEFAULT,
    max_width: Annotated[int, typer.Option(help="Widest column, in characters.")] = 60,
    rows: Annotated[int, typer.Option(min=1, help="Rows to show at most.")] = 100_000,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds it may take.")] = 60.0,
    memory: Annotated[int, typer.Option(min=64, help="MiB of memory it may take.")] = 1024,
    json: Json = False,
) -> None:
    """Ask the tables a question in SQL. Nothing but the tables can be read, and nothing can be changed."""
    from koteihyo.dataset import open_dataset
    from koteihyo.pipeline.query.connection import MEBIBYTE, QueryLimits
    from koteihyo.pipeline.terminal import as_json, table

    limits = QueryLimits(rows=rows, seconds=timeout, memory=memory * MEBIBYTE)
    answer = open_dataset(out).ask(query, limits=limits)
    if json:
        print(as_json([dict(zip(answer.distinct_names, row, strict=True)) for row in answer.rows]))
    else:
        print(table(answer.names, answer.rows, max_width))
    if answer.truncated:
        print(f"koteihyo: only the first {rows} rows; raise --rows for more", file=sys.stderr)
