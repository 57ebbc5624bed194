# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives marks and empty bars the text that stands beside them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Form, Line
from koteihyo.normalize.bars.placing import find_holder
from koteihyo.normalize.claims import Bar, Claims, Mark
from koteihyo.normalize.layout.blocks import Block, group_blocks, starts_aside
from koteihyo.normalize.scene import Scene


@dataclass(frozen=True)
class MarkCaptionSettings:
    """Where a mark's caption stands."""

    reach: float = 1.7
    """A caption stands this close to its mark, in line heights: up to 1.6 where a row of them has its own marks under it."""
    lines: int = 5
    """A caption under the middle of its mark, where it is narrow, has at most this many lines."""
    uncentred_lines: int = 3
    """Any other caption has at most this many."""
    centred: float = 0.8
    """A text is centred on a mark when their middles are this near, in line heights."""
    cut_gap: float = 0.1
    """Captions that touch may be parted where at least this much space is between two glyphs, in line heights."""
    other_side: float = 1.5
    """What it costs a caption to stand on another side of its mark than the others do, in line heights."""
    above: float = 0.2
    """What it costs a caption to stand over its mark rather than under it, in line heights."""
    beside: float = 0.3
    """What it costs a caption to stand beside its mark."""
    level: float = 0.2
    """A caption beside its mark overlaps its height, or misses it by at most this, in line heights."""
    askew: float = 0.05
    """What each point costs that the middles of a caption and its mark are apart, in points."""
    same_line: float = 0.3
    """Pieces of one line are level, and touch their text at most, within this, in line heights."""


MARK_CAPTIONS = MarkCaptionSettings()


def bridge_texts(scene: Scene, claims: Claims) -> Claims:
    """Joins arrow lines that are broken for the text in their middle.

    The piece before the text is an arrow line too, which then is no bar of its own, or a plain line.
    """
    level = [BBox(r.start, r.at, r.end, r.at) for r in scene.rulings if not r.vertical]
    for bar in [bar for bar in claims.bars if bar.shape.form is Form.ARROW_LINE]:
        if bar not in claims.bars:
            continue
        others = [b for b in claims.bars if b.shape.form is Form.ARROW_LINE and b is not bar]
        pieces = [other.box for other in others if not claims.lines_of(other)] + level
        for line in claims.free:
            before = [box for box in pieces if _is_bridged(box, line, bar.box, scene.em)]
            if before:
                first = min(before, key=lambda box: line.box.x0 - box.x1)
                joined = Bar(replace(bar.shape, box=union([first, bar.box])))
                claims = claims.replace_bar(bar, joined).without_bars(b for b in others if b.box == first)
                claims = claims.give([line], joined, "stands in the gap of a broken line")
                break
    return claims


def _is_bridged(before: BBox, line: Line, after: BBox, em: float) -> bool:
    """Whether a text stands in the gap between two level pieces of one line."""
    gaps = (line.box.x0 - before.x1, after.x0 - line.box.x1)
    return (
        abs(before.cy - after.cy) <= MARK_CAPTIONS.same_line * em
        and abs(line.box.cy - after.cy) <= 0.5 * line.size
        and all(-MARK_CAPTIONS.same_line * em <= gap <= MARK_CAPTIONS.reach * line.size for gap in gaps)
    )


def caption_marks(scene: Scene, claims: Claims) -> Claims:
    """The caption beside, above or below each mark.

    All pairs compete: the closest goes first, a page's usual side before the others, and a triangle takes one block.
    """
    marks, em = claims.marks, scene.em
    if not marks:
        return claims
    lines = may_caption([ln for ln in claims.free if not starts_aside(ln.text)], claims)
    # What is centred on a mark is its caption, and no continuation of the caption beside it.
    blocks = group_blocks(lines, apart={ln for ln in lines if _centred(ln, marks, em)})
    pairs = []
    for m, mark in enumerate(marks):
        for b, block in enumerate(blocks):
            found = _caption_distance(mark.shape.box, block, em)
            if found is not None:
                pairs.append((*found, m, b))
    usual = _usual_side(pairs)
    pairs = [
        (distance + (0 if side == usual else MARK_CAPTIONS.other_side * em), side, m, b)
        for distance, side, m, b in pairs
    ]
    used_marks: set[int] = set()
    used_blocks: set[int] = set()
    given = []
    for _distance, side, m, b in sorted(pairs):
        if m not in used_marks and b not in used_blocks:
            used_marks.add(m)
            used_blocks.add(b)
            given += [(line, marks[m], f"the closest text, {side}") for line in blocks[b].lines]
    return claims.give_each(given)


