# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes a page's layout of a case's words: no PDF is drawn, so that a case takes a millisecond."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Connector, Direction, Form, Glyph, Line, PageLayout, Ruling, Shape

WIDTH, HEIGHT = 842.0, 595.0
FILLS = {
    "blue": (0.85, 0.9, 0.97), "red": (0.9, 0.1, 0.1), "grey": (0.8, 0.8, 0.8), "white": (1.0, 1.0, 1.0),
    "green": (0.8, 0.95, 0.8), "dark": (0.1, 0.2, 0.5),
}  # fmt: skip
OUTLINE = (0.1, 0.2, 0.5)
DEFAULT_HEADER = "2024-2028 200 110 8.5"
RUN = "+"
"""Stands between two runs of a line: what comes after it was painted by itself."""
# Parts of a glyph's size over and under its baseline.
ASCENT, DESCENT = 0.88, 0.12


def make_page(case: Mapping[str, Any]) -> PageLayout:
    """The layout that a case describes."""
    order = count()
    shapes: list[Shape] = []
    lines: list[Line] = []
    header = case.get("header", DEFAULT_HEADER)
    if header:
        _add_header(header, case.get("labels"), shapes, lines, order)
    shapes += [_shape(text, order) for text in case.get("shapes", ())]
    for text in case.get("texts", ()):
        lines.append(_line(text, order))
    rules = tuple(_rule(text) for text in case.get("rules", ()))
    connectors = tuple(_connector(text) for text in case.get("connectors", ()))
    ordered = sorted(lines, key=lambda ln: (ln.box.y0, ln.box.x0))
    return PageLayout(int(case.get("page_no", 2)), WIDTH, HEIGHT, tuple(ordered), tuple(shapes), rules, connectors)


def small_header(case: Mapping[str, Any]) -> PageLayout:
    """The layout of a case with its header set in 5 points."""
    words = case.get("header", DEFAULT_HEADER).split()
    return make_page({**case, "header": " ".join([*words[:3], "5"])}) if words else make_page(case)


def _add_header(
    words: str, labels: Sequence[str] | None, shapes: list[Shape], lines: list[Line], order: count[int]
) -> None:
    years, left, width, size = words.split()
    first, last = map(int, years.split("-"))
    x0, step, em = float(left), float(width), float(size)
    for i, year in enumerate(range(first, last + 1)):
        label = labels[i] if labels else f"{year}年度"
        box = BBox(x0 + i * step, 45, x0 + (i + 1) * step, 69)
        shapes.append(_of_form(Form.RECT, box, (), None, next(order)))
        length = sum(_advance(c, em) for c in label)
        lines.append(_glyphs(box.cx - length / 2, box.cy + 0.35 * em, em, label, order))


def _line(words: str, order: count[int]) -> Line:
    x, y, size, text = words.removeprefix("|").split(" ", 3)
    if words.startswith("|"):
        return _vertical(float(x), float(y), float(size), text, next(order))
    return _glyphs(float(x), float(y), float(size), text, order)


def _advance(char: str, size: float) -> float:
    return size if unicodedata.east_asian_width(char) in "WFA" else size / 2


def _glyphs(x: float, y: float, size: float, text: str, order: count[int]) -> Line:
    glyphs = []
    seqno = next(order)
    for i, char in enumerate(text):
        if char == RUN:
            seqno = next(order)
            continue
        width = _advance(char, size)
        box = BBox(x, y - ASCENT * size, x + width, y + DESCENT * size)
        glyphs.append(Glyph(char, box, y, size, "font", (0.0,), seqno, i))
        x += width
    return Line(tuple(glyphs))


def _vertical(x: float, y: float, size: float, text: str, seqno: int) -> Line:
    glyphs = [
        Glyph(
            char,
            BBox(x, y + i * size, x + size, y + (i + 1) * size),
            y + (i + ASCENT) * size,
            size,
            "font",
            (0.0,),
            seqno,
            i,
        )
        for i, char in enumerate(text)
    ]
    return Line(tuple(glyphs), Direction.VERTICAL)


def _shape(words: str, order: count[int]) -> Shape:
    form, *rest = words.split()
    x0, y0, x1, y1 = map(float, rest[:4])
    return _of_form(Form(form), BBox(x0, y0, x1, y1), rest[4:], "blue", next(order))


def _of_form(form: Form, box: BBox, how: Sequence[str], fill: str | None, seqno: int) -> Shape:
    fills = [word for word in how if word in FILLS]
    color = FILLS[fills[0]] if fills else FILLS[fill] if fill and "line" not in how else None
    stroke = OUTLINE if "line" in how or color is None else None
    tip_right = form in (Form.PENTAGON, Form.CHEVRON, Form.BLOCK_ARROW, Form.ARROW_LINE) and "left" not in how
    return Shape(form, box, _points(form, box), color, stroke, seqno, seqno, tip_right, "dashed" in how)


def _points(form: Form, b: BBox) -> tuple[tuple[float, float], ...]:
    tip = min(b.height / 3, b.width / 3)
    if form is Form.TRIANGLE:
        return (b.x0, b.y1), (b.cx, b.y0), (b.x1, b.y1)
    if form is Form.PENTAGON:
        return (b.x0, b.y0), (b.x1 - tip, b.y0), (b.x1, b.cy), (b.x1 - tip, b.y1), (b.x0, b.y1)
    return (b.x0, b.y0), (b.x1, b.y0), (b.x1, b.y1), (b.x0, b.y1)


def _rule(words: str) -> Ruling:
    way, at, start, end, *how = words.split()
    return Ruling(way == "v", float(at), float(start), float(end), "dashed" in how)


def _connector(words: str) -> Connector:
    x0, y0, x1, y1, *how = words.split()
    return Connector((float(x0), float(y0)), (float(x1), float(y1)), "to_start" in how, "to_end" in how)


def describe(layout: PageLayout) -> dict[str, Any]:
    """A case with what is on a page, as far as a case can say it."""
    texts = [
        f"{'|' if line.direction is not Direction.HORIZONTAL else ''}{line.box.x0:.1f} "
        f"{line.box.y0 if line.direction is not Direction.HORIZONTAL else line.glyphs[0].baseline:.1f} "
        f"{line.size:.1f} {line.text.strip()}"
        for line in layout.lines
        if not line.is_blank
    ]
    rules = [
        f"{'v' if r.vertical else 'h'} {r.at:.1f} {r.start:.1f} {r.end:.1f}{' dashed' if r.dashed else ''}"
        for r in layout.rulings
    ]
    connectors = [" ".join(f"{v:.1f}" for v in (*c.start, *c.end)) for c in layout.connectors]
    drawn = {"texts": texts, "shapes": [_words(s) for s in layout.shapes], "rules": rules, "connectors": connectors}
    return {"header": "", **{kind: things for kind, things in drawn.items() if things}}


def _words(shape: Shape) -> str:
    words = [shape.form.value, *(f"{v:.1f}" for v in shape.box)]
    if shape.fill is None:
        words.append("line")
    else:
        fill = [*shape.fill, *shape.fill, *shape.fill][:3]
        near = min(FILLS, key=lambda name: sum((a - b) ** 2 for a, b in zip(FILLS[name], fill, strict=True)))
        words += [near] if near != "blue" else []
        words += ["line"] if shape.stroke is not None and near == "blue" else []
    tip_left = shape.form in (Form.PENTAGON, Form.CHEVRON, Form.BLOCK_ARROW, Form.ARROW_LINE) and not shape.points_right
    return " ".join([*words, *(["left"] if tip_left else []), *(["dashed"] if shape.dashed else [])])
