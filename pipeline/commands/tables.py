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

    from koteihyo.pipeline.store.described import described_views
    from koteihyo.pipeline.terminal import as_json, table
    from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES
    from koteihyo.schema.errors import UsageError
    from koteihyo.schema.tables import columns, table_comment

    models = (*EDITION_TABLES, *PAIR_TABLES)
    known = {model.TABLE: (table_comment(model), list(model.KEY), tuple(columns(model))) for model in models}
    known |= {view.name: (view.comment, [], tuple(view.columns)) for view in described_views()}
    if name is not None and name not in known:
        raise UsageError(f"there is no table {name}; there are {', '.join(known)}")
    chosen = {name: known[name]} if name else known
    if json:
        described = [
            {"table": t, "comment": comment, "key": key, "columns": [asdict(c) for c in fields]}
            for t, (comment, key, fields) in chosen.items()
        ]
        print(as_json(described))
    elif name:
        comment, _key, fields = known[name]
        print(comment + "\n")
        rows = [(c.name, c.sql_type, "" if c.nullable else "NOT NULL", c.comment) for c in fields]
        print(table(("column", "type", "", "meaning"), rows, 100))
    else:
        print(table(("table", "meaning"), [(t, comment) for t, (comment, _key, _fields) in chosen.items()], 120))
