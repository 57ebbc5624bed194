# SPDX-License-Identifier: AGPL-3.0-or-later
"""Swatches of a legend: small shapes of several inks with a short text each, beside them or in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Form, Line, Shape
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.legends.model import Entry, ink_of
from koteihyo.normalize.text.characters import normalize_text

# Lengths in line heights of the text.
# A swatch is at most so wide and high, and no lower than this; lines and marks may be lower. One with its words in it
# may be wider.
MAX_WIDTH, MAX_HEIGHT, MIN_HEIGHT = 6.0, 2.6, 0.4
MAX_INNER_WIDTH = 12.0
# The words begin at most so far right of their swatch, and are at most so many characters in so many lines.
TEXT_GAP = 2.5
MAX_TEXT, MAX_LINES = 24, 2
# Swatches of one legend are of one size within this part, and follow one another within this distance.
SAME_SIZE = 0.25
NEIGHBOUR = 30.0
# Two swatches with words in them follow more closely.
INNER_NEIGHBOUR = 8.0
_SEPARATORS = "：:＝=…‥・ー― 　"


def swatches_beside(shapes: Sequence[Shape], lines: Sequence[Line], em: float) -> tuple[list[Entry], list[Line]]:
    """(entries of small shapes with words right of them, the lines in pieces where a swatch stands in a gap of one)."""
    small = [s for s in shapes if _is_swatch(s, em)]
    lines = [piece for ln in lines for piece in _cut(ln, small)]
    taken: dict[Shape, list[Line]] = {}
    for line in lines:
        beside = [s for s in small if _is_right_of(line, s)]
        if beside:
            nearest = min(beside, key=lambda s: (round(abs(s.box.cy - line.box.cy)), line.box.x0 - s.box.x1))
            taken.setdefault(nearest, []).append(line)
    entries = []
    for shape, texts in taken.items():
        first = min(texts, key=lambda ln: ln.box.x0)
        column = tuple(ln for ln in texts if abs(ln.box.x0 - first.box.x0) <= 0.5 * ln.size)
        words = _words(column)
        if 0 < len(words) <= MAX_TEXT and len(column) <= MAX_LINES and _is_level(shape, column):
            entries.append(Entry(words, column, ink_of(shape), shape))
    return entries, lines


def swatches_around(shapes: Sequence[Shape], lines: Sequence[Line], em: float) -> list[Entry]:
    """Entries of boxes and arrows with their words in them."""
    entries = []
    for shape in shapes:
        if shape.box.width > MAX_INNER_WIDTH * em or not em <= shape.box.height <= MAX_HEIGHT * em:
            continue
        inside = tuple(ln for ln in lines if shape.box.contains_point(ln.box.cx, ln.box.cy))
        words = _words(inside)
        fits = all(shape.box.contains(ln.box, 0.5 * ln.size) for ln in inside)
        if fits and 0 < len(words) <= MAX_TEXT and len(inside) <= MAX_LINES:
            entries.append(Entry(words, inside, ink_of(shape), shape))
    return entries


def groups_of(entries: Sequence[Entry], em: float, *, inner: bool = False) -> list[list[Entry]]:
    """Entries of swatches of one size that follow one another in a row or a column, at least two of different inks."""
    reach = (INNER_NEIGHBOUR if inner else NEIGHBOUR) * em
    groups: list[list[Entry]] = []
    for entry in entries:
        near = [g for g in groups if any(_are_neighbours(entry, other, reach) for other in g)]
        groups = [g for g in groups if g not in near]
        groups.append([entry, *(other for g in near for other in g)])
    return [g for g in groups if len(g) >= 2 and _differ(g)]


def is_spoken(text: str) -> bool:
    """Whether words begin with a sign that says that they explain what stands before them."""
    return text.strip()[:1] in tuple("：:＝=…")


def _is_swatch(shape: Shape, em: float) -> bool:
    box = shape.box
    if (shape.fill is None and shape.stroke is None) or box.width > MAX_WIDTH * em:
        return False
    if shape.form is Form.ARROW_LINE:
        return box.width >= em
    return MIN_HEIGHT * em <= box.height <= MAX_HEIGHT * em and box.width >= MIN_HEIGHT * em


def _cut(line: Line, swatches: Sequence[Shape]) -> list[Line]:
    """The line in pieces where a swatch stands among its spaces."""
    if line.direction is not Direction.HORIZONTAL:
        return [line]
    places = sorted(s.box.cx for s in swatches if line.box.x0 < s.box.cx < line.box.x1 and _levels(s.box, line))
    pieces, rest = [], line.glyphs
    for x in places:
        before = tuple(g for g in rest if g.box.cx < x)
        if before and any(g.box.x0 <= x <= g.box.x1 and not g.char.isspace() for g in rest):
            continue
        pieces.append(Line(before, line.direction))
        rest = rest[len(before) :]
    pieces.append(Line(rest, line.direction))
    return [piece for piece in pieces if piece.glyphs and not piece.is_blank]


def _levels(box: BBox, line: Line) -> bool:
    return abs(box.cy - line.box.cy) <= 0.6 * line.size


def _is_right_of(line: Line, shape: Shape) -> bool:
    """Whether a line begins right of a swatch, level with it or as the upper or lower one of two."""
    size, box = line.size, shape.box
    return (
        line.direction is Direction.HORIZONTAL
        and -0.3 * size <= line.box.x0 - box.x1 <= TEXT_GAP * size
        and box.y0 - 0.7 * size <= line.box.cy <= box.y1 + 0.7 * size
    )


def _is_level(shape: Shape, lines: Sequence[Line]) -> bool:
    box = union(ln.box for ln in lines)
    return abs(box.cy - shape.box.cy) <= 0.6 * lines[0].size


def _words(lines: Sequence[Line]) -> str:
    return normalize_text(raw_text(lines)).lstrip(_SEPARATORS) if lines else ""


def _are_neighbours(a: Entry, b: Entry, reach: float) -> bool:
    if a.shape is None or b.shape is None:
        return False
    p, q = a.shape.box, b.shape.box
    same = abs(p.height - q.height) <= max(SAME_SIZE * p.height, 1.0)
    # A box with words in it is as wide as they are.
    outside = all(
        e.shape is not None and not e.shape.box.contains_point(e.lines[0].box.cx, e.lines[0].box.cy) for e in (a, b)
    )
    if outside:
        same = same and abs(p.width - q.width) <= SAME_SIZE * p.width
    in_row = abs(p.cy - q.cy) <= 0.5 * p.height and -p.x_overlap(q) <= reach
    in_column = abs(p.x0 - q.x0) <= 0.5 * p.height and -p.y_overlap(q) <= 2 * max(p.height, a.lines[0].size)
    return same and (in_row or in_column)


def _differ(entries: Iterable[Entry]) -> bool:
    listed = list(entries)
    inks = [e.ink for e in listed if e.ink is not None]
    same = any(
        a.is_like(b) and (a.form, a.dashed) == (b.form, b.dashed) for i, a in enumerate(inks) for b in inks[i + 1 :]
    )
    return not same and len({e.text for e in listed}) == len(listed)
