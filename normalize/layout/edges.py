# SPDX-License-Identifier: AGPL-3.0-or-later
"""Edges that a person sees between the cells of a table: rulings, and where the fills of cells end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Color, Form, PageLayout, Shape

View = Callable[[BBox], tuple[float, float, float, float]]
"""A box as (start, end) along an axis and (start, end) across it."""

# Fills of neighbouring cells meet within this, PDF points: producers round to 0.05 to 0.75.
ABUTTING = 0.8
# Two fills are one area when the common edge is this part of the shorter side.
COMMON_PART = 0.9
# Pieces of one edge lie within this of one another, PDF points.
SAME_EDGE = 1.0
# A fill as light as this in every channel is the paper.
PAPER = 0.97


@dataclass(frozen=True)
class Edge:
    """A straight edge along an axis: at an x (vertical) or y (horizontal), from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(frozen=True)
class Edges:
    """The visible edges of a page."""

    horizontal: tuple[Edge, ...]
    vertical: tuple[Edge, ...]

    def ys(self, x0: float, x1: float, share: float) -> list[float]:
        """Positions of horizontal edges that cover at least `share` of the way from x0 to x1, from the top."""
        return _covering(self._sorted_horizontal, x0, x1, share)

    def xs(self, y0: float, y1: float, share: float) -> list[float]:
        """Positions of vertical edges that cover at least `share` of the way from y0 to y1, from the left."""
        return _covering(self._sorted_vertical, y0, y1, share)

    @cached_property
    def _sorted_horizontal(self) -> list[Edge]:
        return sorted(self.horizontal, key=lambda e: (e.at, e.start))

    @cached_property
    def _sorted_vertical(self) -> list[Edge]:
        return sorted(self.vertical, key=lambda e: (e.at, e.start))


def visible_edges(layout: PageLayout) -> Edges:
    """Rulings and the edges of rectangles; none between fills of one colour that meet, none of paper on paper."""
    horizontal = [Edge(r.at, r.start, r.end) for r in layout.rulings if not r.vertical]
    vertical = [Edge(r.at, r.start, r.end) for r in layout.rulings if r.vertical]
    boxes = [s for s in layout.shapes if s.form is Form.RECT]
    plain = [s for s in boxes if s.stroke is None and s.fill is not None]
    for shape in boxes:
        b = shape.box
        if shape.stroke is not None:
            horizontal += [Edge(b.y0, b.x0, b.x1), Edge(b.y1, b.x0, b.x1)]
            vertical += [Edge(b.x0, b.y0, b.y1), Edge(b.x1, b.y0, b.y1)]
    painted = [s for s in plain if s.fill is not None and not is_paper(s.fill)]
    horizontal += _outer_edges(painted, _turned)
    vertical += _outer_edges(painted, _upright)
    return Edges(tuple(horizontal), tuple(vertical))


def is_paper(color: Color) -> bool:
    """Whether a fill is as good as white."""
    return min(color) >= PAPER if len(color) == 3 else len(color) == 1 and color[0] >= PAPER


def distinct(positions: Iterable[float], gap: float) -> list[float]:
    """Positions in order, those closer than `gap` to the one before left out."""
    result: list[float] = []
    for at in sorted(positions):
        if not result or at - result[-1] > gap:
            result.append(at)
    return result


def _upright(box: BBox) -> tuple[float, float, float, float]:
    return box.x0, box.x1, box.y0, box.y1


def _turned(box: BBox) -> tuple[float, float, float, float]:
    return box.y0, box.y1, box.x0, box.x1


def _outer_edges(shapes: Sequence[Shape], look: View) -> list[Edge]:
    """Edges at either end along one axis, without those at which an equal fill goes on."""
    starts: dict[int, list[Shape]] = defaultdict(list)
    ends: dict[int, list[Shape]] = defaultdict(list)
    for shape in shapes:
        low, high, _a, _b = look(shape.box)
        starts[round(low)].append(shape)
        ends[round(high)].append(shape)
    edges = []
    for shape in shapes:
        low, high, a, b = look(shape.box)
        if not _goes_on(shape, ends, low, 1, look):
            edges.append(Edge(low, a, b))
        if not _goes_on(shape, starts, high, 0, look):
            edges.append(Edge(high, a, b))
    return edges


def _goes_on(shape: Shape, by_end: dict[int, list[Shape]], at: float, end: int, look: View) -> bool:
    *_ends, a, b = look(shape.box)
    for place in (round(at) - 1, round(at), round(at) + 1):
        for other in by_end.get(place, ()):
            ends = look(other.box)
            common = min(b, ends[3]) - max(a, ends[2])
            if (
                other is not shape
                and other.fill == shape.fill
                and abs(ends[end] - at) <= ABUTTING
                and common >= COMMON_PART * (b - a)
            ):
                return True
    return False


def _covering(edges: Sequence[Edge], start: float, end: float, share: float) -> list[float]:
    merged: list[tuple[float, list[tuple[float, float]]]] = []
    for edge in edges:
        a, b = max(edge.start, start), min(edge.end, end)
        if b <= a:
            continue
        if merged and edge.at - merged[-1][0] <= SAME_EDGE:
            merged[-1][1].append((a, b))
        else:
            merged.append((edge.at, [(a, b)]))
    return [at for at, pieces in merged if covered_length(pieces) >= share * (end - start)]


def covered_length(pieces: Sequence[tuple[float, float]]) -> float:
    """Length that intervals cover together."""
    total, reached = 0.0, float("-inf")
    for a, b in sorted(pieces):
        total += max(0.0, b - max(a, reached))
        reached = max(reached, b)
    return total
