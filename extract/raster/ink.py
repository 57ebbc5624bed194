# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells the pixels of a picture apart: thin drawn lines, filled areas, and characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from koteihyo.extract.geometry import BBox
from koteihyo.extract.raster.picture import Picture, Pixels

# Lengths in pixels at the resolution of pictures.
# A line is thinner than this (3 pt at 200 dots an inch).
LINE_WIDTH = 9
# How much darker than its surroundings a line is, of 255: somewhere, and wherever it is followed. Light grey
# hairlines of half a point reach 30, the grain of a grey fill 15.
CLEAR_LINE = 24
FAINT_LINE = 12
# Characters' strokes are thinner than this, in line heights.
STROKE = 0.4
# A stroke longer than this in a line of text is a rule that runs through it, ems.
LONG_STROKE = 1.8
# How far inside the box of a line of text its characters certainly are, in line heights.
CORE_INSET = 0.15
# Smallest difference from white paper that counts as a fill, of 255: the lightest fills in use (F2F2F2) differ by 13,
# and half of that is twice the grain that is left after smoothing.
LEAST_FILL = 7.0
# A fill must stand out from the paper's own grain by this many of its deviations.
GRAIN = 5.0
# A piece of ink is a character's when it is at most this much larger than its line of text, in line heights.
TEXT_SLACK = 0.25


@dataclass(frozen=True)
class Ink:
    """Masks of a picture, 0 or 255."""

    drawn: Pixels
    """Thin lines and outlines, characters left out."""
    filled: Pixels
    """What differs from paper, characters on paper left out; thin lines may be in it."""
    smooth: Pixels
    """The picture without grain, height × width × 3."""


def separate(picture: Picture, text: Sequence[BBox], em: float) -> Ink:
    """The masks of a picture whose lines of text are known; `em` is the usual size of text in pixels."""
    gray = cast(Pixels, cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY))
    smooth = cast(Pixels, cv2.medianBlur(picture.pixels, 5))
    bare = _text_painted_out(smooth, text)
    away = cast(Pixels, 255 - bare.min(axis=2))
    grain = float(np.median(away[away <= 12])) if (away <= 12).any() else 0.0
    filled = cast(Pixels, np.where(away > max(LEAST_FILL, GRAIN * grain), 255, 0).astype(np.uint8))
    drawn = _lines_only(_drawn(gray), text, em)
    return Ink(drawn, _without_text(filled, text), smooth)


def _text_painted_out(smooth: Pixels, text: Sequence[BBox]) -> Pixels:
    """The picture with its lines of text painted over with what lies around their strokes."""
    result = smooth.copy()
    for box in text:
        side = int(STROKE * min(box.width, box.height)) | 1
        place = np.s_[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]
        wide = np.s_[max(0, int(box.y0) - side) : int(box.y1) + side, max(0, int(box.x0) - side) : int(box.x1) + side]
        closed = cv2.morphologyEx(smooth[wide], cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
        top, left = int(box.y0) - wide[0].start, int(box.x0) - wide[1].start
        target = result[place]
        target[:] = closed[top : top + target.shape[0], left : left + target.shape[1]]
    return result


def _drawn(gray: Pixels) -> Pixels:
    """Mask of thin dark strokes; faint pixels count where they hang together with clear ones."""
    calm = cv2.GaussianBlur(gray, (3, 3), 0)
    near = cv2.morphologyEx(calm, cv2.MORPH_BLACKHAT, np.ones((LINE_WIDTH, LINE_WIDTH), np.uint8))
    count, labels, _stats, _centres = cv2.connectedComponentsWithStats((near > FAINT_LINE).astype(np.uint8))
    clear = np.zeros(count, bool)
    clear[np.unique(labels[near > CLEAR_LINE])] = True
    clear[0] = False
    return cast(Pixels, np.where(clear[labels], 255, 0).astype(np.uint8))


def _lines_only(drawn: Pixels, text: Sequence[BBox], em: float) -> Pixels:
    """The mask without characters: inside lines of text only long straight strokes stay."""
    level = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((1, int(LONG_STROKE * em)), np.uint8))
    upright = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((int(LONG_STROKE * em), 1), np.uint8))
    straight = cv2.dilate(cv2.bitwise_or(level, upright), np.ones((3, 3), np.uint8))
    result = drawn.copy()
    for box in text:
        inset = CORE_INSET * min(box.width, box.height)
        place = np.s_[int(box.y0 + inset) : int(box.y1 - inset) + 1, int(box.x0 + inset) : int(box.x1 - inset) + 1]
        result[place] = cv2.bitwise_and(drawn[place], straight[place])
    return _without_text(result, text)


def _without_text(mask: Pixels, text: Sequence[BBox]) -> Pixels:
    """The mask without the pieces that lie in a line of text and are no larger than it."""
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    keep = np.ones(count, bool)
    for box in text:
        slack = TEXT_SLACK * min(box.width, box.height)
        around = labels[max(0, int(box.y0)) : int(np.ceil(box.y1)), max(0, int(box.x0)) : int(np.ceil(box.x1))]
        for label in np.unique(around):
            x, y, width, height, _area = (int(v) for v in stats[label])
            if label and keep[label] and box.contains(BBox(x, y, x + width, y + height), slack):
                keep[label] = False
    keep[0] = False
    return cast(Pixels, np.where(keep[labels], 255, 0).astype(np.uint8))
