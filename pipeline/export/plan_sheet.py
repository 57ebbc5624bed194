# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sheet 工程表: one edition drawn as a plan, its years as columns and its bars as filled cells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from koteihyo.normalize.text.era import era_fiscal_year
from koteihyo.pipeline.drawing.bands import Band, bands_of, year_span, years_of
from koteihyo.pipeline.drawing.colours import BLOCKS, Palette
from koteihyo.pipeline.terminal import clean, width
from koteihyo.schema.records import EditionRecords, ItemKind, ScheduleItem

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SHEET = "工程表"
TITLE_ROW, LEGEND_ROW = 0, 1
BEFORE = (("章", 22), ("見出し", 34))
AFTER = (("年度不明", 24), ("担当", 16), ("頁", 6), ("確度", 7))
YEAR_WIDTH = 22
# Points: a line of 10 pt text.
LINE_HEIGHT = 14
# Between legend and years, so that no colour seems to be the heading of a year.
GAP_HEIGHT = 8
# Excel folds rows at most seven levels deep.
MAX_LEVEL = 7
A3 = 8
GREY, RED, GREEN = "#8A8A8A", "#B00020", "#1B5E20"


@dataclass
class _Formats:
    """Formats by their properties, made once each: a workbook cannot drop any."""

    workbook: Workbook
    made: dict[str, Format] = field(default_factory=dict)

    def of(self, **properties: object) -> Format:
        base = {"font_size": 10, "text_wrap": True, "valign": "top", **properties}
        key = repr(sorted(base.items()))
        if key not in self.made:
            self.made[key] = self.workbook.add_format(base)
        return self.made[key]


def write_plan_sheet(workbook: Workbook, name: str, records: EditionRecords) -> None:
    """Adds the sheet of one edition.

    A heading is a row, and what stands under it rows below that can be folded. Items that overlap stand in rows of
    their own. A bar covers whole fiscal years; texts are as stored.
    """
    years = years_of(records)
    formats, palette = _Formats(workbook), Palette(records.schedule_items)
    sheet = workbook.add_worksheet(name)
    names = [title for title, _width in BEFORE]
    names += [f"{year}年度\n（{era_fiscal_year(year)}）" for year in years]
    names += [title for title, _width in AFTER]
    header = LEGEND_ROW + _legend_rows(palette, years) + 1
    _set_up(sheet, len(years), len(names), header)
    sheet.write_string(TITLE_ROW, 0, clean(records.edition.title), formats.of(bold=True, font_size=14, text_wrap=False))
    if palette.legend:
        sheet.write_string(LEGEND_ROW, len(BEFORE) - 1, "凡例", formats.of(bold=True, align="right"))
    for number, (label, colour) in enumerate(palette.legend):
        down, right = divmod(number, max(1, len(years)))
        sheet.write_string(LEGEND_ROW + down, len(BEFORE) + right, label, formats.of(bg_color=colour, border=1))
    sheet.set_row(header - 1, GAP_HEIGHT)
    sheet.set_row(header, 2 * LINE_HEIGHT + 4)
    for column, title in enumerate(names):
        sheet.write_string(header, column, title, formats.of(bold=True, bg_color="#DDDDDD", border=1))
    row = header + 1
    for band in bands_of(records, year_span):
        row = _write_band(sheet, row, band, years, formats, palette)
    last = row - 1
    for note in records.notes:
        sheet.write_string(row, 1, clean(note.text), formats.of(text_wrap=False, font_color=GREY))
        sheet.write_number(row, len(BEFORE) + len(years) + 2, note.page_no, formats.of(font_color=GREY))
        row += 1
    sheet.autofilter(header, 0, max(last, header), len(names) - 1)
    sheet.print_area(0, 0, max(row - 1, header), len(names) - 1)


def _legend_rows(palette: Palette, years: range) -> int:
    return math.ceil(len(palette.legend) / max(1, len(years)))


def sheet_names(prefix: str, labels: Mapping[str, str]) -> dict[str, str]:
    """Key → a name for its sheet: at most 31 characters, none that Excel forbids, no two the same."""
    names: dict[str, str] = {}
    for key, label in labels.items():
        safe = "".join("_" if char in "[]:*?/\\'" else char for char in f"{prefix} {label}".strip())
        name, number = safe[:31], 2
        while name.casefold() in {other.casefold() for other in names.values()}:
            tail = f"~{number}"
            name, number = safe[: 31 - len(tail)] + tail, number + 1
        names[key] = name
    return names


