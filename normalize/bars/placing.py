# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives each line of text to the bar it is written in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.extract.model import Direction, Form, Glyph, Line, Shape
from koteihyo.extract.paths import contains
from koteihyo.normalize.axis.extent import ARROW_FORMS
from koteihyo.normalize.claims import Area, Bar, Claims
from koteihyo.normalize.layout.blocks import MARK_SIGNS, group_blocks, starts_aside
from koteihyo.normalize.scene import Scene
from koteihyo.normalize.text.characters import fold


@dataclass(frozen=True)
class PlacingSettings:
    """Which text is written in which bar."""

    overflow_gap: float = 1.3
    """Text runs over its arrow's tip by gaps no wider than this, in line heights."""
    starts_inside: float = 0.12
    """A line that begins in a bar is the bar's when this part of it lies inside."""
    cut_gap: float = 0.12
    """A line is cut between two bars only where a gap shows, in line heights."""
    whole: float = 0.8
    """Of a line that begins elsewhere, this part must lie inside for the bar to hold it all."""
    half: float = 0.5
    """Where no bar holds a line, the one that holds this part of it has it."""
    on_top: float = 0.98
    """Of bars that overlap, one that holds this part of a line goes first, then the upper one."""
    around_glyph: float = 0.1
    """A glyph's middle may lie this far outside, in sizes of the text."""
    same_baseline: float = 0.15
    """Baselines of one line that runs past a tip agree within this, in sizes of the text."""
    same_size: float = 0.05
    """Sizes of its glyphs differ by at most this part."""
    overlap: float = 0.3
    """Pieces of one line overlap by at most this, in sizes of the text."""
    owners_baseline: float = 0.35
    """A list of ministries stands on the baseline of the text before it within this, in sizes of the text."""
    off_middle: float = 0.25
    """A box of an arrow's own text is off its middle by at most this part of its height."""
    box_padding: float = 2.0
    """A box of a text's own is at most this much higher than it, in line heights."""
    max_arrow_points: int = 12
    """Outlines with more points than an arrow has are not tested as polygons."""


WRITTEN = PlacingSettings()


BOXED_SIGNS = tuple("★☆◆◇")


def cut_at_bars(_scene: Scene, claims: Claims) -> Claims:
    """Lines that run through two neighbouring bars, cut at the gap between them."""
    pieces = {}
    for line in claims.free:
        if line.direction is Direction.HORIZONTAL:
            near = [b for b in claims.bars if b.box.y0 <= line.box.cy <= b.box.y1 and b.box.x_overlap(line.box) > 0]
            cut = _cut(line, near, claims) if len(near) > 1 else []
            if len(cut) > 1:
                pieces[line] = cut
    return claims.cut(pieces)


def _cut(line: Line, bars: Sequence[Bar], claims: Claims) -> list[Line]:
    owners = [_leaf(g, bars) for g in line.glyphs]
    pieces: list[list[Glyph]] = [[line.glyphs[0]]]
    for i in range(1, len(line.glyphs)):
        before, glyph = line.glyphs[i - 1], line.glyphs[i]
        a, b = owners[i - 1], owners[i]
        gap = glyph.box.x0 - before.box.x1
        apart = (
            a is not None
            and b is not None
            and a is not b
            and claims.around.get(a) is not b
            and claims.around.get(b) is not a
        )
        if apart and (gap >= WRITTEN.cut_gap * line.size or before.seqno != glyph.seqno or glyph.char.isspace()):
            pieces.append([])
        pieces[-1].append(glyph)
    return [Line(tuple(p), line.direction) for p in pieces if p]


def _leaf(glyph: Glyph, bars: Sequence[Bar]) -> Bar | None:
    x, y = glyph.box.cx, glyph.box.cy
    holding = [b for b in bars if b.box.contains_point(x, y)]
    return min(holding, key=lambda b: b.box.area, default=None)


def place_texts(_scene: Scene, claims: Claims) -> Claims:
    """Every line in the smallest bar that holds most of it."""
    given = []
    for line in claims.free:
        bar = find_holder(line, claims)
        if bar is not None:
            given.append((line, bar, "stands in it"))
    return claims.give_each(given)


def find_holder(line: Line, claims: Claims) -> Bar | None:
    """The bar that a line is written in: one that holds it or in which it begins, else one that holds half of it."""
    middles = [(g.box.cx, g.box.cy, WRITTEN.around_glyph * g.size) for g in line.inked]
    whole: list[tuple[Bar, float]] = []
    partial: list[tuple[Bar, float]] = []
    for bar in claims.bars:
        if bar.box.intersection_area(line.box) <= 0:
            continue
        inside = [holds(bar.shape, x, y, margin) for x, y, margin in middles]
        share = sum(inside) / max(len(middles), 1)
        begins = bool(inside) and inside[0]
        # Text may run out of its bar into the bar around it.
        if share >= WRITTEN.whole or (begins and share >= WRITTEN.starts_inside):
            whole.append((bar, share))
        elif share >= WRITTEN.half:
            partial.append((bar, share))
    if not whole and not partial:
        return None
    if not whole:
        return max(partial, key=lambda p: p[1])[0]
    best, best_share = whole[0]
    for bar, share in whole[1:]:
        if claims.is_around(best, bar):
            best, best_share = bar, share
        elif not claims.is_around(bar, best) and (share >= WRITTEN.on_top, bar.shape.seqno) > (
            best_share >= WRITTEN.on_top,
            best.shape.seqno,
        ):
            # Of bars that overlap, text is written on the one that lies on top.
            best, best_share = bar, share
    return best


