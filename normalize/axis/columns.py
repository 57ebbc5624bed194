# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the fiscal-year columns of each chart on a page from its header cells and the rules between them."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Line, PageLayout
from koteihyo.normalize.axis.header import HeaderCell, cell_rows, header_cells, years_on
from koteihyo.normalize.axis.runs import is_spaced, year_runs
from koteihyo.normalize.text.characters import narrow
from koteihyo.schema.records import Basis

# Lengths in line heights of the header's own text.
# Two header rows (western years over eras) belong to one header when closer than this.
HEADER_ROW_GAP = 3.0
# A header cell is at most this many times as tall as its text; a taller shape behind a label is a panel.
MAX_HEADER_HEIGHT = 2.5
# Rules that separate columns start no further than this below the header's text.
RULE_REACH = 3.0
# A rule counts as a column boundary when it lies within this part of the column's width of where symmetry puts it.
BOUNDARY_SLACK = 0.3
# Labels further off the middle than this part of their column do not belong to it.
ASKEW = 0.12
# A chart needs this many year columns; two years side by side are more often a comparison than a plan.
MIN_COLUMNS = 3
# A year alone is a chart's header where at least so many months or quarters stand this close under it, line heights.
MIN_PARTS = 4
PART_REACH = 2.5
# Two will do where half-years, quarters or months are drawn under them.
MIN_DIVIDED = 2

_SUB_HEADER = re.compile(
    r"[上下](?:半)?期|前[期半]|後[期半]|第?[1-4一二三四]四半期|[1-4]\s*[QＱ]|[QＱ]\s*[1-4]|(?:1[0-2]|[1-9])\s*月?"
    r"|[春夏秋冬]|年度[前後]半"
)


@dataclass(frozen=True)
class Column:
    """One column of one year or more; `fy_end` is None when open-ended."""

    label: str
    fy_start: int
    fy_end: int | None
    x0: float
    x1: float
    basis: Basis = Basis.FISCAL_YEAR

    @property
    def span(self) -> int:
        """Number of years on the axis: an open-ended column counts as one."""
        return 1 if self.fy_end is None else self.fy_end - self.fy_start + 1

    @property
    def last_year(self) -> int:
        """The last year it stands for; an open-ended one stands for its first."""
        return self.fy_start + self.span - 1


@dataclass(frozen=True)
class Axis:
    """The year columns of one chart and the box of their header cells."""

    columns: tuple[Column, ...]
    header: BBox
    label_lines: tuple[Line, ...]
    em: float
    boundary_rules: bool
    """Whether most inner boundaries are drawn; else they are computed from the labels' centres."""
    divided: bool = False
    """Whether half-years, quarters or months stand under the years."""
    assumed_era: bool = False
    """Whether the header has bare numbers (6年度) and the page names no era for them."""

    @property
    def x0(self) -> float:
        """Left edge of the first column."""
        return self.columns[0].x0

    @property
    def x1(self) -> float:
        """Right edge of the last column."""
        return self.columns[-1].x1

    def position(self, x: float) -> float:
        """Fiscal-year coordinate of an x, clipped to the axis."""
        if x <= self.x0:
            return float(self.columns[0].fy_start)
        for column in self.columns:
            if x < column.x1:
                return column.fy_start + column.span * (x - column.x0) / (column.x1 - column.x0)
        return float(self.columns[-1].fy_start + self.columns[-1].span)

    def years(self, x0: float, x1: float) -> tuple[int, int]:
        """(fy_start, fy_end): columns covered by at least a quarter, or else the one that holds the centre."""
        covered = [c for c in self.columns if min(x1, c.x1) - max(x0, c.x0) >= COVERED_PART * (c.x1 - c.x0)]
        if covered:
            return covered[0].fy_start, covered[-1].last_year
        column = self.column_at((x0 + x1) / 2)
        return column.fy_start, column.last_year

    def column_at(self, x: float) -> Column:
        """The column that holds an x, the outermost one beyond the axis."""
        return next((c for c in self.columns if x < c.x1), self.columns[-1])

    def year_at(self, x: float) -> int:
        """The year whose part of a column holds an x."""
        return min(int(self.position(x)), self.column_at(x).last_year)


COVERED_PART = 0.25


