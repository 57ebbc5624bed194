# SPDX-License-Identifier: AGPL-3.0-or-later
"""The groups of a table's rows: labels in cells merged over rows, printed once for several rows, or parted by a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from koteihyo.normalize.reading import CarriedTable, RowReading
from koteihyo.normalize.tables.model import Cell, SideColumn
from koteihyo.normalize.tables.roles import Role


def with_groups(
    rows: Sequence[RowReading], columns: Sequence[SideColumn], carried: CarriedTable | None
) -> tuple[list[RowReading], int]:
    """(the rows with the words of the innermost group that they stand in, how many of the last rows wait for theirs).

    A cell that the page's edge parts has its words on one side of it: an empty first cell goes on with the group of the
    page before, and an empty last one may have its words on the next page.
    """
    groups = [column for column in columns if column.role is Role.GROUP]
    if not groups:
        return list(rows), 0
    inner, outer = groups[-1], groups[:-1]
    held = [sum(_holds(cell, row) for row in rows) for cell in inner.cells]
    labels = _labels(inner, held, carried)
    result = []
    for row in rows:
        i = next((i for i, cell in enumerate(inner.cells) if _holds(cell, row)), None)
        over = [cell.text for c in outer if (cell := c.cell_at(row.box.cy)) is not None and cell.text]
        text = labels[i] if i is not None else None
        lines = inner.cells[i].lines if i is not None else ()
        result.append(replace(row, group=text or (over[-1] if over else None), group_lines=lines))
    return result, held[-1] if labels[-1] is None and len(inner.cells) > 1 else 0


def _labels(column: SideColumn, held: Sequence[int], carried: CarriedTable | None) -> list[str | None]:
    """The words for each cell, which holds so many rows."""
    texts: list[str | None] = [cell.text or None for cell in column.cells]
    if texts[0] is None and carried is not None:
        texts[0] = carried.group
    blank = [i for i, text in enumerate(texts) if text is None and i > 0]
    merged = any(rows > 1 for rows in held)
    for i in blank:
        # Where groups are cells merged over rows, an empty last one has its words on the next page.
        if not (merged and blank == [len(texts) - 1]):
            texts[i] = texts[i - 1]
    return texts


def _holds(cell: Cell, row: RowReading) -> bool:
    return cell.top <= row.box.cy < cell.bottom
