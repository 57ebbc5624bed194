# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ruled tables with columns beside the years: rows, attributes, what year cells say, legends, pages that go on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pymupdf
import pytest

from koteihyo.schema.records import EditionRecords, ItemKind, PageKind
from tests.sketch import Sketch

LEFT = 260
COLORS = {"g": (0.7, 0.85, 0.7), "y": (1.0, 0.9, 0.6)}
Row = tuple[str, str, str, Sequence[str]]


def _table(rows: Sequence[Row], fills: Sequence[str] = ()) -> Sketch:
    """No., name and office left of five years; a cell of `fills` is a letter of COLORS or a space."""
    page = Sketch(LEFT)
    for x0, x1, label in ((20, 50, "No."), (50, 180, "取組名"), (180, LEFT, "担当課")):
        page.cell(x0, 45, x1, 69, label)
    for r, (number, name, office, cells) in enumerate(rows):
        top = 69 + 40 * r
        for x0, x1, text in ((20, 50, number), (50, 180, name), (180, LEFT, office)):
            page.cell(x0, top, x1, top + 40, text)
        for c in range(5):
            box = pymupdf.Rect(page.edges[c], top, page.edges[c + 1], top + 40)
            shade = COLORS.get(fills[r][c]) if fills else None
            page.pen.shape("rect", box, shade, (0.4, 0.4, 0.4))
            page.pen.centred(box, cells[c], 8.5, (0, 0, 0))
    return page


def _items(records: EditionRecords) -> list[tuple[str, int | None, int | None]]:
    names = {row.row_id: row.name for row in records.table_rows}
    assert all(item.row_id in names for item in records.schedule_items)
    return sorted((item.text, item.fy_start, item.fy_end) for item in records.schedule_items)


def test_rows_have_the_texts_of_the_columns_beside_the_years(tmp_path: Path) -> None:
    page = _table(
        [("1", "水門の更新", "河川課", ["検討", "", "", "", ""]), ("2", "森の道", "", ["", "", "試行", "", ""])]
    )
    records = page.read(tmp_path)
    assert [(r.name, r.owner_text, [(a.name, a.text) for a in r.attributes]) for r in records.table_rows] == [
        ("水門の更新", "河川課", [("No.", "1"), ("担当課", "河川課")]),
        ("森の道", "", [("No.", "2"), ("担当課", "")]),
    ]
    assert records.pages[0].kind is PageKind.CARD_TABLE
    assert records.sections == []
    assert _items(records) == [("検討", 2024, 2024), ("試行", 2026, 2026)]
    assert [f.text for f in records.findings if f.glyph_count] == []


@pytest.mark.parametrize(
    ("cells", "items"),
    [
        (["検討", "→", "→", "実施", ""], [("実施", 2027, 2027), ("検討", 2024, 2026)]),
        (["検討", "⇒", "", "実施", "━▶"], [("実施", 2027, 2028), ("検討", 2024, 2025)]),
        (["", "検討→", "実施", "", ""], [("実施", 2026, 2026), ("検討", 2025, 2025)]),
        (["検討", "実施", "", "", "見直し"], [("実施", 2025, 2025), ("検討", 2024, 2024), ("見直し", 2028, 2028)]),
    ],
)
def test_arrows_carry_a_word_on_and_are_not_text(
    cells: list[str], items: list[tuple[str, int, int]], tmp_path: Path
) -> None:
    page = _table([("1", "水門の更新", "河川課", cells), ("2", "森の道", "林務課", ["整備", "", "", "", ""])])
    assert _items(page.read(tmp_path)) == sorted([*items, ("整備", 2024, 2024)])


def test_runs_of_one_mark_are_one_item_with_the_words_of_the_legend(tmp_path: Path) -> None:
    page = _table([("1", "水門の更新", "河川課", list("△○○○●")), ("2", "森の道", "林務課", ["", "○", "", "○", "○"])])
    page.page.insert_text((20, 180), "凡例　○：実施　△：検討　●：拡充", fontname="japan", fontsize=8)
    records = page.read(tmp_path)
    assert _items(records) == [
        ("△", 2024, 2024), ("○", 2025, 2025), ("○", 2025, 2027), ("○", 2027, 2028), ("●", 2028, 2028),
    ]  # fmt: skip
    assert {(i.kind, i.text, i.category) for i in records.schedule_items} == {
        (ItemKind.MARK, "△", "検討"), (ItemKind.MARK, "○", "実施"), (ItemKind.MARK, "●", "拡充"),
    }  # fmt: skip
    assert [f.text for f in records.findings if f.glyph_count] == []


