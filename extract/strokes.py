# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes strokes as thick as text for the bars that they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from koteihyo.extract.geometry import BBox
from koteihyo.extract.paths import Path
from koteihyo.extract.rulings import LEAN

# A level stroke at least this thick, in line heights, is an area; rules and frames are thinner.
THICK = 0.5


def strokes_as_areas(paths: Iterable[Path], line_height: float) -> list[Path]:
    """The paths, with thick level strokes replaced by the rectangles that they paint."""
    return [_area(path) if _is_thick(path, line_height) else path for path in paths]


def _is_thick(path: Path, line_height: float) -> bool:
    if path.fill is not None or path.stroke is None or path.dashed or len(path.points) != 2:
        return False
    (ax, ay), (bx, by) = path.points
    return path.line_width >= THICK * line_height and abs(ay - by) <= LEAN and abs(ax - bx) > 2 * path.line_width


def _area(path: Path) -> Path:
    half = path.line_width / 2
    box = BBox(path.box.x0, path.box.cy - half, path.box.x1, path.box.cy + half)
    corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
    return replace(path, points=corners, closed=True, fill=path.stroke, stroke=None, line_width=0.0, box=box)
