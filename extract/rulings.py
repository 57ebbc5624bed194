# SPDX-License-Identifier: AGPL-3.0-or-later
"""Straight lines along an axis: strokes, thin filled rectangles and rows of dashes, each as one ruling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from koteihyo.extract.model import Ruling
from koteihyo.extract.paths import Path, Point

# Filled areas thinner than this part of a line height are drawn lines, not boxes.
RULE_THICKNESS = 0.25
# How far a line may lean and still be straight along an axis: PDF points, or as a part of its length where it was drawn
# by hand (measured: column lines of real slides lean by up to 0.6 %).
LEAN = 0.6
LEAN_PART = 0.01
# Dashes of one line are closer to one another than this part of a line height.
DASH_GAP = 0.8
# Parallel pieces closer than this are one line, PDF points.
SAME_LINE = 0.4


def is_thin(path: Path, line_height: float) -> bool:
    """Whether a path's box is thin enough to be a drawn line."""
    return min(path.box.width, path.box.height) <= RULE_THICKNESS * line_height


def is_level(a: Point, b: Point) -> bool:
    """Whether a piece of a line lies along the x axis."""
    return abs(a[1] - b[1]) <= max(LEAN, LEAN_PART * abs(a[0] - b[0]))


def is_upright(a: Point, b: Point) -> bool:
    """Whether a piece of a line lies along the y axis."""
    return abs(a[0] - b[0]) <= max(LEAN, LEAN_PART * abs(a[1] - b[1]))


def build_rulings(paths: Iterable[Path], line_height: float) -> list[Ruling]:
    """Rulings from thin fills and from the straight edges of open strokes."""
    pieces: list[Ruling] = []
    for path in paths:
        if path.fill is not None and is_thin(path, line_height):
            box = path.box
            vertical = box.height >= box.width
            at, start, end = (box.cx, box.y0, box.y1) if vertical else (box.cy, box.x0, box.x1)
            pieces.append(Ruling(vertical, at, start, end, path.dashed, path.fill, path.seqno))
        elif path.stroke is not None and (not path.closed or is_thin(path, line_height)):
            pieces += _edges(path)
    return _join(pieces, DASH_GAP * line_height)


def _edges(path: Path) -> list[Ruling]:
    result = []
    for a, b in pairwise(path.points):
        (ax, ay), (bx, by) = a, b
        if is_upright(a, b) and not is_level(a, b):
            result.append(Ruling(True, (ax + bx) / 2, min(ay, by), max(ay, by), path.dashed, path.stroke, path.seqno))
        elif is_level(a, b) and not is_upright(a, b):
            result.append(Ruling(False, (ay + by) / 2, min(ax, bx), max(ax, bx), path.dashed, path.stroke, path.seqno))
    return result


def _join(pieces: Sequence[Ruling], gap: float) -> list[Ruling]:
    """Joins collinear pieces with small gaps. Short pieces with gaps between them are dashes."""
    groups: dict[tuple[bool, int], list[Ruling]] = defaultdict(list)
    for piece in sorted(pieces, key=lambda r: (r.vertical, r.at, r.start)):
        groups[piece.vertical, round(piece.at / SAME_LINE)].append(piece)
    result: list[Ruling] = []
    for group in groups.values():
        current: Ruling | None = None
        for piece in sorted(group, key=lambda r: r.start):
            if current is not None and piece.start <= current.end + gap:
                dashed = current.dashed or piece.dashed or piece.start > current.end + SAME_LINE
                current = Ruling(
                    current.vertical,
                    current.at,
                    current.start,
                    max(current.end, piece.end),
                    dashed,
                    current.color,
                    current.seqno,
                )
            else:
                if current is not None:
                    result.append(current)
                current = piece
        if current is not None:
            result.append(current)
    return sorted(result, key=lambda r: (r.vertical, r.at, r.start))
