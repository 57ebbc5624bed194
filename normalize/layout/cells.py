# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cells of a ruled table: the box that drawn lines make around a piece of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form, PageLayout


@dataclass(frozen=True)
class CellSettings:
    """Which drawn lines close a cell."""

    rule_slack: float = 0.6
    """How far, in line heights, a rule may stop short of a cell's text and still bound it."""


CELLS = CellSettings()


class Grid:
    """Horizontal and vertical edges of a page: rulings, and the edges of plain rectangles."""

    def __init__(self, layout: PageLayout, *, solid_only: bool = False, with_shapes: bool = True) -> None:
        self._horizontal: list[tuple[float, float, float]] = []
        self._vertical: list[tuple[float, float, float]] = []
        for rule in layout.rulings:
            if solid_only and rule.dashed:
                continue
            target = self._vertical if rule.vertical else self._horizontal
            target.append((rule.at, rule.start, rule.end))
        if with_shapes:
            for shape in layout.shapes:
                if shape.form is Form.RECT:
                    b = shape.box
                    self._horizontal += [(b.y0, b.x0, b.x1), (b.y1, b.x0, b.x1)]
                    self._vertical += [(b.x0, b.y0, b.y1), (b.x1, b.y0, b.y1)]
        self._slack = CELLS.rule_slack * layout.line_height

    def cell(self, box: BBox) -> BBox | None:
        """The smallest ruled cell around a box; None when it is not closed on all four sides."""
        s = self._slack
        left = [x for x, a, b in self._vertical if x <= box.x0 + s and a - s <= box.cy <= b + s]
        right = [x for x, a, b in self._vertical if x >= box.x1 - s and a - s <= box.cy <= b + s]
        above = [y for y, a, b in self._horizontal if y <= box.y0 + s and a - s <= box.cx <= b + s]
        below = [y for y, a, b in self._horizontal if y >= box.y1 - s and a - s <= box.cx <= b + s]
        if not (left and right and above and below):
            return None
        return BBox(max(left), max(above), min(right), min(below))

    def horizontal_edges(self, x0: float, x1: float, share: float) -> list[float]:
        """Positions in y of the edges that cover at least `share` of the way from x0 to x1, from the top."""
        return _covering(self._horizontal, x0, x1, share)

    def vertical_edges(self, y0: float, y1: float, share: float) -> list[float]:
        """Positions in x of the edges that cover at least `share` of the way from y0 to y1, from the left."""
        return _covering(self._vertical, y0, y1, share)


def _covering(edges: Sequence[tuple[float, float, float]], start: float, end: float, share: float) -> list[float]:
    """Positions at which pieces of edges, taken together, cover a share of an interval."""
    merged: list[tuple[float, list[tuple[float, float]]]] = []
    for at, a, b in sorted(edges):
        clipped = (max(a, start), min(b, end))
        if clipped[1] <= clipped[0]:
            continue
        if merged and at - merged[-1][0] <= 1.0:
            merged[-1][1].append(clipped)
        else:
            merged.append((at, [clipped]))
    need = share * (end - start)
    return [at for at, pieces in merged if _length(pieces) >= need]


def _length(pieces: Sequence[tuple[float, float]]) -> float:
    total, reached = 0.0, float("-inf")
    for a, b in sorted(pieces):
        total += max(0.0, b - max(a, reached))
        reached = max(reached, b)
    return total
