# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows and groups of a table that a page break parts: the words of a cell may stand on either page, or on both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from koteihyo.extract.model import Line
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.reading import (
    Amendment,
    CarriedTable,
    ChartReading,
    ColumnHead,
    ItemAmendment,
    ItemReading,
    RowReading,
)
from koteihyo.normalize.tables.model import SideColumn
from koteihyo.normalize.tables.roles import Role
from koteihyo.normalize.text.characters import normalize_text

# Lengths in line heights of the cell's own text.
# A cell is full where its last line ends this close to the cell's edges: a word that did not fit began the next line.
FULL_RIGHT, FULL_BOTTOM = 3.0, 1.3
# A column has its edges at one place on every page, within this, PDF points.
SAME_PLACE = 2.0


def carried_table(last: ChartReading, *, headed: bool) -> CarriedTable | None:
    """What the table of a page hands on to the next page; None for a chart that is no table.

    Args:
        last: The page's last chart.
        headed: Whether the next page prints its columns' headers again.
    """
    if not last.columns:
        return None
    row = last.rows[-1] if last.rows else None
    items = tuple(item for item in last.items if row is not None and item.placement.row is row)
    group = next((r.group for r in reversed(last.rows) if r.group), None)
    return CarriedTable(last.columns, group, headed, row, items, last.open_rows)


def with_heads(columns: Sequence[SideColumn], carried: CarriedTable) -> list[SideColumn] | None:
    """The columns with the headers and roles of the same ones on the page before; None where they are other ones."""
    result = []
    for column in columns:
        same = (
            h for h in carried.columns
            if abs(h.x0 - column.x0) <= SAME_PLACE and abs(h.x1 - column.x1) <= SAME_PLACE
            and (not carried.headed or h.label == column.label)
        )  # fmt: skip
        head = next(same, None)
        if head is None:
            return None
        result.append(replace(column, label=head.label, role=Role(head.role)))
    return result


def rejoined(chart: ChartReading, carried: CarriedTable) -> ChartReading:
    """The chart with what its first rows say of the last rows of the page before as amendments of these."""
    first = chart.rows[0]
    amendments = []
    if carried.open_rows and first.group and first.group_lines:
        amendments.append(Amendment(rows=carried.open_rows, group=first.group))
    items = [item for item in chart.items if item.placement.row is first]
    if carried.row is None or not _is_rest(first, items, carried):
        return replace(chart, amendments=tuple(amendments))
    pairs = [(_cell_of(item, carried.items), item) for item in items]
    given = [ItemAmendment(above.box, _joined(above.lines, item.lines), item.lines) for above, item in pairs if above]
    amendments.append(_rest_of_row(carried.row, first, carried.columns, tuple(given)))
    rest = [item for item in chart.items if item.placement.row is not first]
    return replace(chart, rows=chart.rows[1:], items=tuple(rest), amendments=tuple(amendments))


def _is_rest(first: RowReading, items: Sequence[ItemReading], carried: CarriedTable) -> bool:
    """Whether a row is the lower part of the page before's last one.

    What it says goes on in cells that are full there, and a cell that is filled there is empty here: texts of one row
    begin at the same height.
    """
    last = carried.row
    if last is None or not (first.lines or items):
        return False
    is_short = False
    for column in carried.columns:
        above, below = _in_column(last.lines, column), _in_column(first.lines, column)
        is_short = is_short or bool(above and not below)
        if below and not (above and _is_full(above, column.x1, last)):
            return False
    for item in items:
        before = _cell_of(item, carried.items)
        if before is None or not item.lines or not before.lines or not _is_full(before.lines, before.box.x1, last):
            return False
    return is_short or len(items) < len(carried.items)


def _is_full(lines: Sequence[Line], right: float, row: RowReading) -> bool:
    last = max(lines, key=lambda ln: (ln.box.y1, ln.box.x1))
    return right - last.box.x1 <= FULL_RIGHT * last.size and row.box.y1 - last.box.y1 <= FULL_BOTTOM * last.size


def _in_column(lines: Sequence[Line], column: ColumnHead) -> list[Line]:
    return [ln for ln in lines if column.x0 <= ln.box.cx <= column.x1]


def _cell_of(item: ItemReading, others: Sequence[ItemReading]) -> ItemReading | None:
    """The item of the page before that stands in the same year cells."""
    return next(
        (
            other
            for other in others
            if abs(other.box.x0 - item.box.x0) <= SAME_PLACE and abs(other.box.x1 - item.box.x1) <= SAME_PLACE
        ),
        None,
    )


def _joined(above: Sequence[Line], below: Sequence[Line]) -> str:
    return f"{raw_text(above)}\n{raw_text(below)}"


def _rest_of_row(
    last: RowReading, first: RowReading, columns: Sequence[ColumnHead], items: tuple[ItemAmendment, ...]
) -> Amendment:
    """The texts of a row's cells with their rests from the next page."""
    roles, labels = {}, {}
    for column in columns:
        below = _in_column(first.lines, column)
        if below:
            whole = normalize_text(_joined(_in_column(last.lines, column), below))
            roles[column.role] = labels[column.label] = whole
    return Amendment(
        rows=1,
        name=roles.get(Role.NAME.value),
        owner=roles.get(Role.OWNER.value),
        done=roles.get(Role.DONE.value),
        attributes=tuple((label, labels.get(label, text)) for label, text in last.attributes),
        lines=first.lines,
        text_raw=raw_text(first.lines),
        items=items,
    )
