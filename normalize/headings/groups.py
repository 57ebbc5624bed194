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
# A strip is at most so many line heights high.
STRIP_HEIGHT = 3.0
# A strip reaches over this part of the years.
STRIP_PART = 0.9


def nest_in_groups(headings: Sequence[HeadingReading], layout: PageLayout, region: Region) -> list[HeadingReading]:
    """The headings in the same order, those of groups ranked over all their members."""
    em = region.axis.em
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
    em = region.axis.em
    return (
        box.height <= STRIP_HEIGHT * em
        and box.y0 >= region.body.y0 - SAME_EDGE * em
        and box.x0 < region.body.x0 - em
        and box.x1 >= region.body.x0 + STRIP_PART * region.body.width
    )


def _on_strip(heading: HeadingReading, strips: Sequence[BBox]) -> bool:
    return any(strip.contains_point(heading.box.cx, heading.box.cy) for strip in strips)
