# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bar that was painted in pieces is one bar with its whole span; neighbours with texts of their own are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from tests.sketch import Sketch

Color = tuple[float, float, float]
LIGHT, OTHER = (0.75, 0.87, 1.0), (0.7, 0.85, 0.97)
TEXT = "市町村への段階的な展開と定着の支援"
Paint = Callable[[Sketch, pymupdf.Rect], None]


def _fill(sketch: Sketch, *points: tuple[float, float], color: Color = LIGHT) -> None:
    shape = sketch.page.new_shape()
    shape.draw_polyline([*points, points[0]])
    shape.finish(fill=color, color=None, closePath=True)
    shape.commit()


def _rect(sketch: Sketch, x0: float, y0: float, x1: float, y1: float, color: Color = LIGHT) -> None:
    sketch.page.draw_rect(pymupdf.Rect(x0, y0, x1, y1), color=None, fill=color)


def _text(sketch: Sketch, box: pymupdf.Rect) -> None:
    sketch.pen.centred(box, TEXT, 8.5, (0, 0, 0))


def _two(sketch: Sketch, b: pymupdf.Rect) -> None:
    _rect(sketch, b.x0, b.y0, b.x0 + 250, b.y1)
    _rect(sketch, b.x0 + 250, b.y0, b.x1, b.y1)
    _text(sketch, b)


def _text_between(sketch: Sketch, b: pymupdf.Rect) -> None:
    _rect(sketch, b.x0, b.y0, b.x0 + 250, b.y1)
    _text(sketch, pymupdf.Rect(b.x0, b.y0, b.x0 + 250, b.y1))
    _rect(sketch, b.x0 + 250, b.y0, b.x1, b.y1)


def _overlapping(sketch: Sketch, b: pymupdf.Rect) -> None:
    _rect(sketch, b.x0 + 180, b.y0, b.x1, b.y1)
    _rect(sketch, b.x0, b.y0, b.x0 + 180.6, b.y1)
    _text(sketch, b)


def _three_and_head(sketch: Sketch, b: pymupdf.Rect) -> None:
    for x0, x1 in ((b.x0, b.x0 + 120), (b.x0 + 120, b.x0 + 300), (b.x0 + 300, b.x1 - 8)):
        _rect(sketch, x0, b.y0, x1, b.y1)
    _fill(sketch, (b.x1 - 8, b.y0), (b.x1, (b.y0 + b.y1) / 2), (b.x1 - 8, b.y1))
    _text(sketch, b)


def _body_and_pentagon(sketch: Sketch, b: pymupdf.Rect) -> None:
    x = b.x0 + 200
    _rect(sketch, b.x0, b.y0, x, b.y1)
    _fill(sketch, (x, b.y0), (b.x1 - 8, b.y0), (b.x1, (b.y0 + b.y1) / 2), (b.x1 - 8, b.y1), (x, b.y1))
    _text(sketch, b)


def _block_head(sketch: Sketch, b: pymupdf.Rect) -> None:
    _rect(sketch, b.x0, b.y0 + 4, b.x0 + 200, b.y1 - 4)
    _rect(sketch, b.x0 + 200, b.y0 + 4, b.x1 - 9, b.y1 - 4)
    _fill(sketch, (b.x1 - 9, b.y0), (b.x1, (b.y0 + b.y1) / 2), (b.x1 - 9, b.y1))
    _text(sketch, b)


def _two_colors(sketch: Sketch, b: pymupdf.Rect) -> None:
    _rect(sketch, b.x0, b.y0, b.x0 + 190, b.y1)
    _rect(sketch, b.x0 + 190, b.y0, b.x1, b.y1, OTHER)
    _text(sketch, b)


def _under_an_outline(sketch: Sketch, b: pymupdf.Rect) -> None:
    _rect(sketch, b.x0, b.y0, b.x0 + 250, b.y1)
    _rect(sketch, b.x0 + 250, b.y0, b.x1, b.y1)
    sketch.page.draw_rect(b, color=(0.2, 0.3, 0.6), width=0.75)
    _text(sketch, b)


def _halves(sketch: Sketch, b: pymupdf.Rect) -> None:
    middle = (b.y0 + b.y1) / 2
    _rect(sketch, b.x0, b.y0, b.x1, middle)
    _rect(sketch, b.x0, middle, b.x1, b.y1, OTHER)
    _text(sketch, b)


def _ends_of_a_gradient(sketch: Sketch, b: pymupdf.Rect) -> None:
    _rect(sketch, b.x0, b.y0, b.x0 + 210, b.y1, (0.55, 0.75, 1.0))
    _rect(sketch, b.x0 + 210, b.y0, b.x1, b.y1, (0.9, 0.95, 1.0))
    _text(sketch, b)


