# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds arrows that are written, not drawn: ━▶ and ━━ in a cell continue the word of the cell before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from koteihyo.extract.geometry import BBox
from koteihyo.extract.raster.strings import TextInk, usual_depth

# Lengths in ems.
# A dash of one character is nearly this long; four in a row are the most that are written.
SHORTEST, LONGEST = 0.9, 4.6
# A dash is thicker than this and thinner than this; its head is higher than this and lower than a character.
THIN, THICK, LEAST_HEAD, HIGHEST = 0.1, 0.3, 0.3, 1.2
# A head is at most this long, at the right end.
HEAD_LENGTH = 1.3
# A dash this near below a text underlines it; a dash this near to another on one level is one of a dashed line.
UNDERLINE, DASHED = 0.9, 1.2
SAME_LEVEL = 0.15
# An arrow in a line of text is this near to its middle, in heights of the line's box.
IN_LINE = 0.15
# A head is so many times as high as the dash is thick.
HEAD_OVER_DASH = 2.0
# The tip of a head is at most this part as high as the head.
BLUNT_TIP = 0.6
# A dash is at least this part as dark as the words of the page: outlines of bars are fainter, and broken by grain.
AS_DARK = 0.6


class Dash(NamedTuple):
    """A written dash or arrow in pixels of the picture."""

    box: BBox
    has_head: bool

    def text(self, em: float) -> str:
        """Its characters, as many as are as wide as it."""
        count = max(1, round(self.box.width / em))
        return "━" * (count - 1) + "▶" if self.has_head and count > 1 else "→" if self.has_head else "━" * count


def find_dashes(ink: TextInk, words: Sequence[BBox], em: float) -> tuple[list[Dash], list[Dash]]:
    """(those that stand alone, arrows in lines of text) of the level dashes of a page.

    A dash hangs together with nothing but an arrow's head at its right end.
    """
    level = cv2.morphologyEx(ink.dark, cv2.MORPH_OPEN, np.ones((1, max(3, int(0.5 * em))), np.uint8))
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(ink.dark, connectivity=8)
    least = AS_DARK * usual_depth(ink, words)
    found = []
    for label in range(1, count):
        x, y, width, height, _area = (int(v) for v in stats[label])
        if not (SHORTEST * em <= width <= LONGEST * em and height <= HIGHEST * em):
            continue
        where = np.s_[y : y + height, x : x + width]
        piece = labels[where] == label
        if float(np.median(ink.depth[where][piece])) < least:
            continue
        dash = _dash(piece, piece & (level[where] > 0), em)
        if dash is not None:
            found.append(Dash(BBox(x, y, x + width, y + height), dash))
    alone = [dash for dash in found if _stands_alone(dash, found, words, em)]
    return alone, [dash for dash in found if dash.has_head and _is_in_line(dash, words, em)]


def _dash(piece: NDArray[np.bool_], level: NDArray[np.bool_], em: float) -> bool | None:
    """Whether a piece of ink is a dash with a head; None if it is no dash at all."""
    heights = piece.sum(axis=0)
    width = piece.shape[1]
    shaft = heights[: max(1, width // 2)]
    thickness = float(np.median(shaft))
    if (
        not THIN * em <= thickness <= THICK * em
        or float(shaft.max()) > 1.5 * thickness + 2
        or level.sum() < 0.5 * width * thickness
    ):
        return None
    if float(heights.max()) <= 1.5 * thickness + 2:
        return False
    return True if _is_head(piece, thickness, em) else None


def _is_head(piece: NDArray[np.bool_], thickness: float, em: float) -> bool:
    """Whether the right end of a dash is a filled triangle that points to the right, in line with the dash."""
    heights = piece.sum(axis=0)
    width, highest = piece.shape[1], float(heights.max())
    columns = np.flatnonzero(heights > 1.5 * thickness + 1)
    if columns[0] < width - HEAD_LENGTH * em or highest < max(HEAD_OVER_DASH * thickness, LEAST_HEAD * em):
        return False
    widest = int(heights.argmax())
    tapering = heights[widest:]
    rows = [np.flatnonzero(column) for column in piece.T[widest:]]
    middle = float(np.flatnonzero(piece[:, : max(1, width // 2)].any(axis=1)).mean())
    return (
        widest < width - 1
        and float(heights[-1]) <= BLUNT_TIP * highest
        and bool((np.diff(tapering) <= 1).all())
        # Filled and even: characters that begin with a dash are neither.
        and all(r[-1] - r[0] + 1 <= len(r) + 1 and abs((r[0] + r[-1]) / 2 - middle) <= 1.5 for r in rows)
    )


def _stands_alone(dash: Dash, dashes: Sequence[Dash], words: Sequence[BBox], em: float) -> bool:
    """Whether a dash is no underline, no part of a dashed line, and no character of a word."""
    box = dash.box
    for other in dashes:
        apart = max(other.box.x0 - box.x1, box.x0 - other.box.x1)
        if other is not dash and abs(other.box.cy - box.cy) <= SAME_LEVEL * em and apart <= DASHED * em:
            return False
    for word in words:
        if word.x_overlap(box) <= 0.2 * em:
            continue
        # The model takes the head of an arrow for a word.
        inside = word.intersection_area(box.grown(1)) > 0 and word.width <= box.width + em
        if not inside and word.y0 - 0.3 * em <= box.cy <= word.y1 + UNDERLINE * em:
            return False
    return True


def _is_in_line(dash: Dash, words: Sequence[BBox], em: float) -> bool:
    """Whether an arrow is a character of a longer line."""
    box = dash.box
    return any(
        word.contains(box) and word.width > box.width + em and abs(word.cy - box.cy) <= IN_LINE * word.height
        for word in words
    )


def without_dashes(words: Sequence[BBox], dashes: Sequence[Dash]) -> list[BBox]:
    """The boxes of words without those that are the head of a written arrow."""
    return [
        word
        for word in words
        if not any(word.x_overlap(d.box) >= 0.5 * word.width and word.y0 <= d.box.cy <= word.y1 for d in dashes)
    ]
