# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds straight drawn lines along the axes of a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from koteihyo.extract.geometry import BBox
from koteihyo.extract.raster.ink import Ink

# Shortest line, ems: shorter strokes are parts of characters and heads of arrows.
LEAST_LENGTH = 1.5
# Lines are thinner than this, pixels.
THICKEST = 9
# A line that lies along the side of an area, and is not longer by more than this, is its outline; pixels.
SAME_SIDE = 8.0


@dataclass(frozen=True)
class Rule:
    """A drawn line: its middle, ends and thickness in pixels."""

    start: tuple[float, float]
    end: tuple[float, float]
    width: float


def find_rules(ink: Ink, areas: Sequence[BBox], em: float) -> list[Rule]:
    """Straight lines that are not outlines of areas."""
    return [*_along(ink, areas, em, vertical=False), *_along(ink, areas, em, vertical=True)]


def _along(ink: Ink, areas: Sequence[BBox], em: float, *, vertical: bool) -> Iterator[Rule]:
    drawn = ink.drawn.T if vertical else ink.drawn
    # Lines wobble by a pixel where the grain bites into them.
    whole = cv2.morphologyEx(np.ascontiguousarray(drawn), cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    long = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, int(LEAST_LENGTH * em)), np.uint8))
    count, _labels, stats, centres = cv2.connectedComponentsWithStats(long, connectivity=8)
    sides = [(a.y0, a.x0, a.y1, a.x1) if vertical else tuple(a) for a in areas]
    for label in range(1, count):
        first, _top, length, thickness, _area = (int(v) for v in stats[label])
        if thickness > THICKEST:
            continue
        at, last = float(centres[label][1]) + 0.5, float(first + length)
        if any(
            min(abs(at - y0), abs(at - y1)) <= SAME_SIDE / 2 and x0 - SAME_SIDE <= first and last <= x1 + SAME_SIDE
            for x0, y0, x1, y1 in sides
        ):
            continue
        start, end = (float(first), at), (last, at)
        yield Rule(start[::-1], end[::-1], thickness) if vertical else Rule(start, end, thickness)
