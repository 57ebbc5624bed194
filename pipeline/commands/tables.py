# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo tables`: what tables and columns there are, and what they mean."""

from __future__ import annotations

from typing import Annotated

import typer

from koteihyo.pipeline.commands.options import Json


def tables(
    name: Annotated[str | None, typer.Argument(help="Only this table or view, with its columns.")] = None,
    json: Json = False,
) -> None:
    """List the tables and views, or the columns of one of them, with their meaning."""
    from dataclasses import asdict

    from koteihyo.pipeline.store.described import described_tables
    from koteihyo.pipeline.terminal import as_json, table
    from koteihyo.schema.errors import UsageError

    known = described_tables()
    if name is not None and name not in known:
        raise UsageError(f"there is no table {name}; there are {', '.join(known)}")
    chosen = [known[name]] if name else list(known.values())
    if json:
        described = [
            {"table": t.name, "comment": t.comment, "key": list(t.key), "columns": [asdict(c) for c in t.columns]}
            for t in chosen
        ]
        print(as_json(described))
    elif name:
        print(known[name].comment + "\n")
        rows = [(c.name, c.sql_type, "" if c.nullable else "NOT NULL", c.comment) for c in known[name].columns]
        print(table(("column", "type", "", "meaning"), rows, 100))
    else:
        print(table(("table", "meaning"), [(t.name, t.comment) for t in chosen], 120))
