# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds filled and outlined areas of a picture and gives them as shapes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from koteihyo.extract.forms import classify
from koteihyo.extract.geometry import BBox, bounding
from koteihyo.extract.model import Color, Form
from koteihyo.extract.raster.ink import LINE_WIDTH, Ink
from koteihyo.extract.raster.picture import Picture, Pixels
from koteihyo.extract.raster.polygons import Contour, Polygon, fit_polygon

# Half of the usual width of an outline, and the widest that is looked for beside a fill, pixels.
HALF_OUTLINE = 1.0
OUTLINE_WIDTH = 4
# An area at the picture's border with more corners than this is the shadow of a sheet's edge.
SIMPLE = 8
# Lengths in ems (the usual size of text).
# Smaller areas are dirt, or characters that nobody found.
LEAST_SIDE = 0.45
# An area whose thickest part is thinner than this is the rim of a shadow.
LEAST_THICKNESS = 0.3
# An outline belongs to a fill when this part of the fill's edge runs along drawn lines.
OUTLINED = 0.6
# A box without fill smaller than this in both directions is a character: a ring around a figure, a square.
LEAST_BOX = 2.0
# A side of a box without fill that runs on past its corners by this much is a rule of a table.
RUN_ON = 0.8
# Corners (of eight ends of sides) at which sides run on: with more, the box is a cell of a table.
RUN_ONS = 1
# Areas that cover at least this part of the picture are its ground.
GROUND_SHARE = 0.9
# A patch of a line of text is at most this part of it, and sticks out of it by at most this part of its height.
PATCH_SHARE, PATCH_SLACK = 0.6, 0.2
# Two areas whose colours differ by less than this (of 255) in every channel are of one ink; larger areas first.
SAME_INK = 12
# Neighbouring pixels of two areas differ by at least this (of 255); gradients have no edge inside.
COLOR_EDGE = 10


@dataclass(frozen=True)
class Area:
    """A shape in pixels of the picture, before it is put on the page."""

    points: tuple[tuple[float, float], ...]
    curves: int
    fill: Color | None
    stroke: Color | None

    @property
    def box(self) -> BBox:
        """Its extent."""
        return bounding(self.points)


def find_areas(picture: Picture, ink: Ink, text: Sequence[BBox], em: float) -> list[Area]:
    """Filled and outlined areas, the larger ones first (what lies on another is painted later)."""
    areas = [*_fills(ink, em), *_outlines(ink, em)]
    limit = GROUND_SHARE * picture.width * picture.height
    kept = [a for a in areas if a.box.area < limit and not _is_written(a.box, text)]
    found = sorted(kept, key=lambda a: (-a.box.area, a.box))
    return _with_shared_inks(found)


def _is_written(box: BBox, text: Sequence[BBox]) -> bool:
    """Whether an area is part of a character: bold strokes close to a patch."""
    return any(
        box.area <= PATCH_SHARE * line.area and line.contains(box, PATCH_SLACK * min(line.width, line.height))
        for line in text
    )


def _with_shared_inks(areas: Sequence[Area]) -> list[Area]:
    """The areas with one colour for each ink of the page: paper and lamp give every patch of an ink a shade of its own."""
    inks: list[Color] = []
    shared = []
    for area in areas:
        fill = area.fill
        if fill is not None:
            ink = min(inks, key=lambda c: _distance(c, fill), default=fill)
            if _distance(ink, fill) > SAME_INK / 255:
                ink = fill
            if ink is fill:
                inks.append(fill)
            area = replace(area, fill=ink)
        shared.append(area)
    return shared


def _distance(a: Color, b: Color) -> float:
    return max(abs(x - y) for x, y in zip(a, b, strict=True))


def _fills(ink: Ink, em: float) -> list[Area]:
    lines = cv2.dilate(ink.drawn, np.ones((3, 3), np.uint8))
    mask = cast(Pixels, cv2.bitwise_and(ink.filled, cv2.bitwise_not(lines)))
    mask = _split_by_color(mask, ink.smooth, em)
    areas = []
    for piece in _pieces(mask, em):
        polygon, stroke = _fitted(piece, ink)
        if polygon is None or (_at_border(piece, mask) and len(polygon.points) > SIMPLE):
            continue
        if polygon.curves and _run_ons(bounding(polygon.points), ink.drawn, em) > RUN_ONS:
            # The rules of a table bite into the corners of its cells.
            polygon = _as_box(polygon)
        colors = ink.smooth[piece.top : piece.bottom, piece.left : piece.right][piece.inside]
        areas.append(Area(polygon.points, polygon.curves, _color(np.median(colors, axis=0)), stroke))
    return areas


def _fitted(piece: _Piece, ink: Ink) -> tuple[Polygon | None, Color | None]:
    """(the polygon of a piece with half of its outline, the outline's colour)."""
    margin = LINE_WIDTH
    top, left = max(0, piece.top - margin), max(0, piece.left - margin)
    drawn = ink.drawn[top : piece.bottom + margin, left : piece.right + margin]
    mask = np.zeros(drawn.shape, np.uint8)
    mask[piece.top - top : piece.bottom - top, piece.left - left : piece.right - left][piece.inside] = 255
    contour = _contour(mask)
    places = contour.reshape(-1, 2)
    rim = cv2.bitwise_and(cv2.dilate(mask, np.ones((2 * OUTLINE_WIDTH + 1, 2 * OUTLINE_WIDTH + 1), np.uint8)), drawn)
    outlined = float((cv2.dilate(rim, _disc(5))[places[:, 1], places[:, 0]] > 0).mean()) >= OUTLINED
    stroke = None
    if outlined:
        pixels = ink.smooth[top : top + drawn.shape[0], left : left + drawn.shape[1]][rim > 0]
        stroke = _color(np.percentile(pixels, 20, axis=0))
        # Rules that run on from the corners are as thin as outlines: opening takes off their stubs.
        whole = cv2.morphologyEx(cv2.bitwise_or(mask, rim), cv2.MORPH_CLOSE, _disc(3))
        whole = cv2.morphologyEx(
            np.pad(whole, LINE_WIDTH), cv2.MORPH_OPEN, np.ones((OUTLINE_WIDTH + 2, OUTLINE_WIDTH + 2), np.uint8)
        )
        contour = _contour(whole[LINE_WIDTH:-LINE_WIDTH, LINE_WIDTH:-LINE_WIDTH])
    if not len(contour):
        return None, None
    polygon = fit_polygon(contour + np.array([[left, top]], np.int32))
    if polygon is None:
        return None, None
    return replace(polygon, points=_grown(polygon.points, -HALF_OUTLINE if outlined else 0.5)), stroke