def holds(shape: Shape, x: float, y: float, margin: float) -> bool:
    """Whether a point lies in a shape. The shaft of a block arrow is thinner than its box."""
    if not shape.box.contains_point(x, y, margin):
        return False
    if shape.form in (Form.BLOCK_ARROW, Form.DOUBLE_ARROW) and len(shape.points) <= WRITTEN.max_arrow_points:
        return any(contains(shape.points, x, y + dy) for dy in (0.0, margin, -margin))
    return True


def follow_tips(_scene: Scene, claims: Claims) -> Claims:
    """Free lines that go on with a bar's line past its tip, for that bar."""
    held = {bar: list(claims.lines_of(bar)) for bar in claims.bars}
    given = []
    for line in sorted(claims.free, key=lambda ln: ln.box.x0):
        for bar, lines in held.items():
            if any(_continues(before, line) for before in lines):
                lines.append(line)
                given.append((line, bar, "goes on past its tip"))
                break
    return claims.give_each(given)


def _continues(before: Line, line: Line) -> bool:
    if before.direction is not Direction.HORIZONTAL or line.direction is not Direction.HORIZONTAL:
        return False
    em = before.size
    return (
        abs(before.end_baseline - line.start_baseline) <= WRITTEN.same_baseline * em
        and abs(line.size / em - 1) <= WRITTEN.same_size
        and -WRITTEN.overlap * em <= line.box.x0 - before.box.x1 <= WRITTEN.overflow_gap * em
        and before.glyphs[0].color == line.glyphs[0].color
        and fold(line.text).lstrip()[:1] not in MARK_SIGNS + "※"
    )


def rejoin_owners(_scene: Scene, claims: Claims) -> Claims:
    """A bracketed list of ministries, from the bar around to the nested bar whose text it follows."""
    held = {bar: list(claims.lines_of(bar)) for bar in claims.bars}
    given = {}
    for bar in claims.bars:
        for child in claims.bars:
            if claims.around.get(child) is not bar:
                continue
            for line in [ln for ln in held[bar] if fold(ln.text).strip()[:1] in "[［〔"]:
                if any(_continues_row(before, line) for before in held[child]):
                    held[bar].remove(line)
                    held[child].append(line)
                    given[line] = child
    return claims.give_each((line, bar, "names the owners of the text before it") for line, bar in given.items())


def _continues_row(before: Line, line: Line) -> bool:
    em = max(before.size, line.size)
    return (
        abs(before.end_baseline - line.start_baseline) <= WRITTEN.owners_baseline * em
        and -WRITTEN.overlap * em <= line.box.x0 - before.box.x1 <= WRITTEN.overflow_gap * em
    )


def release_remarks(_scene: Scene, claims: Claims) -> Claims:
    """What is written in a bar beyond bars nested in it is a remark, not the bar's own text."""
    released: list[Line] = []
    for bar in claims.bars:
        children = [b.box for b in claims.bars if claims.around.get(b) is bar]
        blocks = sorted(group_blocks(claims.lines_of(bar)), key=lambda b: b.box.y0) if children else []
        for block in blocks[1:]:
            own_end = blocks[0].box.y1
            if any(own_end <= child.cy <= block.box.y0 and child.x_overlap(block.box) > 0 for child in children):
                released += block.lines
    return claims.give(released, Area.BODY, "written beyond the bars in its bar")


def lift_text_boxes(_scene: Scene, claims: Claims) -> Claims:
    """Text in a box of its own on an empty arrow is the arrow's text, and the box no bar."""
    children: dict[Bar, list[Bar]] = defaultdict(list)
    for inner, outer in claims.around.items():
        children[outer].append(inner)
    held = {bar: claims.lines_of(bar) for bar in claims.bars}
    lifted: set[Bar] = set()
    for bar in claims.bars:
        inside = [c for c in children[bar] if held[c]]
        if held[bar] or len(inside) != 1:
            continue
        child = inside[0]
        plain = child.shape.form in (Form.RECT, Form.ROUND_RECT)
        centred = abs(child.box.cy - bar.box.cy) <= WRITTEN.off_middle * bar.box.height
        if plain and centred and (child.shape.stroke is None or bar.shape.form in ARROW_FORMS):
            held[bar] = held[child]
            lifted.add(child)
    given = [
        (line, bar, "stands in a box of its own on it")
        for bar, lines in held.items()
        if bar not in lifted and lines is not claims.lines_of(bar)
        for line in lines
    ]
    return claims.give_each(given).without_bars(lifted)


def take_boxed(scene: Scene, claims: Claims) -> Claims:
    """Texts with a sign in a box of their own, for that box: a target that comments on the bars.

    A text with a triangle stays a milestone, boxed or not.
    """
    lines = list(claims.free)
    signed = [ln for ln in lines if fold(ln.text).strip()[:1] in BOXED_SIGNS]
    given: dict[Line, Bar] = {}
    for bar in claims.bars if signed else ():
        if bar.shape.form not in (Form.RECT, Form.ROUND_RECT) or not any(bar.box.contains(ln.box) for ln in signed):
            continue
        inside = [ln for ln in lines if bar.box.contains_point(ln.box.cx, ln.box.cy)]
        first = min(inside, key=lambda ln: (round(ln.box.y0), ln.box.x0))
        height = max(ln.box.y1 for ln in inside) - min(ln.box.y0 for ln in inside)
        alone = [ln for ln in inside if starts_aside(ln.text)] == [first]
        if alone and first in signed and bar.box.height <= height + WRITTEN.box_padding * scene.em:
            given.update(dict.fromkeys(inside, bar))
    return claims.give_each((line, bar, "a sign and its text fill the box") for line, bar in given.items())
