# SPDX-License-Identifier: AGPL-3.0-or-later
"""Axes of months, quarters and half-years: their ticks, and the year columns that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Line, PageLayout
from koteihyo.normalize.axis.bounds import column_bounds
from koteihyo.normalize.axis.dating import Dating, Vote, box_of, date_row, title_vote, votes_at
from koteihyo.normalize.axis.doubts import Doubt
from koteihyo.normalize.axis.header import HeaderCell
from koteihyo.normalize.axis.model import Axis, Column, Tick
from koteihyo.normalize.axis.ticks import TickRow, tick_rows
from koteihyo.schema.findings import FindingKind
from koteihyo.schema.records import Basis

# So many months or quarters are a chart of their own; where year columns go on beside them two will do.
MIN_TICKS = 4
# Rows of one header (quarters over months) stand this close, line heights, and lie over one another by this part.
ROW_GAP = 1.6
# Plain years follow months whose last one ends where they begin, within this part of a column.
BESIDE = 0.3
ROW_OVERLAP = 0.5


@dataclass(frozen=True)
class Divided:
    """An axis that was read from months, quarters or half-years, and whether they are many enough to stand alone."""

    axis: Axis
    stands_alone: bool


def divided_axes(layout: PageLayout, cells: Sequence[HeaderCell]) -> tuple[list[Divided], list[tuple[TickRow, Doubt]]]:
    """(axes, rows that look like one and cannot be dated, each with what to say of it).

    Args:
        layout: The page.
        cells: Its cells that name years.
    """
    axes: list[Divided] = []
    doubts: list[tuple[TickRow, Doubt]] = []
    for finest, others in _headers(tick_rows(layout.lines)):
        bounds, drawn, header = column_bounds([c.box for c in finest.cells], layout, finest.em)
        votes = votes_at(finest, bounds, cells)
        title: Line | None = None
        if not votes and len(finest.cells) >= MIN_TICKS and not finest.counts_only:
            titled = title_vote(finest, layout.lines)
            votes, title = ([titled[0]], titled[1]) if titled else ([], None)
        dating = date_row(finest, votes) if votes else None
        if dating is None:
            if len(finest.cells) >= MIN_TICKS and not finest.counts_only:
                doubts.append((finest, _doubt(finest, votes)))
            continue
        axis = _axis(finest, bounds, dating, votes)
        box = union([header, box_of(votes, finest), *(row.box for row in others)])
        lines = {ln: None for row in (finest, *others) for c in row.cells for ln in c.lines}
        lines |= {ln: None for v in votes if v.cell is not None for ln in v.cell.lines}
        axis = replace(
            axis,
            header=BBox(axis.x0, box.y0, axis.x1, box.y1),
            label_lines=tuple(lines),
            boundary_rules=drawn,
            assumed_era=any(v.cell is not None and v.cell.assumed for v in votes),
            year_line=title,
        )
        axes.append(Divided(axis, len(finest.cells) >= MIN_TICKS))
    return axes, doubts


def _headers(rows: Sequence[TickRow]) -> list[tuple[TickRow, list[TickRow]]]:
    """Rows that lie over one another as (the one with the most labels, the others)."""
    groups: list[list[TickRow]] = []
    for row in sorted(rows, key=lambda r: r.box.y0):
        for group in groups:
            if any(_adjacent(other, row) for other in group):
                group.append(row)
                break
        else:
            groups.append([row])
    result = []
    for group in groups:
        finest = max(group, key=lambda r: len(r.cells))
        result.append((finest, [row for row in group if row is not finest]))
    return result


def _adjacent(above: TickRow, below: TickRow) -> bool:
    gap = below.box.y0 - above.box.y1
    overlap = above.box.x_overlap(below.box)
    return -0.3 * above.em <= gap <= ROW_GAP * max(above.em, below.em) and overlap >= ROW_OVERLAP * min(
        above.box.width, below.box.width
    )


def _doubt(row: TickRow, votes: Sequence[Vote]) -> Doubt:
    said = "・".join(dict.fromkeys(str(v.year) for v in votes))
    why = f"年（{said}）と月の並びが合わない" if said else "何年のものか書かれていない"
    text = " ".join(c.text for c in row.cells)
    return Doubt(FindingKind.UNDATED_HEADER, text, row.box, {"why": why})


def _axis(row: TickRow, bounds: Sequence[float], dating: Dating, votes: Sequence[Vote]) -> Axis:
    ticks = tuple(
        Tick(cell.text, dating.coordinate(start), dating.coordinate(end), x0, x1)
        for cell, start, end, (x0, x1) in zip(row.cells, dating.starts, dating.ends, pairwise(bounds), strict=True)
    )
    columns = []
    for year in range(ticks[0].fy_start, ticks[-1].last_year + 1):
        x0, x1 = _x_at(ticks, year), _x_at(ticks, year + 1)
        if x1 > x0:
            columns.append(Column(_label(year, dating.basis, votes), year, year, x0, x1, dating.basis))
    em = next((v.cell.lines[0].size for v in votes if v.cell is not None), row.em)
    return Axis(tuple(columns), row.box, (), em, True, divided=True, ticks=ticks)


def _x_at(ticks: Sequence[Tick], position: float) -> float:
    """The x of a coordinate, clipped to the ticks."""
    for tick in ticks:
        if position < tick.end:
            return tick.x0 + max(position - tick.start, 0.0) / tick.span * (tick.x1 - tick.x0)
    return ticks[-1].x1


def _label(year: int, basis: Basis, votes: Sequence[Vote]) -> str:
    """The year as the header names it, if it names this kind of year; else in plain figures."""
    for vote in votes:
        if vote.cell is not None and vote.year == year and vote.fiscal is not (basis is Basis.CALENDAR_YEAR):
            return vote.cell.text
    return f"{year}年度" if basis is Basis.FISCAL_YEAR else f"{year}年"


def follows(divided: Axis, years: Axis) -> bool:
    """Whether a row of plain years goes on where the months of the years before end, at the height of their header."""
    slack = BESIDE * divided.pitch
    return (
        years.columns[0].fy_start == divided.columns[-1].fy_start + 1
        and abs(years.x0 - divided.x1) <= slack
        and years.header.y_overlap(divided.header) > 0
    )


def with_years_after(divided: Axis, years: Axis) -> Axis:
    """An axis of months and the plain years that follow them."""
    return with_years_beside(divided, replace(years, columns=(*divided.columns, *years.columns)))


def with_years_beside(divided: Axis, years: Axis) -> Axis:
    """An axis of years, some of which have months: the columns of both, in order."""
    inside = {column.fy_start: column for column in divided.columns}
    columns = [inside.pop(column.fy_start, column) for column in years.columns]
    for i, (before, after) in enumerate(pairwise(columns)):
        if before in divided.columns and after not in divided.columns:
            columns[i + 1] = replace(after, x0=before.x1)
        elif after in divided.columns and before not in divided.columns:
            columns[i] = replace(before, x1=after.x0)
    header = union([divided.header, years.header])
    return replace(
        years,
        columns=tuple(columns),
        ticks=(*years.ticks, *divided.ticks),
        divided=True,
        header=BBox(columns[0].x0, header.y0, columns[-1].x1, header.y1),
        label_lines=tuple(dict.fromkeys([*years.label_lines, *divided.label_lines])),
    )
