# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tables as one Excel workbook: a sheet for each table, and one that explains the columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koteihyo.pipeline.export.changes_sheet import SHEET as CHANGES_SHEET
from koteihyo.pipeline.export.changes_sheet import write_changes_sheet
from koteihyo.pipeline.export.files import joined
from koteihyo.pipeline.export.plan_sheet import A3, sheet_names, write_plan_sheet
from koteihyo.pipeline.export.plan_sheet import SHEET as PLAN_SHEET
from koteihyo.pipeline.export.tables import Table
from koteihyo.pipeline.replacing import replacing
from koteihyo.schema.changes import EditionChange
from koteihyo.schema.errors import UsageError
from koteihyo.schema.records import EditionRecords

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_576
MAX_CELL = 32_767
GUIDE_SHEET = "columns"
# Columns of text are as wide as a short sentence, the others as wide as a date.
TEXT_WIDTH, OTHER_WIDTH = 40, 12


def write_workbook(
    tables: Iterable[Table],
    path: Path,
    plans: Sequence[EditionRecords] = (),
    changes: Sequence[Sequence[EditionChange]] = (),
) -> None:
    """Writes the workbook. Texts stay texts: none becomes a formula or a link.

    Args:
        tables: A sheet each.
        path: The file.
        plans: Editions that are drawn, a sheet 工程表 each, before the tables.
        changes: Changes between two editions, a sheet 変更点 each, after the plans.

    Raises:
        UsageError: a table has more rows than a sheet can hold.
        StoreError: the file cannot be written.
    """
    import xlsxwriter
    import xlsxwriter.exceptions

    with replacing(path) as draft:
        workbook = xlsxwriter.Workbook(str(draft), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
        # The same rows give the same file.
        workbook.set_properties({"created": dt.datetime(2000, 1, 1)})
        bold = workbook.add_format({"bold": True})
        drawn = sheet_names(PLAN_SHEET, {p.edition.edition_id: p.edition.edition_id for p in plans})
        for plan in plans:
            write_plan_sheet(workbook, drawn[plan.edition.edition_id], plan)
        pairs = {f"{pair[0].old_edition_id}→{pair[0].new_edition_id}": pair for pair in changes if pair}
        compared = sheet_names(CHANGES_SHEET, {label: label for label in pairs})
        for label, pair in pairs.items():
            write_changes_sheet(workbook, compared[label], pair)
        guide: list[tuple[str, str, str, str]] = []
        for table in tables:
            _write_sheet(workbook.add_worksheet(table.name), table, bold)
            guide.append((table.name, "", "", table.comment))
            guide += [(table.name, c.name, c.sql_type, c.comment) for c in table.columns]
        sheet = workbook.add_worksheet(GUIDE_SHEET)
        for number, row in enumerate((("table", "column", "type", "meaning"), *guide)):
            for position, text in enumerate(row):
                sheet.write_string(number, position, text)
        try:
            workbook.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            # It wraps what the system says.
            raise error.args[0] from error


def _write_sheet(sheet: Worksheet, table: Table, bold: Format) -> None:
    if table.row_count >= MAX_ROWS:
        raise UsageError(
            f"{table.name}: {table.row_count:,} rows are more than an Excel sheet holds; export it as csv, "
            "or fewer editions with --edition"
        )
    for position, column in enumerate(table.columns):
        wide = column.sql_type.startswith(("VARCHAR", "STRUCT")) and not column.name.endswith("_id")
        sheet.set_column(position, position, TEXT_WIDTH if wide else OTHER_WIDTH)
        sheet.write_string(0, position, column.name, bold)
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, table.row_count, len(table.columns) - 1)
    for number, row in enumerate(table.rows, start=1):
        for position, value in enumerate(row):
            _write_cell(sheet, number, position, value)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value)
    else:
        text = joined(value) if isinstance(value, list) else str(value)
        sheet.write_string(row, column, text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…")
