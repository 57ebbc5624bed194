# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fits polygons with straight edges and sharp corners to the contours of areas of pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Contour = NDArray[np.int32]

# Lengths in pixels at the resolution of pictures.
# A contour point this near to an edge lies on it: pixels are ragged by one, JPEG by one more.
RAGGED = 1.5
# A corner that bounds less than this area is a nick in an edge, square pixels; the tip of a bar of 10 pt bounds 100.
NICK = 14.0
# Edges shorter than this are blunted corners or steps of pixels, when the edges beside them meet close by.
BLUNT = 8.0
# The same between two slanted edges: opening away the stubs of rules leaves the tip of an arrow 6 to 8 pixels wide.
BLUNT_TIP = 10.0
# How far a corner may be moved to where its edges meet: a line's width blunts the tips of arrows.
CORNER_REACH = 12.0
# Edges that lean by less than this from an axis are along it, degrees.
ALONG_AXIS = 2.0
# A corner of a box may miss this area, square pixels, or this part of the square over half of the box's short side;
# the tip of an arrow bar takes a quarter of that square or more.
BOX_CORNER = 6.0
BOX_CORNER_SHARE = 0.04
# A box covers this part of itself at least: text that touches its edge takes some.
BOX_FILL = 0.96
# Missing area at a corner, square pixels, from which it is round: a radius of 5.5 pixels (2 pt).
ROUND_CORNER = 6.5
# The four corners of a rounded box miss areas that are alike within this ratio.
ROUND_ALIKE = 3.0
ELLIPSE_FILL = (0.74, 0.83)
"""Part of its box that an ellipse covers: pi / 4, with room for ragged edges."""


@dataclass(frozen=True)
class Polygon:
    """Corners in order; `curves` is how many of its corners are arcs, as `classify` counts them."""

    points: tuple[Point, ...]
    curves: int = 0


@dataclass(frozen=True)
class _Edge:
    """A straight line through `at` along the unit vector `along`."""

    at: Point
    along: Point
    length: float

    @property
    def is_level(self) -> bool:
        return self.along[1] == 0.0

    @property
    def is_upright(self) -> bool:
        return self.along[0] == 0.0


def fit_polygon(contour: Contour) -> Polygon | None:
    """The polygon of a contour (n × 1 × 2, as OpenCV gives it), in pixel coordinates; None for a speck."""
    points = contour.reshape(-1, 2).astype(np.float64)
    if len(points) < 8:
        return None
    corners = _without_nicks(cv2.approxPolyDP(contour, RAGGED, True).reshape(-1, 2))
    if len(corners) < 3:
        return None
    plain = _rounded(contour) or _boxed(contour)
    if plain is not None:
        return plain
    edges = _edges(points, corners)
    if len(edges) < 3:
        return Polygon(tuple((float(x), float(y)) for x, y in corners))
    fitted = []
    for edge, following in zip(edges, [*edges[1:], edges[0]], strict=True):
        meeting = _meet(edge, following)
        if meeting is None:
            return Polygon(tuple((float(x), float(y)) for x, y in corners))
        fitted.append(meeting)
    return Polygon(tuple(fitted))


def _without_nicks(corners: NDArray[np.int32]) -> NDArray[np.int32]:
    """The corners without those that bound less than a nick, the smallest first (after Visvalingam)."""
    kept = [(int(x), int(y)) for x, y in corners]
    while len(kept) > 3:
        areas = [
            abs((kept[i][0] - a[0]) * (b[1] - a[1]) - (b[0] - a[0]) * (kept[i][1] - a[1])) / 2
            for i in range(len(kept))
            for a, b in ((kept[i - 1], kept[(i + 1) % len(kept)]),)
        ]
        smallest = min(range(len(kept)), key=areas.__getitem__)
        if areas[smallest] > NICK:
            break
        kept.pop(smallest)
    return np.array(kept, np.int32)