def find_axes(layout: PageLayout) -> list[Axis]:
    """Every fiscal-year header of a page, from the top; of two that overlap, the one with more columns."""
    cells, named = header_cells(layout.lines), years_on(layout.lines)
    axes = [
        _axis(run, layout)
        for row in cell_rows(cells)
        for run in year_runs(row, named, layout.lines)
        if len(run) >= MIN_DIVIDED and is_spaced(run)
    ]
    if not axes:
        axes = [axis for row in cell_rows(cells) if len(row) == 1 and (axis := _single_year(row[0], layout))]
    axes = [a for a in axes if len(a.columns) >= MIN_COLUMNS or a.divided]
    axes.sort(key=lambda a: (a.header.y0, a.header.x0))
    merged: list[Axis] = []
    for axis in axes:
        twin = next((m for m in merged if _same_header(m, axis)), None)
        if twin is None:
            merged.append(axis)
        else:
            merged[merged.index(twin)] = _joined(twin, axis)
    return merged


def _axis(run: Sequence[HeaderCell], layout: PageLayout) -> Axis:
    em = statistics.median(ln.size for c in run for ln in c.lines)
    text_box = union(c.box for c in run)
    shapes = [
        s.box
        for s in layout.shapes
        if s.box.height <= MAX_HEADER_HEIGHT * text_box.height + em
        and any(s.box.contains_point(c.box.cx, c.box.cy) for c in run)
        and s.box.y0 <= text_box.y0 + 0.5 * em
        and s.box.y1 >= text_box.y1 - 0.5 * em
    ]
    header = union([text_box, *shapes])
    header = BBox(text_box.x0, header.y0, text_box.x1, header.y1)
    edges = sorted({x for box in shapes for x in (box.x0, box.x1)} | set(_column_rules(layout, header, em)))
    bounds, drawn = _bounds([c.box for c in run], edges, em)
    if edges and not (drawn and _centred([c.box for c in run], bounds)):
        bounds, drawn = _bounds([c.box for c in run], [], em)
    columns = tuple(
        Column(c.text, c.label.start, c.label.end, x0, x1, c.label.basis)
        for c, x0, x1 in zip(run, bounds, bounds[1:], strict=False)
    )
    header = BBox(bounds[0], header.y0, bounds[-1], header.y1)
    lines = tuple(ln for c in run for ln in c.lines)
    axis = Axis(columns, header, lines, em, drawn, assumed_era=run[0].assumed)
    return _with_sub_header(axis, layout)


def _single_year(cell: HeaderCell, layout: PageLayout) -> Axis | None:
    """The column of a year that stands alone over its months or quarters; None where none stand right under it."""
    if cell.label.bare or cell.label.end is None:
        return None
    em = statistics.median(ln.size for ln in cell.lines)
    below = [
        ln
        for ln in layout.lines
        if ln.direction is Direction.HORIZONTAL
        and -0.3 * em <= ln.box.y0 - cell.box.y1 <= PART_REACH * em
        and _is_sub_header(ln.text)
    ]
    if len(below) < MIN_PARTS:
        return None
    below.sort(key=lambda ln: ln.box.x0)
    pitch = statistics.median(b.box.cx - a.box.cx for a, b in pairwise(below))
    x0, x1 = below[0].box.cx - pitch / 2, below[-1].box.cx + pitch / 2
    if not x0 <= cell.box.cx <= x1:
        return None
    column = Column(cell.text, cell.label.start, cell.label.end, x0, x1, cell.label.basis)
    header = BBox(x0, cell.box.y0, x1, max(cell.box.y1, below[0].box.y0))
    return _with_sub_header(Axis((column,), header, tuple(cell.lines), em, True), layout)


def _column_rules(layout: PageLayout, header: BBox, em: float) -> Iterable[float]:
    """Positions in x of the vertical rules that cross the header or start just below it."""
    for rule in layout.rulings:
        if rule.vertical and rule.length >= 1.5 * em:
            crosses = rule.start <= header.y1 and rule.end >= header.y0 + 0.5 * header.height
            below = header.y1 - em <= rule.start <= header.y1 + RULE_REACH * em
            if crosses or below:
                yield rule.at


def _bounds(boxes: Sequence[BBox], edges: Sequence[float], em: float) -> tuple[list[float], bool]:
    """The n+1 column boundaries, and whether most inner ones are drawn."""
    centres = [b.cx for b in boxes]
    inner: list[float] = []
    drawn = 0
    for left, right in pairwise(boxes):
        middle = (left.cx + right.cx) / 2
        # A label may be set off-centre, so any edge between the two texts will do; the closest to the middle wins.
        between = [x for x in edges if left.x1 - 0.3 * em <= x <= right.x0 + 0.3 * em]
        drawn += bool(between)
        inner.append(min(between, key=lambda x: abs(x - middle)) if between else middle)
    widths = [b - a for a, b in pairwise(inner)]
    usual = statistics.median(widths) if widths else centres[1] - centres[0]
    first = _outer(edges, inner[0], centres[0], -1, usual, boxes[0].x0 + 0.3 * em)
    last = _outer(edges, inner[-1], centres[-1], 1, usual, boxes[-1].x1 - 0.3 * em)
    return [first, *inner, last], drawn * 2 >= len(inner)


