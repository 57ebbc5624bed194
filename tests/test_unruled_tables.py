# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables whose columns or rows only alignment shows, and tables with rows that are headings."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from koteihyo.schema.records import EditionRecords
from tests.sketch import Sketch

LEFT = 260
ROWS = (
    ("水門の更新", "河川課", ("検討", "→", "", "整備", "→")),
    ("森の道", "林務課", ("", "測量", "→", "", "開通")),
    ("街路樹の台帳", "公園課", ("作成", "", "更新", "→", "→")),
)
ITEMS = [
    ("作成", 2024, 2024), ("整備", 2027, 2028), ("更新", 2026, 2028), ("検討", 2024, 2025), ("測量", 2025, 2026),
    ("開通", 2028, 2028),
]  # fmt: skip


def _table(style: str) -> Sketch:
    page = Sketch(LEFT, ())
    for x, text in ((40, "取組名"), (180, "担当課")):
        page.pen.text((x, 62), text, 8.5)
    for i in range(5):
        page.pen.centred(pymupdf.Rect(page.edges[i], 50, page.edges[i + 1], 69), f"{2024 + i}年度", 8.5, (0, 0, 0))
    for r, (name, office, cells) in enumerate(ROWS):
        top = 69 + 26 * r
        if style == "shaded" and r % 2 == 0:
            page.pen.shape("rect", pymupdf.Rect(30, top, 810, top + 26), (0.93, 0.93, 0.93), None)
        if style == "level rules":
            page.pen.line((30, top), (810, top))
            page.pen.line((30, top + 26), (810, top + 26))
        page.pen.text((40, top + 16), name, 8.5)
        page.pen.text((180, top + 16), office, 8.5)
        for i, text in enumerate(cells):
            box = pymupdf.Rect(page.edges[i], top, page.edges[i + 1], top + 26)
            page.pen.centred(box, text, 8.5, (0, 0, 0))
    return page


def _items(records: EditionRecords) -> list[tuple[str, int | None, int | None]]:
    return sorted((i.text, i.fy_start, i.fy_end) for i in records.schedule_items)


@pytest.mark.parametrize("style", ["level rules", "shaded", "none"])
def test_columns_without_rules_stand_in_line(style: str, tmp_path: Path) -> None:
    records = _table(style).read(tmp_path)
    assert [(r.name, [(a.name, a.text) for a in r.attributes]) for r in records.table_rows] == [
        (name, [("担当課", office)]) for name, office, _cells in ROWS
    ]
    assert _items(records) == ITEMS
    assert [f.text for f in records.findings if f.glyph_count] == []


def test_events_in_columns_of_years_are_no_plan(tmp_path: Path) -> None:
    page = Sketch(LEFT, ())
    for i in range(5):
        page.pen.centred(pymupdf.Rect(page.edges[i], 50, page.edges[i + 1], 69), f"{2014 + i}年度", 8.5, (0, 0, 0))
    for r, name in enumerate(("国の動き", "市の動き")):
        page.pen.text((40, 85 + 26 * r), name, 8.5)
        for i, text in enumerate(("法の公布", "条例の制定", "計画の策定", "課の設置", "計画の改定")):
            box = pymupdf.Rect(page.edges[i], 69 + 26 * r, page.edges[i + 1], 95 + 26 * r)
            page.pen.centred(box, text, 8.5, (0, 0, 0))
    assert page.read(tmp_path).schedule_items == []


def test_a_row_that_is_one_cell_heads_the_rows_under_it(tmp_path: Path) -> None:
    page = Sketch(LEFT)
    for x0, x1, text in ((20, 160, "取組名"), (160, LEFT, "担当課")):
        page.cell(x0, 45, x1, 69, text)
    top = 69
    for group, rows in (("目標１　川を守る", ROWS[:2]), ("目標２　緑を増やす", ROWS[2:])):
        page.pen.shape("rect", pymupdf.Rect(20, top, 810, top + 18), (0.8, 0.87, 0.94), (0.4, 0.4, 0.4))
        page.pen.text((26, top + 13), group, 8.5)
        top += 18
        for name, office, cells in rows:
            page.cell(20, top, 160, top + 26, name)
            page.cell(160, top, LEFT, top + 26, office)
            for i, text in enumerate(cells):
                page.cell(page.edges[i], top, page.edges[i + 1], top + 26, text)
            top += 26
    records = page.read(tmp_path)
    assert [(r.group_label, r.name) for r in records.table_rows] == [
        ("目標１　川を守る", "水門の更新"), ("目標１　川を守る", "森の道"), ("目標２　緑を増やす", "街路樹の台帳"),
    ]  # fmt: skip
    assert _items(records) == ITEMS