def _contour(mask: Pixels) -> Contour:
    contours, _tree = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cast(Contour, max(contours, key=cv2.contourArea)) if contours else np.zeros((0, 1, 2), np.int32)


def _disc(size: int) -> Pixels:
    return cast(Pixels, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))


def _at_border(piece: _Piece, mask: Pixels) -> bool:
    return piece.top <= 1 or piece.left <= 1 or piece.bottom >= mask.shape[0] - 1 or piece.right >= mask.shape[1] - 1


def _outlines(ink: Ink, em: float) -> list[Area]:
    """Areas of bare paper that drawn lines enclose, but for the cells of tables."""
    lines = cv2.dilate(ink.drawn, np.ones((3, 3), np.uint8))
    free = cast(Pixels, cv2.bitwise_not(cv2.bitwise_or(lines, ink.filled)))
    areas = []
    for piece in _pieces(free, em):
        width, height = piece.right - piece.left, piece.bottom - piece.top
        if _at_border(piece, free) or height < em or max(width, height) < LEAST_BOX * em:
            continue
        polygon, stroke = _fitted(piece, ink)
        if polygon is None or stroke is None:
            continue
        area = Area(polygon.points, polygon.curves, None, stroke)
        form, _tip = classify(area.points, area.curves)
        if form is Form.POLYGON or (form is Form.RECT and _run_ons(area.box, ink.drawn, em) > RUN_ONS):
            continue
        areas.append(area)
    return areas


@dataclass(frozen=True)
class _Piece:
    """Connected pixels of a mask: their bounding box in the picture, and which of its pixels they are."""

    left: int
    top: int
    right: int
    bottom: int
    inside: NDArray[np.bool_]


def _pieces(mask: Pixels, em: float) -> Iterable[_Piece]:
    """The pieces of a mask that are neither specks nor rims."""
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(mask, connectivity=4)
    for label in range(1, count):
        x, y, width, height, area = (int(v) for v in stats[label])
        if min(width, height) < LEAST_SIDE * em or area < LEAST_SIDE * em * LEAST_SIDE * em:
            continue
        inside = labels[y : y + height, x : x + width] == label
        thickest = 2 * float(cv2.distanceTransform(np.pad(inside.astype(np.uint8), 1), cv2.DIST_L2, 3).max())
        if thickest >= LEAST_THICKNESS * em:
            yield _Piece(x, y, x + width, y + height, inside)


def _split_by_color(mask: Pixels, smooth: Pixels, em: float) -> Pixels:
    """The mask with areas of different colours that touch cut apart; characters in them make no cut."""
    side = int(em) | 1
    ground = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    edges = cv2.morphologyEx(ground, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).max(axis=2) > COLOR_EDGE
    # Only edges between two fills: those towards paper bound the mask already.
    deep = cv2.erode(mask, np.ones((9, 9), np.uint8)) > 0
    return cast(Pixels, np.where(edges & deep, 0, mask).astype(np.uint8))


def _grown(points: tuple[tuple[float, float], ...], reach: float) -> tuple[tuple[float, float], ...]:
    """A polygon with its corners moved outwards so that its box grows by `reach` pixels on every side."""
    box = bounding(points)
    if box.width <= 0 or box.height <= 0:
        return points
    # Pixel centres are half a pixel inside the edges of pixels.
    kx, ky = (box.width + 2 * reach) / box.width, (box.height + 2 * reach) / box.height
    return tuple((box.cx + (x - box.cx) * kx + 0.5, box.cy + (y - box.cy) * ky + 0.5) for x, y in points)


def _as_box(polygon: Polygon) -> Polygon:
    box = bounding(polygon.points)
    return Polygon(((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)))


def _run_ons(box: BBox, drawn: Pixels, em: float) -> int:
    """At how many of the eight ends of a box's sides a drawn line goes on."""
    reach, slack = int(RUN_ON * em), 3
    height, width = drawn.shape
    count = 0
    for x, towards in ((int(box.x0), -1), (int(box.x1), 1)):
        for y in (int(box.y0), int(box.y1)):
            first, last = sorted((x + towards * (slack + 1), x + towards * (slack + reach)))
            strip = drawn[max(0, y - slack) : y + slack + 1, max(0, first) : min(width, last)]
            count += strip.size > 0 and float((strip.max(axis=0) > 0).mean()) > 0.9
    for y, towards in ((int(box.y0), -1), (int(box.y1), 1)):
        for x in (int(box.x0), int(box.x1)):
            first, last = sorted((y + towards * (slack + 1), y + towards * (slack + reach)))
            strip = drawn[max(0, first) : min(height, last), max(0, x - slack) : x + slack + 1]
            count += strip.size > 0 and float((strip.max(axis=1) > 0).mean()) > 0.9
    return count


def _color(values: NDArray[np.float64]) -> Color:
    return tuple(round(float(v) / 255, 3) for v in values)
