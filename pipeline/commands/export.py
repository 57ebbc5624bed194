# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo export`: the tables as files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from koteihyo.pipeline.commands.options import OUT_DEFAULT, Json, Out
from koteihyo.pipeline.export.write import Format, format_of


def export(
    target: Annotated[Path, typer.Argument(help="Folder to write to; for xlsx and ics the file.")],
    format: Annotated[
        Format | None,
        typer.Option(
            help="Default: xlsx or ics where the target ends so, else csv. csv: for Excel, UTF-8 with BOM. xlsx: one workbook, the plan drawn in it. jsonl: JSON Lines. datapackage: Frictionless. ics: a calendar."
        ),
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(help="Only this table or view; may be repeated. Default: all but tokens, blocks."),
    ] = None,
    edition: Annotated[list[str] | None, typer.Option(help="Only this edition; may be repeated.")] = None,
    out: Out = OUT_DEFAULT,
    json: Json = False,
) -> None:
    """Write tables and views as CSV, Excel, JSON Lines or a Frictionless data package."""
    from koteihyo.dataset import open_dataset
    from koteihyo.pipeline.terminal import as_json, clean

    format = format or format_of(target)
    rows = open_dataset(out).export(target, format, tables=table or (), editions=edition or ())
    if json:
        counts = rows if format is Format.ICS else {"rows": rows}
        print(as_json({"target": target, "format": format, **counts}))
    elif format is Format.ICS:
        print(f"{clean(target)}: {rows['events']} events")
    else:
        print(f"{clean(target)}: {len(rows)} tables, {sum(rows.values()):,} rows")
