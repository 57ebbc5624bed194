# SPDX-License-Identifier: AGPL-3.0-or-later
"""Headings that stand in boxes of their own: the boxes are as high as their lanes, or only as high as their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form, PageLayout
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.reading import HeadingReading

# Edges agree within this, in line heights.
SAME_EDGE = 0.3

_BOXES = frozenset({Form.RECT, Form.ROUND_RECT, Form.PENTAGON, Form.CHEVRON, Form.BLOCK_ARROW, Form.ELLIPSE})


def with_own_boxes(
    headings: Sequence[HeadingReading], bars: Sequence[BBox], layout: PageLayout, region: Region
) -> list[HeadingReading]:
    """The headings with their boxes as bands where these hold all bars, and with one band where bars are beside none."""
    boxes = [_own_box(heading, headings, layout, region) for heading in headings]
    known = sorted((box for box in boxes if box is not None), key=lambda box: box.y0)
    slack = SAME_EDGE * region.em
    if len(known) < max(2, len(headings)) or any(b.y0 < a.y1 - slack for a, b in pairwise(known)):
        return list(headings)
    if all(any(box.y0 - slack <= bar.cy <= box.y1 + slack for box in known) for bar in bars):
        return [
            replace(h, band=(max(box.y0, region.body.y0), box.y1))
            for h, box in zip(headings, boxes, strict=True) if box is not None
        ]  # fmt: skip
    held = all(any(h.band[0] <= bar.cy <= h.band[1] for h in headings) for bar in bars)
    whole = (min(region.body.y0, known[0].y0), max(region.body.y1, known[-1].y1))
    return list(headings) if held else [replace(h, band=whole) for h in headings]


def _own_box(
    heading: HeadingReading, headings: Sequence[HeadingReading], layout: PageLayout, region: Region
) -> BBox | None:
    """The smallest box left or right of the years that is drawn around a heading alone."""
    slack = SAME_EDGE * region.em
    around = [
        s.box
        for s in layout.shapes
        if s.form in _BOXES
        and s.box.contains(heading.box, slack)
        and (s.box.x1 <= region.body.x0 + region.em or s.box.x0 >= region.body.x1 - region.em)
        and not any(s.box.contains_point(o.box.cx, o.box.cy) for o in headings if o is not heading)
    ]
    return min(around, key=lambda box: box.area, default=None)
