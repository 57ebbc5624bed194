# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets the headings of groups over the headings beside or under them, whatever marker either has.

A group's heading stands in an outer column, in a cell as high as its members' cells, or on a filled strip of its own
across the whole chart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form, PageLayout
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.reading import HeadingReading

# Edges agree within this, in line heights.
SAME_EDGE = 0.6
# Headings begin level within this: an indent of a third of a line height already says that one stands under another.
FLUSH = 0.15
# A strip is at most so many line heights high.
STRIP_HEIGHT = 3.0
# A strip reaches over this part of the years.
STRIP_PART = 0.9


def nest_in_groups(headings: Sequence[HeadingReading], layout: PageLayout, region: Region) -> list[HeadingReading]:
    """The headings in the same order, those of groups ranked over all their members."""
    em = region.em
    strips = [s.box for s in layout.shapes if s.form is Form.RECT and s.fill is not None and _is_strip(s.box, region)]
    on_strips = {h for h in headings if _on_strip(h, strips)}
    beside = {h for h in headings if h not in on_strips and _is_beside(h, headings, em)}
    members = [h for h in headings if h not in on_strips and h not in beside]
    if not members:
        return list(headings)
    # Columns of groups stand in one another from the left, and a strip across the chart holds them all.
    columns = sorted({h.column for h in beside}, reverse=True)
    depths = {h: 1 + columns.index(h.column) for h in beside} | dict.fromkeys(on_strips, len(columns) + 1)
    rank, level = min(h.rank for h in headings), min(h.level for h in members)
    return [replace(h, rank=rank - depths[h], level=max(1, level - depths[h])) if h in depths else h for h in headings]


def have_rows(headings: Sequence[HeadingReading], layout: PageLayout, region: Region) -> bool:
    """Whether several headings stand in ruled rows that go on under the years, or each in a box of its own."""
    boxes = [s.box for s in layout.shapes if s.form is not Form.IMAGE and not s.box.contains(region.body)]
    around = {b for h in headings for b in boxes if b.contains(h.box, SAME_EDGE * region.em)}
    if 2 <= len(headings) <= len(around):
        return True
    bands = {h.band for h in headings}
    edges = {y for band in bands for y in band if region.body.y0 < y < region.body.y1}
    slack = SAME_EDGE * region.em
    across = [
        r.at for r in layout.rulings
        if not r.vertical and min(r.end, region.body.x1) - max(r.start, region.body.x0) >= 0.5 * region.body.width
    ]  # fmt: skip
    across += [
        y
        for s in layout.shapes
        if s.box.x_overlap(region.body) >= 0.5 * region.body.width
        for y in (s.box.y0, s.box.y1)
    ]
    return len(bands) > 1 and bool(edges) and all(any(abs(y - at) <= slack for at in across) for y in edges)


def with_plain_siblings(headings: Sequence[HeadingReading], items: Sequence[BBox], em: float) -> list[HeadingReading]:
    """The headings, a plain one in a row of its own ranked like the numbered one over it when both begin level.

    A numbered heading whose own row has bars is no parent of the row under it (１．… ２．… その他).
    """
    result: list[HeadingReading] = []
    for heading in headings:
        marked = next((h for h in reversed(result) if h.marker and h.column == heading.column), None)
        if marked is not None and not heading.marker and _is_sibling(marked, heading, items, em):
            heading = replace(heading, rank=marked.rank, level=marked.level)
        result.append(heading)
    return result


def _is_sibling(marked: HeadingReading, plain: HeadingReading, items: Sequence[BBox], em: float) -> bool:
    a, b = marked.band, plain.band
    flush = abs(marked.box.x0 - plain.box.x0) <= FLUSH * em and abs(marked.lines[0].size - plain.lines[0].size) < 0.5
    both = all(any(top <= box.cy <= bottom for box in items) for top, bottom in (a, b))
    return flush and a[1] <= b[0] and both


def _is_beside(heading: HeadingReading, headings: Sequence[HeadingReading], em: float) -> bool:
    """Whether an unmarked heading has, in its outer column, a cell over the cells of headings further in."""
    if heading.marker:
        return False
    slack = SAME_EDGE * em
    inner = [
        h for h in headings
        if h.column > heading.column
        and h.band[0] >= heading.band[0] - slack and h.band[1] <= heading.band[1] + slack
    ]  # fmt: skip
    # An outer column that goes on beside every inner heading is a column of groups.
    return bool(inner)


def _is_strip(box: BBox, region: Region) -> bool:
    em = region.em
    return (
        box.height <= STRIP_HEIGHT * em
        and box.y0 >= region.body.y0 - SAME_EDGE * em
        and box.x0 < region.body.x0 - em
        and box.x1 >= region.body.x0 + STRIP_PART * region.body.width
    )


def _on_strip(heading: HeadingReading, strips: Sequence[BBox]) -> bool:
    return any(strip.contains_point(heading.box.cx, heading.box.cy) for strip in strips)
