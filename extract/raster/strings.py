# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sees to it that no ink in a line of text stays unread, and that a line ends where its cell does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import cv2
import numpy as np

from koteihyo.extract.geometry import BBox
from koteihyo.extract.raster.picture import Picture, Pixels
from koteihyo.extract.raster.recognise import Read
from koteihyo.extract.raster.sizes import LINE_RATIO, character_size

# Ink is darker than what lies around it by this much, of 255: print is by 100, the grain of paper by 20.
INK = 48
# Lengths in ems.
# A level stroke longer than this is a rule; an upright one longer than this is.
LEVEL_RULE, UPRIGHT_RULE = 2.2, 1.4
# Part of the height of a line that a rule through it covers: an upright stroke of a character covers 0.6.
ACROSS = 0.9
# By how much of a line's height a rule through it runs on.
BEYOND = 0.3
# A piece of a line that a rule cuts off is at least this wide; a narrower one is the rim of its box.
LEAST_PIECE = 0.3
# A character's ink is at most this far from its middle; the recogniser says where that is to within 0.15.
HALF = 0.7
# Unread ink is at least this wide and high: narrower is the rest of a stroke, or dirt.
LEAST_INK = 0.25
# A sign beside a line is at most so large, this far from it, and this far off its middle; in heights of its characters.
SIGN_SIZE, SIGN_GAP, OFF_LINE = 1.6, 0.9, 0.4
# A sign is at least this part as dark as the words beside it: one printed with them is as dark, the tip of a grey bar 0.7.
AS_DARK = 0.8
# Characters of headings are at most so many times as large as the usual text.
LARGEST = 5.0
# A box that holds two lines is higher than one of the usual size by this, and this part of the ink of their fullest rows
# is between them at most.
TWO_LINES, VALLEY = 1.5, 0.15


@dataclass(frozen=True)
class TextInk:
    """Dark strokes of a picture, 0 or 255."""

    dark: Pixels
    strokes: Pixels
    """Without straight rules."""
    rules: Pixels
    """The upright rules."""
    depth: Pixels
    """How much darker each pixel is than what lies around it."""


def find_ink(picture: Picture, em: float) -> TextInk:
    """The strokes of a picture; `em` is the usual size of its text in pixels."""
    gray = cast(Pixels, cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY))
    side = int(1.5 * em) | 1
    calm = cv2.GaussianBlur(gray, (3, 3), 0)
    ground = cv2.morphologyEx(calm, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    depth = cv2.subtract(ground, calm)
    dark = np.where(depth > INK, 255, 0).astype(np.uint8)
    level = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, int(LEVEL_RULE * em)), np.uint8))
    upright = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((int(UPRIGHT_RULE * em), 1), np.uint8))
    rules = cv2.bitwise_or(level, upright)
    strokes = cv2.bitwise_and(dark, cv2.bitwise_not(cv2.dilate(rules, np.ones((3, 3), np.uint8))))
    return TextInk(dark, cast(Pixels, strokes), cast(Pixels, upright), cast(Pixels, depth))


def with_signs(boxes: Sequence[BBox], ink: TextInk, em: float) -> list[BBox]:
    """Boxes of lines, each grown to signs of its size that stand at its ends (① ● ※): the model sees words.

    A sign is as dark as the words are; the tip of a filled bar beside them is not.
    """
    loose = _loose_signs(boxes, ink, em)
    result = []
    for box in boxes:
        size = box.height / LINE_RATIO
        if box.height > 1.5 * box.width:
            result.append(box)
            continue
        least = AS_DARK * usual_depth(ink, [box])
        fitting = [
            (sign, darkness)
            for sign, darkness in loose
            if darkness >= least
            and abs(sign.cy - box.cy) <= OFF_LINE * size
            and LEAST_INK * size <= max(sign.width, sign.height) <= SIGN_SIZE * size
        ]
        for sign, _darkness in sorted(fitting, key=lambda s: max(box.x0 - s[0].x1, s[0].x0 - box.x1)):
            gap = max(box.x0 - sign.x1, sign.x0 - box.x1)
            between = BBox(min(sign.x0, box.x1), box.y0, max(sign.x1, box.x0), box.y1)
            if 0 <= gap <= SIGN_GAP * size and not ((ink.rules[place(between)] > 0).mean(axis=0) >= ACROSS).any():
                box = BBox(min(box.x0, sign.x0 - 0.2 * size), box.y0, max(box.x1, sign.x1 + 0.2 * size), box.y1)
        result.append(box)
    return result


def usual_depth(ink: TextInk, boxes: Iterable[BBox]) -> float:
    """How much darker the strokes in boxes are than what lies around them, 0 to 255; most of them are less."""
    depths = [ink.depth[place(box)][ink.strokes[place(box)] > 0] for box in boxes]
    known = np.concatenate(depths) if depths else np.zeros(0, np.uint8)
    return float(np.percentile(known, 75)) if len(known) else 255.0


