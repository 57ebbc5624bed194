# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small figures that mark a date on a chart: triangles, diamonds, stars, discs."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form, Shape

# A figure is as high as wide within this part.
SQUARE = 0.35
# The corners of a diamond lie at the middles of its box's edges, within this part of its size.
MIDDLE = 0.12
# A star has so many corners, by turns far from its middle and near: the near ones at most at this part of the far ones.
STAR_CORNERS, STAR_NEAR = 8, 0.75
# Stars have tips at their sides, as arrows have.
_ANGULAR = (Form.POLYGON, Form.DOUBLE_ARROW, Form.BLOCK_ARROW)


def marks_date(shape: Shape) -> bool:
    """Whether a small filled figure stands for a date; an arrow or a box of the same size does not."""
    if shape.form is Form.TRIANGLE:
        return True
    if abs(shape.box.width - shape.box.height) > SQUARE * max(shape.box.width, shape.box.height):
        return False
    return shape.form is Form.ELLIPSE or (
        shape.form in _ANGULAR and (_is_diamond(shape.points, shape.box) or _is_star(shape.points))
    )


def _corners(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return list(points[:-1] if len(points) > 1 and points[0] == points[-1] else points)


def _is_diamond(points: Sequence[tuple[float, float]], box: BBox) -> bool:
    corners = _corners(points)
    middles = [(box.cx, box.y0), (box.x1, box.cy), (box.cx, box.y1), (box.x0, box.cy)]
    near = MIDDLE * max(box.width, box.height)
    return len(corners) == len(middles) and all(
        any(math.dist(corner, middle) <= near for corner in corners) for middle in middles
    )


def _is_star(points: Sequence[tuple[float, float]]) -> bool:
    corners = _corners(points)
    if len(corners) < STAR_CORNERS or len(corners) % 2:
        return False
    middle = (statistics.mean(x for x, _y in corners), statistics.mean(y for _x, y in corners))
    radii = [math.dist(corner, middle) for corner in corners]
    far, near = sorted((statistics.mean(radii[::2]), statistics.mean(radii[1::2])), reverse=True)
    return near <= STAR_NEAR * far
