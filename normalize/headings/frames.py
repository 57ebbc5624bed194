# SPDX-License-Identifier: AGPL-3.0-or-later
"""Headings that are drawn among the bars: the title tabs of frames, and filled strips across the chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form, PageLayout, Shape
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.headings.left_column import split_marker
from koteihyo.normalize.legends.model import ink_of
from koteihyo.normalize.reading import HeadingReading, ItemReading
from koteihyo.normalize.text.characters import normalize_text

# A frame reaches over this part of the years; its tab over no more than this part of the frame.
FRAME_SPAN, TAB_SPAN = 0.85, 0.5
# A tab stands on the frame's upper edge, or within this part of its own height under it, at the frame's left, within
# this many line heights.
UNDER_EDGE = 0.4
AT_LEFT = 4.0
# A strip reaches over this part of the years, is at most so many line heights high, and its words begin at its left
# within this many.
STRIP_SPAN, STRIP_HEIGHT, STRIP_TEXT = 0.95, 3.0, 3.0
_BOXES = (Form.RECT, Form.ROUND_RECT)
# A tab may be a pentagon, and one with two corners cut is a polygon.
_TABS = frozenset({"rect", "round_rect", "pentagon", "polygon"})


def tab_headings(
    layout: PageLayout, region: Region, items: Sequence[ItemReading]
) -> list[tuple[ItemReading, HeadingReading]]:
    """The items that are titles of frames around other items, each with the heading it makes."""
    frames = [s.box for s in layout.shapes if s.form in _BOXES and s.box.width >= FRAME_SPAN * region.body.width]
    found = []
    for item in items:
        if item.form not in _TABS or not item.text:
            continue
        framed = [frame for frame in frames if _is_tab(item.box, frame, region.em)]
        frame = min(framed, key=lambda f: f.area, default=None)
        if frame is not None and any(other is not item and frame.contains(other.box, 2.0) for other in items):
            found.append((item, _heading(item, (min(item.box.y0, frame.y0), frame.y1))))
    return found


def strip_items(
    layout: PageLayout, region: Region, items: Sequence[ItemReading]
) -> list[tuple[ItemReading, HeadingReading]]:
    """The items that are strips of one ink across the chart, each over bars of other inks, with their headings."""
    em, body = region.em, region.body
    across: dict[ItemReading, Shape] = {}
    for item in items:
        shape = next((s for s in layout.shapes if s.form is Form.RECT and s.fill and s.box.near(item.box, 1.0)), None)
        if (
            shape is not None
            and item.lines
            and item.box.width >= STRIP_SPAN * body.width
            and item.box.height <= STRIP_HEIGHT * em
            and item.lines[0].box.x0 - item.box.x0 <= STRIP_TEXT * em
        ):
            across[item] = shape
    if len(across) < 2:
        return []
    strips = sorted(across, key=lambda item: item.box.y0)
    others = [item for item in items if item not in across]
    bottoms = [*(strip.box.y0 for strip in strips[1:]), body.y1]
    under = [[o for o in others if s.box.y1 - 1 <= o.box.cy < end] for s, end in zip(strips, bottoms, strict=True)]
    drawn = [ink_of(s) for o in others for s in layout.shapes if s.box.near(o.box, 1.0)]
    one_ink = all(ink_of(across[a]).is_like(ink_of(across[b])) for a, b in pairwise(strips))
    if not one_ink or not all(under) or any(ink_of(across[strips[0]]).is_like(i) for i in drawn):
        return []
    return [(s, _heading(s, (s.box.y0, max(end, s.box.y1)))) for s, end in zip(strips, bottoms, strict=True)]


def without(items: Iterable[ItemReading], gone: Iterable[ItemReading]) -> list[ItemReading]:
    """The items without some, which are nobody's parents then."""
    taken = set(gone)
    numbers = {item.number for item in taken}
    kept = [item for item in items if item not in taken]
    return [replace(item, parent=None) if item.parent in numbers else item for item in kept]


def _is_tab(tab: BBox, frame: BBox, em: float) -> bool:
    on_edge = tab.y0 - UNDER_EDGE * tab.height <= frame.y0 <= tab.y1 + 0.1 * em
    return on_edge and tab.width <= TAB_SPAN * frame.width and -em <= tab.x0 - frame.x0 <= AT_LEFT * em


def _heading(item: ItemReading, band: tuple[float, float]) -> HeadingReading:
    level, marker, title = split_marker(item.text_raw)
    return HeadingReading(level, marker, normalize_text(title), item.lines, item.box, band)
