# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a chart that is a ruled table: rows with attributes beside the years, and what their year cells say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Line, PageLayout
from koteihyo.normalize.axis.extent import ARROW_FORMS, Region
from koteihyo.normalize.bars.items import find_owners, years_of
from koteihyo.normalize.layout.edges import visible_edges
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.reading import CarriedTable, ChartReading, ColumnHead, ItemReading, Placement, RowReading
from koteihyo.normalize.tables.alignment import aligned_edges
from koteihyo.normalize.tables.model import SideTable
from koteihyo.normalize.tables.page_break import rejoined
from koteihyo.normalize.tables.rows import COLUMN_SHARE, read_side_table
from koteihyo.normalize.tables.year_cells import CellRun, cut_at_edges, read_year_cells

# Confidence of the row that an item stands in, and of a run of cells.
# All of 342 were right: what may be unseen among so many is one in seventy.
ROW_CONFIDENCE = 0.985
CELL_CONFIDENCE = 0.985
# So many arrows under the years say that the plan is drawn over the table, not written into its cells.
ARROWS = 2


def read_table_chart(
    layout: PageLayout,
    region: Region,
    lines: Sequence[Line],
    drawn: Callable[[], Sequence[ItemReading]],
    carried: CarriedTable | None = None,
) -> tuple[ChartReading, list[Line]] | None:
    """(the chart, lines of the page that are not in it); None when it is no table with columns of its own.

    Args:
        layout: The page.
        region: The chart's place on it.
        lines: The page's lines.
        drawn: Reads the bars and lines that are drawn over the table, for a plan that is not written in its cells.
        carried: What the table of the page before hands on, which may go on here.
    """
    edges = visible_edges(layout)
    # Texts of neighbouring cells that touch are one line so far; those under the years are cut row by row.
    within = (region.body.x0 + region.axis.em, region.body.x1 - region.axis.em)
    ruled = edges.xs(region.body.y0, region.body.y1, COLUMN_SHARE)
    xs = [x for x in ruled if not within[0] < x < within[1]]
    lines = [piece for ln in lines for piece in (cut_at_edges(ln, xs) if _is_in(ln, region) else [ln])]
    side = read_side_table(edges, region, lines, carried)
    if side is None and not _is_drawn(layout, region):
        outer = carried if carried is not None and not carried.headed else None
        aligned = aligned_edges(edges, region, lines, outer)
        edges = aligned or edges
        side = read_side_table(edges, region, lines, carried) if aligned is not None else None
    if side is None:
        return None
    items = _drawn(drawn(), side) if _is_drawn(layout, region) else None
    if items is None:
        body = [ln for ln in lines if region.body.x0 <= ln.box.cx <= region.body.x1 and ln.box.cy > region.body.y0]
        items = [
            _item(n, run, row, region)
            for n, (run, row) in enumerate(read_year_cells(layout, edges, region, side.rows, body))
        ]
    header = _header_lines(lines, side, region)
    chart = ChartReading(
        region,
        tuple(items),
        (),
        side.rows,
        is_card=True,
        header_lines=tuple(header),
        label_lines=side.group_lines,
        columns=tuple(ColumnHead(c.x0, c.x1, c.label, c.role.value) for c in side.columns),
        open_rows=side.open_rows,
    )
    if carried is not None and side.continued:
        chart = rejoined(chart, carried)
    recorded = {g for ln in _recorded(chart) for g in ln.glyphs}
    return chart, [ln for ln in lines if not any(g in recorded for g in ln.glyphs)]


def _is_in(line: Line, region: Region) -> bool:
    return region.axis.header.y0 <= line.box.cy <= region.body.y1


def _is_drawn(layout: PageLayout, region: Region) -> bool:
    body = region.body
    arrows = [s for s in layout.shapes if s.form in ARROW_FORMS and body.contains_point(s.box.cx, s.box.cy)]
    return len(arrows) >= ARROWS


def _drawn(items: Sequence[ItemReading], side: SideTable) -> list[ItemReading]:
    return [replace(item, placement=_placement(_row_at(side.rows, item.reach))) for item in items]


def _row_at(rows: Sequence[RowReading], box: BBox) -> RowReading | None:
    return next((row for row in rows if row.box.y0 <= box.cy < row.box.y1), None)


def _placement(row: RowReading | None) -> Placement:
    return Placement(None, row, ROW_CONFIDENCE, "row") if row is not None else Placement()


def _item(number: int, run: CellRun, row: RowReading, region: Region) -> ItemReading:
    return ItemReading(
        number,
        run.kind,
        run.text,
        raw_text(run.words),
        tuple(run.lines),
        run.box,
        run.box,
        years_of(run.kind, run.box, region.axis),
        "cell",
        owners=tuple(find_owners(run.text)),
        confidence=CELL_CONFIDENCE,
        placement=_placement(row),
    )


def _header_lines(lines: Sequence[Line], side: SideTable, region: Region) -> list[Line]:
    """Lines of the header cells: the years, what stands over them, and the names of the columns."""
    named = [ln for c in side.columns for ln in c.header_lines]
    top = min([region.axis.header.y0, *(ln.box.y0 for ln in named)])
    over = [
        ln
        for ln in lines
        if region.body.x0 <= ln.box.cx <= region.body.x1 and top - 0.5 * region.axis.em <= ln.box.cy <= region.body.y0
    ]
    return [*named, *over, *region.axis.label_lines]


def _recorded(chart: ChartReading) -> list[Line]:
    items = [ln for item in chart.items for ln in (*item.lines, *item.owner_lines)]
    rows = [ln for row in chart.rows for ln in row.lines]
    amended = [ln for amendment in chart.amendments for ln in amendment.all_lines]
    return [*chart.header_lines, *chart.label_lines, *items, *rows, *amended]
