# SPDX-License-Identifier: AGPL-3.0-or-later
"""Year columns of a page that goes on with the chart of the page before and prints no years of its own."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form, PageLayout
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.axis.model import Axis, Column, Tick
from koteihyo.normalize.layout.edges import Edge, visible_edges
from koteihyo.normalize.text.characters import fold, narrow

# Edges of one table are drawn at the same place on every page, PDF points; printing shifts them by less.
SAME_PLACE = 2.0
# So much of the columns' edges must be drawn here too, and at least this many of them: any box has two sides.
DRAWN_PART = 0.75
DRAWN_EDGES = 3
# A rule shorter than this many line heights is no edge of a column.
EDGE_LENGTH = 3.0
# Rows that only level rules part: at least this many rules as long as those before, at most this part of the lines
# between them across the edges of columns, in line heights on either side.
ROW_RULES = 2
CROSSING_PART, CROSSING = 0.3, 1.0
# A chart without rules goes on where at least so many arrows stand under its years and none reaches out at the left.
ARROWS = 2
_ARROWS = (Form.PENTAGON, Form.CHEVRON, Form.BLOCK_ARROW, Form.ARROW_LINE)
# What titles of pages that go on differ by.
_GOES_ON = re.compile(r"[\s（(【［\[<＜]*(?:続き|つづき|続|続紙|その\d+|\d+\s*[/／]\s*\d+|[①-⑳]|\d)[\s）)】］\]>＞]*$")


def continued_axis(layout: PageLayout, before: Region, above: float) -> Axis | None:
    """The columns of the chart on the page before, where this page rules the same columns or rows; else None.

    Args:
        layout: The page.
        before: The chart's place on the page before.
        above: Where the first chart with years of its own begins on this page, or the page's end.

    Returns:
        The axis, whose header is a line at the top of the rules.
    """
    axis = before.axis
    top = _top_of_columns(layout, axis, above)
    if top is None:
        top = _top_of_rows(layout, before, above)
    return None if top is None else _at_top(axis, top)


def continued_by_title(
    layout: PageLayout, before: Region, titles: tuple[str | None, str | None], below: float
) -> Axis | None:
    """The columns of a chart without rules, where the page repeats the title and has arrows under the same years.

    Args:
        layout: The page.
        before: The chart's place on the page before.
        titles: The running titles of the page before and of this one.
        below: Where this page's title ends.
    """
    first, second = (_plain_title(title) for title in titles)
    if not first or first != second:
        return None
    axis, em = before.axis, before.axis.em
    shapes = [s for s in layout.shapes if s.form in _ARROWS and s.box.y0 >= below]
    under = [s.box for s in shapes if s.box.x0 >= axis.x0 - 1.5 * em and s.box.x1 <= axis.x1 + 1.5 * em]
    if len(under) < ARROWS or any(s.box.x0 < axis.x0 - 1.5 * em < s.box.x1 for s in shapes if s.box not in under):
        return None
    beside = [
        ln.box for ln in layout.lines
        if ln.box.y0 >= below and before.box.x0 - em <= ln.box.x0 and ln.box.x1 <= axis.x0 + em and not ln.is_blank
    ]  # fmt: skip
    return _at_top(axis, max(below, min(box.y0 for box in [*under, *beside]) - 0.5 * em))


def _at_top(axis: Axis, top: float) -> Axis:
    header = BBox(axis.x0, top, axis.x1, top)
    return replace(axis, header=header, label_lines=(), boundary_rules=True, footer=None, at_bottom=False)


def _top_of_columns(layout: PageLayout, axis: Axis, above: float) -> float | None:
    return next(
        (top for columns in (axis.finest, axis.columns) if (top := _top_of(layout, columns, axis, above))), None
    )


def _top_of(layout: PageLayout, columns: Sequence[Column | Tick], axis: Axis, above: float) -> float | None:
    edges = [axis.x0, *(column.x1 for column in columns)]
    drawn = visible_edges(layout).vertical
    found = [found for x in edges if (found := _at(drawn, x, EDGE_LENGTH * axis.em, above))]
    if len(found) < max(DRAWN_EDGES, DRAWN_PART * len(edges)):
        return None
    return min(start for starts in found for start in starts)


def _at(drawn: Sequence[Edge], x: float, length: float, above: float) -> list[float]:
    """Where edges at an x begin that are so long; the sides of cells one under the other are one edge."""
    pieces = sorted((e.start, e.end) for e in drawn if abs(e.at - x) <= SAME_PLACE)
    joined: list[tuple[float, float]] = []
    for start, end in pieces:
        if joined and start - joined[-1][1] <= SAME_PLACE:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return [start for start, end in joined if end - start >= length and start < above]


def _top_of_rows(layout: PageLayout, before: Region, above: float) -> float | None:
    axis, box = before.axis, before.box
    rules = sorted(
        r.at
        for r in layout.rulings
        if not r.vertical and r.at < above and abs(r.start - box.x0) <= SAME_PLACE and abs(r.end - box.x1) <= SAME_PLACE
    )
    if len(rules) < ROW_RULES:
        return None
    pitch = statistics.median(b - a for a, b in pairwise(rules))
    lines = [
        ln for ln in layout.lines
        if rules[0] - pitch <= ln.box.cy <= rules[-1] and box.x0 <= ln.box.cx <= box.x1 and not ln.is_blank
    ]  # fmt: skip
    inner = [axis.x0, *(column.x1 for column in axis.columns)]
    crossing = [
        ln for ln in lines if any(ln.box.x0 + CROSSING * axis.em < x < ln.box.x1 - CROSSING * axis.em for x in inner)
    ]
    under = [ln for ln in lines if axis.x0 <= ln.box.cx <= axis.x1]
    if len(under) < ROW_RULES or len(crossing) > CROSSING_PART * len(lines):
        return None
    # Rows that are ruled below only begin over the first rule.
    first = [ln.box.y0 for ln in lines if ln.box.cy < rules[0]]
    return min([*first, rules[0]]) - (0.3 * axis.em if first else 0.0)


def _plain_title(title: str | None) -> str:
    text = fold(narrow(title or "")).strip()
    while text and (shorter := _GOES_ON.sub("", text)) != text:
        text = shorter
    return "".join(text.split())
