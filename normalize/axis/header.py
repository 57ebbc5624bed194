# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the cells of a year header and lines up those whose years follow one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Line
from koteihyo.normalize.axis.labels import YearLabel, find_years, header_purity, parse_year_label
from koteihyo.normalize.text.characters import narrow, normalize_text
from koteihyo.normalize.text.era import ERAS

# Lengths in line heights of the header's own text.
# Lines of one header cell are set closer than this.
CELL_LINE_GAP = 0.9
# Header cells of one row may hold different numbers of lines, set to the middle: they still overlap by this part.
SAME_ROW = 0.15
# A label is a header cell, not prose, when this part of its characters is year notation.
MIN_PURITY = 0.6
MAX_LABEL_CHARS = 24
# Years this far apart are of one plan and its surroundings.
SAME_ERA = 12
# Two-digit numbers from here on are western years cut short, in documents of today.
SHORT_WESTERN = 20
_PLAUSIBLE_ERAS = ("令和", "平成")


@dataclass(frozen=True)
class HeaderCell:
    """One header cell: the years it names, its text and its lines."""

    label: YearLabel
    text: str
    box: BBox
    lines: tuple[Line, ...]
    assumed: bool = False
    """Whether its era is written nowhere on the page."""


def header_cells(lines: Sequence[Line]) -> list[HeaderCell]:
    """Header cells: stacks of lines made of year notation, such as 2024年度 over (令和６年度)."""
    fragments = [f for line in lines if line.direction is Direction.HORIZONTAL for f in split_labels(line)]
    candidates = [f for f in fragments if _is_fragment(f.text)]
    candidates.sort(key=lambda ln: (ln.box.y0, ln.box.x0))
    groups: list[list[Line]] = []
    for line in candidates:
        for group in groups:
            if _stacked(group, line):
                group.append(line)
                break
        else:
            groups.append([line])
    cells = []
    for group in groups:
        text = "\n".join(ln.text.strip() for ln in group)
        label = parse_year_label(text) or _bare_label(text)
        if label is not None and label.purity >= MIN_PURITY:
            cells.append(HeaderCell(label, normalize_text(text), union(ln.box for ln in group), tuple(group)))
    return cells


_BARE = -10_000


def _bare_label(text: str) -> YearLabel | None:
    """`6年度` without an era: counted from the column at its left, marked by a start below any year."""
    found = find_years(text)
    if len(found) == 1 and found[0].bare is not None:
        label = parse_year_label(f"令和{narrow(text).strip()}")
        return label and YearLabel(
            _BARE + found[0].bare, None if label.end is None else _BARE + found[0].bare, label.purity
        )
    return None


def split_labels(line: Line) -> list[Line]:
    """A line with several year labels separated by white space, cut between them; any other line as it is."""
    if len(find_years(line.text)) < 2:
        return [line]
    parts: list[list[int]] = [[]]
    for i, glyph in enumerate(line.glyphs):
        if glyph.char.isspace():
            parts.append([])
        else:
            parts[-1].append(i)
    pieces = [Line(tuple(line.glyphs[i] for i in part), line.direction) for part in parts if part]
    if len(pieces) > 1 and all(header_purity(p.text) >= MIN_PURITY for p in pieces):
        return pieces
    return [line]


def _is_fragment(text: str) -> bool:
    text = text.strip()
    return 0 < len(text) <= MAX_LABEL_CHARS and header_purity(text) >= MIN_PURITY


def _stacked(group: Sequence[Line], line: Line) -> bool:
    last = group[-1]
    em = max(last.size, line.size)
    gap = line.box.y0 - last.box.y1
    if not -0.3 * em <= gap <= CELL_LINE_GAP * em:
        return False
    overlap = last.box.x_overlap(line.box)
    return overlap >= 0.5 * min(last.box.width, line.box.width)


def cell_rows(cells: Sequence[HeaderCell]) -> list[list[HeaderCell]]:
    """Cells at one height, from the top; in each row from the left."""
    rows: list[list[HeaderCell]] = []
    for cell in sorted(cells, key=lambda c: c.box.cy):
        for row in rows:
            if any(c.box.y_overlap(cell.box) >= SAME_ROW * min(c.box.height, cell.box.height) for c in row):
                row.append(cell)
                break
        else:
            rows.append([cell])
    return [sorted(row, key=lambda c: c.box.x0) for row in rows]


def years_on(lines: Sequence[Line]) -> list[int]:
    """Years that a page names in full, with their era or in western style."""
    return [m.year for line in lines for m in find_years(line.text) if m.year is not None]


def year_runs(row: Sequence[HeaderCell], named: Sequence[int]) -> list[list[HeaderCell]]:
    """Cells from left to right whose years follow one another; western and era labels may run side by side.

    Args:
        row: Cells at one height.
        named: Years that the page names in full: they tell the era of a header that names none.
    """
    runs: list[list[HeaderCell]] = []
    for cell in row:
        for run in runs:
            resolved = _resolved(run[-1], cell)
            if resolved is not None and _follows(run[-1], resolved):
                run.append(resolved)
                break
        else:
            runs.append([_resolved_first(cell, named)])
    return runs


def _resolved(before: HeaderCell, cell: HeaderCell) -> HeaderCell | None:
    """The cell with a bare year number counted on from its left neighbour."""
    if cell.label.start > 0:
        return cell
    expected = (before.label.end or before.label.start) + 1
    number = cell.label.start - _BARE
    return _with_year(cell, expected, before.assumed) if expected in _possible_years(number) else None


def _resolved_first(cell: HeaderCell, named: Sequence[int]) -> HeaderCell:
    """The cell with a bare year number in the era of the years that are named nearby, else the likeliest one."""
    if cell.label.start > 0:
        return cell
    possible = _possible_years(cell.label.start - _BARE)
    apart = {year: min((abs(year - other) for other in named), default=SAME_ERA + 1) for year in possible}
    nearest = min(possible, key=lambda year: apart[year])
    assumed = apart[nearest] > SAME_ERA
    return _with_year(cell, possible[0] if assumed else nearest, assumed)


def _possible_years(number: int) -> list[int]:
    """Years that a bare number can mean, the likeliest first: 6年度 is 令和6, 24年度 is 2024 before it is 平成24."""
    eras = [era.base + number for era in ERAS if era.name in _PLAUSIBLE_ERAS]
    return eras if number < SHORT_WESTERN else [2000 + number, *eras[1:], eras[0]]


def _with_year(cell: HeaderCell, year: int, assumed: bool) -> HeaderCell:
    label = YearLabel(year, None if cell.label.end is None else year, cell.label.purity)
    return replace(cell, label=label, assumed=assumed)


def _follows(before: HeaderCell, after: HeaderCell) -> bool:
    if before.label.end is None:
        return False
    return after.label.start == before.label.end + 1 and after.box.cx > before.box.x1
