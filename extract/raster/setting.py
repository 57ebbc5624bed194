# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets recognised characters on the page: the em box of each, as a drawn page has it."""

from __future__ import annotations

from collections.abc import Sequence

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Glyph
from koteihyo.extract.raster.recognise import Read
from koteihyo.extract.raster.sizes import character_size, is_wide

FONT = "recognised"
# In ems.
# A blank between two characters wider than this is a space; beside one that is half blank itself, wider than this.
SPACE, SPACE_BESIDE = 0.45, 0.95
# A gap wider than this parts the line in two, if no space fills it; and one wider than this parts it for good.
VISIBLE = 0.4
APART = 1.5
_BLANK_BEHIND, _BLANK_BEFORE = "、。，．）」』】〉》・：；", "（「『【〈《・：；"


def set_line(box: BBox, line: Sequence[Read], blanks: Sequence[float], seqno: int, number: int) -> list[Glyph]:
    """The characters of a line, with spaces between words.

    Args:
        box: The line's box, in points.
        line: Its characters.
        blanks: Width of the blank between each two of them, in points.
        seqno: When the line is painted.
        number: The first character's number on the page.
    """
    size = character_size(box, line)
    middles = [box.x0 + read.at * box.width for read in line]
    halves = [size / 2 if is_wide(read.char) else size / 4 for read in line]
    placed: list[tuple[str, float, float]] = []
    for i, (read, middle, half) in enumerate(zip(line, middles, halves, strict=True)):
        left = max(middle - half, (middles[i - 1] + middle) / 2) if i else middle - half
        right = min(middle + half, (middle + middles[i + 1]) / 2) if i + 1 < len(line) else middle + half
        if placed:
            # Characters set solid touch.
            left = max(left, placed[-1][2])
            if left - placed[-1][2] <= APART * size:
                if _is_space(line[i - 1].char, read.char, blanks[i - 1] / size):
                    placed.append((" ", placed[-1][2], left))
                elif left - placed[-1][2] > VISIBLE * size:
                    left = placed[-1][2]
        placed.append((read.char, left, max(right, left + 0.01)))
    top = box.cy - size / 2
    return [
        Glyph(
            char, BBox(left, top, right, top + size), top + 0.88 * size, size, FONT, (0.0, 0.0, 0.0), seqno, number + i
        )
        for i, (char, left, right) in enumerate(placed)
    ]


def _is_space(before: str, after: str, blank: float) -> bool:
    return blank > (SPACE_BESIDE if before in _BLANK_BEHIND or after in _BLANK_BEFORE else SPACE)
