# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names signs by their form (● ■ ▲ ★ ○), which a recogniser of characters is poor at when they stand alone."""

from __future__ import annotations

import math
from typing import cast

import cv2
import numpy as np

from koteihyo.extract.raster.picture import Pixels
from koteihyo.extract.raster.polygons import Contour

# A sign is about as wide as high, within this ratio.
SQUARE = 1.3
# Smaller signs (pixels) have no form to tell.
LEAST_SIDE = 6
# Part of its outline's area that the ink of a filled sign covers; a ring covers less than the other.
FILLED, RING = 0.85, 0.6
# Part of the enclosing circle, box or triangle that a sign of that form covers: jagged edges take some.
ROUND, BOXED, TRIANGULAR = 0.82, 0.92, 0.8
# A star covers this part of its convex hull: five points, 0.55 to 0.75 as thick as fonts draw it.
STAR = (0.45, 0.8)
# What the recogniser takes a ring for.
RINGS = frozenset("OoО0〇○")


def name_sign(ink: Pixels) -> str:
    """The filled sign that a mask (0 or 255) shows, or an empty string: ● ■ ◆ ▲ ▼ ★."""
    contour = _outline(ink)
    if contour is None:
        return ""
    area = max(1.0, float(cv2.contourArea(contour)))
    x, y, width, height = cv2.boundingRect(contour)
    solid = float((ink[y : y + height, x : x + width] > 0).sum()) / (area + len(contour) / 2)
    if solid < FILLED:
        return ""
    hull = max(1.0, float(cv2.contourArea(cv2.convexHull(contour))))
    if STAR[0] <= area / hull <= STAR[1] and _points(contour) == 5:
        return "★"
    if area / hull < FILLED:
        return ""
    _middle, radius = cv2.minEnclosingCircle(contour)
    if area >= BOXED * (width - 1) * (height - 1):
        return "■"
    if area >= ROUND * math.pi * radius * radius:
        return "●"
    triangle, _corners = cv2.minEnclosingTriangle(contour)
    if area >= TRIANGULAR * triangle:
        return _pointed(contour)
    return "◆" if 0.42 <= area / ((width - 1) * (height - 1)) <= 0.62 else ""


def is_ring(ink: Pixels) -> bool:
    """Whether a mask shows a round outline: ○, which looks like a letter or a figure."""
    contour = _outline(ink)
    if contour is None:
        return False
    _middle, radius = cv2.minEnclosingCircle(contour)
    area = float(cv2.contourArea(contour))
    return area >= ROUND * math.pi * radius * radius and float((ink > 0).sum()) <= RING * area


def _outline(ink: Pixels) -> Contour | None:
    """The outline of a mask's one piece; None when there are more, or it is not as wide as high."""
    contours, _tree = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    large = [c for c in contours if min(cv2.boundingRect(c)[2:]) >= LEAST_SIDE]
    if len(large) != 1:
        return None
    width, height = cv2.boundingRect(large[0])[2:]
    return cast(Contour, large[0]) if max(width, height) <= SQUARE * min(width, height) else None


def _points(contour: Contour) -> int:
    """How many dents an outline has that go in by a fifth of its size or more; a star has as many as points."""
    hull = cv2.convexHull(contour, returnPoints=False)
    defects = cv2.convexityDefects(contour, hull)
    size = max(cv2.boundingRect(contour)[2:])
    return 0 if defects is None else int((defects.reshape(-1, 4)[:, 3] / 256 >= size / 8).sum())


def _pointed(contour: Contour) -> str:
    """▲ or ▼: most of a triangle's area is on the side of its base."""
    ys = contour.reshape(-1, 2)[:, 1]
    moments = cv2.moments(contour)
    middle = moments["m01"] / max(moments["m00"], 1.0)
    return "▲" if middle > (float(ys.min()) + float(ys.max())) / 2 else "▼"


def mask_of(strokes: Pixels, place: tuple[slice, slice]) -> Pixels:
    """A part of a mask with a margin around it, so that outlines close."""
    return cast(Pixels, np.pad(strokes[place], 2))
