# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads card tables: charts whose rows carry a name, what is already done, and the office in charge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Line, PageLayout
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.claims import SideColumns
from koteihyo.normalize.headings.left_column import split_marker
from koteihyo.normalize.layout.cells import Grid
from koteihyo.normalize.layout.order import raw_text, reading_order
from koteihyo.normalize.reading import RowReading
from koteihyo.normalize.text.characters import fold, normalize_text

# Shared vocabulary of the side columns' headers.
_DONE = re.compile(r"実施済|実績|これまで|既に|取組状況|現状|措置済|完了")
_OWNER = re.compile(r"担当|所管|部局|府省|省庁|実施主体|主体")
# An edge bounds the table's columns or rows when it runs along this part of it.
COLUMN_EDGE_SHARE = 0.5
ROW_EDGE_SHARE = 0.6
# Not inside brackets: 総務省（自治行政局、統計局） is one.
_OWNER_LIST = re.compile(r"[、，,](?![^（(]*[）)])")


def find_card_header(layout: PageLayout, region: Region, header_lines: Sequence[Line]) -> SideColumns | None:
    """The side columns named in the header row, or None when the chart is no card table."""
    grid = Grid(layout)
    done = owner = None
    for group in _columns_of(header_lines, region.em):
        text = fold("".join(ln.text for ln in group))
        box = union(ln.box for ln in group)
        if box.cx < region.body.x0 and _DONE.search(text):
            done = _extent(box, grid, region, (region.box.x0, region.body.x0))
        elif not region.body.x0 <= box.cx <= region.body.x1 and _OWNER.search(text):
            limits = (region.body.x1, region.box.x1) if box.cx > region.body.x1 else (region.box.x0, region.body.x0)
            owner = _extent(box, grid, region, limits)
    if done is None and owner is None:
        return None
    return SideColumns(tuple(header_lines), done, owner)


def is_card_table(header: SideColumns | None, left_lines: Sequence[Line]) -> bool:
    """Whether a chart with side columns is a card table: its rows are things, not numbered sections."""
    if header is None:
        return False
    if header.done is not None:
        return True
    if not left_lines:
        # Rows without names: strips across the chart are its headings.
        return False
    numbered = [ln for ln in left_lines if len(split_marker(ln.text)[1]) > 0 and split_marker(ln.text)[0] <= 3]
    return not numbered


def _columns_of(lines: Sequence[Line], em: float) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda ln: ln.box.x0):
        for group in groups:
            if union(ln.box for ln in group).x_overlap(line.box) > -0.3 * em:
                group.append(line)
                break
        else:
            groups.append([line])
    return [sorted(g, key=lambda ln: ln.box.y0) for g in groups]


def _extent(box: BBox, grid: Grid, region: Region, limits: tuple[float, float]) -> tuple[float, float]:
    """Extent in x of the column under a header text."""
    edges = [limits[0], *grid.vertical_edges(region.body.y0, region.body.y1, COLUMN_EDGE_SHARE), limits[1]]
    inside = sorted(x for x in edges if limits[0] - 1 <= x <= limits[1] + 1)
    slack = 0.5 * region.em
    left = max((x for x in inside if x <= box.x0 + slack), default=limits[0])
    right = min((x for x in inside if x >= box.x1 - slack), default=limits[1])
    return left, right


def read_rows(layout: PageLayout, region: Region, header: SideColumns, lines: Sequence[Line]) -> list[RowReading]:
    """Rows of a card table from the lines of its side columns."""
    grid = Grid(layout)
    lines = [ln for ln in lines if not ln.is_blank]
    taken = [extent for extent in (header.done, header.owner) if extent is not None]
    name_lines = [
        ln for ln in lines if ln.box.cx < region.body.x0 and not any(x0 <= ln.box.cx <= x1 for x0, x1 in taken)
    ]
    group_lines = _group_lines(name_lines, grid, region)
    grouped = set(group_lines)
    name_lines = [ln for ln in name_lines if ln not in grouped]
    bands = _row_bands(grid, region, name_lines, header)
    rows = []
    for top, bottom in bands:
        cell = [ln for ln in lines if top <= ln.box.cy < bottom and ln not in grouped]
        names = [ln for ln in cell if any(ln is n for n in name_lines)]
        if not names:
            continue
        done = [ln for ln in cell if header.done and header.done[0] <= ln.box.cx <= header.done[1]]
        owner = [ln for ln in cell if header.owner and header.owner[0] <= ln.box.cx <= header.owner[1]]
        middle = (top + bottom) / 2
        group = _group_of(middle, group_lines, grid, region)
        rows.append(
            RowReading(
                BBox(region.box.x0, top, region.box.x1, bottom),
                normalize_text(raw_text(names)),
                (*names, *done, *owner),
                group=normalize_text(raw_text(group)) if group else None,
                done=normalize_text(raw_text(done)) if done else None,
                owner=normalize_text(raw_text(owner)) if owner else None,
                owners=tuple(
                    name
                    for row in reading_order(owner)
                    for name in _OWNER_LIST.split(normalize_text(" ".join(ln.text for ln in row)))
                    if name
                ),
            )
        )
    return rows


