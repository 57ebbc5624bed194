# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where columns begin and end: at drawn edges between their labels, else half way."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from itertools import pairwise

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import PageLayout

# Lengths in line heights of the header's own text.
# A header cell is at most this many times as tall as its text; a taller shape behind a label is a panel.
MAX_HEADER_HEIGHT = 2.5
# Rules that separate columns start no further than this below the header's text.
RULE_REACH = 3.0
# A rule counts as a column boundary when it lies within this part of the column's width of where symmetry puts it.
BOUNDARY_SLACK = 0.3
# Labels further off the middle than this part of their column do not belong to it.
ASKEW = 0.12
# So many labels with a line through the middle of each, off it by no more than this part of a column, and none between
# them are marks on a ruler.
MIN_ON_LINES = 4
ON_LINE = 0.06
# Labels at the left of cells of unequal width are equally far in within this, in line heights.
FLUSH_SLACK = 0.5
# and no further than this.
INSET = 1.5


def column_bounds(boxes: Sequence[BBox], layout: PageLayout, em: float) -> tuple[list[float], bool, BBox]:
    """(the n+1 boundaries of columns with labels at `boxes`, whether most inner ones are drawn, box of the header)."""
    text_box = union(boxes)
    shapes = [
        s.box
        for s in layout.shapes
        if s.box.height <= MAX_HEADER_HEIGHT * text_box.height + em
        and any(s.box.contains_point(box.cx, box.cy) for box in boxes)
        and s.box.y0 <= text_box.y0 + 0.5 * em
        and s.box.y1 >= text_box.y1 - 0.5 * em
    ]
    header = union([text_box, *shapes])
    header = BBox(text_box.x0, header.y0, text_box.x1, header.y1)
    edges = sorted({x for box in shapes for x in (box.x0, box.x1)} | set(_column_rules(layout, header, em)))
    flush_left = _flush_bounds(boxes, edges, em)
    if flush_left is not None:
        return flush_left, True, BBox(flush_left[0], header.y0, flush_left[-1], header.y1)
    if _on_lines(boxes, edges):
        bounds = [min(edges, key=lambda x: abs(x - box.cx)) for box in boxes]
        bounds.append(2 * bounds[-1] - bounds[-2])
        return bounds, False, BBox(bounds[0], header.y0, bounds[-1], header.y1)
    # Labels stand in the middle of their columns or all at the left of them; a line of today, say, is no edge.
    for flush in (False, True):
        bounds, drawn = _bounds(boxes, edges, em, flush)
        if not edges or (drawn and _centred(boxes, bounds)):
            break
    else:
        bounds, drawn = _bounds(boxes, [], em)
    return bounds, drawn, BBox(bounds[0], header.y0, bounds[-1], header.y1)


def _column_rules(layout: PageLayout, header: BBox, em: float) -> Iterable[float]:
    """Positions in x of the vertical rules that cross the header or start just below it."""
    for rule in layout.rulings:
        if rule.vertical and rule.length >= 1.5 * em:
            crosses = rule.start <= header.y1 and rule.end >= header.y0 + 0.5 * header.height
            below = header.y1 - em <= rule.start <= header.y1 + RULE_REACH * em
            if crosses or below:
                yield rule.at


def _bounds(boxes: Sequence[BBox], edges: Sequence[float], em: float, flush: bool = False) -> tuple[list[float], bool]:
    """The n+1 column boundaries, and whether most inner ones are drawn; `flush` takes those right before the labels."""
    centres = [b.cx for b in boxes]
    inner: list[float] = []
    drawn = 0
    for left, right in pairwise(boxes):
        middle = right.x0 if flush else (left.cx + right.cx) / 2
        # A label may be set off-centre, so any edge between the two texts will do.
        between = [x for x in edges if left.x1 - 0.3 * em <= x <= right.x0 + 0.3 * em]
        drawn += bool(between)
        inner.append(min(between, key=lambda x: abs(x - middle)) if between else (left.cx + right.cx) / 2)
    widths = [b - a for a, b in pairwise(inner)]
    usual = statistics.median(widths) if widths else centres[1] - centres[0]
    first = _outer(edges, inner[0], centres[0], -1, usual, boxes[0].x0 + 0.3 * em)
    last = _outer(edges, inner[-1], centres[-1], 1, usual, boxes[-1].x1 - 0.3 * em)
    return [first, *inner, last], drawn * 2 >= len(inner)


def _flush_bounds(boxes: Sequence[BBox], edges: Sequence[float], em: float) -> list[float] | None:
    """The boundaries of columns of any width whose labels all stand at the left of their cells, equally far in."""
    slack = FLUSH_SLACK * em
    lefts = [max((x for x in edges if x <= box.x0 + slack), default=None) for box in boxes]
    last = min((x for x in edges if x >= boxes[-1].x1 - slack), default=None)
    bounds = [x for x in (*lefts, last) if x is not None]
    if len(bounds) <= len(boxes) or any(b <= a for a, b in pairwise(bounds)):
        return None
    inset = [box.x0 - x for box, x in zip(boxes, bounds, strict=False)]
    fits = all(box.x1 <= x + slack for box, x in zip(boxes, bounds[1:], strict=True))
    return bounds if fits and max(inset) <= INSET * em and max(inset) - min(inset) <= slack else None


def _on_lines(boxes: Sequence[BBox], edges: Sequence[float]) -> bool:
    """Whether labels are set over lines, as on a ruler, and not between them: each column begins at its label's middle."""
    if len(boxes) < MIN_ON_LINES:
        return False
    near = [ON_LINE * (b.cx - a.cx) for a, b in pairwise(boxes)]
    on = sum(any(abs(x - box.cx) <= slack for x in edges) for box, slack in zip(boxes, [near[0], *near], strict=True))
    between = sum(
        any(a.cx + slack < x < b.cx - slack for x in edges) for (a, b), slack in zip(pairwise(boxes), near, strict=True)
    )
    return on == len(boxes) and between == 0


def _centred(boxes: Sequence[BBox], bounds: Sequence[float]) -> bool:
    """Whether the labels stand about the middle of their columns: edges of anything else leave them askew."""
    off = [
        abs(box.cx - (x0 + x1) / 2) / max(x1 - x0, 1.0) for box, x0, x1 in zip(boxes, bounds, bounds[1:], strict=False)
    ]
    left = [(box.x0 - x0) / max(x1 - x0, 1.0) for box, x0, x1 in zip(boxes, bounds, bounds[1:], strict=False)]
    # All set to the left at the same distance is as good as centred.
    # One label may be an exception, such as that of an open-ended last column.
    return sorted(off)[-2] <= ASKEW or max(left) - min(left) <= ASKEW


def _outer(edges: Sequence[float], inner: float, centre: float, side: int, usual: float, text_edge: float) -> float:
    """The outermost boundary: a drawn edge where symmetry or the usual width puts it, else the symmetric place."""
    symmetric = 2 * centre - inner
    targets = [symmetric, inner + side * usual]
    beyond = [x for x in edges if (x - text_edge) * side >= 0]
    best: tuple[float, float] | None = None
    for x in beyond:
        miss = min(abs(x - t) for t in targets)
        if miss <= BOUNDARY_SLACK * usual and (best is None or miss < best[0]):
            best = (miss, x)
    if best is not None:
        return best[1]
    if (symmetric - text_edge) * side < 0 or abs(symmetric - inner) < 0.5 * usual:
        return inner + side * usual
    return symmetric
