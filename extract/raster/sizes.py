# SPDX-License-Identifier: AGPL-3.0-or-later
"""How large the characters of a recognised line are."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from koteihyo.extract.geometry import BBox
from koteihyo.extract.raster.recognise import Read

# The box of a line of text is this many times as high as its characters are large.
LINE_RATIO = 1.6
# Characters set solid are this far apart, measured by the height of their line.
SOLID = (0.7, 1.6)
# How far the steps between characters may be from the usual one: the recogniser knows their places only so well.
LIKE_USUAL = 0.35


def character_size(box: BBox, line: Sequence[Read]) -> float:
    """The size of a line's characters: how far wide ones that are set solid are apart, else by its height."""
    rough = box.height / LINE_RATIO
    steps = [
        (after.at - before.at) * box.width
        for before, after in pairwise(line)
        if is_wide(before.char) and is_wide(after.char)
    ]
    solid = sorted(step for step in steps if SOLID[0] * rough <= step <= SOLID[1] * rough)
    # The place of a character is known to within a quarter of it: two steps say less than the height does.
    if len(solid) < 3:
        return rough
    usual = solid[len(solid) // 2]
    alike = [step for step in solid if abs(step - usual) <= LIKE_USUAL * usual]
    return sum(alike) / len(alike)


def is_wide(char: str) -> bool:
    """Whether a character is as wide as it is high."""
    return unicodedata.east_asian_width(char) in "WFA"
