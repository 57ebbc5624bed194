# SPDX-License-Identifier: AGPL-3.0-or-later
"""Groups free lines of text into blocks, and knows the lines that begin an entry of their own."""

from __future__ import annotations

import re
import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Line
from koteihyo.normalize.text.characters import fold

# Lengths in line heights.
# Lines of one block are set closer than this.
BLOCK_LINE_GAP = 0.75
# Pieces of one line stand no further apart than this.
PIECE_GAP = 1.3

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
    return [Block(tuple(g), _box(g)) for g in groups]


def _box(lines: Sequence[Line]) -> BBox:
    return BBox(
        min(ln.box.x0 for ln in lines),
        min(ln.box.y0 for ln in lines),
        max(ln.box.x1 for ln in lines),
        max(ln.box.y1 for ln in lines),
    )


def _joins(group: Sequence[Line], line: Line, apart: bool) -> bool:
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
        return not apart and 0 <= line.box.x0 - last.box.x1 <= PIECE_GAP * em
    gap = line.box.y0 - last.box.y1
    box = _box(group)
    aligned = (
        abs(line.box.x0 - box.x0) <= 1.2 * em
        or abs(line.box.cx - box.cx) <= em
        or abs(line.box.x1 - box.x1) <= 0.5 * em
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
