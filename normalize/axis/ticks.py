# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of months, quarters or half-years, and the years that they are of.

A row alone says in which order its columns come; the years over it, in it, or in the page's title vote on when that is.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Glyph, Line
from koteihyo.normalize.axis.parts import MONTHS_A_YEAR, Part, Unit, parse_part
from koteihyo.normalize.text.characters import normalize_text

# Lengths in line heights of the row's own text.
# Pieces of one label (第1 over 四半期) are set closer than this.
STACK_GAP = 0.9
# Words of one label are set closer than this.
WORD_GAP = 1.0
# Labels of one row overlap by this part of their height.
SAME_ROW = 0.3
# A row of numbers alone is one of months only when there are this many, one of quarters with a year's four.
MIN_BARE = {Unit.MONTH: 6, Unit.QUARTER: 4, Unit.HALF: 4}
# Labels of one row are no further apart than this many times the usual pitch.
MAX_GAP = 2.2
# The step from label to label is the same for this part of a row: dates of events are irregular.
REGULAR = 0.6
# Columns are at least this wide, in line heights.
MIN_PITCH = 0.8

# Pieces of a label that is broken into lines.
_PIECE = re.compile(
    r"[第0-9０-９一二三四QＱqｑ四半期上下前後月～〜~\-–()（）／/・.\s]+|[A-Za-z]{1,9}\.?|[RH]\d{1,2}[./]"
)
# The longest label names a half-year, its year and its months: 令和６年度上半期（４月～９月）.
MAX_CHARS = 20


@dataclass(frozen=True)
class TickCell:
    """One label of a row and what it says."""

    part: Part
    text: str
    box: BBox
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class TickRow:
    """Labels from left to right that count on; `steps` are the months from each to the next."""

    cells: tuple[TickCell, ...]
    steps: tuple[int, ...]

    @property
    def unit(self) -> Unit:
        """What its labels are."""
        return self.cells[0].part.unit

    @property
    def box(self) -> BBox:
        """Box of its labels."""
        return union(c.box for c in self.cells)

    @property
    def em(self) -> float:
        """Size of its text."""
        return statistics.median(ln.size for c in self.cells for ln in c.lines)

    @property
    def counts_only(self) -> bool:
        """Whether its labels are numbers that need not be months; from 12 to 1 only months go on."""
        return self.cells[0].part.bare and not any(a.part.number > b.part.number for a, b in pairwise(self.cells))

    @property
    def usual_step(self) -> int:
        """The commonest number of months from one label to the next."""
        return Counter(self.steps).most_common(1)[0][0]

    @property
    def lengths(self) -> list[int]:
        """Months that each label stands for: up to the next one, or what it says itself."""
        last = self.cells[-1].part.months or self.usual_step
        return [min(cell.part.months or step, step) for cell, step in zip(self.cells, (*self.steps, last), strict=True)]


def tick_rows(lines: Sequence[Line]) -> list[TickRow]:
    """Every row of at least two months, quarters or halves that count on, from the top."""
    cells = _cells(lines)
    return [run for row in _rows(cells) for run in _runs(row)]


def _cells(lines: Sequence[Line]) -> list[TickCell]:
    """Labels, those that are broken into lines put together."""
    pieces = [piece for line in lines for piece in _split(line) if _is_piece(piece.text.strip())]
    pieces = _side_by_side(pieces)
    pieces.sort(key=lambda ln: (ln.box.y0, ln.box.x0))
    taken: set[Line] = set()
    cells = []
    for piece in pieces:
        if piece in taken:
            continue
        stack = _stack(piece, [p for p in pieces if p not in taken])
        for length in range(len(stack), 0, -1):
            cell = _cell(stack[:length])
            if cell is not None:
                cells.append(cell)
                taken.update(stack[:length])
                break
    return cells


def _side_by_side(pieces: Sequence[Line]) -> list[Line]:
    """The pieces, two of them made one where only together they name a time: 2022- and 03, Apr and 2024, 4 and 月."""
    joined: list[Line] = []
    for piece in sorted(pieces, key=lambda ln: ln.box.x0):
        for i, before in enumerate(joined):
            gap = piece.box.x0 - before.box.x1
            level = before.box.y_overlap(piece.box) >= SAME_ROW * min(before.box.height, piece.box.height)
            alone = parse_part(before.text) is not None and parse_part(piece.text) is not None
            if (
                level
                and -0.3 * piece.size <= gap <= WORD_GAP * piece.size
                and not alone
                and before.direction is piece.direction is Direction.HORIZONTAL
                and parse_part(f"{before.text} {piece.text}") is not None
            ):
                joined[i] = Line((*before.glyphs, *piece.glyphs), before.direction)
                break
        else:
            joined.append(piece)
    return joined


