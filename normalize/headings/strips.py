# SPDX-License-Identifier: AGPL-3.0-or-later
"""Headings and owners elsewhere than in a left column: strips, vertical group labels, a column of ministries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Direction, Form, Line, PageLayout
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.claims import SideColumns
from koteihyo.normalize.headings.left_column import split_marker, split_ranked
from koteihyo.normalize.layout.blocks import group_blocks
from koteihyo.normalize.layout.cells import Grid
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.reading import UNMARKED_LEVEL, HeadingReading, ItemReading
from koteihyo.normalize.text.characters import normalize_text

# A strip runs over at least this part of the body's width.
STRIP_WIDTH = 0.95
# A label at the left edge is a heading between bands when it begins within this many line heights of it.
EDGE_REACH = 1.5
_SPLIT = re.compile(r"[、，,・\n\s　/／]+")


def numbered_strips(region: Region, items: Sequence[ItemReading]) -> list[tuple[ItemReading, HeadingReading]]:
    """The items that are numbered strips, or numbered lines between the bands, with the headings they make."""
    found: list[tuple[ItemReading, int, int, str, str]] = []
    for item in items:
        rank, level, marker, title = split_ranked(item.text_raw)
        across = item.box.width >= STRIP_WIDTH * region.body.width and item.form in (Form.RECT.value, "cell")
        at_edge = item.form == "none" and abs(item.box.x0 - region.body.x0) <= EDGE_REACH * region.em
        if marker and level < UNMARKED_LEVEL and (across or at_edge):
            found.append((item, rank, level, marker, title))
    found.sort(key=lambda f: f[0].box.y0)
    headings = []
    for i, (item, rank, level, marker, title) in enumerate(found):
        below = found[i + 1][0].box.y0 if i + 1 < len(found) else region.body.y1
        band = (item.box.y0, max(below, item.box.y1))
        heading = HeadingReading(level, marker, normalize_text(title), tuple(item.lines), item.box, band, rank)
        headings.append((item, heading))
    return headings


def group_headings(layout: PageLayout, lines: Sequence[Line], level: int) -> list[HeadingReading]:
    """Vertical labels of the left column, each beside its own ruled rows: headings over the numbered ones.

    One label alone is the chart's heading, not a group; then the list is empty.
    """
    if not any(ln.direction is Direction.VERTICAL for ln in lines):
        return []
    grid = Grid(layout)
    cells: dict[tuple[float, float], list[Line]] = {}
    for line in lines:
        cell = grid.cell(line.box)
        if cell is None:
            # Without ruled cells nothing says where one label's rows end.
            return []
        cells.setdefault((cell.y0, cell.y1), []).append(line)
    if len(cells) < 2:
        return []
    headings = []
    for band, members in sorted(cells.items()):
        ordered = sorted(members, key=lambda ln: (-round(ln.box.cx), ln.box.y0))
        _level, marker, title = split_marker(" ".join(ln.text.strip() for ln in ordered))
        box = BBox(
            min(ln.box.x0 for ln in ordered),
            min(ln.box.y0 for ln in ordered),
            max(ln.box.x1 for ln in ordered),
            max(ln.box.y1 for ln in ordered),
        )
        headings.append(
            HeadingReading(level, marker, normalize_text(title), tuple(ordered), box, band, rank=-1, column=-1)
        )
    return headings


@dataclass(frozen=True)
class OwnerCell:
    """A cell of the column of ministries: the rows from top to bottom that it speaks for."""

    top: float
    bottom: float
    owners: tuple[str, ...]
    lines: tuple[Line, ...]


def owner_cells(layout: PageLayout, header: SideColumns, lines: Sequence[Line]) -> list[OwnerCell]:
    """The cells of a chart's owner column."""
    if header.owner is None:
        return []
    x0, x1 = header.owner
    grid = Grid(layout)
    cells = []
    for block in group_blocks([ln for ln in lines if x0 <= ln.box.cx <= x1]):
        cell = grid.cell(block.box)
        names = tuple(normalize_text(p) for p in _SPLIT.split(raw_text(block.lines)) if p.strip())
        owners = tuple(n.removesuffix("等") for n in names if n.removesuffix("等"))
        top, bottom = (cell.y0, cell.y1) if cell else (block.box.y0, block.box.y1)
        cells.append(OwnerCell(top, bottom, owners, block.lines))
    return cells


def with_owners(items: Sequence[ItemReading], cells: Sequence[OwnerCell]) -> list[ItemReading]:
    """The items with the owners of their rows, unless their own text names some; the first one takes the lines."""
    result = list(items)
    for cell in cells:
        row = [n for n, item in enumerate(result) if cell.top <= item.reach.cy <= cell.bottom]
        for n in row:
            result[n] = replace(result[n], owners=result[n].owners or cell.owners)
        if row:
            first = min(row, key=lambda n: (result[n].box.y0, result[n].box.x0))
            result[first] = replace(result[first], owner_lines=(*result[first].owner_lines, *cell.lines))
    return result
