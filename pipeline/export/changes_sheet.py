# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sheet 変更点: what changed between two editions, both texts side by side, changed words in red."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from koteihyo.pipeline.diff.wording import marked_sides
from koteihyo.pipeline.export.plan_sheet import A3, LINE_HEIGHT, text_lines
from koteihyo.pipeline.report.contents import BY_TIME, LABELS
from koteihyo.pipeline.terminal import clean
from koteihyo.schema.changes import EditionChange

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SHEET = "変更点"
RED = "#C00000"
COLUMNS = (
    ("種別", 14),
    ("旧版", 44),
    ("新版", 44),
    ("旧年度", 11),
    ("新年度", 11),
    ("章", 20),
    ("見出し・行", 30),
    ("担当", 20),
    ("旧頁", 6),
    ("新頁", 6),
)


def write_changes_sheet(workbook: Workbook, name: str, changes: Sequence[EditionChange]) -> None:
    """Adds the sheet of one pair of editions: what people changed; what only time brought about is left out."""
    sheet = workbook.add_worksheet(name)
    plain = workbook.add_format({"text_wrap": True, "valign": "top", "font_size": 10})
    bold = workbook.add_format({"bold": True, "bg_color": "#DDDDDD", "border": 1})
    same = workbook.add_format({"font_size": 10})
    red = workbook.add_format({"font_color": RED, "font_size": 10})
    gone = workbook.add_format({"font_color": RED, "font_strikeout": True, "font_size": 10})
    for column, (title, wide) in enumerate(COLUMNS):
        sheet.set_column(column, column, wide, plain)
        sheet.write_string(0, column, title, bold)
    shown = [change for change in changes if change.change_type not in BY_TIME]
    for row, change in enumerate(shown, start=1):
        old, new = change.old_text, change.new_text
        before, after = marked_sides(old or "", new or "")
        place = " > ".join(change.new_path or change.old_path)
        cells = {
            0: LABELS[change.change_type],
            3: _years(change.old_fy_start, change.old_fy_end),
            4: _years(change.new_fy_start, change.new_fy_end),
            5: change.new_chapter or change.old_chapter or "",
            6: place or change.new_row or change.old_row or "",
            7: "、".join(change.owners),
        }
        # Not every program makes a row as high as its wrapped text.
        texts = {1: old or "", 2: new or "", **cells}
        sheet.set_row(row, LINE_HEIGHT * max(text_lines(text, COLUMNS[c][1]) for c, text in texts.items()) + 2)
        _write_text(sheet, row, 1, before, gone, same, plain)
        _write_text(sheet, row, 2, after, red, same, plain)
        for column, text in cells.items():
            sheet.write_string(row, column, clean(text), plain)
        for column, page in ((8, change.old_page_no), (9, change.new_page_no)):
            if page is not None:
                sheet.write_number(row, column, page, plain)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(shown), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_text(
    sheet: Worksheet,
    row: int,
    column: int,
    pieces: Sequence[tuple[str, bool]],
    mark: Format,
    same: Format,
    plain: Format,
) -> None:
    kept = [(text, changed) for piece, changed in pieces if (text := clean(piece))]
    if len(kept) > 1 and any(changed for _text, changed in kept):
        fragments: list[object] = []
        for text, changed in kept:
            fragments += [mark if changed else same, text]
        if sheet.write_rich_string(row, column, *fragments, plain) == 0:
            return
    if kept:
        # A rich string needs two pieces: a text that changed as a whole is told by the type of the change.
        sheet.write_string(row, column, "".join(text for text, _changed in kept), plain)


def _years(start: int | None, end: int | None) -> str:
    return "" if start is None or end is None else f"{start}" if start == end else f"{start}～{end}"