def cut_between_marks(scene: Scene, claims: Claims) -> Claims:
    """Lines whose parts are each centred on a mark of its own, cut: captions of marks side by side touch."""
    plain = [ln for ln in claims.free if not starts_aside(ln.text)] if claims.marks else []
    cut = {line: _cut(line, claims.marks, scene.em) for line in plain}
    return claims.cut({line: pieces for line, pieces in cut.items() if len(pieces) > 1})


def _cut(line: Line, marks: Sequence[Mark], em: float) -> list[Line]:
    for i in range(1, len(line.glyphs) if line.direction is Direction.HORIZONTAL else 0):
        before, glyph = line.glyphs[i - 1], line.glyphs[i]
        if before.seqno == glyph.seqno and glyph.box.x0 - before.box.x1 < MARK_CAPTIONS.cut_gap * line.size:
            continue
        pieces = [Line(line.glyphs[:i], line.direction), Line(line.glyphs[i:], line.direction)]
        if not any(piece.is_blank for piece in pieces) and _centred_apart(pieces, marks, em):
            return [pieces[0], *_cut(pieces[1], marks, em)]
    return [line]


def _centred(line: Line, marks: Sequence[Mark], em: float) -> bool:
    """Whether a line stands over or under the middle of a mark, as near as captions do."""
    return bool(_middles(line, marks, em))


def _centred_apart(pieces: Sequence[Line], marks: Sequence[Mark], em: float) -> bool:
    """Whether two pieces of a line stand over or under the middles of two marks beside one another."""
    first, second = (_middles(piece, marks, em) for piece in pieces)
    return any(b - a >= em for a in first for b in second)


def _middles(line: Line, marks: Sequence[Mark], em: float) -> list[float]:
    boxes = (mark.shape.box for mark in marks)
    return [
        box.cx
        for box in boxes
        if abs(line.box.cx - box.cx) <= MARK_CAPTIONS.centred * em
        and max(line.box.y0 - box.y1, box.y0 - line.box.y1) <= MARK_CAPTIONS.lines * line.size
    ]


def _usual_side(pairs: Sequence[tuple[float, str, int, int]]) -> str | None:
    """The side of their mark on which most captions stand, by the marks that leave no choice."""
    choices: defaultdict[int, list[str]] = defaultdict(list)
    for _distance, side, m, _b in pairs:
        choices[m].append(side)
    votes = Counter(sides[0] for sides in choices.values() if len(sides) == 1)
    return max(sorted(votes), key=votes.__getitem__, default=None)


def may_caption(lines: Sequence[Line], claims: Claims) -> list[Line]:
    """The lines that could be captions: not those that are all a bar has to say."""
    held: dict[Bar, list[Line]] = defaultdict(list)
    free: list[Line] = []
    for line in lines:
        bar = find_holder(line, claims)
        if bar is None:
            free.append(line)
        else:
            held[bar].append(line)
    result = free
    for inside in held.values():
        blocks = sorted(group_blocks(inside), key=lambda b: (b.box.y0, b.box.x0))
        # The text that a bar begins with is the bar's own.
        first = min(blocks, key=lambda b: b.box.x0 + b.box.y0, default=None)
        result += [ln for b in blocks if b is not first for ln in b.lines]
    return result


def _caption_distance(mark: BBox, block: Block, em: float) -> tuple[float, str] | None:
    """(how far a caption is from its mark, in points; on which side of it), or None when it cannot be its caption."""
    box = block.box
    reach = MARK_CAPTIONS.reach * em
    dx = max(box.x0 - mark.x1, mark.x0 - box.x1, 0.0)
    dy = max(box.y0 - mark.y1, mark.y0 - box.y1, 0.0)
    centred = abs(box.cx - mark.cx) <= MARK_CAPTIONS.centred * em
    if len(block.lines) > (MARK_CAPTIONS.lines if centred else MARK_CAPTIONS.uncentred_lines):
        return None
    if dx == 0 and dy <= reach:
        # Under or over it; a caption below is the rule.
        below = box.cy > mark.cy
        return dy + (0 if below else MARK_CAPTIONS.above * em) + MARK_CAPTIONS.askew * abs(
            box.cx - mark.cx
        ), "below" if below else "above"
    if dy <= MARK_CAPTIONS.level * em and dx <= reach:
        return dx + MARK_CAPTIONS.beside * em, "beside"
    return None
