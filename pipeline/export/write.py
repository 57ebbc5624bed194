# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes stored tables in one of the formats of `koteihyo export`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from koteihyo.pipeline.export.tables import Table


class Format(StrEnum):
    """What `koteihyo export` writes."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    DATAPACKAGE = "datapackage"
    ICS = "ics"


def format_of(target: Path) -> Format:
    """The format that a target's name asks for: xlsx and ics are files, everything else is a folder of CSV files."""
    return next((one for one in (Format.XLSX, Format.ICS) if target.suffix.lower() == f".{one}"), Format.CSV)


def write_export(
    out: Path, target: Path, format: Format, tables: Sequence[str] = (), editions: Sequence[str] = ()
) -> dict[str, int]:
    """Writes tables as files for other programs.

    Args:
        out: The folder of the stored tables.
        target: The folder to write to; for a workbook and a calendar the file.
        format: What is written.
        tables: Names of tables and views; all but the very long ones when empty. A calendar has none.
        editions: Ids of editions; all when empty.

    Returns:
        The number of rows of each table written; of a calendar the number of its `events`.

    Raises:
        UsageError: there is no such table or edition, or the target's name does not fit the format.
        StoreError: nothing is stored, or the target cannot be written.
    """
    from koteihyo.pipeline.export.calendar import write_calendar
    from koteihyo.pipeline.export.excel import write_workbook
    from koteihyo.pipeline.export.files import write_json_lines, write_spreadsheet_csv
    from koteihyo.pipeline.export.package import write_package
    from koteihyo.pipeline.export.plans import drawn_editions, stored_changes
    from koteihyo.pipeline.export.tables import DEFAULT_TABLES, open_tables
    from koteihyo.schema.errors import UsageError

    if format in (Format.XLSX, Format.ICS) and target.suffix.lower() != f".{format}":
        raise UsageError(f"{target}: name a file that ends in .{format}")
    if format is Format.ICS:
        if tables:
            raise UsageError("a calendar is not made of tables; name none")
        return {"events": write_calendar(out, target, editions)}
    written: dict[str, int] = {}
    with open_tables(out, tuple(dict.fromkeys(tables or DEFAULT_TABLES)), tuple(editions)) as opened:
        counted = _counted(opened, written)
        if format is Format.XLSX:
            # Who names tables wants these and no others.
            drawn = [] if tables else drawn_editions(out, editions)
            compared = [] if tables else stored_changes(out, editions)
            write_workbook(counted, target, drawn, compared)
        elif format is Format.DATAPACKAGE:
            write_package(counted, target)
        else:
            write = write_spreadsheet_csv if format is Format.CSV else write_json_lines
            for one in counted:
                write(one, target / f"{one.name}.{format}")
    return written


def _counted(tables: Iterable[Table], rows: dict[str, int]) -> Iterator[Table]:
    for table in tables:
        rows[table.name] = table.row_count
        yield table
