# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives bars that are not written in, line arrows above all, the text that stands at them.

All pairs of a bar and a block of text compete, and the closest go first: a text stands above or below its bar, on it, or
at either end, and nothing of the table's grid lies between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Direction, Form, Ruling
from koteihyo.normalize.axis.model import Axis
from koteihyo.normalize.claims import Bar, Claims
from koteihyo.normalize.layout.blocks import Block, group_blocks
from koteihyo.normalize.layout.thin_bars import is_low, is_thin
from koteihyo.normalize.scene import Scene

# Lengths in line heights.
# A text stands this close above or below its bar, and this close at its ends.
REACH = 1.6
END_REACH = 1.2
# It may reach into its bar by this, by the room that fonts leave under a line.
SINK = 0.5
# Part of the shorter one of text and bar that lies within the other.
SHARED = 0.6
# What it costs, in line heights, that a text stands at an end rather than above, below or on its bar; that it stands
# elsewhere than most; and each line height that it is off its bar's start or middle.
AT_END, OTHER_SIDE, ASKEW = 0.6, 0.4, 0.15


@dataclass(frozen=True)
class _Pair:
    """A bar and a block of text that could belong together."""

    cost: float
    side: str
    bar: int
    block: int


def caption_bars(scene: Scene, claims: Claims) -> Claims:
    """The text at each empty bar.

    Thin bars and line arrows have it on any side, bars that could hold a line only at their right.
    """
    axis, em = scene.region.axis, scene.em
    around = set(claims.around.values())
    empty = [bar for bar in claims.bars if not claims.lines_of(bar) and bar not in around]
    blocks = group_blocks(claims.free)
    level = [r for r in scene.rulings if not r.vertical]
    pairs = []
    for i, bar in enumerate(empty):
        thin = is_thin(bar.shape, em)
        if not thin and not is_low(bar.shape, em):
            continue
        for j, block in enumerate(blocks):
            found = _at(bar, block, level, axis)
            if found is not None and (thin or found[1] == "right"):
                pairs.append(_Pair(*found, i, j))
    usual = _usual(pairs)
    given = []
    used_bars: set[int] = set()
    used_blocks: set[int] = set()
    for pair in sorted(
        pairs, key=lambda p: (p.cost + (OTHER_SIDE if usual and p.side != usual else 0), p.bar, p.block)
    ):
        if pair.bar not in used_bars and pair.block not in used_blocks:
            used_bars.add(pair.bar)
            used_blocks.add(pair.block)
            given += [(line, empty[pair.bar], f"the closest text, {pair.side}") for line in blocks[pair.block].lines]
    return claims.give_each(given)


def _at(bar: Bar, block: Block, level: Sequence[Ruling], axis: Axis) -> tuple[float, str] | None:
    """(what it costs, side) of a text at a bar, or None when it cannot be the bar's."""
    box, text = bar.box, block.box
    size = block.lines[0].size
    if block.lines[0].direction is not Direction.HORIZONTAL or _apart(box, text, level):
        return None
    shared = box.x_overlap(text) >= SHARED * min(box.width, text.width)
    if abs(text.cy - box.cy) <= 0.5 * size:
        if shared and bar.shape.form is Form.ARROW_LINE:
            return 0.0, "on"
        gap, side = max((text.x0 - box.x1, "right"), (box.x0 - text.x1, "left"))
        return (AT_END + gap / size, side) if -SINK * size <= gap <= END_REACH * size else None
    gap, side = max((box.cy - text.y1, "above"), (text.y0 - box.cy, "below"))
    if not -SINK * size <= gap <= REACH * size:
        return None
    askew = min(abs(text.cx - box.cx), abs(text.x0 - box.x0)) / size
    if shared:
        return abs(gap) / size + ASKEW * askew, side
    # In a sheet a text stands at the left of the cell in which its arrow begins.
    cell = next((c for c in axis.finest if c.x0 <= box.x0 < c.x1), None)
    in_cell = cell is not None and bar.shape.form is Form.ARROW_LINE and cell.x0 - SINK * size <= text.x0 <= box.x0
    return (AT_END + abs(gap) / size + ASKEW * askew, side) if in_cell else None


def _apart(bar: BBox, text: BBox, level: Sequence[Ruling]) -> bool:
    """Whether a rule of the table runs between a bar and a text."""
    top, bottom = min(bar.cy, text.cy), max(bar.cy, text.cy)
    x0, x1 = max(bar.x0, text.x0), min(bar.x1, text.x1)
    return any(top < r.at < bottom and r.start <= (x0 + x1) / 2 <= r.end for r in level)


def _usual(pairs: Sequence[_Pair]) -> str | None:
    """The side on which most bars have their nearest text."""
    nearest: dict[int, _Pair] = {}
    for pair in pairs:
        if pair.bar not in nearest or pair.cost < nearest[pair.bar].cost:
            nearest[pair.bar] = pair
    votes = Counter(pair.side for pair in nearest.values())
    return max(sorted(votes), key=votes.__getitem__, default=None)
