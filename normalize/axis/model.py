# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an axis is: year columns, the finer columns under them, and where an x lies between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Line
from koteihyo.schema.records import Basis

# A column counts as covered when a shape lies over this part of it.
COVERED_PART = 0.25


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
class Tick:
    """One column finer than a year. `start` and `end` are coordinates of its axis: 2024.25 is 1 July 2024."""

    label: str
    start: float
    end: float
    x0: float
    x1: float

    @property
    def fy_start(self) -> int:
        """The year in which it begins."""
        return math.floor(self.start)

    @property
    def last_year(self) -> int:
        """The year in which it ends."""
        return math.ceil(self.end) - 1

    @property
    def span(self) -> float:
        """Its length in years."""
        return self.end - self.start


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
    ticks: tuple[Tick, ...] = ()
    """The half-years, quarters or months, from the left; some years may have none."""
    year_line: Line | None = None
    """The line elsewhere on the page that names the year, where the header itself names none."""

    footer: BBox | None = None
    """The header where it is repeated under the chart."""
    at_bottom: bool = False
    """Whether the header stands under its chart, and nowhere else."""

    @property
    def x0(self) -> float:
        """Left edge of the first column."""
        return self.columns[0].x0

    @property
    def x1(self) -> float:
        """Right edge of the last column."""
        return self.columns[-1].x1

    @cached_property
    def finest(self) -> tuple[Column | Tick, ...]:
        """The narrowest columns, from the left: a year's ticks, or the year where it has none."""
        whole = [c for c in self.columns if not any(c.x0 <= (t.x0 + t.x1) / 2 <= c.x1 for t in self.ticks)]
        return tuple(sorted([*whole, *self.ticks], key=lambda c: c.x0))

    @property
    def pitch(self) -> float:
        """Mean width of the narrowest columns."""
        return (self.x1 - self.x0) / len(self.finest)

    @property
    def end(self) -> float:
        """Coordinate of the right edge."""
        last = self.finest[-1]
        return last.end if isinstance(last, Tick) else float(last.fy_start + last.span)

    def position(self, x: float) -> float:
        """Fiscal-year coordinate of an x, clipped to the axis."""
        for column in self.finest:
            if x < column.x1:
                start = column.start if isinstance(column, Tick) else column.fy_start
                return start + column.span * max(x - column.x0, 0.0) / (column.x1 - column.x0)
        return self.end

    def years(self, x0: float, x1: float) -> tuple[int, int]:
        """(fy_start, fy_end): columns covered by at least a quarter, or else the one that holds the centre."""
        covered = [c for c in self.finest if min(x1, c.x1) - max(x0, c.x0) >= COVERED_PART * (c.x1 - c.x0)]
        if covered:
            return covered[0].fy_start, covered[-1].last_year
        column = self._finest_at((x0 + x1) / 2)
        return column.fy_start, column.last_year

    def year_at(self, x: float) -> int:
        """The year whose part of a column holds an x."""
        return min(int(self.position(x)), self._finest_at(x).last_year)

    def _finest_at(self, x: float) -> Column | Tick:
        return next((c for c in self.finest if x < c.x1), self.finest[-1])
