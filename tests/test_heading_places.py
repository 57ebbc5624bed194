# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where headings can stand: right of the years, in arrows, on tabs and strips, in columns of groups."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from tests.sketch import Sketch

GREY = (0.4, 0.4, 0.4)
TITLES = ("水門の更新", "森の道", "街路樹の台帳")


def _paths(page: Sketch, folder: Path) -> list[list[str]]:
    records = page.read(folder)
    paths = {s.section_id: list(s.path) for s in records.sections}
    return [paths.get(i.section_id or "", []) for i in sorted(records.schedule_items, key=lambda i: (i.y0, i.x0))]


def _each(*paths: list[str]) -> list[list[str]]:
    """Two bars under each heading."""
    return [path for path in paths for _bar in range(2)]


def test_headings_right_of_the_years_stand_in_the_rows(tmp_path: Path) -> None:
    page = Sketch(30)
    for i, title in enumerate(TITLES):
        top = 69 + 40 * i
        page.pen.line((30, top + 40), (780, top + 40))
        page.pen.text((590, top + 24), title, 9)
        page.bars(top + 10)
    assert _paths(page, tmp_path) == _each(*([t] for t in TITLES))


def test_prose_right_of_a_chart_is_no_heading(tmp_path: Path) -> None:
    page = Sketch(30)
    for i, text in enumerate(("昨年度の結果", "・水門を更新した", "・道を点検した")):
        page.pen.text((600, 90 + 30 * i), text, 9)
        page.bars(79 + 40 * i)
    assert _paths(page, tmp_path) == [[]] * 6


def test_arrows_and_boxes_around_row_heads_are_as_good_as_cells(tmp_path: Path) -> None:
    page = Sketch(200)
    for i, title in enumerate(TITLES):
        top = 80 + 50 * i
        page.pen.shape("pentagon", pymupdf.Rect(30, top, 190, top + 40), (0.2, 0.4, 0.6), None)
        page.pen.centred(pymupdf.Rect(30, top, 180, top + 40), title, 9, (1, 1, 1))
        page.bars(top + 10)
    assert _paths(page, tmp_path) == _each(*([t] for t in TITLES))


def test_the_tabs_of_frames_are_headings(tmp_path: Path) -> None:
    page = Sketch(30)
    for i, title in enumerate(TITLES):
        top = 90 + 90 * i
        page.pen.shape("round", pymupdf.Rect(26, top, 586, top + 70), None, GREY)
        page.pen.shape("rect", pymupdf.Rect(36, top - 8, 150, top + 8), (0.2, 0.4, 0.6), None)
        page.pen.centred(pymupdf.Rect(36, top - 8, 150, top + 8), title, 8.5, (1, 1, 1))
        page.bars(top + 24)
    assert _paths(page, tmp_path) == _each(*([t] for t in TITLES))


@pytest.mark.parametrize(("fill", "headed"), [((0.9, 0.85, 0.7), True), ((0.7, 0.85, 1), False)])
def test_strips_without_numbers_are_headings_in_an_ink_of_their_own(
    fill: tuple[float, float, float], headed: bool, tmp_path: Path
) -> None:
    page = Sketch(30)
    for i, title in enumerate(TITLES):
        top = 75 + 60 * i
        page.pen.shape("rect", pymupdf.Rect(30, top, 580, top + 16), fill, None)
        page.pen.text((34, top + 12), title, 9)
        page.bars(top + 24)
    found = _paths(page, tmp_path)
    assert found == (_each(*([t] for t in TITLES)) if headed else [[]] * 9)


def test_three_columns_of_groups_nest(tmp_path: Path) -> None:
    page = Sketch(260)
    page.cell(20, 69, 90, 189, "防災")
    page.cell(90, 69, 170, 149, "河川")
    page.cell(90, 149, 170, 189, "避難")
    for i, title in enumerate(TITLES):
        top = 69 + 40 * i
        page.cell(170, top, 260, top + 40, title)
        page.pen.line((260, top + 40), (810, top + 40))
        page.bars(top + 10)
    groups = ("河川", "河川", "避難")
    assert _paths(page, tmp_path) == _each(*(["防災", g, t] for g, t in zip(groups, TITLES, strict=True)))


@pytest.mark.parametrize(("x", "path"), [(34, ["その他"]), (40, ["２．森の道", "その他"])])
def test_a_plain_heading_level_with_numbered_rows_is_one_of_them(x: float, path: list[str], tmp_path: Path) -> None:
    page = Sketch(200)
    for i, (at, title) in enumerate(((34, "１．水門の更新"), (34, "２．森の道"), (x, "その他"))):
        top = 69 + 40 * i
        page.pen.text((at, top + 24), title, 9)
        page.pen.line((30, top + 40), (750, top + 40))
        page.bars(top + 10)
    assert _paths(page, tmp_path) == _each(["１．水門の更新"], ["２．森の道"], path)