def _set_up(sheet: Worksheet, years: int, columns: int, header: int) -> None:
    widths = [w for _title, w in BEFORE] + [YEAR_WIDTH] * years + [w for _title, w in AFTER]
    for column, wide in enumerate(widths[:columns]):
        sheet.set_column(column, column, wide)
    sheet.freeze_panes(header + 1, len(BEFORE))
    sheet.outline_settings(True, False, True, False)
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
    sheet.set_footer("&C&P / &N")


def _write_band(sheet: Worksheet, row: int, band: Band, years: range, formats: _Formats, palette: Palette) -> int:
    """Writes a heading and its lanes; returns the row after them."""
    depth = min(MAX_LEVEL, max(0, band.level - 1))
    below = min(MAX_LEVEL, depth + 1)
    if band.path:
        look = formats.of(bold=True, indent=depth, bg_color="#F2F2F2" if band.level == 1 else "#FFFFFF", top=1)
        sheet.set_row(row, LINE_HEIGHT * text_lines(band.title, BEFORE[1][1] - 2 * depth), None, {"level": depth})
        sheet.write_string(row, 0, clean(band.chapter), formats.of(font_color=GREY, font_size=8, text_wrap=False))
        sheet.write_string(row, 1, clean(band.title), look)
        row += 1
    lanes = list(band.lanes) or ([()] if band.undated else [])
    for number, lane in enumerate(lanes):
        undated = band.undated if number == 0 else ()
        height = max([_height(item) for item in lane], default=1)
        height = max([height, *(text_lines(item.text, AFTER[0][1]) for item in undated)])
        sheet.set_row(row, LINE_HEIGHT * height + 2, None, {"level": below})
        # In every row, so that a filter on a chapter or heading keeps what stands under it.
        sheet.write_string(row, 0, clean(band.chapter), formats.of(font_color=GREY, font_size=8, text_wrap=False))
        sheet.write_string(row, 1, clean(band.title), formats.of(font_color=GREY, indent=below))
        for item in lane:
            _write_item(sheet, row, item, years, formats, palette)
        _write_facts(sheet, row, len(BEFORE) + len(years), (*lane, *undated), undated, formats)
        row += 1
    return row


def _write_item(
    sheet: Worksheet, row: int, item: ScheduleItem, years: range, formats: _Formats, palette: Palette
) -> None:
    first, end = (int(year) for year in year_span(item) or (years.start, years.start + 1))
    left, right = len(BEFORE) + first - years.start, len(BEFORE) + end - 1 - years.start
    look = _look(item, formats, palette)
    text = clean(item.text)
    if right > left:
        sheet.merge_range(row, left, row, right, "", look)
    sheet.write_string(row, left, text, look)


def _look(item: ScheduleItem, formats: _Formats, palette: Palette) -> Format:
    if item.kind in BLOCKS:
        # A bar that goes on after the last column has no right edge.
        return formats.of(bg_color=palette.of(item), border=1, right=0 if item.open_end else 1)
    if item.kind is ItemKind.MARKER:
        return formats.of(font_color=RED)
    if item.kind is ItemKind.CALLOUT:
        return formats.of(font_color=GREEN, border=4)
    return formats.of(bold=item.kind is ItemKind.HEADING, italic=item.kind is ItemKind.LABEL)


def _write_facts(
    sheet: Worksheet,
    row: int,
    column: int,
    items: tuple[ScheduleItem, ...],
    undated: tuple[ScheduleItem, ...],
    formats: _Formats,
) -> None:
    """Who is in charge, the page and the least confidence of a row, for filters; and the items without years."""
    small = formats.of(font_color=GREY)
    if undated:
        sheet.write_string(row, column, "\n".join(clean(item.text) for item in undated), formats.of())
    owners = dict.fromkeys(owner for item in items for owner in item.owners)
    if owners:
        sheet.write_string(row, column + 1, "、".join(map(clean, owners)), small)
    sheet.write_number(row, column + 2, min(item.page_no for item in items), small)
    sheet.write_number(
        row, column + 3, min(i.confidence for i in items), formats.of(font_color=GREY, num_format="0.00")
    )


def _height(item: ScheduleItem) -> int:
    first, end = year_span(item) or (0, 1)
    return text_lines(item.text, YEAR_WIDTH * (end - first))


def text_lines(text: str, columns: float) -> int:
    """Lines that a text takes in a column: Excel's unit is a narrow character."""
    return max(1, math.ceil(width(clean(text)) / max(1.0, columns - 1)))
