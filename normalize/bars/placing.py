# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives each line of text to the bar it is written in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from koteihyo.extract.model import Direction, Form, Glyph, Line, Shape
from koteihyo.extract.paths import contains
from koteihyo.normalize.axis.extent import ARROW_FORMS
from koteihyo.normalize.bars.shapes import Bar
from koteihyo.normalize.layout.blocks import MARK_SIGNS, group_blocks, starts_aside
from koteihyo.normalize.text.characters import fold

# Text runs over its arrow's tip by gaps no wider than this, in line heights.
OVERFLOW_GAP = 1.3
# A line that begins in a bar is the bar's when this part of it lies inside.
STARTS_INSIDE = 0.12
# A line is cut between two bars only where a gap shows, in line heights.
CUT_GAP = 0.12
# A box of a text's own is at most this much higher than it, in line heights.
BOX_PADDING = 2.0
BOXED_SIGNS = tuple("★☆◆◇")
# Outlines with more points than an arrow has are not tested as polygons.
MAX_ARROW_POINTS = 12


def cut_at_bars(lines: Sequence[Line], bars: Sequence[Bar]) -> list[Line]:
    """Lines that run through two neighbouring bars, cut at the gap between them."""
    result = []
    for line in lines:
        if line.direction is not Direction.HORIZONTAL:
            result.append(line)
            continue
        near = [b for b in bars if b.box.y0 <= line.box.cy <= b.box.y1 and b.box.x_overlap(line.box) > 0]
        result += _cut(line, near) if len(near) > 1 else [line]
    return result


def _cut(line: Line, bars: Sequence[Bar]) -> list[Line]:
    owners = [_leaf(g, bars) for g in line.glyphs]
    pieces: list[list[Glyph]] = [[line.glyphs[0]]]
    for i in range(1, len(line.glyphs)):
        before, glyph = line.glyphs[i - 1], line.glyphs[i]
        a, b = owners[i - 1], owners[i]
        gap = glyph.box.x0 - before.box.x1
        apart = a is not None and b is not None and a is not b and not _related(a, b)
        if apart and (gap >= CUT_GAP * line.size or before.seqno != glyph.seqno or glyph.char.isspace()):
            pieces.append([])
        pieces[-1].append(glyph)
    return [Line(tuple(p), line.direction) for p in pieces if p]


def _leaf(glyph: Glyph, bars: Sequence[Bar]) -> Bar | None:
    holding = [b for b in bars if b.box.contains_point(glyph.box.cx, glyph.box.cy)]
    return min(holding, key=lambda b: b.box.area, default=None)


def _related(a: Bar, b: Bar) -> bool:
    return a.parent is b or b.parent is a


def place_lines(lines: Sequence[Line], bars: Sequence[Bar]) -> list[Line]:
    """Gives every line to the smallest bar that holds most of it; returns the lines that no bar holds."""
    free: list[Line] = []
    for line in lines:
        bar = find_holder(line, bars)
        if bar is None:
            free.append(line)
        else:
            bar.lines.append(line)
    return _overflow(free, bars)


def find_holder(line: Line, bars: Sequence[Bar]) -> Bar | None:
    """The bar that a line is written in: one that holds it or in which it begins, else one that holds half of it."""
    glyphs = [g for g in line.glyphs if not g.char.isspace()]
    whole: list[tuple[Bar, float]] = []
    partial: list[tuple[Bar, float]] = []
    for bar in bars:
        if bar.box.intersection_area(line.box) <= 0:
            continue
        inside = [holds(bar.shape, g.box.cx, g.box.cy, 0.1 * g.size) for g in glyphs]
        share = sum(inside) / max(len(glyphs), 1)
        begins = bool(inside) and inside[0]
        # Text may run out of its bar into the bar around it.
        if share >= 0.8 or (begins and share >= STARTS_INSIDE):
            whole.append((bar, share))
        elif share >= 0.5:
            partial.append((bar, share))
    if not whole and not partial:
        return None
    if not whole:
        return max(partial, key=lambda p: p[1])[0]
    best, best_share = whole[0]
    for bar, share in whole[1:]:
        if _inside(bar, best):
            best, best_share = bar, share
        elif not _inside(best, bar) and (share >= 0.98, bar.shape.seqno) > (best_share >= 0.98, best.shape.seqno):
            # Of bars that overlap, text is written on the one that lies on top.
            best, best_share = bar, share
    return best


def _inside(bar: Bar, other: Bar) -> bool:
    """Whether `other` is among the bars around `bar`."""
    while bar.parent is not None:
        bar = bar.parent
        if bar is other:
            return True
    return False


def holds(shape: Shape, x: float, y: float, margin: float) -> bool:
    """Whether a point lies in a shape. The shaft of a block arrow is thinner than its box."""
    if not shape.box.contains_point(x, y, margin):
        return False
    if shape.form in (Form.BLOCK_ARROW, Form.DOUBLE_ARROW) and len(shape.points) <= MAX_ARROW_POINTS:
        return any(contains(shape.points, x, y + dy) for dy in (0.0, margin, -margin))
    return True