def test_shaded_cells_are_items_with_and_without_words(tmp_path: Path) -> None:
    rows: list[Row] = [("1", "水門の更新", "河川課", ["", "", "", "試行", ""]), ("2", "森の道", "林務課", [""] * 5)]
    page = _table(rows, ["yyggg", " y yy"])
    for y, letter, text in ((170, "y", "検討段階"), (190, "g", "実施段階")):
        page.pen.shape("rect", pymupdf.Rect(20, y, 45, y + 12), COLORS[letter], (0.4, 0.4, 0.4))
        page.page.insert_text((50, y + 9), text, fontname="japan", fontsize=8)
    records = page.read(tmp_path)
    assert sorted((i.text, i.fy_start, i.fy_end, i.category) for i in records.schedule_items) == [
        ("", 2024, 2025, "検討段階"), ("", 2025, 2025, "検討段階"), ("", 2027, 2028, "検討段階"),
        ("試行", 2026, 2028, "実施段階"),
    ]  # fmt: skip


def test_a_table_of_figures_is_no_plan(tmp_path: Path) -> None:
    page = _table(
        [
            ("1", "水門の数", "河川課", ["12", "13", "15", "20", "21"]),
            ("2", "道の長さ", "林務課", ["1.5", "2", "3", "4", "5"]),
        ]
    )
    assert page.read(tmp_path).schedule_items == []


def test_two_label_columns_alone_are_headings_not_a_table(tmp_path: Path) -> None:
    page = Sketch(LEFT)
    page.cell(20, 45, 90, 69, "分野")
    page.cell(90, 45, LEFT, 69, "施策")
    page.cell(20, 69, 90, 149, "治水")
    for y, title in ((69, "水門の更新"), (109, "堤防の点検")):
        page.cell(90, y, LEFT, y + 40, title)
        page.cell(LEFT, y, 810, y + 40, "")
        page.bars(y + 10)
    records = page.read(tmp_path)
    assert records.table_rows == []
    assert [s.path for s in records.sections] == [["治水"], ["治水", "水門の更新"], ["治水", "堤防の点検"]]


def going_on(page: pymupdf.Page, left: float, *, ruled: bool) -> None:
    """A page with one row and one bar, and with the column lines of the page before if `ruled`."""
    for i in range(6):
        x = left + 110 * i
        if ruled or i in (0, 5):
            page.draw_line((x, 40), (x, 100), color=(0.4, 0.4, 0.4), width=0.5)
    for y in (40, 100):
        page.draw_line((20, y), (left + 550, y), color=(0.4, 0.4, 0.4), width=0.5)
    page.insert_text((25, 72), "・橋の補修", fontname="japan", fontsize=8.5)
    box = pymupdf.Rect(left + 111, 60, left + 329, 80)
    page.draw_rect(box, color=(0.1, 0.2, 0.5), fill=(0.7, 0.85, 1), width=0.5)
    page.insert_text((left + 150, 73), "補修", fontname="japan", fontsize=8.5)


@pytest.mark.parametrize(("ruled", "items"), [(True, [("補修", 2025, 2026, 1)]), (False, [])])
def test_a_chart_goes_on_where_the_same_columns_are_ruled(
    ruled: bool, items: list[tuple[str, int, int, int]], tmp_path: Path
) -> None:
    page = Sketch(LEFT)
    page.cell(20, 69, LEFT, 129, "・水門の更新")
    for i in range(5):
        page.cell(page.edges[i], 69, page.edges[i + 1], 129, "")
    page.bars(89)
    going_on(page.document.new_page(width=842, height=595), LEFT, ruled=ruled)
    records = page.read(tmp_path)
    charts = {c.page_no: c.continued_from_page for c in records.charts}
    found = [(i.text, i.fy_start, i.fy_end, charts[2]) for i in records.schedule_items if i.page_no == 2]
    assert found == items


def test_labels_at_the_left_of_cells_of_any_width_name_their_columns(tmp_path: Path) -> None:
    page = Sketch(LEFT, ())
    edges = [260, 330, 500, 640, 700, 800]
    for x0, x1, label in ((20, 150, "取組名"), (150, 260, "担当課")):
        page.cell(x0, 45, x1, 69, label)
    for i, label in enumerate(f"{year}年度" for year in range(2024, 2029)):
        page.cell(edges[i], 45, edges[i + 1], 69, "")
        page.pen.text((edges[i] + 4, 60), label, 8.5)
    for r, name in enumerate(("水門の更新", "森の道")):
        top = 69 + 18 * r
        page.cell(20, top, 150, top + 18, name)
        page.cell(150, top, 260, top + 18, "河川課")
        for i, text in enumerate(("検討", "→", "", "整備", "→")):
            page.cell(edges[i], top, edges[i + 1], top + 18, "")
            page.pen.text((edges[i] + 4, top + 12), text, 8.5)
    records = page.read(tmp_path)
    assert [(round(c.x0), round(c.x1)) for c in records.fiscal_columns] == list(pairwise(edges))
    assert _items(records) == [("整備", 2027, 2028)] * 2 + [("検討", 2024, 2025)] * 2
