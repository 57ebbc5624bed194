# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo export`: the tables as files for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from koteihyo.pipeline.commands.options import OUT_DEFAULT, Json, Out

if TYPE_CHECKING:
    from koteihyo.pipeline.export.tables import Table


class Format(StrEnum):
    """What `koteihyo export` writes."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    DATAPACKAGE = "datapackage"
    ICS = "ics"


def export(
    target: Annotated[Path, typer.Argument(help="Folder to write to; for xlsx and ics the file.")],
    format: Annotated[
        Format,
        typer.Option(
            help="csv: for Excel, UTF-8 with BOM. xlsx: one workbook, the plan drawn in it. jsonl: JSON Lines. datapackage: Frictionless. ics: a calendar."
        ),
    ] = Format.CSV,
    table: Annotated[
        list[str] | None,
        typer.Option(help="Only this table or view; may be repeated. Default: all but tokens, blocks."),
    ] = None,
    edition: Annotated[list[str] | None, typer.Option(help="Only this edition; may be repeated.")] = None,
    out: Out = OUT_DEFAULT,
    json: Json = False,
) -> None:
    """Write tables and views as CSV, Excel, JSON Lines or a Frictionless data package."""
    from koteihyo.pipeline.export.calendar import write_calendar
    from koteihyo.pipeline.export.excel import write_workbook
    from koteihyo.pipeline.export.files import write_json_lines, write_spreadsheet_csv
    from koteihyo.pipeline.export.package import write_package
    from koteihyo.pipeline.export.plans import drawn_editions, stored_changes
    from koteihyo.pipeline.export.tables import DEFAULT_TABLES, open_tables
    from koteihyo.pipeline.terminal import as_json, clean
    from koteihyo.schema.errors import UsageError

    if format in (Format.XLSX, Format.ICS) and target.suffix.lower() != f".{format}":
        raise UsageError(f"{target}: name a file that ends in .{format}")
    if format is Format.ICS:
        if table:
            raise UsageError("--table: a calendar is not made of tables; leave it out")
        count = write_calendar(out, target, edition or ())
        print(
            as_json({"target": target, "format": format, "events": count})
            if json
            else f"{clean(target)}: {count} events"
        )
        return
    written: dict[str, int] = {}
    with open_tables(out, tuple(dict.fromkeys(table or DEFAULT_TABLES)), tuple(edition or ())) as tables:
        counted = _counted(tables, written)
        if format is Format.XLSX:
            # Who names tables wants these and no others.
            drawn = [] if table else drawn_editions(out, edition or ())
            compared = [] if table else stored_changes(out, edition or ())
            write_workbook(counted, target, drawn, compared)
        elif format is Format.DATAPACKAGE:
            write_package(counted, target)
        else:
            write = write_spreadsheet_csv if format is Format.CSV else write_json_lines
            for one in counted:
                write(one, target / f"{one.name}.{format}")
    if json:
        print(as_json({"target": target, "format": format, "rows": written}))
    else:
        print(f"{clean(target)}: {len(written)} tables, {sum(written.values()):,} rows")


def _counted(tables: Iterable[Table], rows: dict[str, int]) -> Iterator[Table]:
    for table in tables:
        rows[table.name] = table.row_count
        yield table
