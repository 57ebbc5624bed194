# SPDX-License-Identifier: AGPL-3.0-or-later
"""When the months, quarters and half-years of a row are: the years written at it vote, and must agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Direction, Line
from koteihyo.normalize.axis.header import HeaderCell
from koteihyo.normalize.axis.labels import find_years
from koteihyo.normalize.axis.parts import MONTHS_A_YEAR, Unit
from koteihyo.normalize.axis.ticks import TickRow
from koteihyo.normalize.text.characters import narrow
from koteihyo.normalize.text.era import FISCAL_YEAR_MONTH
from koteihyo.schema.records import Basis

# A year stands no further than this over (or under) its months, line heights of the row; rows between them are ignored.
YEAR_REACH = 4.5
# The longest title that names the year of the months under it, characters.
MAX_TITLE = 45
# Years in the row of their months overlap it by this part of their height.
SAME_ROW = 0.3
_DAY = re.compile(r"\s*\d{1,2}\s*月")


@dataclass(frozen=True)
class Vote:
    """A year that is said of one label of a row: as a fiscal year (年度), a calendar year (年), or a bare number."""

    year: int
    fiscal: bool | None
    index: int
    cell: HeaderCell | None = None
    """The header cell that says it; None where the label itself or the title does."""


@dataclass(frozen=True)
class Dating:
    """The months of a row's labels, counted from year 0, and the kind of year that its columns are."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    basis: Basis

    def coordinate(self, month: int) -> float:
        """A month as coordinate of its axis."""
        return (month - year_start(self.basis)) / MONTHS_A_YEAR


def year_start(basis: Basis) -> int:
    """The month with which a year begins, 0 for January."""
    return FISCAL_YEAR_MONTH - 1 if basis is Basis.FISCAL_YEAR else 0


def votes_at(row: TickRow, bounds: Sequence[float], cells: Sequence[HeaderCell]) -> list[Vote]:
    """What the labels say themselves, and the years at them: in their row, else over it, else under it."""
    own = [Vote(c.part.year, c.part.fiscal, i) for i, c in enumerate(row.cells) if c.part.year is not None]
    box, reach = row.box, YEAR_REACH * row.em
    labels = {g: i for i, c in enumerate(row.cells) for ln in c.lines for g in ln.glyphs}
    near = []
    for cell in (c for c in cells if not _is_range(c)):
        # A year in one stack with a label speaks for that label.
        index = next((labels[g] for ln in cell.lines for g in ln.glyphs if g in labels), None)
        if index is None:
            near.append(cell)
        elif row.cells[index].part.year is None:
            own.append(Vote(cell.label.start, _is_fiscal(cell), index, cell))
    level = [c for c in near if c.box.y_overlap(box) >= SAME_ROW * min(c.box.height, box.height)]
    over = [c for c in near if -0.3 * row.em <= box.y0 - c.box.y1 <= reach]
    under = [c for c in near if -0.3 * row.em <= c.box.y0 - box.y1 <= reach]
    said = (list(_votes_of(cells, bounds)) for cells in (level, over, under))
    return own + next((votes for votes in said if votes), [])


def _is_range(cell: HeaderCell) -> bool:
    return cell.label.bare or (cell.label.end is not None and cell.label.end != cell.label.start)


def _votes_of(cells: Sequence[HeaderCell], bounds: Sequence[float]) -> Iterator[Vote]:
    count = len(bounds) - 1
    pitch = (bounds[-1] - bounds[0]) / count
    for cell in cells:
        # A year that is set over its first month is often wider than that.
        if bounds[0] - pitch / 2 <= cell.box.cx <= bounds[-1] + pitch and cell.box.x0 < bounds[-1] - pitch / 4:
            index = next((i for i in range(count) if cell.box.cx < bounds[i + 1]), count - 1)
            yield Vote(cell.label.start, _is_fiscal(cell), index, cell)


def _is_fiscal(cell: HeaderCell) -> bool | None:
    if cell.label.basis is Basis.CALENDAR_YEAR:
        return False
    return True if re.search("年度|FY", narrow(cell.text), re.I) else None


def date_row(row: TickRow, votes: Sequence[Vote]) -> Dating | None:
    """The one dating that all votes agree on; None where there is none."""
    offsets = (0, *accumulate(row.steps))
    # A bare year beside a month is a calendar year, over quarters it counts as fiscal.
    for bare_is_fiscal in (False, True) if row.unit is Unit.MONTH else (True,):
        fiscal = [bare_is_fiscal if v.fiscal is None else v.fiscal for v in votes]
        basis = Basis.FISCAL_YEAR if any(fiscal) or row.unit is Unit.MONTH else Basis.CALENDAR_YEAR
        firsts = {
            _month(row, v.index, v.year, is_fiscal, basis) - offsets[v.index]
            for v, is_fiscal in zip(votes, fiscal, strict=True)
        }
        if len(firsts) == 1:
            first = firsts.pop()
            starts = tuple(first + offset for offset in offsets)
            ends = tuple(start + length for start, length in zip(starts, row.lengths, strict=True))
            if row.unit is Unit.MONTH and _is_calendar(starts, ends, votes):
                basis = Basis.CALENDAR_YEAR
            return Dating(starts, ends, basis)
    return None


def _month(row: TickRow, index: int, year: int, fiscal: bool, basis: Basis) -> int:
    """The month with which a label begins that is said to be of a year."""
    part = row.cells[index].part
    if part.unit is not Unit.MONTH:
        return year * MONTHS_A_YEAR + year_start(basis) + (part.number - 1) * part.unit
    later = fiscal and part.number < FISCAL_YEAR_MONTH
    return (year + later) * MONTHS_A_YEAR + part.number - 1


def _is_calendar(starts: Sequence[int], ends: Sequence[int], votes: Sequence[Vote]) -> bool:
    """Whether years of January to December are meant: they are named once each, from a January on, or labels need them."""
    if any(v.fiscal for v in votes):
        return False
    april = FISCAL_YEAR_MONTH - 1
    across = any(
        (start - april) // MONTHS_A_YEAR != (end - 1 - april) // MONTHS_A_YEAR
        for start, end in zip(starts, ends, strict=True)
    )
    cells = [v for v in votes if v.cell is not None or len(votes) == 1]
    once = bool(cells) and len({v.year for v in votes}) == len(votes) < len(starts)
    return across or (once and starts[0] % MONTHS_A_YEAR == 0)


def title_vote(row: TickRow, lines: Sequence[Line]) -> tuple[Vote, Line] | None:
    """The year that a title over the row names for all of it, if all titles there agree."""
    above = [
        (mention.year, mention.unit in ("年度", "FY"), line)
        for line in lines
        if line.direction is Direction.HORIZONTAL and line.box.y1 <= row.box.y0 and len(line.text.strip()) <= MAX_TITLE
        for mention in find_years(line.text)
        if mention.year is not None and not _DAY.match(narrow(line.text)[mention.end :])
    ]
    named = [entry for entry in above if entry[1]] or above
    if len({year for year, _fiscal, _line in named}) != 1:
        return None
    year, fiscal, line = max(named, key=lambda entry: entry[2].box.y1)
    return Vote(year, fiscal, 0), line


def box_of(votes: Sequence[Vote], row: TickRow) -> BBox:
    """Box of the row with the years that stand at it."""
    boxes = [row.box, *(v.cell.box for v in votes if v.cell is not None)]
    return BBox(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
