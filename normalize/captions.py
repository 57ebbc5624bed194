# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives marks and thin arrow lines the text that stands beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from extract.geometry import BBox
from extract.model import Form, Line
from normalize.bars import Bar, Mark
from normalize.blocks import Block, group_blocks
from normalize.placing import find_holder

# A caption stands this close to its mark, in line heights.
CAPTION_REACH = 1.2


def caption_arrow_lines(bars: Sequence[Bar], free: Sequence[Line]) -> list[Line]:
    """Gives text over or under a thin arrow line to it; returns the lines left over."""
    remaining = list(free)
    for bar in bars:
        if bar.shape.form is not Form.ARROW_LINE:
            continue
        near = [
            ln
            for ln in remaining
            if ln.box.x_overlap(bar.box) >= 0.6 * ln.box.width
            and min(abs(bar.box.cy - ln.box.y1), abs(ln.box.y0 - bar.box.cy)) <= CAPTION_REACH * ln.size
        ]
        above = [ln for ln in near if ln.box.cy <= bar.box.cy]
        chosen = above or near
        if chosen:
            block = _grow(chosen, remaining)
            bar.lines += block
            taken = {id(ln) for ln in block}
            remaining = [ln for ln in remaining if id(ln) not in taken]
    return remaining


def _grow(seed: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """The block of lines that the seed belongs to."""
    for block in group_blocks(lines):
        if any(any(ln is s for ln in block.lines) for s in seed):
            return list(block.lines)
    return list(seed)


def caption_marks(marks: Sequence[Mark], lines: Sequence[Line], em: float) -> list[Line]:
    """Gives each mark the caption beside, above or below it; returns the lines left over.

    All pairs compete: the closest goes first, and a triangle takes one block.
    """
    blocks = group_blocks(lines)
    pairs = []
    for m, mark in enumerate(marks):
        for b, block in enumerate(blocks):
            distance = _caption_distance(mark.shape.box, block, em)
            if distance is not None:
                pairs.append((distance, m, b))
    used_marks: set[int] = set()
    used_blocks: set[int] = set()
    for _distance, m, b in sorted(pairs):
        if m not in used_marks and b not in used_blocks:
            used_marks.add(m)
            used_blocks.add(b)
            marks[m].lines += blocks[b].lines
    taken = {id(ln) for b in used_blocks for ln in blocks[b].lines}
    return [ln for ln in lines if id(ln) not in taken]


def may_caption(lines: Sequence[Line], bars: Sequence[Bar]) -> list[Line]:
    """The lines that could be captions: not those that are all a bar has to say."""
    held: dict[int, list[Line]] = defaultdict(list)
    free: list[Line] = []
    for line in lines:
        bar = find_holder(line, bars)
        if bar is None:
            free.append(line)
        else:
            held[id(bar)].append(line)
    result = free
    for inside in held.values():
        blocks = sorted(group_blocks(inside), key=lambda b: (b.box.y0, b.box.x0))
        # The text that a bar begins with is the bar's own.
        first = min(blocks, key=lambda b: b.box.x0 + b.box.y0, default=None)
        result += [ln for b in blocks if b is not first for ln in b.lines]
    return result


def _caption_distance(mark: BBox, block: Block, em: float) -> float | None:
    """How far a caption is from its mark, in points; None when it cannot be its caption."""
    box = block.box
    reach = CAPTION_REACH * em
    dx = max(box.x0 - mark.x1, mark.x0 - box.x1, 0.0)
    dy = max(box.y0 - mark.y1, mark.y0 - box.y1, 0.0)
    if len(block.lines) > 3:
        return None
    if dx == 0 and dy <= reach:
        # Under or over it; a caption below is the rule.
        return dy + (0 if box.cy > mark.cy else 0.2 * em) + 0.05 * abs(box.cx - mark.cx)
    if dy <= 0.2 * em and dx <= reach:
        return dx + 0.3 * em
    return None
