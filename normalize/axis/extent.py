# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a chart reaches on its page: the body under its year columns and the side columns left and right of it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Direction, Form, Line, PageLayout, Ruling, Shape
from koteihyo.normalize.axis.model import Axis
from koteihyo.normalize.axis.under import bars_between
from koteihyo.normalize.layout.blocks import MARK_SIGNS, starts_aside
from koteihyo.normalize.layout.thin_bars import is_thin, usual_side
from koteihyo.normalize.text.characters import fold

# Lengths in line heights.
# Bars are drawn a little over the outermost column edges.
SIDE_SLACK = 1.5
# A rule or frame starts at the header or this close below it.
HEADER_REACH = 3.0
# A title stands over its chart within this distance.
TITLE_REACH = 4.0
# A frame is a shape that spans at least this part of the year columns and of the body.
FRAME_SPAN = 0.9
# A row of milestones stands this close under the last bar, and a caption this close under its triangle.
LAST_ROW_GAP = 3.0
CAPTION_GAP = 1.2
# A first heading and its bar begin within this of the highest bar, where nothing is drawn over them.
ABOVE_FIRST = 1.0
# Lines of one heading are set this closely.
RUN_ON_GAP = 0.6
# Lines between rows span this part of the year columns; so many that begin at one place, PDF points, say where rows end.
ROW_SPAN = 0.9
ROW_LINES = 3
SAME_END = 2.0
# After a sign these say that it is explained: ▲：打上げ.
_LEGEND = tuple(":：=＝はも」』)）")

# An arrow that reaches out of the years is a bar when this part of its length lies under them.
ARROW_INSIDE = 0.6

ARROW_FORMS = frozenset({Form.PENTAGON, Form.CHEVRON, Form.BLOCK_ARROW, Form.ARROW_LINE, Form.DOUBLE_ARROW})


@dataclass(frozen=True)
class Region:
    """One chart's place on its page. `box` is the whole chart, `body` the area under the year columns."""

    axis: Axis
    box: BBox
    body: BBox
    ruled_bottom: bool
    """Whether rules or a frame say where the chart ends; else its last bar does."""
    em: float
    """Size of the text under the years, PDF points: the unit of the rules there. The header has its own (`Axis.em`)."""

    @property
    def left(self) -> BBox:
        """The side column left of the years."""
        return BBox(self.box.x0, self.body.y0, self.body.x0, self.body.y1)

    @property
    def right(self) -> BBox:
        """The side column right of the years; without width when there is none."""
        return BBox(self.body.x1, self.body.y0, max(self.box.x1, self.body.x1), self.body.y1)


def find_regions(layout: PageLayout, axes: Sequence[Axis]) -> list[Region]:
    """The region of each axis, in the same order."""
    return [
        _region_above(layout, axis, axes) if axis.at_bottom else _region(layout, axis, _limit(layout, axis, axes))
        for axis in axes
    ]


def _region_above(layout: PageLayout, axis: Axis, axes: Sequence[Axis]) -> Region:
    """The region of a chart whose years stand under it: up to its highest bar, or where its column rules begin."""
    header, em = axis.header, axis.em
    over = [a for a in axes if a.header.y1 < header.y0 and min(a.x1, axis.x1) > max(a.x0, axis.x0)]
    limit = max((a.header.y1 for a in over), default=0.0)
    tops = [s.box.y0 for s in bars_between(layout, axis, limit, header.y0)]
    tops += [
        r.start
        for r in layout.rulings
        if r.vertical and axis.x0 - em <= r.at <= axis.x1 + em and limit <= r.start < header.y0 - em <= r.end
    ]
    body = BBox(axis.x0, min(tops, default=limit) - ABOVE_FIRST * em, axis.x1, header.y0)
    x0, x1 = _sides(layout, axis, body, [])
    return Region(axis, BBox(x0, body.y0, x1, header.y1), body, True, _text_size(layout, axis, body))


