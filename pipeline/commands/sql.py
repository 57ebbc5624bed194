# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo sql`: asks the tables a question."""

from __future__ import annotations

from typing import Annotated

import typer
from koteihyo.pipeline.commands.options import OUT_DEFAULT, Json, Out


def sql(
    query: Annotated[str, typer.Argument(help="A query in DuckDB's SQL.")],
    out: Out = OUT_DEFAULT,
    max_width: Annotated[int, typer.Option(help="Widest column, in characters.")] = 60,
    json: Json = False,
) -> None:
    """Ask the tables a question in SQL. The database is opened read-only."""
    import duckdb
    from koteihyo.pipeline.store.stored import database_path
    from koteihyo.pipeline.terminal import as_json, clean, table
    from koteihyo.schema.errors import UsageError

    # Nothing but the tables can be read, so a query that someone pastes cannot reach other files.
    with duckdb.connect(str(database_path(out)), read_only=True, config={"enable_external_access": "false"}) as con:
        try:
            cursor = con.execute(query)
            names = [column[0] for column in cursor.description or []]
            rows = cursor.fetchall()
        except duckdb.Error as error:
            raise UsageError(f"the query failed: {clean(error)}") from error
    if json:
        print(as_json([dict(zip(names, row, strict=True)) for row in rows]))
    else:
        print(table(names, rows, max_width))
