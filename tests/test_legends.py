# SPDX-License-Identifier: AGPL-3.0-or-later
"""Legends: what is one, what is none, and the words that it gives the items."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from koteihyo.schema.records import EditionRecords, ItemKind
from tests.sketch import Sketch

LEFT = 200
PLAN, BUILD = (1.0, 0.9, 0.6), (0.6, 0.76, 0.9)
WORDS = [(PLAN, "検討段階"), (BUILD, "実施段階")]


def _box(
    page: Sketch, x0: float, y0: float, x1: float, y1: float, fill: tuple[float, ...] | None, text: str = ""
) -> None:
    rect = pymupdf.Rect(x0, y0, x1, y1)
    page.pen.shape("rect", rect, fill, (0.3, 0.3, 0.3))  # type: ignore[arg-type]
    page.pen.centred(rect, text, 8.5, (0, 0, 0))


def _chart(rows: int = 2) -> Sketch:
    """Ruled rows, each with a bar of either colour."""
    page = Sketch(LEFT)
    for r in range(rows):
        top = 69 + 40 * r
        page.cell(20, top, LEFT, top + 40, f"取組{r + 1}")
        page.pen.rect(pymupdf.Rect(LEFT, top, LEFT + 550, top + 40))
        _box(page, LEFT + 4, top + 10, LEFT + 216, top + 30, PLAN, "調査")
        _box(page, LEFT + 224, top + 10, LEFT + 546, top + 30, BUILD, "整備")
    return page


def _beside(page: Sketch, x: float, y: float, step: tuple[float, float] = (90, 0)) -> None:
    for i, (color, text) in enumerate(WORDS):
        a, b = x + i * step[0], y + i * step[1]
        _box(page, a, b, a + 24, b + 10, color)
        page.pen.text((a + 30, b + 8.5), text, 8)


def _above(page: Sketch) -> None:
    _beside(page, 500, 26)


def _below_in_two_lines(page: Sketch) -> None:
    for i, (color, text) in enumerate(WORDS):
        _box(page, 300 + 120 * i, 170, 324 + 120 * i, 188, color)
        page.pen.text((330 + 120 * i, 177), text[:2], 8)
        page.pen.text((330 + 120 * i, 187), text[2:], 8)


def _words_inside(page: Sketch) -> None:
    for i, (color, text) in enumerate(WORDS):
        _box(page, 500 + 80 * i, 22, 570 + 80 * i, 38, color, text)


def _framed_in_the_chart(page: Sketch) -> None:
    page.pen.rect(pymupdf.Rect(LEFT, 149, LEFT + 550, 239))
    page.cell(20, 149, LEFT, 239, "取組3")
    page.pen.shape("rect", pymupdf.Rect(600, 160, 730, 220), (1, 1, 1), (0.3, 0.3, 0.3))
    page.pen.text((606, 174), "凡例", 8)
    _beside(page, 610, 182, (0, 16))


@pytest.mark.parametrize("draw", [_above, _below_in_two_lines, _words_inside, _framed_in_the_chart])
def test_a_legend_explains_colours_and_is_no_bar(draw: Callable[[Sketch], None], tmp_path: Path) -> None:
    page = _chart()
    draw(page)
    records = page.read(tmp_path)
    assert sorted((i.text, i.category) for i in records.schedule_items) == [
        ("整備", "実施段階"), ("整備", "実施段階"), ("調査", "検討段階"), ("調査", "検討段階"),
    ]  # fmt: skip
    assert [f.text for f in records.findings if f.glyph_count] == []


def _lanes(page: Sketch) -> None:
    """Names of rows in boxes of the colour of their bars."""
    for i, (color, text) in enumerate(WORDS):
        _box(page, 30, 160 + 40 * i, 150, 180 + 40 * i, color, text)
        _box(page, LEFT + 4, 160 + 40 * i, LEFT + 300, 180 + 40 * i, color, "運用")


def _thin_bars(page: Sketch) -> None:
    """Bars of one size under one another, their words right of them."""
    for i, (color, text) in enumerate(WORDS):
        _box(page, LEFT + 20, 92 + 40 * i, LEFT + 60, 98 + 40 * i, color)
        page.pen.text((LEFT + 64, 98 + 40 * i), text, 8)


def _other_colours(page: Sketch) -> None:
    """Boxes of a figure over the chart, in colours that the chart does not have."""
    _box(page, 500, 22, 570, 38, (0.9, 0.6, 0.6), "国")
    _box(page, 580, 22, 650, 38, (0.6, 0.9, 0.6), "県")


@pytest.mark.parametrize("draw", [_lanes, _thin_bars, _other_colours])
def test_what_only_looks_like_a_legend_gives_no_words(draw: Callable[[Sketch], None], tmp_path: Path) -> None:
    page = _chart()
    draw(page)
    assert {i.category for i in page.read(tmp_path).schedule_items} == {None}


def _arrow(page: Sketch, x0: float, y: float, x1: float, *, dashed: bool) -> None:
    page.pen.line((x0, y), (x1 - 5, y), width=1.2, dashes="[4 3] 0" if dashed else None)
    page.pen.polygon([(x1 - 5, y - 3), (x1, y), (x1 - 5, y + 3)], (0.4, 0.4, 0.4), None)


def test_dashed_and_solid_arrows_are_told_apart(tmp_path: Path) -> None:
    page = Sketch(LEFT)
    page.cell(20, 69, LEFT, 119, "水門の更新")
    page.pen.rect(pymupdf.Rect(LEFT, 69, LEFT + 550, 119))
    for x0, x1, text, dashed in ((4, 216, "設計", True), (224, 546, "工事", False)):
        _arrow(page, LEFT + x0, 106, LEFT + x1, dashed=dashed)
        page.pen.text((LEFT + x0 + 20, 100), text, 8)
    for x0, text, dashed in ((420, "検討", True), (520, "実施", False)):
        _arrow(page, x0, 140, x0 + 36, dashed=dashed)
        page.pen.text((x0 + 42, 143), text, 8)
    items = page.read(tmp_path).schedule_items
    assert sorted((i.text, i.category) for i in items) == [("工事", "実施"), ("設計", "検討")]


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        (["◎…拡充　○…実施"], "実施"),
        (["【凡例】 ◎ 拡充 ○ 実施"], "実施"),
        (["凡例", "◎ 拡充", "○ 実施"], "実施"),
        (["○ 背景を述べる", "○ 目的を述べる"], None),
        (["◎は対象、詳細は別紙のとおりとする"], None),
    ],
)
def test_signs_are_explained_with_and_without_colons(lines: list[str], word: str | None, tmp_path: Path) -> None:
    page = Sketch(LEFT)
    page.cell(20, 45, 120, 69, "取組名")
    page.cell(120, 45, LEFT, 69, "担当課")
    for r, name in enumerate(("水門の更新", "森の道")):
        top = 69 + 40 * r
        page.cell(20, top, 120, top + 40, name)
        page.cell(120, top, LEFT, top + 40, "河川課")
        for c, sign in enumerate("○○◎◎ "):
            page.cell(page.edges[c], top, page.edges[c + 1], top + 40, sign.strip())
    for i, text in enumerate(lines):
        page.pen.text((220, 175 + 20 * i), text, 8)
    marks = [i for i in page.read(tmp_path).schedule_items if i.kind is ItemKind.MARK]
    assert {i.category for i in marks if i.text == "○"} == {word}


def _categories(records: EditionRecords) -> dict[str, str | None]:
    return {i.text: i.category for i in records.schedule_items}


def test_two_charts_have_a_legend_each(tmp_path: Path) -> None:
    page = _chart(1)
    _above(page)
    for i, label in enumerate(f"{year}年度" for year in range(2024, 2029)):
        page.cell(page.edges[i], 245, page.edges[i + 1], 269, label)
    page.cell(20, 269, LEFT, 309, "森の道")
    page.pen.rect(pymupdf.Rect(LEFT, 269, LEFT + 550, 309))
    other = (0.8, 0.7, 0.9)
    _box(page, LEFT + 4, 279, LEFT + 216, 299, PLAN, "測量")
    _box(page, LEFT + 224, 279, LEFT + 546, 299, other, "植樹")
    for x, color, text in ((500, PLAN, "準備"), (590, other, "工事")):
        _box(page, x, 228, x + 24, 238, color)
        page.pen.text((x + 30, 236.5), text, 8)
    found = _categories(page.read(tmp_path))
    assert found == {"調査": "検討段階", "整備": "実施段階", "測量": "準備", "植樹": "工事"}


def _explained(sentence: str, color: tuple[float, ...], folder: Path) -> list[str | None]:
    """The categories of three words in cells, the first one red, the second one on a fill, under them a sentence."""
    page = Sketch(LEFT)
    page.cell(20, 69, LEFT, 109, "取組1")
    for i, (text, fill, ink) in enumerate(
        [("調査", None, (0.8, 0, 0)), ("整備", color, (0, 0, 0)), ("点検", None, (0, 0, 0))]
    ):
        rect = pymupdf.Rect(page.edges[i], 69, page.edges[i + 1], 109)
        page.pen.shape("rect", rect, fill, (0.3, 0.3, 0.3))  # type: ignore[arg-type]
        page.pen.centred(rect, text, 8.5, ink)
    page.page.insert_text((20, 140), sentence, fontname="japan", fontsize=8)
    records = page.read(folder)
    assert [n.text for n in records.notes] == [sentence]
    return [i.category for i in sorted(records.schedule_items, key=lambda i: i.x0)]


@pytest.mark.parametrize(
    ("sentence", "categories"),
    [
        ("※赤字は変更箇所を示す。", ["変更箇所", None, None]),
        ("※網掛けは重点期間を示す。", [None, "重点期間", None]),
        ("※黄色の部分は重点期間", [None, "重点期間", None]),
        ("※青色の部分は重点期間", [None, None, None]),
        ("※赤字は、国の補助を受けて段階的に解消していく見込みであるので計画には含めない", [None, None, None]),
    ],
)
def test_a_sentence_says_what_an_ink_means(sentence: str, categories: list[str | None], tmp_path: Path) -> None:
    assert _explained(sentence, PLAN, tmp_path) == categories


def test_a_legend_stands_in_the_corner_of_the_header(tmp_path: Path) -> None:
    page = _chart()
    page.cell(20, 45, LEFT, 69, "")
    _beside(page, 24, 52, (84, 0))
    records = page.read(tmp_path)
    assert {i.text: i.category for i in records.schedule_items} == {"調査": "検討段階", "整備": "実施段階"}