def _limit(layout: PageLayout, axis: Axis, axes: Sequence[Axis]) -> float:
    """The y above which the chart must end: the title of the next chart below, or the page's end."""
    if axis.footer is not None:
        return axis.footer.y0
    below = [a for a in axes if a.header.y0 > axis.header.y1 and min(a.x1, axis.x1) > max(a.x0, axis.x0)]
    if not below:
        return layout.height
    following = min(below, key=lambda a: a.header.y0)
    limit = following.header.y0
    # Lines right above the next header are its title; they belong to it.
    for line in sorted(layout.lines, key=lambda ln: -ln.box.y1):
        if limit - TITLE_REACH * axis.em <= line.box.y1 <= limit + 0.3 * axis.em and line.box.y0 > axis.header.y1:
            if any(s.box.contains(line.box) and s.form in ARROW_FORMS for s in layout.shapes):
                break
            if _is_ruled_off(layout, axis, line, following.header.y0 - 0.3 * axis.em):
                break
            limit = min(limit, line.box.y0)
    return limit


def _is_ruled_off(layout: PageLayout, axis: Axis, line: Line, header: float) -> bool:
    """Whether a line stands in a ruled row over the next header, between two rules as long as one another: no title."""
    y = line.box.cy
    across = [
        r for r in layout.rulings
        if not r.vertical and r.start <= axis.x0 + axis.em and r.end >= axis.x1 - axis.em and r.at < header
    ]  # fmt: skip
    above = max((r for r in across if r.at <= y), key=lambda r: r.at, default=None)
    below = min((r for r in across if r.at > y), key=lambda r: r.at, default=None)
    if above is None or below is None:
        return False
    inside = above.start <= line.box.cx <= above.end
    return (
        inside
        and abs(above.start - below.start) <= 1.0
        and abs(above.end - below.end) <= 1.0
        and above.at > axis.header.y0
    )


def _region(layout: PageLayout, axis: Axis, limit: float) -> Region:
    em, top = axis.em, axis.header.y1
    slack = SIDE_SLACK * em
    ends = [
        r.end
        for r in layout.rulings
        if r.vertical
        and axis.x0 - slack <= r.at <= axis.x1 + slack
        and top - em <= r.start
        and r.end <= limit + em
        and r.length >= em
    ]
    ends += [
        r.end
        for r in layout.rulings
        if r.vertical
        and axis.x0 - slack <= r.at <= axis.x1 + slack
        and r.start < top - em
        and top < r.end <= limit + em
    ]
    stripes = _stripes(layout, axis, limit)
    ends += [_end_of_stripes(stripes, layout)] if stripes else []
    frames = [
        s.box
        for s in layout.shapes
        if s.form in (Form.RECT, Form.ROUND_RECT)
        and s.box not in stripes
        and s.box.x0 <= axis.x0 + slack
        and s.box.x1 >= axis.x1 - slack
        and s.box.y0 >= axis.header.y0 - em
        and abs(s.box.y0 - top) <= HEADER_REACH * em + axis.header.height
        and top + 3 * em < s.box.y1 <= limit + em
    ]
    ends += [b.y1 for b in frames]
    bars = [
        s.box.y1
        for s in layout.shapes
        if s.box.y0 >= top - 0.5 * em
        and s.box.y1 <= limit
        and s.box.x_overlap(BBox(axis.x0, 0, axis.x1, 0)) > 0
        and is_bar_like(s, axis)
    ]
    bottom = min(max([*ends, *bars], default=limit), limit)
    if not ends:
        bottom = _with_last_heading(layout, axis, _with_last_marks(layout, axis, bottom, limit)) if bars else limit
        bottom = _with_last_box(layout, axis, bottom, limit) if bars else limit
    body = BBox(axis.x0, top, axis.x1, max(bottom, top + em))
    x0, x1 = _sides(layout, axis, body, frames)
    box = BBox(x0, axis.header.y0, x1, body.y1)
    return Region(axis, box, body, bool(ends), _text_size(layout, axis, body))


