# SPDX-License-Identifier: AGPL-3.0-or-later
"""Closes outlines that were drawn stroke by stroke: each becomes one path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from koteihyo.extract.geometry import bounding
from koteihyo.extract.paths import Path, Point

# Ends of the strokes of one outline meet within this, PDF points.
MEETING = 0.3
# An outline has at most this many strokes: longer runs are curves of a plot, drawn in small steps.
MAX_STROKES = 400


def close_loops(paths: Sequence[Path]) -> list[Path]:
    """The paths, with same-styled strokes that close an outline replaced by that outline."""
    result: list[Path] = []
    run = _Run()
    for path in sorted(paths, key=lambda p: p.seqno):
        if not _is_segment(path):
            result.append(path)
            continue
        if not run.takes(path):
            result += run.strokes
            run = _Run()
        run.add(path)
        loop = run.outline()
        if loop is not None:
            result.append(loop)
            run = _Run()
    return sorted(result + run.strokes, key=lambda p: p.seqno)


def _is_segment(path: Path) -> bool:
    return path.fill is None and path.stroke is not None and len(path.points) >= 2 and not path.closed


class _Run:
    """Strokes drawn one after the other that hang together, and the places where their ends meet."""

    def __init__(self) -> None:
        self.strokes: list[Path] = []
        self._places: dict[tuple[int, int], list[int]] = {}
        self._points: list[Point] = []
        self._ends: list[list[int]] = []
        self._open = 0

    def takes(self, path: Path) -> bool:
        """Whether a stroke goes on with the run: it looks the same and touches it."""
        if not self.strokes:
            return True
        if len(self.strokes) >= MAX_STROKES or not _same_style(self.strokes[0], path):
            return False
        return any(self._place(point) is not None for point in (path.points[0], path.points[-1]))

    def add(self, path: Path) -> None:
        """Takes a stroke in."""
        for point in (path.points[0], path.points[-1]):
            place = self._place(point)
            if place is None:
                place = len(self._points)
                self._points.append(point)
                self._ends.append([])
                self._places.setdefault(_cell(point), []).append(place)
            self._ends[place].append(len(self.strokes))
            self._open += {1: 1, 2: -1, 3: 1}.get(len(self._ends[place]), 0)
        self.strokes.append(path)

    def outline(self) -> Path | None:
        """The outline that the strokes close, if every end meets exactly one other end."""
        if len(self.strokes) < 2 or self._open:
            return None
        points = list(self.strokes[0].points)
        at = 0
        for _step in self.strokes[1:]:
            place = self._place(points[-1])
            if place is None:
                return None
            at = next((i for i in self._ends[place] if i != at), at)
            stroke = self.strokes[at].points
            points += (stroke if _near(stroke[0], points[-1]) else tuple(reversed(stroke)))[1:]
        if at == 0 or not _near(points[0], points[-1]):
            return None
        first, outline = self.strokes[0], tuple(points[:-1])
        box = bounding(outline)
        # A line that is drawn to and fro closes nothing.
        if len(outline) < 3 or min(box.width, box.height) <= MEETING:
            return None
        curves = sum(p.curves for p in self.strokes)
        return replace(first, points=outline, closed=True, curves=curves, box=box, fill=None)

    def _place(self, point: Point) -> int | None:
        x, y = _cell(point)
        for cell in ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            for place in self._places.get(cell, ()):
                if _near(self._points[place], point):
                    return place
        return None


def _cell(point: Point) -> tuple[int, int]:
    return int(point[0] // MEETING), int(point[1] // MEETING)


def _same_style(a: Path, b: Path) -> bool:
    return a.stroke == b.stroke and a.dashed == b.dashed and abs(a.line_width - b.line_width) < 0.01


def _near(p: Point, q: Point) -> bool:
    return abs(p[0] - q[0]) <= MEETING and abs(p[1] - q[1]) <= MEETING
