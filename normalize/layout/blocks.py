# SPDX-License-Identifier: AGPL-3.0-or-later
"""Groups free lines of text into blocks, and knows the lines that begin an entry of their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Line, Ruling
from koteihyo.normalize.text.characters import KEPT_TEXTS, fold


@dataclass(frozen=True)
class BlockSettings:
    """Which lines make one text. Lengths in line heights."""

    same_size: float = 0.8
    """Sizes of two lines of one text are at least this much of one another."""
    same_baseline: float = 0.2
    """Pieces of one line have baselines that agree within this."""
    same_start: float = 1.2
    """Lines of one text begin at one x within this,"""
    same_middle: float = 1.0
    """or have one middle within this,"""
    same_end: float = 0.5
    """or end at one x within this."""
    overlap: float = 0.4
    """Boxes of lines set closely overlap by at most this."""
    line_gap: float = 0.75
    """Lines of one block are set closer than this."""
    piece_gap: float = 1.3
    """Pieces of one line stand no further apart than this."""


BLOCKS = BlockSettings()


# A rule between two rows of a table is longer than their text by this at either end, in line heights.
RULE_BEYOND = 0.3

MARK_SIGNS = "▲△▼▽◆◇★☆"
_ASIDE = re.compile(r"[（(]注\s?[0-9０-９]*[）)]\S{4,}|注\s?[0-9０-９]*[）)：:]")
_BRACKETED = {"＜": "＞", "<": ">", "〈": "〉", "《": "》", "≪": "≫"}


@dataclass(frozen=True)
class Block:
    """Free text: lines that stand together outside every bar."""

    lines: tuple[Line, ...]
    box: BBox


def group_blocks(lines: Sequence[Line], apart: Collection[Line] = ()) -> list[Block]:
    """Free lines grouped into blocks: lines set closely under one another, with a common edge or centre.

    `apart` has the lines that do not go on with the one before them at the same height.
    """
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda ln: (ln.box.y0, ln.box.x0)):
        if line.is_blank:
            continue
        for group in groups:
            if _joins(group, line, line in apart):
                group.append(line)
                break
        else:
            groups.append([line])
    return [Block(tuple(g), union(ln.box for ln in g)) for g in groups]


def _joins(group: Sequence[Line], line: Line, apart: bool) -> bool:
    last = group[-1]
    if last.direction is not line.direction:
        return False
    if starts_item(line.text):
        return False
    em = (last.size + line.size) / 2
    if not BLOCKS.same_size <= line.size / last.size <= 1 / BLOCKS.same_size:
        return False
    # Pieces of one line with a visible gap between them.
    if abs(last.end_baseline - line.start_baseline) <= BLOCKS.same_baseline * em:
        return not apart and 0 <= line.box.x0 - last.box.x1 <= BLOCKS.piece_gap * em
    if not -BLOCKS.overlap * em <= line.box.y0 - last.box.y1 <= BLOCKS.line_gap * em:
        return False
    box = union(ln.box for ln in group)
    aligned = (
        abs(line.box.x0 - box.x0) <= BLOCKS.same_start * em
        or abs(line.box.cx - box.cx) <= BLOCKS.same_middle * em
        or abs(line.box.x1 - box.x1) <= BLOCKS.same_end * em
    )
    return aligned and line.box.x_overlap(box) > 0


@lru_cache(maxsize=KEPT_TEXTS)
def starts_item(text: str) -> bool:
    """Whether a line begins an entry of its own: a mark, a note or a bracketed subtitle."""
    return starts_aside(text) or is_subtitle(text)


@lru_cache(maxsize=KEPT_TEXTS)
def starts_aside(text: str) -> bool:
    """Whether a line begins a milestone or a note, which is an entry of its own even inside a bar."""
    text = fold(text).strip()
    return text[:1] in (*MARK_SIGNS, "※") or bool(_ASIDE.match(text))


def is_subtitle(text: str) -> bool:
    """Whether a text is one bracketed subtitle such as ＜…＞."""
    text = fold(text).strip()
    close = _BRACKETED.get(text[:1])
    return close is not None and text.endswith(close) and text.count(text[0]) == 1


def part_at_rules(blocks: Sequence[Block], level: Sequence[Ruling]) -> list[Block]:
    """The blocks in pieces where a level rule that is longer than their text on both sides runs between two lines."""
    result = []
    for block in blocks:
        groups: list[list[Line]] = []
        for line in sorted(block.lines, key=lambda ln: (ln.box.cy, ln.box.x0)):
            if groups and not any(_runs_between(r, groups[-1][-1], line, block.box) for r in level):
                groups[-1].append(line)
            else:
                groups.append([line])
        result += [block] if len(groups) == 1 else [Block(tuple(g), union(ln.box for ln in g)) for g in groups]
    return result


def _runs_between(rule: Ruling, upper: Line, lower: Line, block: BBox) -> bool:
    # A rule as long as the text is its underline.
    beyond = RULE_BEYOND * upper.size
    return upper.box.cy < rule.at < lower.box.cy and rule.start <= block.x0 - beyond and rule.end >= block.x1 + beyond
