# SPDX-License-Identifier: AGPL-3.0-or-later
"""The columns beside the years of a ruled table, and its rows: name, group, and what the other columns say of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Direction, Line
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.layout.edges import Edges, distinct
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.reading import CarriedTable, RowReading
from koteihyo.normalize.tables.groups import with_groups
from koteihyo.normalize.tables.model import Cell, SideColumn, SideTable, cell_text
from koteihyo.normalize.tables.page_break import with_heads
from koteihyo.normalize.tables.roles import GROUP_SPAN, ColumnTraits, Role, assign_roles
from koteihyo.normalize.tables.strips import is_on_strip, read_strips, with_strips
from koteihyo.normalize.text.characters import narrow, normalize_text

# The label of a year column.
_YEAR = re.compile(r"(?:19|20)\d\d|(?:令和|平成)?\s*(?:\d+|元)\s*年度|[RH]\d+")
_OWNER_LIST = re.compile(r"[、，,](?![^（(]*[）)])")
# Edges nearer than this part of a line height are one, drawn by two cells.
SAME_EDGE = 0.4
# A column's edge runs along this part of the body: it may be broken where cells are merged.
COLUMN_SHARE = 0.5
# An edge of a cell runs along this part of its column.
CELL_SHARE = 0.85
# A header is at most this many times as tall as the years' own rows.
HEADER_HEIGHT = 4.0


def read_side_table(
    edges: Edges, region: Region, lines: Sequence[Line], carried: CarriedTable | None = None
) -> SideTable | None:
    """Columns and rows from the lines beside the years; None when the chart is no table with columns of its own.

    A table has a named column of rows and at least one more that is named and says something of each row. Where it
    goes on without its header, `carried` has the names.
    """
    em = region.axis.em
    beside = [ln for ln in lines if not region.body.x0 <= ln.box.cx <= region.body.x1]
    bottom = _bottom(edges, region)
    bare = [
        _column(edges, region, beside, extent, bottom)
        for extent in _extents(edges, region, bottom)
        if extent[1] - extent[0] > SAME_EDGE * em
    ]
    columns = _own(bare, region)
    if not columns:
        return None
    strips = read_strips(edges, region, (min(c.x0 for c in columns), max(c.x1 for c in columns)), lines, bottom)
    columns = [replace(c, cells=tuple(cell for cell in c.cells if not is_on_strip(cell, strips))) for c in columns]
    if not all(c.cells for c in columns):
        return None
    if carried is not None and (known := with_heads(columns, carried)) is not None:
        return with_strips(_table(known, region, lines, carried), strips)
    row_count = max(len(column.cells) for column in columns)
    roles = assign_roles([_traits(column, region, row_count) for column in columns])
    if roles is None:
        return None
    columns = [
        SideColumn(c.x0, c.x1, c.label, c.header_lines, c.cells, role) for c, role in zip(columns, roles, strict=True)
    ]
    name = next(c for c in columns if c.role is Role.NAME)
    if not name.label or not any(_says_of_each(column, row_count) for column in columns):
        return None
    return with_strips(_table(columns, region, lines), strips)


def _table(
    columns: Sequence[SideColumn], region: Region, lines: Sequence[Line], carried: CarriedTable | None = None
) -> SideTable | None:
    """The rows under columns whose roles are known."""
    name = next((c for c in columns if c.role is Role.NAME), None)
    before = carried.row if carried is not None and name is not None and _is_written(name.cells[0], lines) else None
    rows = _rows(columns, name, region, before) if name is not None else []
    if not rows:
        return None
    rows, open_rows = with_groups(rows, columns, carried)
    labels = tuple(ln for c in columns if c.role is Role.GROUP for cell in c.cells for ln in cell.lines)
    return SideTable(tuple(columns), tuple(rows), labels, carried is not None, open_rows)


def _own(columns: Sequence[SideColumn], region: Region) -> list[SideColumn]:
    """Columns with text, from the years outwards up to where the years of a chart beside this one stand."""
    left = [c for c in columns if c.x1 <= region.body.x0 + 1.0]
    right = [c for c in columns if c.x0 >= region.body.x1 - 1.0]
    own = [*reversed([*takewhile(_no_year, reversed(left))]), *takewhile(_no_year, right)]
    if len(own) < len(columns):
        # Between two charts side by side the columns after this one's years are the other one's.
        own = [c for c in own if c.x1 <= region.body.x0 + 1.0]
    return [c for c in own if c.label or any(cell.lines for cell in c.cells)]


def _no_year(column: SideColumn) -> bool:
    return _YEAR.match(narrow(column.label)) is None


def _says_of_each(column: SideColumn, row_count: int) -> bool:
    """Whether a column says something of each row; one that is merged over rows may be a second heading of theirs."""
    if column.role is Role.ATTRIBUTE:
        return bool(column.label) and row_count < GROUP_SPAN * len(column.cells)
    return column.role not in (Role.NAME, Role.GROUP)


def _bottom(edges: Edges, region: Region) -> float:
    """The lowest edge across all years: what stands below belongs to no row."""
    em = region.axis.em
    ys = edges.ys(region.body.x0, region.body.x1, CELL_SHARE)
    return max((y for y in ys if region.body.y0 + em < y <= region.body.y1 + em), default=region.body.y1)


def _extents(edges: Edges, region: Region, bottom: float) -> list[tuple[float, float]]:
    em, body = region.axis.em, region.body
    xs = distinct(edges.xs(body.y0, bottom, COLUMN_SHARE), SAME_EDGE * em)
    left = [x for x in xs if x < body.x0 - SAME_EDGE * em]
    right = [x for x in xs if x > body.x1 + SAME_EDGE * em]
    return [*pairwise([*left, body.x0]), *pairwise([body.x1, *right])]


def _column(
    edges: Edges, region: Region, lines: Sequence[Line], extent: tuple[float, float], bottom: float
) -> SideColumn:
    em, body = region.axis.em, region.body
    x0, x1 = extent
    inside = [ln for ln in lines if x0 <= ln.box.cx <= x1]
    ys = distinct(edges.ys(x0, x1, CELL_SHARE), SAME_EDGE * em)
    above = [y for y in ys if y < region.axis.header.cy]
    top = max(above[-1] if above else 0.0, region.axis.header.y0 - HEADER_HEIGHT * region.axis.header.height)
    header = [ln for ln in inside if top <= ln.box.cy < body.y0]
    cuts = [body.y0, *(y for y in ys if body.y0 + SAME_EDGE * em < y < bottom - SAME_EDGE * em), bottom]
    cells = [
        Cell(a, b, tuple(sorted((ln for ln in inside if a <= ln.box.cy < b), key=lambda ln: (ln.box.y0, ln.box.x0))))
        for a, b in pairwise(cuts)
    ]
    return SideColumn(x0, x1, cell_text(header), tuple(header), tuple(cells), Role.ATTRIBUTE)


def _traits(column: SideColumn, region: Region, row_count: int) -> ColumnTraits:
    filled = [cell for cell in column.cells if cell.lines]
    figures = [cell for cell in filled if narrow(cell.text).strip(" .-()（）").isdecimal()]
    upright = [cell for cell in filled if _is_vertical(cell.lines)]
    return ColumnTraits(
        label=column.label,
        on_left=column.x1 <= region.body.x0 + 1.0,
        spanning=row_count / max(len(column.cells), 1),
        vertical=2 * len(upright) > len(filled),
        figures=len(figures) / max(len(filled), 1),
        filled=sum(1 for _ in filled) / max(len(column.cells), 1),
        width=column.x1 - column.x0,
    )


def _is_vertical(lines: Sequence[Line]) -> bool:
    return any(ln.direction is not Direction.HORIZONTAL for ln in lines) or (
        len(lines) > 2 and all(len(ln.text.strip()) == 1 for ln in lines)
    )


def _rows(
    columns: Sequence[SideColumn], name: SideColumn, region: Region, before: RowReading | None
) -> list[RowReading]:
    """The rows, from the top; one without a name at the top of a page goes on with the last one of the page before."""
    rows: list[RowReading] = []
    taken: set[Line] = set()
    left, right = min(c.x0 for c in columns), max(*(c.x1 for c in columns), region.body.x1)
    for cell in name.cells:
        if not cell.lines and not (before is not None and cell is name.cells[0]):
            continue
        beside = {c: c.cell_beside(cell) for c in columns}
        texts = {c: found.text if found else "" for c, found in beside.items()}
        lines = list(cell.lines)
        for column, found in beside.items():
            if found and column.role not in (Role.NAME, Role.GROUP):
                # A cell merged over several rows speaks for all; its lines are the first one's.
                lines += [ln for ln in found.lines if ln not in taken]
        taken.update(lines)
        rows.append(
            RowReading(
                BBox(left, cell.top, right, cell.bottom),
                cell.text or (before.name if before is not None else ""),
                tuple(lines),
                done=next((texts[c] for c in columns if c.role is Role.DONE), None),
                owner=next((texts[c] for c in columns if c.role is Role.OWNER), None),
                owners=_owners([found for c, found in beside.items() if found and c.role is Role.OWNER]),
                attributes=tuple(
                    (c.label, texts[c]) for c in columns if c.label and c.role not in (Role.NAME, Role.GROUP)
                ),
            )
        )
    return rows


def _is_written(cell: Cell, lines: Sequence[Line]) -> bool:
    """Whether anything is written at the height of a cell."""
    return any(cell.top <= ln.box.cy < cell.bottom and not ln.is_blank for ln in lines)


def _owners(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Each organisation named in the owner cells: a line or a part of one; a comma in brackets parts no names."""
    rows = (normalize_text(row) for cell in cells for row in raw_text(cell.lines).split("\n"))
    return tuple(part.strip() for row in rows for part in _OWNER_LIST.split(row) if part.strip())