def _text_size(layout: PageLayout, axis: Axis, body: BBox) -> float:
    """Median size of the characters under the years; the header's where there are none."""
    sizes = [
        size
        for line in layout.lines
        if body.contains_point(line.box.cx, line.box.cy)
        for size in [line.size] * len(line.text.strip())
    ]
    return statistics.median(sizes) if sizes else axis.em


def _stripes(layout: PageLayout, axis: Axis, limit: float) -> list[BBox]:
    """Fills without outline over all years and what stands beside them, every other row of a table, from the top."""
    wide = [
        s for s in layout.shapes
        if s.form is Form.RECT and s.stroke is None and s.fill is not None
        and s.box.x0 <= axis.x0 - axis.em and s.box.x1 >= axis.x1 - SIDE_SLACK * axis.em
        and s.box.y0 >= axis.header.cy and s.box.y1 <= limit
    ]  # fmt: skip
    alike = [s.box for s in wide if wide and s.fill == wide[0].fill and abs(s.box.x0 - wide[0].box.x0) <= 1.0]
    alike.sort(key=lambda box: box.y0)
    apart = all(b.y0 - a.y1 > 0.5 * axis.em for a, b in pairwise(alike))
    return alike if len(alike) >= 2 and apart else []


def _end_of_stripes(stripes: Sequence[BBox], layout: PageLayout) -> float:
    """The end of the last shaded row, or of the plain one that follows it, where something is written there."""
    last = stripes[-1]
    end = last.y1 + min(b.y0 - a.y1 for a, b in pairwise(stripes))
    written = any(last.y1 < ln.box.cy < end and last.x0 <= ln.box.x0 for ln in layout.lines if not ln.is_blank)
    return end if written else last.y1


def _with_last_marks(layout: PageLayout, axis: Axis, bottom: float, limit: float) -> float:
    """The chart's end with what stands under its last shape: signs with text, captions of triangles and thin bars."""
    em = axis.em
    inside = [
        ln for ln in layout.lines if axis.x0 <= ln.box.cx <= axis.x1 and ln.box.y1 <= limit and fold(ln.text).strip()
    ]
    shapes = [s for s in layout.shapes if is_bar_like(s, axis) and s.box.y0 >= axis.header.y1 - 0.5 * em]
    captioned = [s.box for s in shapes if s.form is Form.TRIANGLE]
    thin = [s.box for s in shapes if is_thin(s, em)]
    captioned += thin if usual_side(thin, inside) == "below" else []
    for line in sorted(inside, key=lambda ln: ln.box.y0):
        if line.box.y1 <= bottom:
            continue
        text = fold(line.text).strip()
        if line.box.y0 > bottom + LAST_ROW_GAP * line.size or (starts_aside(text) and text[0] not in MARK_SIGNS):
            break
        sign = text[0] in MARK_SIGNS and text[1:2] not in _LEGEND
        above = [box for box in captioned if box.x_overlap(line.box) > 0]
        if sign or any(-0.5 * line.size <= line.box.y0 - box.y1 <= CAPTION_GAP * line.size for box in above):
            captioned.append(line.box)
            bottom = max(bottom, line.box.y1)
    return bottom


def _with_last_heading(layout: PageLayout, axis: Axis, bottom: float) -> float:
    """The chart's end with the rest of the last heading, where it has more lines than its bars are high."""
    left = [ln for ln in layout.lines if ln.box.x1 <= axis.x0 and ln.box.cy > axis.header.y1 and not ln.is_blank]
    last: Line | None = None
    for line in sorted(left, key=lambda ln: ln.box.y0):
        if line.box.cy > bottom:
            if last is None or not _runs_on(last, line):
                break
            bottom = line.box.y1
        last = line
    return bottom


def _with_last_box(layout: PageLayout, axis: Axis, bottom: float, limit: float) -> float:
    """The chart's end with the box of the last heading, which begins beside the last bar and reaches further down."""
    beside = [
        s.box for s in layout.shapes
        if s.form in (Form.RECT, Form.ROUND_RECT) and s.box.x1 <= axis.x0 + axis.em
        and axis.header.y1 <= s.box.y0 < bottom < s.box.y1 <= limit
        and any(s.box.contains_point(ln.box.cx, ln.box.cy) for ln in layout.lines)
    ]  # fmt: skip
    return max((box.y1 for box in beside), default=bottom)