def _boxed(contour: Contour) -> Polygon | None:
    """A box along the axes, if the contour has its four corners, whatever nicks its sides have."""
    points = contour.reshape(-1, 2)
    x0, x1, y0, y1 = (
        float(np.median(line[np.abs(line - end) <= 2 * RAGGED]))
        for line in (points[:, 0], points[:, 1])
        for end in (line.min(), line.max())
    )
    side = int(min(x1 - x0, y1 - y0)) // 2
    if side < 3:
        return None
    missing, share = _corners_missing(contour, (round(x0), round(y0), round(x1 - x0) + 1, round(y1 - y0) + 1), side)
    if max(missing) > max(BOX_CORNER, BOX_CORNER_SHARE * side * side) or share < BOX_FILL:
        return None
    return Polygon(((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


def _corners_missing(contour: Contour, box: tuple[int, int, int, int], side: int) -> tuple[list[float], float]:
    """(area that a contour leaves of the square at each corner of a box, part of the box that it covers)."""
    x, y, width, height = box
    mask = np.zeros((height, width), np.uint8)
    cv2.drawContours(mask, [contour - np.array([[x, y]], np.int32)], -1, 1, cv2.FILLED)
    squares = (mask[:side, :side], mask[:side, -side:], mask[-side:, -side:], mask[-side:, :side])
    return [float(side * side - int(square.sum())) for square in squares], float(mask.sum()) / (width * height)


def _rounded(contour: Contour) -> Polygon | None:
    """A box with round corners, or an ellipse, as eight points with arcs between them."""
    x, y, width, height = (int(v) for v in cv2.boundingRect(contour))
    side = min(width, height) // 2
    if side < 4:
        return None
    missing, share = _corners_missing(contour, (x, y, width, height), side)
    if min(missing) < ROUND_CORNER or max(missing) > ROUND_ALIKE * min(missing):
        return None
    if ELLIPSE_FILL[0] <= share <= ELLIPSE_FILL[1] and 0.5 <= width / height <= 2:
        radii = (width / 2, height / 2)
    else:
        # A corner of radius r misses (1 - pi/4) r².
        radius = (sorted(missing)[1] / (1 - math.pi / 4)) ** 0.5
        radii = (radius, radius)
        whole = 1 - (4 - math.pi) * radius * radius / (width * height)
        if radius > 0.55 * min(width, height) or abs(share - whole) > 0.03:
            return None
    rx, ry = (min(r, s / 2) for r, s in zip(radii, (width, height), strict=True))
    x1, y1 = x + width - 1.0, y + height - 1.0
    points = (
        (x + rx, float(y)), (x1 - rx, float(y)), (x1, y + ry), (x1, y1 - ry),
        (x1 - rx, y1), (x + rx, y1), (float(x), y1 - ry), (float(x), y + ry),
    )  # fmt: skip
    return Polygon(points, curves=4)


def _edges(points: NDArray[np.float64], corners: NDArray[np.int32]) -> list[_Edge]:
    """The long edges of a contour between its corners, each fitted to all contour points along it."""
    where = [int(np.abs(points - corner).sum(axis=1).argmin()) for corner in corners]
    edges: list[_Edge] = []
    for i, start in enumerate(where):
        end = where[(i + 1) % len(where)]
        span = points[start : end + 1] if start <= end else np.vstack([points[start:], points[: end + 1]])
        length = float(np.hypot(*(span[-1] - span[0])))
        edges.append(_fit(span, length))
    for i, edge in enumerate(edges):
        before, after = edges[i - 1], edges[(i + 1) % len(edges)]
        slanted = not any(e.is_level or e.is_upright for e in (before, after))
        if edge.length >= (BLUNT_TIP if slanted else BLUNT):
            continue
        meeting = _meet(before, after)
        if meeting is not None and math.dist(meeting, edge.at) <= CORNER_REACH:
            edges[i] = _Edge(edge.at, edge.along, 0.0)
    kept = [edge for edge in edges if edge.length > 0]
    return _without_repeats(kept)


def _fit(span: NDArray[np.float64], length: float) -> _Edge:
    # The ends are blunted by the corners.
    cut = len(span) // 8
    inner = span[cut : len(span) - cut] if len(span) - 2 * cut >= 2 else span
    vx, vy, x, y = (float(v) for v in cv2.fitLine(inner.astype(np.float32), cv2.DIST_L1, 0, 0.01, 0.01).ravel())
    lean = math.degrees(math.atan2(vy, vx)) % 180
    if length >= BLUNT:
        slack = max(ALONG_AXIS, math.degrees(math.atan2(1.0, length)))
        if min(lean, 180 - lean) <= slack:
            vx, vy = 1.0, 0.0
            y = float(np.median(inner[:, 1]))
        elif abs(lean - 90) <= slack:
            vx, vy = 0.0, 1.0
            x = float(np.median(inner[:, 0]))
    return _Edge((x, y), (vx, vy), length)


def _without_repeats(edges: Sequence[_Edge]) -> list[_Edge]:
    """Neighbouring edges along the same line as one."""
    result: list[_Edge] = []
    for edge in edges:
        if result and _same_line(result[-1], edge):
            result[-1] = max(result[-1], edge, key=lambda e: e.length)
        else:
            result.append(edge)
    while len(result) > 1 and _same_line(result[-1], result[0]):
        result.pop(0 if result[0].length < result[-1].length else -1)
    return result


def _same_line(a: _Edge, b: _Edge) -> bool:
    cross = abs(a.along[0] * b.along[1] - a.along[1] * b.along[0])
    away = abs((b.at[0] - a.at[0]) * a.along[1] - (b.at[1] - a.at[1]) * a.along[0])
    return cross < 0.1 and away <= 2 * RAGGED


def _meet(a: _Edge, b: _Edge) -> Point | None:
    cross = a.along[0] * b.along[1] - a.along[1] * b.along[0]
    if abs(cross) < 0.05:
        return None
    t = ((b.at[0] - a.at[0]) * b.along[1] - (b.at[1] - a.at[1]) * b.along[0]) / cross
    return a.at[0] + t * a.along[0], a.at[1] + t * a.along[1]