def _is_piece(text: str) -> bool:
    return len(text) <= MAX_CHARS and (_PIECE.fullmatch(text) is not None or parse_part(text) is not None)


def _split(line: Line) -> list[Line]:
    """A line that holds several labels, at white space or where another text begins; any other line as it is."""
    whole = line.inked_count == len(line.text) and line.painted_at_once
    if whole or parse_part(line.text) is not None:
        return [line]
    parts: list[list[Glyph]] = [[]]
    for before, glyph in pairwise([line.glyphs[0], *line.glyphs]):
        if glyph.char.isspace() or glyph.seqno != before.seqno:
            parts.append([])
        if not glyph.char.isspace():
            parts[-1].append(glyph)
    pieces = [Line(tuple(part), line.direction) for part in parts if part]
    return pieces if len(pieces) > 1 and all(parse_part(p.text) for p in pieces) else [line]


def _stack(top: Line, pieces: Sequence[Line]) -> list[Line]:
    """The pieces right under a piece, with it, from the top."""
    stack = [top]
    for piece in pieces:
        last = stack[-1]
        gap = piece.box.y0 - last.box.y1
        if (
            piece is not last
            and -0.3 * last.size <= gap <= STACK_GAP * last.size
            and last.box.x_overlap(piece.box) >= 0.5 * min(last.box.width, piece.box.width)
            and len(stack) < 3
        ):
            stack.append(piece)
    return stack


def _cell(lines: Sequence[Line]) -> TickCell | None:
    text = "\n".join(ln.text.strip() for ln in lines)
    part = parse_part(text)
    if part is None or (part.bare and len(lines) > 1):
        return None
    return TickCell(part, normalize_text(text), union(ln.box for ln in lines), tuple(lines))


def _rows(cells: Sequence[TickCell]) -> list[list[TickCell]]:
    rows: list[list[TickCell]] = []
    for cell in sorted(cells, key=lambda c: c.box.cy):
        for row in rows:
            first = row[0]
            same = first.box.y_overlap(cell.box) >= SAME_ROW * min(first.box.height, cell.box.height)
            if same and first.part.unit is cell.part.unit and first.part.bare is cell.part.bare:
                row.append(cell)
                break
        else:
            rows.append([cell])
    return [sorted(row, key=lambda c: c.box.x0) for row in rows]


def _runs(row: Sequence[TickCell]) -> Iterator[TickRow]:
    """The parts of a row whose labels count on and stand like columns."""
    for group in _at_one_pitch(row):
        run: list[TickCell] = group[:1]
        steps: list[int] = []
        for cell in group[1:]:
            step = _step(run[-1].part, cell.part)
            if step is None:
                yield from _regular(run, steps)
                run, steps = [cell], []
            else:
                run.append(cell)
                steps.append(step)
        yield from _regular(run, steps)


def _at_one_pitch(row: Sequence[TickCell]) -> list[list[TickCell]]:
    """A row cut where a gap is much wider than between its other labels: there another chart begins."""
    if len(row) < 3:
        return [list(row)]
    pitch = statistics.median(b.box.cx - a.box.cx for a, b in pairwise(row))
    groups = [[row[0]]]
    for before, after in pairwise(row):
        if after.box.cx - before.box.cx > MAX_GAP * pitch:
            groups.append([])
        groups[-1].append(after)
    return groups


def _step(before: Part, after: Part) -> int | None:
    """Months from one label to the next; None where they do not follow one another."""
    if before.year is not None and after.year is not None:
        months = (after.year - before.year) * MONTHS_A_YEAR + (after.number - before.number) * after.unit
        if before.fiscal and after.unit is Unit.MONTH:
            months += MONTHS_A_YEAR * ((after.number < 4) - (before.number < 4))
        return months if 0 < months <= MONTHS_A_YEAR else None
    return (after.number - before.number) * after.unit % MONTHS_A_YEAR or None


def _regular(run: Sequence[TickCell], steps: Sequence[int]) -> Iterator[TickRow]:
    if len(run) < 2:
        return
    row = TickRow(tuple(run), tuple(steps))
    usual = sum(step == row.usual_step for step in steps)
    pitches = [b.box.cx - a.box.cx for a, b in pairwise(run)]
    if usual < REGULAR * len(steps) or min(pitches) < MIN_PITCH * row.em:
        return
    unit = run[0].part.unit
    if run[0].part.bare and (len(run) < MIN_BARE[unit] or set(steps) != {unit.value}):
        return
    yield row