def _runs_on(before: Line, line: Line) -> bool:
    """Whether a line continues the one above it: set as closely, flush or hanging, in the same size."""
    return (
        line.box.y0 - before.box.y1 <= RUN_ON_GAP * line.size
        and abs(line.box.x0 - before.box.x0) <= SIDE_SLACK * line.size
        and abs(line.size - before.size) <= 0.1 * line.size
        and not starts_aside(line.text)
    )


def is_bar_like(shape: Shape, axis: Axis) -> bool:
    """Whether a shape lies within the year columns and could be a bar; an arrow may go on beyond the last year."""
    slack = SIDE_SLACK * axis.em
    inside = min(shape.box.x1, axis.x1) - max(shape.box.x0, axis.x0)
    if shape.form in ARROW_FORMS and inside >= ARROW_INSIDE * shape.box.width and inside > 0:
        return True
    return (
        shape.box.x0 >= axis.x0 - slack
        and shape.box.x1 <= axis.x1 + slack
        and not (shape.box.x0 >= axis.x1 or shape.box.x1 <= axis.x0)
    )


def _sides(layout: PageLayout, axis: Axis, body: BBox, frames: Sequence[BBox]) -> tuple[float, float]:
    """Left and right edge of the whole chart: frames, rules, and text beside the body."""
    em = axis.em
    rules = [r for r in layout.rulings if not r.vertical and body.y0 - em <= r.at <= body.y1 + em]
    lefts, rights = [body.x0, *(b.x0 for b in frames)], [body.x1, *(b.x1 for b in frames)]
    lefts += [r.start for r in rules if r.start < body.x0 and r.end > body.x0 - em]
    rights += [r.end for r in rules if r.end > body.x1 and r.start < body.x1 + em]
    for rule in layout.rulings:
        if rule.vertical and rule.start <= body.y0 + em and rule.end >= body.y1 - em:
            if rule.at < body.x0:
                lefts.append(rule.at)
            elif rule.at > body.x1:
                rights.append(rule.at)
    # What stands beyond the ends of the rows is something else.
    first, last = _row_ends(rules, body)
    beside = [
        ln.box
        for ln in layout.lines
        if not ln.is_blank
        and body.y0 - 0.3 * em <= ln.box.cy <= body.y1
        # A label along the whole table may stand outside of its rows, but it is turned.
        and (ln.direction is not Direction.HORIZONTAL or (first < ln.box.x1 and ln.box.x0 < last))
    ]
    lefts += [box.x0 for box in beside if box.cx < body.x0]
    rights += [box.x1 for box in beside if box.cx > body.x1]
    for shape in layout.shapes:
        # Cells of the side columns stand beside the body.
        if body.y0 - em <= shape.box.y0 and shape.box.y1 <= body.y1 + em:
            if shape.box.x1 <= body.x0 + em and shape.box.x1 > first:
                lefts.append(shape.box.x0)
            elif shape.box.x0 >= body.x1 - em and shape.box.x0 < last:
                rights.append(shape.box.x1)
    return min(lefts), max(rights)


def _row_ends(rules: Sequence[Ruling], body: BBox) -> tuple[float, float]:
    """Where the lines between the rows begin left of the years and end right of them; infinite where too few do."""
    across = [r for r in rules if r.end - r.start >= ROW_SPAN * body.width and r.start < body.cx < r.end]
    starts = [r.start for r in across if r.start < body.x0 - SAME_END]
    ends = [r.end for r in across if r.end > body.x1 + SAME_END]
    first = min((x for x in starts if _shared(x, starts)), default=-math.inf)
    return first, max((x for x in ends if _shared(x, ends)), default=math.inf)


def _shared(x: float, others: Sequence[float]) -> bool:
    return sum(abs(x - other) <= SAME_END for other in others) >= ROW_LINES
