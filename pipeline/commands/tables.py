# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo tables`: what tables and columns there are, and what they mean."""

from __future__ import annotations

from typing import Annotated

import typer

from koteihyo.pipeline.commands.options import Json


def tables(
    name: Annotated[str | None, typer.Argument(help="Only this table, with its columns.")] = None,
    json: Json = False,
) -> None:
    """List the tables, or the columns of one of them, with their meaning."""
    from dataclasses import asdict

    from koteihyo.pipeline.terminal import as_json, table
    from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES
    from koteihyo.schema.errors import UsageError
    from koteihyo.schema.tables import columns, table_comment

    models = {model.TABLE: model for model in (*EDITION_TABLES, *PAIR_TABLES)}
    if name is not None and name not in models:
        raise UsageError(f"there is no table {name}; there are {', '.join(models)}")
    chosen = {name: models[name]} if name else models
    if json:
        described = [
            {"table": t, "comment": table_comment(m), "key": m.KEY, "columns": [asdict(c) for c in columns(m)]}
            for t, m in chosen.items()
        ]
        print(as_json(described))
    elif name:
        print(table_comment(models[name]) + "\n")
        rows = [(c.name, c.sql_type, "" if c.nullable else "NOT NULL", c.comment) for c in columns(models[name])]
        print(table(("column", "type", "", "meaning"), rows, 100))
    else:
        print(table(("table", "meaning"), [(t, table_comment(m)) for t, m in chosen.items()], 120))