def _centred(boxes: Sequence[BBox], bounds: Sequence[float]) -> bool:
    """Whether the labels stand about the middle of their columns: edges of anything else leave them askew."""
    off = [
        abs(box.cx - (x0 + x1) / 2) / max(x1 - x0, 1.0) for box, x0, x1 in zip(boxes, bounds, bounds[1:], strict=False)
    ]
    left = [(box.x0 - x0) / max(x1 - x0, 1.0) for box, x0, x1 in zip(boxes, bounds, bounds[1:], strict=False)]
    # All set to the left at the same distance is as good as centred.
    # One label may be an exception, such as that of an open-ended last column.
    return sorted(off)[-2] <= ASKEW or max(left) - min(left) <= ASKEW


def _outer(edges: Sequence[float], inner: float, centre: float, side: int, usual: float, text_edge: float) -> float:
    """The outermost boundary: a drawn edge where symmetry or the usual width puts it, else the symmetric place."""
    symmetric = 2 * centre - inner
    targets = [symmetric, inner + side * usual]
    beyond = [x for x in edges if (x - text_edge) * side >= 0]
    best: tuple[float, float] | None = None
    for x in beyond:
        miss = min(abs(x - t) for t in targets)
        if miss <= BOUNDARY_SLACK * usual and (best is None or miss < best[0]):
            best = (miss, x)
    if best is not None:
        return best[1]
    if (symmetric - text_edge) * side < 0 or abs(symmetric - inner) < 0.5 * usual:
        return inner + side * usual
    return symmetric


def _with_sub_header(axis: Axis, layout: PageLayout) -> Axis:
    """Takes rows of half-years, quarters or months right under the years into the header."""
    header, lines = axis.header, list(axis.label_lines)
    for _row in range(2):
        below = [
            ln
            for ln in layout.lines
            if ln.direction is Direction.HORIZONTAL
            and -0.3 * axis.em <= ln.box.y0 - header.y1 <= 1.2 * axis.em
            and axis.x0 <= ln.box.cx <= axis.x1
            and not ln.is_blank
        ]
        subs = [ln for ln in below if _is_sub_header(ln.text)]
        if len(subs) < max(len(axis.columns), 0.8 * len(below)):
            break
        lines += subs
        header = BBox(header.x0, header.y0, header.x1, max(ln.box.y1 for ln in subs))
        cells = [
            s.box
            for s in layout.shapes
            if any(s.box.contains_point(ln.box.cx, ln.box.cy) for ln in subs) and s.box.height <= 3 * axis.em
        ]
        header = BBox(header.x0, header.y0, header.x1, max([header.y1, *(b.y1 for b in cells)]))
    return replace(axis, header=header, label_lines=tuple(lines), divided=len(lines) > len(axis.label_lines))


def _is_sub_header(text: str) -> bool:
    parts = narrow(text).split()
    return bool(parts) and all(_SUB_HEADER.fullmatch(part) for part in parts)


def _same_header(a: Axis, b: Axis) -> bool:
    """Whether two header rows name the same columns, one over the other."""
    gap = max(a.header.y0, b.header.y0) - min(a.header.y1, b.header.y1)
    years_a, years_b = {c.fy_start for c in a.columns}, {c.fy_start for c in b.columns}
    overlap = min(a.x1, b.x1) - max(a.x0, b.x0)
    return (
        gap <= HEADER_ROW_GAP * max(a.em, b.em)
        and overlap >= 0.5 * min(a.x1 - a.x0, b.x1 - b.x0)
        and len(years_a & years_b) >= 0.5 * min(len(years_a), len(years_b))
    )


def _joined(a: Axis, b: Axis) -> Axis:
    best = max((a, b), key=lambda x: (not x.assumed_era, len(x.columns), x.boundary_rules))
    header = BBox(best.x0, min(a.header.y0, b.header.y0), best.x1, max(a.header.y1, b.header.y1))
    return replace(best, header=header, label_lines=(*a.label_lines, *b.label_lines), divided=a.divided or b.divided)