def _overflow(free: Sequence[Line], bars: Sequence[Bar]) -> list[Line]:
    """Free lines that continue a bar's line past its tip join it; the others are returned."""
    remaining: list[Line] = []
    for line in sorted(free, key=lambda ln: ln.box.x0):
        for bar in bars:
            if any(_continues(before, line) for before in bar.lines):
                bar.lines.append(line)
                break
        else:
            remaining.append(line)
    return remaining


def _continues(before: Line, line: Line) -> bool:
    if before.direction is not Direction.HORIZONTAL or line.direction is not Direction.HORIZONTAL:
        return False
    em = before.size
    return (
        abs(before.glyphs[-1].baseline - line.glyphs[0].baseline) <= 0.15 * em
        and 0.95 <= line.size / em <= 1.05
        and -0.3 * em <= line.box.x0 - before.box.x1 <= OVERFLOW_GAP * em
        and before.glyphs[0].color == line.glyphs[0].color
        and fold(line.text).lstrip()[:1] not in MARK_SIGNS + "※"
    )


def rejoin_owners(bars: Sequence[Bar]) -> None:
    """Moves a bracketed list of ministries from the bar around to the nested bar whose text it follows."""
    for bar in bars:
        for child in bars:
            if child.parent is not bar:
                continue
            for line in [ln for ln in bar.lines if fold(ln.text).strip()[:1] in "[［〔"]:
                if any(_continues_row(before, line) for before in child.lines):
                    bar.lines.remove(line)
                    child.lines.append(line)


def _continues_row(before: Line, line: Line) -> bool:
    em = max(before.size, line.size)
    return (
        abs(before.glyphs[-1].baseline - line.glyphs[0].baseline) <= 0.35 * em
        and -0.3 * em <= line.box.x0 - before.box.x1 <= OVERFLOW_GAP * em
    )


def release_remarks(bars: Sequence[Bar]) -> list[Line]:
    """Takes from each bar, and returns, what is written beyond bars nested in it: a remark, not the bar's own text."""
    released: list[Line] = []
    for bar in bars:
        children = [b.box for b in bars if b.parent is bar]
        blocks = sorted(group_blocks(bar.lines), key=lambda b: b.box.y0)
        for block in blocks[1:]:
            own_end = blocks[0].box.y1
            if any(own_end <= child.cy <= block.box.y0 and child.x_overlap(block.box) > 0 for child in children):
                released += block.lines
    taken = set(released)
    for bar in bars:
        bar.lines = [ln for ln in bar.lines if ln not in taken]
    return released


def lift_text_boxes(bars: list[Bar]) -> list[Bar]:
    """Text in a box of its own on an empty arrow is the arrow's text; returns the bars without such boxes."""
    children: dict[Bar, list[Bar]] = defaultdict(list)
    for bar in bars:
        if bar.parent is not None:
            children[bar.parent].append(bar)
    lifted: set[Bar] = set()
    for bar in bars:
        if bar.lines:
            continue
        inside = [c for c in children[bar] if c.lines]
        if len(inside) != 1:
            continue
        child = inside[0]
        plain = child.shape.form in (Form.RECT, Form.ROUND_RECT)
        centred = abs(child.box.cy - bar.box.cy) <= 0.25 * bar.box.height
        if plain and centred and (child.shape.stroke is None or bar.shape.form in ARROW_FORMS):
            bar.lines = child.lines
            lifted.add(child)
    for bar in bars:
        while bar.parent is not None and bar.parent in lifted:
            bar.parent = bar.parent.parent
    return [b for b in bars if b not in lifted]


def take_boxed(lines: Sequence[Line], bars: Sequence[Bar], em: float) -> set[Line]:
    """Gives texts with a sign in a box of their own to that box, and returns them: a target that comments on the bars.

    A text with a triangle stays a milestone, boxed or not.
    """
    signed = [ln for ln in lines if fold(ln.text).strip()[:1] in BOXED_SIGNS]
    taken: set[Line] = set()
    for bar in bars if signed else ():
        if bar.shape.form not in (Form.RECT, Form.ROUND_RECT) or not any(bar.box.contains(ln.box) for ln in signed):
            continue
        inside = [ln for ln in lines if bar.box.contains_point(ln.box.cx, ln.box.cy)]
        first = min(inside, key=lambda ln: (round(ln.box.y0), ln.box.x0))
        height = max(ln.box.y1 for ln in inside) - min(ln.box.y0 for ln in inside)
        alone = [ln for ln in inside if starts_aside(ln.text)] == [first]
        if alone and first in signed and bar.box.height <= height + BOX_PADDING * em:
            bar.lines += inside
            taken.update(inside)
    return taken
