# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chooses the shapes of a chart that are bars, and gives each line of text to the shape it is written in."""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.geometry import BBox
from extract.model import Direction, Form, Glyph, Line, Shape
from extract.paths import contains
from normalize.region import ARROW_FORMS, Region, is_bar_like
from normalize.text import fold

# Lengths in line heights.
# Text runs over its arrow's tip by gaps no wider than this.
OVERFLOW_GAP = 1.3
# A caption stands this close to its triangle.
CAPTION_REACH = 1.2
# Lines of one block are set closer than this.
BLOCK_LINE_GAP = 0.75
# A triangle larger than this is a shape of its own, not a milestone mark.
MARK_SIZE = 2.2
POINTER_SIZE = 3.0
# Part of a child's area that lies in its parent; pieces stick out by their tips.
NESTED_PART = 0.85
# Outlines with more points than an arrow has are not tested as polygons.
MAX_ARROW_POINTS = 12
# A line that begins in a bar is the bar's when this part of it lies inside.
STARTS_INSIDE = 0.12
# A line is cut between two bars only where a gap shows.
CUT_GAP = 0.12

_MARK_FORMS = (Form.TRIANGLE, Form.BLOCK_ARROW, Form.POLYGON, Form.DOUBLE_ARROW)
MARK_SIGNS = "▲△▼▽◆◇★☆"
_ASIDE = re.compile(r"[（(]注\s?[0-9０-９]*[）)]\S{4,}|注\s?[0-9０-９]*[）)：:]")
_BRACKETED = {"＜": "＞", "<": ">", "〈": "〉", "《": "》", "≪": "≫"}


@dataclass
class Bar:
    """A shape of the chart's body with the lines written in it; filled step by step while a page is read."""

    shape: Shape
    lines: list[Line] = field(default_factory=list)
    parent: Bar | None = None

    @property
    def box(self) -> BBox:
        """The shape's box."""
        return self.shape.box


@dataclass
class Mark:
    """A small triangle or arrow head and its caption."""

    shape: Shape
    lines: list[Line] = field(default_factory=list)

    @property
    def is_milestone(self) -> bool:
        """Whether it marks a date; a small arrow only points at a bar."""
        return self.shape.form is Form.TRIANGLE


@dataclass(frozen=True)
class Block:
    """Free text: lines that stand together outside every bar."""

    lines: tuple[Line, ...]
    box: BBox


def choose_bars(
    shapes: Sequence[Shape], region: Region, lines: Sequence[Line]
) -> tuple[list[Bar], list[Mark]]:
    """The bars of a chart's body, and the small textless triangles and arrows that have captions beside them."""
    body, em = region.body, region.axis.em
    inside = [
        s
        for s in shapes
        if is_bar_like(s, region.axis)
        and s.box.cy > body.y0
        and s.box.y0 >= body.y0 - 0.5 * em
        and s.box.cy < body.y1 + 0.5 * em
    ]
    marks = [
        Mark(s)
        for s in inside
        if s.form in _MARK_FORMS
        and max(s.box.width, s.box.height) <= (MARK_SIZE if s.form is Form.TRIANGLE else POINTER_SIZE) * em
        and s.fill is not None
        and (s.form is Form.TRIANGLE or not any(s.box.contains_point(ln.box.cx, ln.box.cy) for ln in lines))
    ]
    marked = {id(m.shape) for m in marks}
    bars = [Bar(s) for s in inside if id(s) not in marked and not _is_furniture(s, region)]
    return bars, marks


def _is_furniture(shape: Shape, region: Region) -> bool:
    """Column stripes, panels and the chart's own frame: shapes that are part of the grid, not of the plan."""
    body = region.body
    covers_height = shape.box.height >= 0.9 * body.height
    covers_width = shape.box.width >= 0.9 * body.width
    return covers_height and (covers_width or shape.form is Form.RECT and body.height > 12 * region.axis.em)


