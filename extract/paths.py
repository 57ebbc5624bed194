# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a page's vector drawings as simple sub-paths: one polygon or polyline each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from koteihyo.extract.geometry import BBox, bounding
from koteihyo.extract.model import Color

if TYPE_CHECKING:
    import pymupdf

Point = tuple[float, float]

# A page of a roadmap has hundreds of segments. Above this, drawings are art or data plots, and only the first are read.
MAX_SEGMENTS = 200_000
# Ends of consecutive segments closer than this are one vertex, PDF points: coordinates are rounded in the file.
JOIN = 0.05


@dataclass(frozen=True)
class Path:
    """One sub-path. `curves` is the number of Bezier pieces, of which end points and middles are in `points`."""

    points: tuple[Point, ...]
    closed: bool
    curves: int
    fill: Color | None
    stroke: Color | None
    line_width: float
    dashed: bool
    opacity: float
    seqno: int
    box: BBox


def read_paths(page: pymupdf.Page) -> tuple[list[Path], list[str]]:
    """Sub-paths of a page in painting order, and warnings about what was left out."""
    matrix = page.rotation_matrix
    paths: list[Path] = []
    warnings: list[str] = []
    segments = 0
    for drawing in page.get_drawings():
        segments += len(drawing["items"])
        if segments > MAX_SEGMENTS:
            warnings.append("too_many_segments")
            break
        paths += _split(drawing, matrix)
    return paths, warnings


def contains(points: Sequence[Point], x: float, y: float) -> bool:
    """Whether a point lies inside a polygon (even-odd rule)."""
    inside = False
    j = len(points) - 1
    for i in range(len(points)):
        (xi, yi), (xj, yj) = points[i], points[j]
        if (yi > y) != (yj > y) and x < (xj - xi) * (y - yi) / (yj - yi) + xi:
            inside = not inside
        j = i
    return inside


def _split(drawing: dict[str, Any], matrix: Any) -> list[Path]:
    """The sub-paths of one drawing: PyMuPDF strings several together."""
    pieces: list[tuple[list[Point], int]] = []
    for item in drawing["items"]:
        kind = item[0]
        if kind == "re":
            r = item[1]
            pieces.append(([(r.x0, r.y0), (r.x1, r.y0), (r.x1, r.y1), (r.x0, r.y1), (r.x0, r.y0)], 0))
        elif kind == "qu":
            q = item[1]
            pieces.append(([_xy(p) for p in (q.ul, q.ur, q.lr, q.ll, q.ul)], 0))
        else:
            start = _xy(item[1])
            added = [_xy(item[2])] if kind == "l" else [bezier_middle(*(_xy(p) for p in item[1:5])), _xy(item[4])]
            curve = 0 if kind == "l" else 1
            if pieces and close(pieces[-1][0][-1], start):
                points, curves = pieces[-1]
                points += added
                pieces[-1] = (points, curves + curve)
            else:
                pieces.append(([start, *added], curve))
    result = []
    fill = tuple(drawing["fill"]) if drawing.get("fill") and "f" in drawing["type"] else None
    stroke = tuple(drawing["color"]) if drawing.get("color") and "s" in drawing["type"] else None
    opacity = drawing.get("fill_opacity")
    for raw, curves in pieces:
        turned = [turn(p, matrix) for p in raw]
        if not all(math.isfinite(v) for p in turned for v in p):
            continue
        closed = fill is not None or bool(drawing.get("closePath")) or close(turned[0], turned[-1])
        if len(turned) > 1 and close(turned[0], turned[-1]):
            turned.pop()
        result.append(
            Path(
                points=tuple(turned),
                closed=closed and len(turned) > 2,
                curves=curves,
                fill=fill,
                stroke=stroke,
                line_width=float(drawing.get("width") or 0.0),
                dashed=any(c.isdigit() and c != "0" for c in (drawing.get("dashes") or "").split("]")[0]),
                opacity=1.0 if opacity is None else float(opacity),
                seqno=int(drawing["seqno"]),
                box=bounding(turned),
            )
        )
    return result


def _xy(point: Any) -> Point:
    return float(point.x), float(point.y)


def bezier_middle(p0: Point, p1: Point, p2: Point, p3: Point) -> Point:
    """The point half way along a Bezier curve."""
    return (
        (p0[0] + 3 * p1[0] + 3 * p2[0] + p3[0]) / 8,
        (p0[1] + 3 * p1[1] + 3 * p2[1] + p3[1]) / 8,
    )


def turn(point: Point, matrix: Any) -> Point:
    """A point moved by a matrix."""
    x, y = point
    return x * matrix.a + y * matrix.c + matrix.e, x * matrix.b + y * matrix.d + matrix.f


def close(a: Point, b: Point) -> bool:
    """Whether two points are one vertex."""
    return abs(a[0] - b[0]) <= JOIN and abs(a[1] - b[1]) <= JOIN
