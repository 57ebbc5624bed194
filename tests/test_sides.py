# SPDX-License-Identifier: AGPL-3.0-or-later
"""Headings and owners that stand elsewhere than in a left column of headings."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from koteihyo.schema.records import EditionRecords
from tests.sketch import BARS, Sketch


def _paths(records: EditionRecords) -> list[str]:
    paths = {s.section_id: " > ".join(s.path) for s in records.sections}
    return [paths.get(i.section_id or "", "") for i in records.schedule_items]


def test_strips_across_the_chart_are_headings(tmp_path: Path) -> None:
    page = Sketch(30)
    for y, title in ((80, "１．川の見える化"), (150, "２．森の保全")):
        page.pen.shape("rect", pymupdf.Rect(30, y, 580, y + 14), (0.85, 0.9, 0.8), None)
        page.pen.text((34, y + 10), title, 9)
        page.bars(y + 22)
    assert _paths(page.read(tmp_path)) == ["１．川の見える化"] * 2 + ["２．森の保全"] * 2


def test_vertical_group_labels_stand_over_the_numbered_headings(tmp_path: Path) -> None:
    page = Sketch(200)
    for y, group, title in ((69, "川と海", "①観測網の更新"), (129, "森", "①路面の点検")):
        page.cell(30, y, 60, y + 60, "\n".join(group))
        page.cell(60, y, 200, y + 60, title)
        page.cell(200, y, 750, y + 60, "")
        page.bars(y + 20)
    assert _paths(page.read(tmp_path)) == ["川と海 > ①観測網の更新"] * 2 + ["森 > ①路面の点検"] * 2


def test_a_last_heading_that_reaches_below_the_last_bar_leaves_the_others_theirs(tmp_path: Path) -> None:
    page = Sketch(200)
    for y, title in ((90, "（１）川の見える化"), (150, "（２）森の道の点検\nと補修、苗木の\n植付と下草刈り\nの支援")):
        for i, line in enumerate(title.split("\n")):
            page.pen.text((40, y + 14 + 11 * i), line, 9)
        page.bars(y)
    assert (
        _paths(page.read(tmp_path))
        == ["（１）川の見える化"] * 2 + ["（２）森の道の点検と補修、苗木の植付と下草刈りの支援"] * 2
    )


def test_a_column_parted_in_one_row_only_keeps_the_others_whole(tmp_path: Path) -> None:
    page = Sketch(200)
    titles = [
        "川の水位の見える化と公開",
        "森の道の点検と補修の支援",
        "苗木の植付と下草刈りの支援",
        "通学路の見守り",
        "街路樹の台帳",
        "雪道の除排雪の体制",
        "農地の水管理",
    ]
    for i, title in enumerate(titles):
        page.cell(30, 69 + 60 * i, 100 if i == 6 else 200, 129 + 60 * i, f"（{i + 1}）{title}")
        page.cell(200, 69 + 60 * i, 750, 129 + 60 * i, "")
        page.bars(89 + 60 * i)
    page.cell(100, 429, 200, 489, "水門の遠隔\n操作の実証")
    parts = [f"（{i + 1}）{title}" for i, title in enumerate(titles)]
    assert (
        _paths(page.read(tmp_path)) == [p for p in parts[:6] for _ in BARS] + [f"{parts[6]} > 水門の遠隔操作の実証"] * 2
    )


def test_headings_whose_texts_touch_across_an_edge_are_two(tmp_path: Path) -> None:
    page = Sketch(200)
    for y, group, title in (
        (69, "川の見える化と公開", "観測網の更新と点検"),
        (129, "森の道の点検と補修", "斜面の調査と補強工"),
    ):
        # Nine characters of 8.5 points fill a cell of 78 points from edge to edge.
        page.cell(40, y, 118, y + 60, group)
        page.cell(118, y, 200, y + 60, title)
        page.cell(200, y, 750, y + 60, "")
        page.bars(y + 20)
    first, second = "川の見える化と公開 > 観測網の更新と点検", "森の道の点検と補修 > 斜面の調査と補強工"
    assert _paths(page.read(tmp_path)) == [first] * 2 + [second] * 2


def test_sub_columns_with_edges_drawn_a_little_apart_are_one_row(tmp_path: Path) -> None:
    page = Sketch(200)
    for y, group, title in ((69, "川と海", "①観測網の更新"), (129, "森", "①路面の点検")):
        page.cell(30, y + 1, 60, y + 59, "\n".join(group))
        page.cell(60, y, 200, y + 60, title)
        page.cell(200, y, 750, y + 60, "")
        page.bars(y + 20)
    assert _paths(page.read(tmp_path)) == ["川と海 > ①観測網の更新"] * 2 + ["森 > ①路面の点検"] * 2


def test_captions_over_thin_arrows_count_when_their_heading_is_chosen(tmp_path: Path) -> None:
    page = Sketch(200)
    titles = ["（１）川の見える化", "（２）苗木の植付", "（３）雪道の除排雪"]
    for i, title in enumerate(titles):
        for lane in range(2):
            y = 85 + 100 * i + 50 * lane
            for text, begin, end in BARS:
                x0, x1 = page.edges[0] + 110 * begin + 2, page.edges[0] + 110 * end - 2
                page.pen.line((x0, y + 16), (x1 - 6, y + 16), width=1.5)
                page.pen.polygon([(x1 - 6, y + 13), (x1, y + 16), (x1 - 6, y + 19)], (0, 0, 0), None)
                page.pen.centred(pymupdf.Rect(x0, y, x1, y + 12), f"{text}{i}{lane}", 8.5, (0, 0, 0))
        page.pen.text((40, 85 + 100 * i), title, 9)
    records = page.read(tmp_path)
    where = dict(zip((i.text for i in records.schedule_items), _paths(records), strict=True))
    assert where == {f"{text}{i}{lane}": titles[i] for i in range(3) for lane in range(2) for text, _b, _e in BARS}


@pytest.mark.parametrize(
    ("text", "owners"), [("国土交通省", ["国土交通省"]), ("農林水産省\n環境省等", ["農林水産省", "環境省"])]
)
def test_a_column_of_ministries_gives_the_rows_their_owners(text: str, owners: list[str], tmp_path: Path) -> None:
    page = Sketch(150)
    page.cell(700, 45, 800, 69, "担当府省")
    page.cell(30, 69, 150, 109, "（１）川の見える化")
    page.cell(150, 69, 700, 109, "")
    page.cell(700, 69, 800, 109, text)
    page.bars(79)
    records = page.read(tmp_path)
    assert [i.owners for i in records.schedule_items] == [owners] * 2
    assert [f.text for f in records.findings if f.glyph_count] == []


def test_figures_in_a_second_sub_column_belong_to_the_heading_beside_them(tmp_path: Path) -> None:
    page = Sketch(260)
    for y, title, figure in ((69, "水門の更新", "更新率80％"), (119, "森の道", "延長120km")):
        page.cell(30, y, 150, y + 50, title)
        page.cell(150, y, 260, y + 50, figure)
        page.cell(260, y, 810, y + 50, "")
        page.bars(y + 11)
    assert _paths(page.read(tmp_path)) == ["水門の更新 > 更新率80％"] * 2 + ["森の道 > 延長120km"] * 2


def test_several_owners_in_one_cell_are_several(tmp_path: Path) -> None:
    page = Sketch(150)
    page.cell(30, 45, 150, 69, "施策")
    page.cell(705, 45, 800, 69, "担当省庁")
    for y, title, owner in ((69, "水門の更新", "国土交通省"), (119, "森の道", "農林水産省、環境省")):
        page.cell(30, y, 150, y + 50, title)
        page.cell(150, y, 700, y + 50, "")
        page.cell(705, y, 800, y + 50, owner)
        page.bars(y + 11)
    rows = page.read(tmp_path).table_rows
    assert {r.name: r.owners for r in rows} == {"水門の更新": ["国土交通省"], "森の道": ["農林水産省", "環境省"]}