def nest(bars: Sequence[Bar]) -> None:
    """Sets each bar's parent: the smallest bar in whose area it lies."""
    by_area = sorted(bars, key=lambda b: b.box.area)
    for i, bar in enumerate(by_area):
        for other in by_area[i + 1 :]:
            if other.box.area > 1.15 * bar.box.area and (
                other.box.intersection_area(bar.box) >= NESTED_PART * bar.box.area
            ):
                bar.parent = other
                break


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
        bar = _holder(line, bars)
        if bar is None:
            free.append(line)
        else:
            bar.lines.append(line)
    return _overflow(free, bars)


def _holder(line: Line, bars: Sequence[Bar]) -> Bar | None:
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


def lift_text_boxes(bars: list[Bar]) -> list[Bar]:
    """Text in a box of its own on an empty arrow is the arrow's text; returns the bars without such boxes."""
    children: dict[int, list[Bar]] = defaultdict(list)
    for bar in bars:
        if bar.parent is not None:
            children[id(bar.parent)].append(bar)
    lifted: set[int] = set()
    for bar in bars:
        if bar.lines:
            continue
        inside = [c for c in children[id(bar)] if c.lines]
        if len(inside) != 1:
            continue
        child = inside[0]
        plain = child.shape.form in (Form.RECT, Form.ROUND_RECT)
        centred = abs(child.box.cy - bar.box.cy) <= 0.25 * bar.box.height
        if plain and centred and (child.shape.stroke is None or bar.shape.form in ARROW_FORMS):
            bar.lines = child.lines
            lifted.add(id(child))
    for bar in bars:
        while bar.parent is not None and id(bar.parent) in lifted:
            bar.parent = bar.parent.parent
    return [b for b in bars if id(b) not in lifted]


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


def group_blocks(lines: Sequence[Line]) -> list[Block]:
    """Free lines grouped into blocks: lines set closely under one another, with a common edge or centre."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda ln: (ln.box.y0, ln.box.x0)):
        if line.is_blank:
            continue
        for group in groups:
            if _joins(group, line):
                group.append(line)
                break
        else:
            groups.append([line])
    return [Block(tuple(g), _box(g)) for g in groups]


def _box(lines: Sequence[Line]) -> BBox:
    return BBox(
        min(ln.box.x0 for ln in lines),
        min(ln.box.y0 for ln in lines),
        max(ln.box.x1 for ln in lines),
        max(ln.box.y1 for ln in lines),
    )


def _joins(group: Sequence[Line], line: Line) -> bool:
    last = group[-1]
    if last.direction is not line.direction:
        return False
    if starts_item(line.text):
        return False
    em = statistics.mean((last.size, line.size))
    same_size = 0.8 <= line.size / last.size <= 1.25
    if not same_size:
        return False
    # Pieces of one line with a visible gap between them.
    if abs(last.glyphs[-1].baseline - line.glyphs[0].baseline) <= 0.2 * em:
        return 0 <= line.box.x0 - last.box.x1 <= OVERFLOW_GAP * em
    gap = line.box.y0 - last.box.y1
    box = _box(group)
    aligned = (
        abs(line.box.x0 - box.x0) <= 1.2 * em or abs(line.box.cx - box.cx) <= em or abs(line.box.x1 - box.x1) <= 0.5 * em
    )
    return -0.4 * em <= gap <= BLOCK_LINE_GAP * em and aligned and line.box.x_overlap(box) > 0


def starts_item(text: str) -> bool:
    """Whether a line begins an entry of its own: a mark, a note or a bracketed subtitle."""
    return starts_aside(text) or is_subtitle(text)


def starts_aside(text: str) -> bool:
    """Whether a line begins a milestone or a note, which is an entry of its own even inside a bar."""
    text = fold(text).strip()
    return text[:1] in (*MARK_SIGNS, "※") or bool(_ASIDE.match(text))


def is_subtitle(text: str) -> bool:
    """Whether a text is one bracketed subtitle such as ＜…＞."""
    text = fold(text).strip()
    close = _BRACKETED.get(text[:1])
    return close is not None and text.endswith(close) and text.count(text[0]) == 1


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
        bar = _holder(line, bars)
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
