# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joins the pieces that one bar was painted in: a person sees no edge between them.

Pieces stand side by side, or one above the other, with a whole edge in common, and look the same. What is written on
them decides: one text that runs from piece to piece joins them, a text of its own on each keeps them apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from koteihyo.extract.forms import classify, simplify
from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Color, Form, Line, Ruling, Shape
from koteihyo.extract.paths import Point

# Lengths in line heights.
# Edges that meet are at most this far apart, and pieces overlap by at most so much.
GAP = 0.12
OVERLAP = 0.5
# Ends of a common edge agree within this.
SAME_EDGE = 0.15
# A head is at most this much higher than the body it stands at, as a factor.
HEAD_OVER_BODY = 3.0
# Colours of pieces of one gradient differ by at most this in every channel.
NEAR_COLOR = 0.2
# Where a text is set in the middle of both, within this part of their width, they may differ by this: ends of a gradient.
CENTRED, SHADES = 0.1, 0.5
# Where it is not, the pieces meet within this, PDF points, and no rule is drawn between them.
HAIR = 0.4
# A bar is at most this high, in line heights.
HIGHEST = 9.0
# An arrow at most this long, against its height, is the head of the box before it.
HEAD_LENGTH = 1.2

_ARROWS = frozenset({Form.PENTAGON, Form.CHEVRON, Form.BLOCK_ARROW, Form.TRIANGLE})


@dataclass(frozen=True)
class _Text:
    """A line's inked glyphs: their middles from the left, and the line's box."""

    middles: tuple[float, ...]
    box: BBox


def join_pieces(shapes: Sequence[Shape], lines: Iterable[Line], rulings: Iterable[Ruling], em: float) -> list[Shape]:
    """The shapes of a page, with the pieces of one bar joined to one shape."""
    if not any(map(_may_join, shapes)):
        return sorted(shapes, key=lambda s: (s.seqno, s.box))
    texts = _Rows([_text(ln) for ln in lines if not ln.is_blank], em)
    upright = _Rows([_Rule(r) for r in rulings if r.vertical], em)
    joined = [s for s in shapes if _may_join(s)]
    others = [s for s in shapes if not _may_join(s)]
    for _round in range(2):
        joined = _sideways(joined, texts, upright, em)
        joined = _stacked(joined, texts, em)
    return sorted([*joined, *others], key=lambda s: (s.seqno, s.box))


def _text(line: Line) -> _Text:
    return _Text(tuple([(g.box[0] + g.box[2]) / 2 for g in line.inked]), line.box)


class _Rule:
    """An upright ruling with its box."""

    def __init__(self, rule: Ruling) -> None:
        self.box = BBox(rule.at, rule.start, rule.at, rule.end)
        self.seqno = rule.seqno


T = TypeVar("T", _Text, _Rule)


