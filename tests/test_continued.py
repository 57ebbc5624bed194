# SPDX-License-Identifier: AGPL-3.0-or-later
"""Charts that go on over the next pages without their years: tables with columns of their own, rows, slides."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from koteihyo.schema.records import EditionRecords
from tests.sketch import Sketch

GREY = (0.4, 0.4, 0.4)
LEFT = 260
EDGES = [20, 80, 180, LEFT, *(LEFT + 110 * i for i in range(1, 6))]
HEADS = ("分野", "取組名", "担当課")
ROWS = (
    ("治水", "水門の更新", "河川課", ("検討", "→", "", "整備", "→")),
    ("治水", "堤防の点検", "河川課", ("", "点検", "→", "", "")),
    ("", "水路の清掃", "道路課", ("実施", "→", "→", "→", "→")),
    ("森林", "森の道", "林務課", ("", "", "測量", "", "開通")),
)


def _row(page: pymupdf.Page, top: float, texts: tuple[str, ...], *, columns: bool = True, left: float = 20) -> None:
    for x0, x1, text in zip(EDGES, EDGES[1:], texts, strict=False):
        if columns:
            page.draw_rect((x0, top, x1, top + 24), color=GREY, width=0.5)
        page.insert_text((x0 + 4, top + 15), text, fontname="japan", fontsize=8.5)
    page.draw_line((left, top + 24), (EDGES[-1], top + 24), color=GREY, width=0.5)


def _rows(records: EditionRecords) -> list[tuple[int, str | None, str | None, str | None]]:
    return [(row.page_no, row.group_label, row.name, row.owner_text) for row in records.table_rows]


def _spans(records: EditionRecords, page_no: int) -> list[tuple[str, int | None, int | None]]:
    found = [i for i in records.schedule_items if i.page_no == page_no]
    return [(i.text, i.fy_start, i.fy_end) for i in sorted(found, key=lambda i: (i.y0, i.x0))]


def test_rows_of_the_next_page_have_the_columns_of_the_first(tmp_path: Path) -> None:
    page = Sketch(LEFT)
    for x0, x1, head in zip(EDGES, EDGES[1:], HEADS, strict=False):
        page.cell(x0, 45, x1, 69, head)
    for i, (group, name, office, cells) in enumerate(ROWS[:2]):
        _row(page.page, 69 + 24 * i, (group, name, office, *cells))
    second = page.document.new_page(width=842, height=595)
    for i, (group, name, office, cells) in enumerate(ROWS[2:]):
        _row(second, 40 + 24 * i, (group, name, office, *cells))
    records = page.read(tmp_path)
    assert _rows(records) == [
        (1, "治水", "水門の更新", "河川課"),
        (1, "治水", "堤防の点検", "河川課"),
        (2, "治水", "水路の清掃", "道路課"),
        (2, "森林", "森の道", "林務課"),
    ]
    assert _spans(records, 2) == [("実施", 2024, 2028), ("測量", 2026, 2026), ("開通", 2028, 2028)]
    assert [c.continued_from_page for c in records.charts] == [None, 1]


def test_the_rest_of_a_chart_stands_over_a_chart_with_years_of_its_own(tmp_path: Path) -> None:
    page = Sketch(LEFT)
    page.cell(20, 69, LEFT, 109, "・水門の更新")
    for i in range(5):
        page.cell(page.edges[i], 69, page.edges[i + 1], 109, "")
    page.bars(79)
    second = Sketch(LEFT)
    second.page.clean_contents()
    other = page.document.new_page(width=842, height=595)
    for x in (20, *page.edges):
        other.draw_line((x, 40), (x, 90), color=GREY, width=0.5)
    for y in (40, 90):
        other.draw_line((20, y), (page.edges[5], y), color=GREY, width=0.5)
    other.insert_text((25, 68), "・橋の補修", fontname="japan", fontsize=8.5)
    other.draw_rect((page.edges[1] + 1, 55, page.edges[3] - 1, 75), color=(0.1, 0.2, 0.5), fill=(0.7, 0.85, 1))
    other.insert_text((page.edges[1] + 40, 68), "補修", fontname="japan", fontsize=8.5)
    for i in range(5):
        other.draw_rect((page.edges[i], 160, page.edges[i + 1], 180), color=GREY, width=0.5)
        other.insert_text((page.edges[i] + 30, 173), f"{2030 + i}年度", fontname="japan", fontsize=8.5)
    other.draw_rect((20, 180, page.edges[5], 230), color=GREY, width=0.5)
    other.insert_text((25, 208), "・森の道", fontname="japan", fontsize=8.5)
    other.draw_rect((page.edges[0] + 1, 195, page.edges[2] - 1, 215), color=(0.1, 0.2, 0.5), fill=(0.7, 0.85, 1))
    other.insert_text((page.edges[0] + 40, 208), "測量", fontname="japan", fontsize=8.5)
    records = page.read(tmp_path)
    assert _spans(records, 2) == [("補修", 2025, 2026), ("測量", 2030, 2031)]
    assert [(c.page_no, c.continued_from_page) for c in records.charts] == [(1, None), (2, 1), (2, None)]


def _arrows(page: Sketch, target: pymupdf.Page, title: str, rows: tuple[str, ...], top: float) -> None:
    target.insert_text((20, 26), title, fontname="japan", fontsize=14)
    for i, name in enumerate(rows):
        y = top + 40 * i
        target.draw_rect((20, y, 200, y + 34), color=GREY, fill=(0.95, 0.95, 1), width=0.5)
        target.insert_text((30, y + 20), name, fontname="japan", fontsize=8.5)
        for a, b, text in ((0, 2, "調査"), (2, 5, "整備")):
            x0, x1 = page.edges[a] + 1, page.edges[b] - 1
            points = [(x0, y + 6), (x1 - 6, y + 6), (x1, y + 16), (x1 - 6, y + 26), (x0, y + 26), (x0, y + 6)]
            shape = target.new_shape()
            shape.draw_polyline(points)
            shape.finish(fill=(0.7, 0.85, 1), color=(0.1, 0.2, 0.5), width=0.5)
            shape.commit()
            target.insert_text((x0 + 30, y + 19), text, fontname="japan", fontsize=8.5)


@pytest.mark.parametrize(
    ("title", "items"),
    [
        ("整備の工程（続き）", [("調査", 2024, 2025), ("整備", 2026, 2028)]),
        ("整備の工程（2/2）", [("調査", 2024, 2025), ("整備", 2026, 2028)]),
        ("推進の体制", []),
    ],
)
def test_a_slide_goes_on_under_the_same_title(title: str, items: list[tuple[str, int, int]], tmp_path: Path) -> None:
    page = Sketch(220)
    _arrows(page, page.page, "整備の工程", ("水門の更新", "堤防の点検"), 80)
    _arrows(page, page.document.new_page(width=842, height=595), title, ("森の道",), 60)
    assert _spans(page.read(tmp_path), 2) == items


def _two_pages(first: tuple[tuple[str, ...], ...], second: tuple[tuple[str, ...], ...], folder: Path) -> EditionRecords:
    """A table on two pages, with its header on both; a row without a group is in the group cell of the one over it."""
    page = Sketch(LEFT, ())
    page.document.new_page(width=842, height=595)
    for sheet, rows in zip((page.document[0], page.document[1]), (first, second), strict=True):
        _row(sheet, 45, (*HEADS, *(f"令和{year}年度" for year in range(6, 11))))
        for i, texts in enumerate(rows):
            goes_on = i + 1 < len(rows) and not rows[i + 1][0]
            _row(sheet, 69 + 24 * i, texts, columns=False, left=EDGES[1] if goes_on else EDGES[0])
        bottom = 69 + 24 * len(rows)
        sheet.draw_rect((EDGES[0], 69, EDGES[-1], bottom), color=GREY, width=0.5)
        for x in EDGES[1:-1]:
            sheet.draw_line((x, 69), (x, bottom), color=GREY, width=0.5)
    return page.read(folder)


PLAIN = ("", "水路の清掃", "道路課", "実施", "", "", "", "")


@pytest.mark.parametrize("label_first", [True, False])
def test_a_group_parted_by_a_page_is_that_of_its_rows_on_both(label_first: bool, tmp_path: Path) -> None:
    rows = [(group, *PLAIN[1:]) for group in ("治水", "", "森林" if label_first else "", "")]
    going_on = [("" if label_first else "森林", *PLAIN[1:]), PLAIN]
    if not label_first:
        # The cell begins here, and its words stand on the next page.
        rows[2] = (" ", *PLAIN[1:])
    records = _two_pages(tuple(rows), tuple(going_on), tmp_path)
    assert [(row.page_no, row.group_label) for row in records.table_rows] == [
        (1, "治水"), (1, "治水"), (1, "森林"), (1, "森林"), (2, "森林"), (2, "森林"),
    ]  # fmt: skip
    assert [f.text for f in records.findings if f.glyph_count] == []


def test_a_row_parted_by_a_page_is_one_row_with_all_its_words(tmp_path: Path) -> None:
    first = (PLAIN, ("治水", "水門を更新して河川", "河川課", "設計の方針を決めて関係", "", "工事", "", ""))
    second = (("", "を守る", "", "者に示す", "", "", "", ""), PLAIN)
    records = _two_pages(first, second, tmp_path)
    assert [(row.page_no, row.name, row.owner_text) for row in records.table_rows] == [
        (1, "水路の清掃", "道路課"), (1, "水門を更新して河川を守る", "河川課"), (2, "水路の清掃", "道路課"),
    ]  # fmt: skip
    names = {row.row_id: row.name for row in records.table_rows}
    assert [(i.page_no, names[i.row_id or ""][:2], i.text) for i in records.schedule_items] == [
        (1, "水路", "実施"), (1, "水門", "設計の方針を決めて関係者に示す"), (1, "水門", "工事"), (2, "水路", "実施"),
    ]  # fmt: skip
    assert [f.text for f in records.findings if f.glyph_count] == []


def test_a_row_that_begins_a_page_is_none_of_the_page_before(tmp_path: Path) -> None:
    first = (PLAIN, ("治水", "水門を更新して河川", "河川課", "設計の方針を決めて関係", "", "工事", "", ""))
    second = (("治水", "を守る", "河川課", "者に示す", "", "", "", ""), PLAIN)
    records = _two_pages(first, second, tmp_path)
    assert len(records.table_rows) == 4