def group_label_lines(rows: Sequence[RowReading], region: Region, lines: Sequence[Line]) -> list[Line]:
    """The lines of group labels, which several rows share."""
    used = {ln for row in rows for ln in row.lines}
    labels = {row.group for row in rows if row.group}
    left = [ln for ln in lines if ln not in used and ln.box.cx < region.body.x0 and not ln.is_blank]
    return [ln for ln in left if any(normalize_text(ln.text) in label for label in labels)]


def _group_lines(lines: Sequence[Line], grid: Grid, region: Region) -> list[Line]:
    """Lines of the group labels: vertical text, or text in the outermost column when it is separate."""
    vertical = [ln for ln in lines if ln.direction is not Direction.HORIZONTAL]
    if vertical:
        return vertical
    edges = [
        x
        for x in grid.vertical_edges(region.body.y0, region.body.y1, COLUMN_EDGE_SHARE)
        if region.box.x0 + region.em < x < region.body.x0 - region.em
    ]
    if not edges:
        return []
    first = edges[0]
    outer = [ln for ln in lines if ln.box.x1 <= first + 0.3 * ln.size]
    inner = [ln for ln in lines if ln.box.x0 >= first - 0.3 * ln.size]
    if outer and inner and len(outer) < len(inner):
        return outer
    return []


def _group_of(y: float, lines: Sequence[Line], grid: Grid, region: Region) -> list[Line]:
    """The group label whose cell holds a row."""
    for line in lines:
        cell = grid.cell(line.box)
        if cell is None:
            edges = grid.horizontal_edges(line.box.x0, line.box.x1, 0.8)
            top = max((e for e in edges if e <= line.box.y0), default=region.body.y0)
            bottom = min((e for e in edges if e >= line.box.y1), default=region.body.y1)
            cell = BBox(line.box.x0, top, line.box.x1, bottom)
        if cell.y0 <= y <= cell.y1:
            same = [ln for ln in lines if cell.y0 <= ln.box.cy <= cell.y1]
            return sorted(same, key=lambda ln: (-ln.box.cx, ln.box.y0))
    return []


def _row_bands(grid: Grid, region: Region, names: Sequence[Line], header: SideColumns) -> list[tuple[float, float]]:
    """(top, bottom) of each row: from the drawn edges, or half way between the names where there are none."""
    if not names:
        return []
    x0 = min(ln.box.x0 for ln in names)
    x1 = max([ln.box.x1 for ln in names] + [e[1] for e in (header.done,) if e])
    em = region.em
    edges = grid.horizontal_edges(x0, max(x1, x0 + em), ROW_EDGE_SHARE)
    edges = [y for y in edges if region.body.y0 - em <= y <= region.body.y1 + em]
    edges = _distinct([region.body.y0, *edges, region.body.y1], em)
    if len(edges) > 2:
        return list(pairwise(edges))
    centres = sorted(ln.box.cy for ln in names)
    starts = [centres[0]]
    for y in centres[1:]:
        if y - starts[-1] > 2.0 * em:
            starts.append(y)
    cuts = [region.body.y0, *((a + b) / 2 for a, b in pairwise(starts)), region.body.y1]
    return list(pairwise(cuts))


def _distinct(edges: Sequence[float], em: float) -> list[float]:
    result: list[float] = []
    for y in sorted(edges):
        if not result or y - result[-1] > 0.6 * em:
            result.append(y)
    return result
