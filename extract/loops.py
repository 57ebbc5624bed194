# SPDX-License-Identifier: AGPL-3.0-or-later
"""Closes outlines that were drawn stroke by stroke: each becomes one path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from koteihyo.extract.geometry import bounding
from koteihyo.extract.paths import Path, Point

# Ends of the strokes of one outline meet within this, PDF points.
MEETING = 0.3


def close_loops(paths: Sequence[Path]) -> list[Path]:
    """The paths, with same-styled strokes that close an outline replaced by that outline."""
    result: list[Path] = []
    run: list[Path] = []
    for path in sorted(paths, key=lambda p: p.seqno):
        if not _is_segment(path):
            result.append(path)
            continue
        if run and not (_same_style(run[0], path) and any(_touch(path, other) for other in run)):
            result += run
            run = []
        run.append(path)
        loop = _closed_walk(run)
        if loop is not None:
            result.append(loop)
            run = []
    return sorted(result + run, key=lambda p: p.seqno)


def _is_segment(path: Path) -> bool:
    return path.fill is None and path.stroke is not None and len(path.points) >= 2 and not path.closed


def _same_style(a: Path, b: Path) -> bool:
    return a.stroke == b.stroke and a.dashed == b.dashed and abs(a.line_width - b.line_width) < 0.01


def _touch(a: Path, b: Path) -> bool:
    return any(_near(p, q) for p in (a.points[0], a.points[-1]) for q in (b.points[0], b.points[-1]))


def _near(p: Point, q: Point) -> bool:
    return abs(p[0] - q[0]) <= MEETING and abs(p[1] - q[1]) <= MEETING


def _closed_walk(run: Sequence[Path]) -> Path | None:
    """The outline that the segments close, if every end meets exactly one other end."""
    if len(run) < 3:
        return None
    remaining = list(run[1:])
    points = list(run[0].points)
    while remaining:
        for i, segment in enumerate(remaining):
            if _near(segment.points[0], points[-1]):
                points += segment.points[1:]
            elif _near(segment.points[-1], points[-1]):
                points += tuple(reversed(segment.points))[1:]
            else:
                continue
            del remaining[i]
            break
        else:
            return None
    if not _near(points[0], points[-1]):
        return None
    outline = tuple(points[:-1])
    first = run[0]
    return replace(
        first, points=outline, closed=True, curves=sum(p.curves for p in run), box=bounding(outline), fill=None
    )
