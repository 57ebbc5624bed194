# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows merged over the whole table: headings of the rows under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from koteihyo.extract.model import Line
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.layout.edges import Edges, distinct
from koteihyo.normalize.tables.model import Cell, SideTable, cell_text

# Edges of a strip run along this part of the table; an edge that parts cells runs along this part of its height.
ACROSS_SHARE = 0.85
PARTING_SHARE = 0.6
# Lengths in line heights: edges nearer than this are one; a strip is at most so high.
SAME_EDGE = 0.4
STRIP_HEIGHT = 4.0


@dataclass(frozen=True)
class Strip:
    """A row that is one cell: from top to bottom, with its words."""

    top: float
    bottom: float
    text: str
    lines: tuple[Line, ...]


def read_strips(
    edges: Edges, region: Region, sides: tuple[float, float], lines: Sequence[Line], bottom: float
) -> list[Strip]:
    """The rows without any edge between cells, from the top; a plan has rows between and under them.

    Args:
        edges: The edges of the page.
        region: The chart's place.
        sides: Left edge of the first and right edge of the last column beside the years.
        lines: The page's lines.
        bottom: Where the last row ends.
    """
    em, body = region.axis.em, region.body
    x0, x1 = min(sides[0], body.x0), max(sides[1], body.x1)
    ys = [y for y in edges.ys(x0, x1, ACROSS_SHARE) if body.y0 - SAME_EDGE * em <= y <= bottom + SAME_EDGE * em]
    strips = []
    for top, end in pairwise(distinct([body.y0, *ys, bottom], SAME_EDGE * em)):
        inner = [x for x in edges.xs(top, end, PARTING_SHARE) if x0 + em < x < x1 - em]
        inside = tuple(ln for ln in lines if top <= ln.box.cy < end and x0 <= ln.box.cx <= x1 and not ln.is_blank)
        if not inner and inside and end - top <= STRIP_HEIGHT * em:
            strips.append(Strip(top, end, cell_text(inside), inside))
    return strips


def is_on_strip(cell: Cell, strips: Sequence[Strip]) -> bool:
    """Whether a cell of a column is a piece of a strip."""
    return any(strip.top <= (cell.top + cell.bottom) / 2 <= strip.bottom for strip in strips)


def with_strips(table: SideTable | None, strips: Sequence[Strip]) -> SideTable | None:
    """The table with the words of the strip over a row as the group of rows that have none."""
    if table is None or not strips:
        return table
    rows = []
    for row in table.rows:
        over = [strip for strip in strips if strip.bottom <= row.box.cy]
        rows.append(replace(row, group=row.group or over[-1].text) if over else row)
    lines = tuple(ln for strip in strips for ln in strip.lines)
    return replace(table, rows=tuple(rows), group_lines=(*table.group_lines, *lines))
