# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cells of a chart's column of headings: where vertical edges part it, in all of its rows or only in some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form, Line, PageLayout

# Edges nearer than this, in line heights, are one; text may reach this far over one.
SAME_EDGE = 0.5
# A glyph's box, in line heights, may touch the edge beside it.
TOUCHING = 0.1


@dataclass(frozen=True)
class Divider:
    """A vertical edge that parts the column, at x = `at`, along `runs` of (top, bottom)."""

    at: float
    runs: tuple[tuple[float, float], ...]

    def passes(self, y: float) -> bool:
        """Whether it runs past a height."""
        return any(top <= y <= bottom for top, bottom in self.runs)


Cell = tuple[int, tuple[float, float]]
"""(number of the sub-column, (x0, x1)) of a cell of the column."""


def side_cells(layout: PageLayout, side: BBox, em: float, lines: Sequence[Line]) -> dict[Cell, list[Line]]:
    """Lines of a column beside the years by the cell that they stand in; a line that runs on in the next cell is cut."""
    dividers = []
    for divider in _edges(layout, side, em):
        cut = [piece for line in lines for piece in _cut(line, divider, em)]
        if _parts(divider, cut, em):
            dividers.append(divider)
            lines = cut
    cells: dict[Cell, list[Line]] = {}
    for line in lines:
        cells.setdefault(_cell_of(line, dividers, side, em), []).append(line)
    return cells


def _edges(layout: PageLayout, side: BBox, em: float) -> list[Divider]:
    """Every inner edge of the column, from rules and cells; only some rows may be divided."""
    runs: dict[float, list[tuple[float, float]]] = {}
    candidates = [(r.at, r.start, r.end) for r in layout.rulings if r.vertical and side.x0 + em < r.at < side.x1 - em]
    for shape in layout.shapes:
        within = side.x0 - em <= shape.box.x0 and shape.box.x1 <= side.x1 + em
        if shape.form is Form.RECT and within and side.contains_point(shape.box.cx, shape.box.cy):
            candidates += [
                (x, shape.box.y0, shape.box.y1) for x in (shape.box.x0, shape.box.x1) if side.x0 + em < x < side.x1 - em
            ]
    for at, start, end in candidates:
        runs.setdefault(next((x for x in runs if abs(x - at) <= SAME_EDGE * em), at), []).append((start, end))
    return [Divider(at, tuple(_merged_runs(spans, em))) for at, spans in sorted(runs.items())]


def _cut(line: Line, divider: Divider, em: float) -> list[Line]:
    """The line in two where the divider runs between two of its glyphs."""
    if divider.passes(line.box.cy):
        for i in range(1, len(line.glyphs)):
            if line.glyphs[i - 1].box.x1 - TOUCHING * em <= divider.at <= line.glyphs[i].box.x0 + TOUCHING * em:
                pieces = (Line(line.glyphs[:i], line.direction), Line(line.glyphs[i:], line.direction))
                return [piece for piece in pieces if not piece.is_blank]
    return [line]


def _merged_runs(spans: Sequence[tuple[float, float]], em: float) -> list[tuple[float, float]]:
    """Runs that follow each other, the edges of one cell under another's, as one."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + SAME_EDGE * em:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _parts(divider: Divider, lines: Sequence[Line], em: float) -> bool:
    """Whether text stands on both sides of a divider, not across it."""
    beside = [ln for ln in lines if divider.passes(ln.box.cy)]
    if any(ln.box.x0 + SAME_EDGE * em < divider.at < ln.box.x1 - SAME_EDGE * em for ln in beside):
        return False
    before = [ln for ln in beside if ln.box.cx < divider.at]
    return bool(before) and len(before) < len(beside)


def _cell_of(line: Line, dividers: Sequence[Divider], side: BBox, em: float) -> Cell:
    here = [d for d in dividers if d.passes(line.box.cy)]
    before = [d.at for d in here if d.at <= line.box.cx]
    x0 = max(before, default=side.x0 - 10 * em)
    x1 = min((d.at for d in here if d.at > line.box.cx), default=side.x1 + em)
    return sum(d.at <= x0 for d in dividers), (x0, x1)