class _Rows(Generic[T]):
    """Things found by the height they stand at."""

    def __init__(self, things: Iterable[T], em: float) -> None:
        self._step = 4 * em
        self._rows: dict[int, list[T]] = defaultdict(list)
        for thing in things:
            for row in range(int(thing.box.y0 // self._step), int(thing.box.y1 // self._step) + 1):
                self._rows[row].append(thing)

    def within(self, box: BBox) -> list[T]:
        """What overlaps a box in height and width."""
        found: dict[int, T] = {}
        for row in range(int(box.y0 // self._step), int(box.y1 // self._step) + 1):
            for thing in self._rows.get(row, ()):
                if thing.box.y_overlap(box) > 0 and thing.box.x_overlap(box) >= 0:
                    found[id(thing)] = thing
        return list(found.values())


def _may_join(shape: Shape) -> bool:
    return len(shape.points) <= 12 and shape.form not in (Form.ELLIPSE, Form.ARROW_LINE, Form.ROUND_RECT)


def _edge(shape: Shape, right: bool, slack: float) -> tuple[float, float] | None:
    """(top, bottom) of the flat edge at one side, or None when that side has a tip or a notch."""
    x = shape.box.x1 if right else shape.box.x0
    ends = [y for px, y in shape.points if abs(px - x) <= slack]
    if len(ends) < 2:
        return None
    return min(ends), max(ends)


def _sideways(shapes: Sequence[Shape], texts: _Rows[_Text], rules: _Rows[_Rule], em: float) -> list[Shape]:
    step = max(SAME_EDGE * em * 2, 1.0)
    result: list[Shape | None] = []
    by_middle: dict[int, list[int]] = defaultdict(list)
    for shape in sorted(shapes, key=lambda s: (s.box.x0, s.box.x1)):
        row = int(shape.box.cy // step)
        merged = None
        for at in [i for d in (-1, 0, 1) for i in by_middle.get(row + d, ())]:
            left = result[at]
            if left is not None and _abut(left, shape, em) and _one_bar(left, shape, texts, rules, em):
                merged = at
        if merged is None:
            by_middle[row].append(len(result))
            result.append(shape)
        else:
            left = result[merged]
            assert left is not None
            result[merged] = _beside(left, shape)
    return [s for s in result if s is not None]


def _abut(left: Shape, right: Shape, em: float) -> bool:
    gap = right.box.x0 - left.box.x1
    if not -OVERLAP * em <= gap <= GAP * em or right.box.x1 <= left.box.x1 + 0.05:
        return False
    ends, starts = _edge(left, True, 0.3), _edge(right, False, 0.3)
    if ends is None or starts is None:
        return False
    slack = SAME_EDGE * em
    same = abs(ends[0] - starts[0]) <= slack and abs(ends[1] - starts[1]) <= slack
    inner, outer = (ends, starts) if starts[1] - starts[0] > ends[1] - ends[0] else (starts, ends)
    head = right if outer is starts else left
    over = (
        head.form is Form.TRIANGLE
        and outer[0] <= inner[0] + slack
        and inner[1] <= outer[1] + slack
        and outer[1] - outer[0] <= HEAD_OVER_BODY * (inner[1] - inner[0])
        and abs(sum(inner) - sum(outer)) <= 2 * slack
    )
    return same or over


def _one_bar(left: Shape, right: Shape, texts: _Rows[_Text], rules: _Rows[_Rule], em: float) -> bool:
    """Whether two pieces side by side are one bar, by their looks and by what is written on them."""
    if left.stroke != right.stroke or (left.fill is None) != (right.fill is None):
        return False
    joint = (left.box.x1 + right.box.x0) / 2
    whole = union([left.box, right.box])
    closed = right.box.x0 - left.box.x1 <= HAIR and not _is_ruled(joint, left, right, rules, em)
    own, across = [0, 0], []
    for text in texts.within(whole):
        if not whole.y0 <= text.box.cy <= whole.y1:
            continue
        before = any(left.box.x0 <= x < joint for x in text.middles)
        after = any(joint <= x <= right.box.x1 for x in text.middles)
        if before and after:
            across.append(text)
        else:
            own[0] += before
            own[1] += after
    if all(own) or whole.height > HIGHEST * em:
        return False
    if across:
        centred = all(abs(text.box.cx - whole.cx) <= CENTRED * whole.width for text in across)
        return (centred or closed) and _written_across(left, right, centred)
    headed = _is_head(left) or _is_head(right)
    return left.fill == right.fill and (headed or (left.stroke is None and closed))


def _written_across(left: Shape, right: Shape, centred: bool) -> bool:
    """Whether pieces on which one text is written are one bar: a text also runs over into the next cell."""
    if left.stroke is not None and not (centred and {left.form, right.form} & _ARROWS):
        return False
    return left.fill is right.fill is None or _alike(left.fill, right.fill, SHADES if centred else NEAR_COLOR)


def _is_head(shape: Shape) -> bool:
    return shape.form is Form.TRIANGLE or (shape.form in _ARROWS and shape.box.width <= HEAD_LENGTH * shape.box.height)


def _is_ruled(x: float, left: Shape, right: Shape, rules: _Rows[_Rule], em: float) -> bool:
    """Whether a rule that was painted over the pieces shows an edge between them."""
    near = BBox(x - GAP * em, left.box.y0, x + GAP * em, left.box.y1)
    height = min(left.box.height, right.box.height)
    painted = max(left.seqno, right.seqno)
    return any(r.seqno > painted and r.box.y_overlap(near) >= 0.8 * height for r in rules.within(near))


def _alike(a: Color | None, b: Color | None, difference: float = NEAR_COLOR) -> bool:
    if a is None or b is None or len(a) != len(b):
        return False
    return all(abs(x - y) <= difference for x, y in zip(a, b, strict=True))


def _beside(left: Shape, right: Shape) -> Shape:
    box = union([left.box, right.box])
    points = tuple(simplify((*_around(left, True), *_around(right, False))))
    form, tip = classify(points, 0)
    first, last = sorted((left, right), key=lambda s: s.seqno)
    wider = left if left.box.width >= right.box.width else right
    return replace(
        first, form=form, box=box, points=points, fill=wider.fill, points_right=tip,
        last_seqno=max(first.last_seqno, last.last_seqno),
    )  # fmt: skip


def _around(shape: Shape, open_right: bool) -> list[Point]:
    """A shape's corners in one direction, from one end of its open edge to the other."""
    points = list(shape.points)
    if sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True)) < 0:
        points.reverse()
    x = shape.box.x1 if open_right else shape.box.x0
    n = len(points)
    for i in range(n):
        # From the edge's second end onwards, round to its first.
        if abs(points[i - 1][0] - x) <= 0.3 and abs(points[i][0] - x) <= 0.3:
            return [points[(i + k) % n] for k in range(n)]
    return points


def _stacked(shapes: Sequence[Shape], texts: _Rows[_Text], em: float) -> list[Shape]:
    """Joins halves one above the other: rectangles with a common edge on which one text is written."""
    step = max(SAME_EDGE * em * 2, 1.0)
    result: list[Shape] = []
    by_left: dict[int, list[int]] = defaultdict(list)
    for shape in sorted(shapes, key=lambda s: (s.box.y0, s.box.y1)):
        column = int(shape.box.x0 // step)
        merged = None
        if shape.form is Form.RECT:
            for at in [i for d in (-1, 0, 1) for i in by_left.get(column + d, ())]:
                if _on_top(result[at], shape, texts, em):
                    merged = at
        if merged is None:
            by_left[column].append(len(result))
            result.append(shape)
        else:
            upper = result[merged]
            box = union([upper.box, shape.box])
            corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
            result[merged] = replace(
                upper, box=box, points=corners, seqno=min(upper.seqno, shape.seqno),
                last_seqno=max(upper.last_seqno, shape.last_seqno),
            )  # fmt: skip
    return result


def _on_top(upper: Shape, lower: Shape, texts: _Rows[_Text], em: float) -> bool:
    a, b = upper.box, lower.box
    slack = SAME_EDGE * em
    if upper.form is not Form.RECT or abs(a.x0 - b.x0) > slack or abs(a.x1 - b.x1) > slack:
        return False
    if not -OVERLAP * em <= b.y0 - a.y1 <= GAP * em or not _alike(upper.fill, lower.fill):
        return False
    if upper.stroke is not None or lower.stroke is not None:
        return False
    inside = [t for t in texts.within(union([a, b])) if a.x0 <= t.box.cx <= a.x1]
    crossing = [t for t in inside if t.box.y0 + 0.25 * t.box.height < a.y1 < t.box.y1 - 0.25 * t.box.height]
    return bool(crossing) and len(crossing) == len(inside)
