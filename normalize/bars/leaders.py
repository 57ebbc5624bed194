# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives bars and marks without text the caption at the other end of a leader line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Line, PageLayout
from koteihyo.normalize.bars.shapes import Bar, Mark
from koteihyo.normalize.layout.blocks import group_blocks

# Lengths in line heights.
# A leader ends this close to what it joins.
TOUCH = 0.7
# An upright rule longer than this is no leader but part of a grid.
LONGEST = 8.0

Point = tuple[float, float]


def caption_by_leaders(
    bars: Sequence[Bar], marks: Sequence[Mark], free: Sequence[Line], layout: PageLayout, em: float
) -> list[Line]:
    """Gives each bar or mark without text the block that a leader joins it to; returns the lines left over."""
    holders: list[Bar | Mark] = [*bars, *marks]
    empty = [holder for holder in holders if not holder.lines]
    blocks = group_blocks(free)
    taken: set[Line] = set()
    for ends in _leaders(layout, em) if empty and blocks else ():
        for here, there in (ends, ends[::-1]):
            holder = next((h for h in empty if not h.lines and _touches(h.shape.box, here, em)), None)
            text = next((b for b in blocks if _touches(b.box, there, em) and b.lines[0] not in taken), None)
            if holder is not None and text is not None:
                holder.lines += text.lines
                taken.update(text.lines)
                break
    return [line for line in free if line not in taken]


def _leaders(layout: PageLayout, em: float) -> Iterator[tuple[Point, Point]]:
    for connector in layout.connectors:
        yield connector.start, connector.end
    for rule in layout.rulings:
        if rule.vertical and em <= rule.length <= LONGEST * em:
            yield (rule.at, rule.start), (rule.at, rule.end)


def _touches(box: BBox, point: Point, em: float) -> bool:
    return box.contains_point(*point, TOUCH * em)
