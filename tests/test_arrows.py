# SPDX-License-Identifier: AGPL-3.0-or-later
"""Line arrows of every make are found where they stand, and what only looks like one is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from koteihyo.extract.document import open_document
from koteihyo.extract.model import Form, PageLayout

Draw = Callable[[pymupdf.Page, float, float, float], None]
BLUE = (0.1, 0.2, 0.6)


def _layout(tmp_path: Path, draw: Callable[[pymupdf.Page], None]) -> PageLayout:
    document = pymupdf.open()
    page = document.new_page(width=842, height=595)
    page.insert_text((40, 40), "工程表の見出しの文字", fontname="japan", fontsize=9)
    draw(page)
    path = tmp_path / "drawn.pdf"
    document.save(path)
    with open_document(path) as opened:
        return opened.page(1)


def _fill(page: pymupdf.Page, *points: tuple[float, float]) -> None:
    shape = page.new_shape()
    shape.draw_polyline([*points, points[0]])
    shape.finish(fill=BLUE, color=None, closePath=True)
    shape.commit()


def _stroke(page: pymupdf.Page, *points: tuple[float, float], dashes: str | None = None) -> None:
    shape = page.new_shape()
    shape.draw_polyline(list(points))
    shape.finish(fill=None, color=BLUE, width=1, dashes=dashes, closePath=False)
    shape.commit()


def _triangle(page: pymupdf.Page, x: float, y: float, side: int = 1) -> None:
    _fill(page, (x - 6 * side, y - 3), (x, y), (x - 6 * side, y + 3))


def _filled(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    _stroke(page, (x0, y), (x1 - 5.5, y))
    _triangle(page, x1, y)


def _both_ends(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    _stroke(page, (x0 + 5.5, y), (x1 - 5.5, y))
    _triangle(page, x1, y)
    _triangle(page, x0, y, -1)


def _open_polyline(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    _stroke(page, (x0, y), (x1, y))
    _stroke(page, (x1 - 6, y - 3), (x1, y), (x1 - 6, y + 3))


def _open_two_strokes(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    _stroke(page, (x1 - 6, y - 4), (x1, y))
    _stroke(page, (x1 - 6, y + 4), (x1, y))
    _stroke(page, (x0, y), (x1, y))


def _open_outline(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    _stroke(page, (x0, y), (x1 - 1, y))
    _fill(page, (x1 - 6, y - 3.5), (x1, y), (x1 - 6, y + 3.5), (x1 - 6.5, y + 2.8), (x1 - 2, y), (x1 - 6.5, y - 2.8))


def _one_stroke(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    _stroke(page, (x0, y), (x1, y), (x1 - 6, y - 3))
    _stroke(page, (x1, y), (x1 - 6, y + 3))


def _dashed(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    _stroke(page, (x0, y), (x1 - 5, y), dashes="[4 3] 0")
    _triangle(page, x1, y)


def _small_rectangles(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    x = x0
    while x < x1 - 7:
        _fill(page, (x, y - 0.5), (x + 4, y - 0.5), (x + 4, y + 0.5), (x, y + 0.5))
        x += 6.5
    _triangle(page, x1, y)


def _dots(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    x = x0
    while x < x1 - 6:
        _fill(page, (x, y - 0.5), (x + 1, y - 0.5), (x + 1, y + 0.5), (x, y + 0.5))
        x += 2.5
    _triangle(page, x1, y)


def _thin_block(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    _fill(page, (x0, y - 0.5), (x1 - 6, y - 0.5), (x1 - 6, y - 3.5), (x1, y), (x1 - 6, y + 3.5), (x1 - 6, y + 0.5),
          (x0, y + 0.5))  # fmt: skip


def _thin_rectangle(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    _fill(page, (x0, y - 0.6), (x1 - 5, y - 0.6), (x1 - 5, y + 0.6), (x0, y + 0.6))
    _triangle(page, x1, y)


def _stepped(page: pymupdf.Page, x0: float, x1: float, y: float) -> None:
    _stroke(page, (x0, y - 12), (x0, y), (x1 - 5, y))
    _triangle(page, x1, y)


MAKES: list[Draw] = [
    _filled, _both_ends, _open_polyline, _open_two_strokes, _open_outline, _one_stroke, _dashed, _small_rectangles,
    _dots, _thin_block, _thin_rectangle, _stepped,
]  # fmt: skip


@pytest.mark.parametrize("make", MAKES, ids=lambda make: make.__name__.strip("_"))
def test_line_arrows_of_every_make_are_one_shape(tmp_path: Path, make: Draw) -> None:
    def draw(page: pymupdf.Page) -> None:
        page.draw_line((100, 80), (800, 80), color=(0, 0, 0), width=0.6)
        make(page, 200.0, 420.0, 120.0)
        make(page, 424.0, 600.0, 120.0)
        make(page, 230.0, 300.0, 160.0)

    layout = _layout(tmp_path, draw)

    arrows = sorted((s for s in layout.shapes if s.form is Form.ARROW_LINE), key=lambda s: (s.box.y1, s.box.x0))
    assert [(round(s.box.x0), round(s.box.x1)) for s in arrows] == [(200, 420), (424, 600), (230, 300)]
    assert len(layout.shapes) == 3
    assert [(r.start, r.end) for r in layout.rulings if not r.vertical] == [(100, 800)]


def test_a_leader_with_a_head_is_a_connector_and_its_head_no_milestone(tmp_path: Path) -> None:
    def draw(page: pymupdf.Page) -> None:
        _stroke(page, (300, 300), (300, 205))
        _fill(page, (297, 206), (300, 200), (303, 206))

    layout = _layout(tmp_path, draw)

    assert layout.shapes == ()
    assert [c.points_to_end for c in layout.connectors] == [True]


def test_a_milestone_at_the_end_of_a_rule_stays_a_milestone(tmp_path: Path) -> None:
    def draw(page: pymupdf.Page) -> None:
        page.draw_line((100, 200), (300, 200), color=(0, 0, 0), width=0.6)
        _fill(page, (296, 204), (300, 197), (304, 204))
        page.draw_line((400, 100), (400, 300), color=(0, 0, 0), width=0.6)
        _fill(page, (396, 304), (400, 297), (404, 304))

    layout = _layout(tmp_path, draw)

    assert [s.form for s in layout.shapes] == [Form.TRIANGLE, Form.TRIANGLE]
    assert len(layout.rulings) == 2