def _loose_signs(boxes: Sequence[BBox], ink: TextInk, em: float) -> list[tuple[BBox, float]]:
    """(box, darkness) of the pieces of ink outside of all boxes that are not larger than a large character."""
    # With rules: the tip of a bar hangs together with its sides, a sign with nothing.
    free = ink.dark.copy()
    for box in boxes:
        free[place(box)] = 0
    # The parts of a sign (※ ⇒) hang together when grown a little.
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(cv2.dilate(free, np.ones((3, 3), np.uint8)))
    result = []
    for label in range(1, count):
        x, y, width, height, _area = (int(v) for v in stats[label])
        if LEAST_INK * em <= max(width, height) - 2 <= LARGEST * em:
            where = np.s_[y : y + height, x : x + width]
            depth = ink.depth[where][(labels[where] == label) & (free[where] > 0)]
            result.append((BBox(x + 1.0, y + 1.0, x + width - 1.0, y + height - 1.0), float(np.percentile(depth, 75))))
    return result


def split_rows(boxes: Iterable[BBox], ink: TextInk, em: float) -> list[BBox]:
    """Boxes of lines; one that holds two lines of the usual size, close below one another, is two."""
    result = []
    for box in boxes:
        rows = (ink.strokes[place(box)] > 0).mean(axis=1)
        third = len(rows) // 3
        valley = third + int(rows[third : 2 * third + 1].argmin()) if third else 0
        above, below = rows[:valley], rows[valley + 1 :]
        if (
            box.height / LINE_RATIO <= TWO_LINES * em
            or box.height > box.width
            or rows[valley] > VALLEY * min(above.max(initial=0.0), below.max(initial=0.0))
        ):
            result.append(box)
            continue
        inked = np.flatnonzero(rows > 0)
        middle = box.y0 + valley
        for top, bottom in ((box.y0 + float(inked[0]), middle), (middle, box.y0 + float(inked[-1]) + 1)):
            pad = (LINE_RATIO - 1) / 2 * (bottom - top)
            result.append(BBox(box.x0, top - pad, box.x1, bottom + pad))
    return result


def cut_at_rules(boxes: Iterable[BBox], ink: TextInk) -> list[BBox]:
    """Boxes of lines, each cut where an upright rule runs through it: the model sees two cells as one line."""
    result = []
    for box in boxes:
        em = box.height / LINE_RATIO
        # It runs on above or below: the upright stroke of a character in a tight box does not.
        beyond = BEYOND * box.height
        reaches = (BBox(box.x0, box.y0 - beyond, box.x1, box.y1), BBox(box.x0, box.y0, box.x1, box.y1 + beyond))
        crossed = np.max([(ink.rules[place(reach)] > 0).mean(axis=0) for reach in reaches], axis=0) >= ACROSS
        at = np.flatnonzero(crossed)
        if box.height > 1.5 * box.width or not len(at):
            result.append(box)
            continue
        edges = [-1, *at.tolist(), len(crossed)]
        for before, after in pairwise(edges):
            left, right = box.x0 + before + 2, box.x0 + after - 1
            if right - left >= LEAST_PIECE * em and _has_ink(BBox(left, box.y0, right, box.y1), ink, em):
                result.append(BBox(left, box.y0, right, box.y1))
    return result


def unread(box: BBox, line: Sequence[Read], ink: TextInk) -> list[BBox]:
    """Boxes around ink of a line that is no part of the characters read: signs before and between words."""
    em = character_size(box, line)
    band = ink.strokes[place(BBox(box.x0, box.cy - 0.6 * em, box.x1, box.cy + 0.6 * em))]
    middles = [read.at * box.width for read in line]
    bounds = [-HALF * em, *middles, box.width + HALF * em]
    result = []
    for before, after in pairwise(bounds):
        left, right = max(0.0, before + HALF * em), min(box.width, after - HALF * em)
        if right - left < LEAST_INK * em:
            continue
        part = band[:, int(left) : int(right) + 1] > 0
        columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
        if not len(columns) or min(len(columns), rows[-1] - rows[0] + 1) < LEAST_INK * em:
            continue
        result.append(
            BBox(
                int(box.x0) + int(left) + float(columns[0]),
                box.cy - 0.6 * em + float(rows[0]),
                int(box.x0) + int(left) + float(columns[-1]) + 1,
                box.cy - 0.6 * em + float(rows[-1]) + 1,
            )
        )
    return result


def blanks(box: BBox, line: Sequence[Read], ink: TextInk) -> list[float]:
    """Width of the widest column without ink between the middles of each two neighbouring characters of a line."""
    em = character_size(box, line)
    band = ink.dark[place(BBox(box.x0, box.cy - 0.6 * em, box.x1, box.cy + 0.6 * em))]
    inked = band.max(axis=0, initial=0) > 0
    result = []
    for before, after in pairwise(read.at * box.width for read in line):
        columns = np.flatnonzero(inked[int(before) : int(after) + 1]).tolist()
        edges = np.array([-1, *columns, int(after) - int(before) + 1])
        result.append(float(np.diff(edges).max() - 1))
    return result


def _has_ink(box: BBox, ink: TextInk, em: float) -> bool:
    part = ink.strokes[place(box)] > 0
    return part.size > 0 and int(part.any(axis=0).sum()) >= LEAST_INK * em


def place(box: BBox) -> tuple[slice, slice]:
    """The rows and columns of a picture that a box takes in."""
    return np.s_[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1]