def _cut_at_a_column_line(sketch: Sketch, b: pymupdf.Rect) -> None:
    x = sketch.edges[3]
    sketch.page.draw_line((x, 69), (x, 200), color=(0.4, 0.4, 0.4), width=0.6)
    _rect(sketch, b.x0, b.y0, x, b.y1)
    _rect(sketch, x, b.y0, b.x1, b.y1)
    _text(sketch, pymupdf.Rect(b.x0, b.y0, x, b.y1))


def _outlined(sketch: Sketch, b: pymupdf.Rect) -> None:
    x, middle = b.x0 + 260, (b.y0 + b.y1) / 2
    sketch.page.draw_rect(pymupdf.Rect(b.x0, b.y0, x, b.y1), color=(0.2, 0.3, 0.6), width=0.75)
    points = [(x, b.y0), (b.x1 - 8, b.y0), (b.x1, middle), (b.x1 - 8, b.y1), (x, b.y1)]
    sketch.pen.polygon(points, None, (0.2, 0.3, 0.6))
    _text(sketch, b)


def _open_halves(sketch: Sketch, b: pymupdf.Rect) -> None:
    x, middle = b.x0 + 190, (b.y0 + b.y1) / 2
    for points in (
        [(x, b.y0), (b.x0, b.y0), (b.x0, b.y1), (x, b.y1)],
        [(x, b.y0), (b.x1 - 8, b.y0), (b.x1, middle), (b.x1 - 8, b.y1), (x, b.y1)],
    ):
        shape = sketch.page.new_shape()
        shape.draw_polyline(points)
        shape.finish(fill=None, color=(0.2, 0.3, 0.6), width=0.75, closePath=False)
        shape.commit()
        if points[1][0] == b.x0:
            _text(sketch, b)


@pytest.mark.parametrize(
    "paint",
    [_two, _text_between, _overlapping, _three_and_head, _body_and_pentagon, _block_head, _two_colors, _under_an_outline,
     _halves, _ends_of_a_gradient, _cut_at_a_column_line, _outlined, _open_halves],
    ids=lambda paint: paint.__name__.strip("_"),
)  # fmt: skip
def test_a_bar_in_pieces_is_one_bar(tmp_path: Path, paint: Paint) -> None:
    sketch = Sketch(160)
    sketch.bars(90)
    paint(sketch, pymupdf.Rect(sketch.edges[1] + 1, 130, sketch.edges[5] - 1, 152))

    items = [i for i in sketch.read(tmp_path).schedule_items if i.text not in ("調査", "整備")]

    assert [(i.text, i.kind.value, i.fy_start, i.fy_end) for i in items] == [(TEXT, "bar", 2025, 2028)]


def test_abutting_bars_with_texts_of_their_own_stay_apart(tmp_path: Path) -> None:
    sketch = Sketch(160)
    for begin, text in enumerate(("設計", "製作", "試験", "運用")):
        box = pymupdf.Rect(sketch.edges[begin], 130, sketch.edges[begin + 1], 152)
        _rect(sketch, *box)
        sketch.pen.centred(box, text, 8.5, (0, 0, 0))
    sketch.bars(90)

    items = [i for i in sketch.read(tmp_path).schedule_items if i.y0 > 120]

    assert [(i.text, i.fy_start, i.fy_end) for i in items] == [
        ("設計", 2024, 2024), ("製作", 2025, 2025), ("試験", 2026, 2026), ("運用", 2027, 2027),
    ]  # fmt: skip


def test_pictures_that_text_is_written_on_are_bars(tmp_path: Path) -> None:
    sketch = Sketch(160)
    for text, begin, end, y in (
        ("窓口の体制整備", 0, 2, 130),
        ("オンライン申請の実施", 2, 5, 130),
        ("研修", 1, 4, 170),
    ):
        box = pymupdf.Rect(sketch.edges[begin] + 1, y, sketch.edges[end] - 1, y + 16)
        picture = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, int(box.width) * 3, 48))
        picture.set_rect(picture.irect, (200, 200, 205))
        sketch.page.insert_image(box, pixmap=picture, keep_proportion=False)
        sketch.page.insert_text((box.x0 + 3, y + 11), text, fontname="japan", fontsize=8.5)
    sketch.bars(90)

    items = [i for i in sketch.read(tmp_path).schedule_items if i.y0 > 120]

    assert {(i.text, i.kind.value, i.fy_start, i.fy_end) for i in items} == {
        ("窓口の体制整備", "bar", 2024, 2025), ("オンライン申請の実施", "bar", 2026, 2028), ("研修", "bar", 2025, 2027),
    }  # fmt: skip
