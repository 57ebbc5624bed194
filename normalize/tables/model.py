# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is read of the columns beside the years: cells, columns, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.extract.model import Line
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.reading import RowReading
from koteihyo.normalize.tables.roles import Role
from koteihyo.normalize.text.characters import normalize_text


@dataclass(frozen=True)
class Cell:
    """One cell of a side column: its top and bottom, and the lines in it."""

    top: float
    bottom: float
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The lines as one text, normalised."""
        return cell_text(self.lines)


@dataclass(frozen=True)
class SideColumn:
    """One column beside the years."""

    x0: float
    x1: float
    label: str
    header_lines: tuple[Line, ...]
    cells: tuple[Cell, ...]
    role: Role

    def cell_at(self, y: float) -> Cell | None:
        """The cell that holds a height."""
        return next((cell for cell in self.cells if cell.top <= y < cell.bottom), None)

    def cell_beside(self, row: Cell) -> Cell | None:
        """What the column says of a row: its cell at the row's middle, or all cells that lie in the row together."""
        inside = [cell for cell in self.cells if row.top <= (cell.top + cell.bottom) / 2 < row.bottom]
        if len(inside) < 2:
            return self.cell_at((row.top + row.bottom) / 2)
        return Cell(row.top, row.bottom, tuple(line for cell in inside for line in cell.lines))


@dataclass(frozen=True)
class SideTable:
    """The side columns of a table and its rows; `rows` with the lines of their own cells."""

    columns: tuple[SideColumn, ...]
    rows: tuple[RowReading, ...]
    group_lines: tuple[Line, ...]
    continued: bool = False
    """Whether the table of the page before goes on here."""
    open_rows: int = 0
    """How many of the last rows share a group cell without words."""


def cell_text(lines: Sequence[Line]) -> str:
    """Text of a cell; text that runs from top to bottom has no spaces between its characters."""
    text = normalize_text(raw_text(lines))
    return text.replace(" ", "") if lines and all(len(ln.text.strip()) == 1 for ln in lines) else text
