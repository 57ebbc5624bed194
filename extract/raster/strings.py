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

# The box of a line of text is this many times as high as its characters are large.
LINE_RATIO = 1.6
# Ink is darker than what lies around it by this much, of 255: print is by 100, the grain of paper by 20.
INK = 48
# Lengths in ems.
# A level stroke longer than this is a rule; an upright one longer than this is.
LEVEL_RULE, UPRIGHT_RULE = 2.2, 1.4
# Part of the height of a line that a rule through it covers: an upright stroke of a character covers 0.6.
ACROSS = 0.9
# A piece of a line that a rule cuts off is at least this wide; a narrower one is the rim of its box.
LEAST_PIECE = 0.3
# A character's ink is at most this far from its middle; the recogniser says where that is to within 0.15.
HALF = 0.7
# Unread ink is at least this wide and high: narrower is the rest of a stroke, or dirt.
LEAST_INK = 0.25


@dataclass(frozen=True)
class TextInk:
    """Dark strokes of a picture, 0 or 255."""

    dark: Pixels
    strokes: Pixels
    """Without straight rules."""
    rules: Pixels
    """The upright rules."""


def find_ink(picture: Picture, em: float) -> TextInk:
    """The strokes of a picture; `em` is the usual size of its text in pixels."""
    gray = cast(Pixels, cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY))
    side = int(1.5 * em) | 1
    calm = cv2.GaussianBlur(gray, (3, 3), 0)
    ground = cv2.morphologyEx(calm, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    dark = np.where(cv2.subtract(ground, calm) > INK, 255, 0).astype(np.uint8)
    level = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, int(LEVEL_RULE * em)), np.uint8))
    upright = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((int(UPRIGHT_RULE * em), 1), np.uint8))
    rules = cv2.bitwise_or(level, upright)
    strokes = cv2.bitwise_and(dark, cv2.bitwise_not(cv2.dilate(rules, np.ones((3, 3), np.uint8))))
    return TextInk(cast(Pixels, dark), cast(Pixels, strokes), cast(Pixels, upright))


def cut_at_rules(boxes: Iterable[BBox], ink: TextInk) -> list[BBox]:
    """Boxes of lines, each cut where an upright rule runs through it: the model sees two cells as one line."""
    result = []
    for box in boxes:
        em = box.height / LINE_RATIO
        crossed = (ink.rules[place(box)] > 0).mean(axis=0) >= ACROSS
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
    em = box.height / LINE_RATIO
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
    em = box.height / LINE_RATIO
    band = ink.dark[place(BBox(box.x0, box.cy - 0.6 * em, box.x1, box.cy + 0.6 * em))]
    inked = (band > 0).any(axis=0)
    result = []
    for before, after in pairwise(read.at * box.width for read in line):
        columns = np.flatnonzero(inked[int(before) : int(after) + 1])
        edges = np.array([-1, *columns, int(after) - int(before) + 1])
        result.append(float(np.diff(edges).max() - 1))
    return result


def _has_ink(box: BBox, ink: TextInk, em: float) -> bool:
    part = ink.strokes[place(box)] > 0
    return part.size > 0 and int(part.any(axis=0).sum()) >= LEAST_INK * em


def place(box: BBox) -> tuple[slice, slice]:
    """The rows and columns of a picture that a box takes in."""
    return np.s_[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1]
