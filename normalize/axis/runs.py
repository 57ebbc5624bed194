# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines up header cells whose years follow one another: the columns of one chart."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from koteihyo.extract.model import Direction, Line
from koteihyo.normalize.axis.header import HeaderCell
from koteihyo.normalize.axis.labels import YearLabel
from koteihyo.normalize.text.era import ERAS

# Years this far apart are of one plan and its surroundings.
SAME_ERA = 12
# Two-digit numbers from here on are western years cut short, in documents of today.
SHORT_WESTERN = 20
# A header leaves out no more years than this between two columns (2030年, 2050年).
MAX_SKIP = 25
# Labels of one chart are no further apart than this many times the nearest two.
MAX_PITCH_RATIO = 6.0
# Columns are at least this wide, in line heights.
MIN_PITCH = 1.5
# Two charts side by side with so many columns each, their pitches the same up to this part, stand at least this many
# pitches apart.
MIN_PART = 3
EVEN = 0.15
FAR = 1.8
_PLAUSIBLE_ERAS = ("令和", "平成")
# What stands between two columns of one chart: nothing, or signs that time goes on.
_GOES_ON = re.compile(r"[\s…‥・.．。~～〜→⇒➡▶►>＞\-–—―ー|｜/／]*")


@dataclass(frozen=True)
class _Row:
    """What decides about the cells of one row."""

    named: Sequence[int]
    between: Sequence[Line]


def year_runs(row: Sequence[HeaderCell], named: Sequence[int], lines: Sequence[Line]) -> list[list[HeaderCell]]:
    """Cells from left to right whose years go up; charts side by side are runs of their own.

    Args:
        row: Cells at one height.
        named: Years that the page names in full: they tell the era of a header that names none.
        lines: The page's lines: words between two cells part two charts.
    """
    about = _Row(named, _others(row, lines))
    runs: list[list[HeaderCell]] = []
    for cell in row:
        for run in sorted(runs, key=lambda r: -r[-1].box.x1):
            after = _resolved(run[-1], cell)
            if after is not None and _follows(run[-1], after) and not _parted(run[-1], after, about.between):
                run.append(after)
                break
        else:
            runs.append([_resolved_first(cell, named)])
    return [part for run in runs for part in _apart(run)]


def _apart(run: list[HeaderCell]) -> list[list[HeaderCell]]:
    """A run as two where even columns stand far apart although their years go on: the second chart has later years."""
    gaps = [b.box.cx - a.box.cx for a, b in pairwise(run)]
    if len(run) < 2 * MIN_PART:
        return [run]
    usual = statistics.median(gaps)
    wide = [i for i, gap in enumerate(gaps) if abs(gap - usual) > EVEN * usual]
    if len(wide) != 1 or gaps[wide[0]] < FAR * usual:
        return [run]
    first, second = run[: wide[0] + 1], run[wide[0] + 1 :]
    goes_on = second[0].label.start - (first[-1].label.end or first[-1].label.start) == 1
    return [first, second] if goes_on and min(len(first), len(second)) >= MIN_PART else [run]


def is_spaced(run: Sequence[HeaderCell]) -> bool:
    """Whether the labels stand apart like columns: running prose has no gaps between its years."""
    em = statistics.median(ln.size for c in run for ln in c.lines)
    gaps = [b.box.cx - a.box.cx for a, b in pairwise(run)]
    return min(gaps) >= MIN_PITCH * em and max(gaps) <= MAX_PITCH_RATIO * min(gaps)


def _others(row: Sequence[HeaderCell], lines: Sequence[Line]) -> list[Line]:
    """Lines at the row's height that are no year labels."""
    labels = {id(g) for cell in row for ln in cell.lines for g in ln.glyphs}
    y0, y1 = min(c.box.y0 for c in row), max(c.box.y1 for c in row)
    return [
        ln
        for ln in lines
        if ln.direction is Direction.HORIZONTAL
        and y0 <= ln.box.cy <= y1
        and not any(id(g) in labels for g in ln.glyphs)
        and not _GOES_ON.fullmatch(ln.text)
    ]


def _parted(before: HeaderCell, after: HeaderCell, between: Sequence[Line]) -> bool:
    """Whether the header of a second chart's own left column stands between two cells."""
    return any(
        before.box.x1 + ln.size <= ln.box.x0 and ln.box.x1 <= after.box.x0 - ln.size and len(ln.text.strip()) > 1
        for ln in between
    )


def _resolved(before: HeaderCell, cell: HeaderCell) -> HeaderCell | None:
    """The cell with its years told from its left neighbour: 7年度 after 令和6年度, ～2030年 after 2025年."""
    last = before.label.end or before.label.start
    if cell.label.bare:
        possible = [year for year in _possible_years(cell.label.start) if year == last + 1]
        return _with_year(cell, possible[0], before.assumed) if possible else None
    if cell.label.until and last < cell.label.start:
        return replace(cell, label=replace(cell.label, start=last + 1, until=False))
    return cell


def _resolved_first(cell: HeaderCell, named: Sequence[int]) -> HeaderCell:
    """The cell with a bare year number in the era of the years that are named nearby, else the likeliest one."""
    if not cell.label.bare:
        return cell
    possible = _possible_years(cell.label.start)
    apart = {year: min((abs(year - other) for other in named), default=SAME_ERA + 1) for year in possible}
    nearest = min(possible, key=lambda year: apart[year])
    assumed = apart[nearest] > SAME_ERA
    return _with_year(cell, possible[0] if assumed else nearest, assumed)


def _possible_years(number: int) -> list[int]:
    """Years that a bare number can mean, the likeliest first: 6年度 is 令和6, 24年度 is 2024 before it is 平成24."""
    eras = [era.base + number for era in ERAS if era.name in _PLAUSIBLE_ERAS]
    return eras if number < SHORT_WESTERN else [2000 + number, *eras[1:], eras[0]]


def _with_year(cell: HeaderCell, year: int, assumed: bool) -> HeaderCell:
    label: YearLabel = replace(cell.label, start=year, end=None if cell.label.end is None else year, bare=False)
    return replace(cell, label=label, assumed=assumed)


def _follows(before: HeaderCell, after: HeaderCell) -> bool:
    """Whether a cell's years come after those of the cell at its left; a range may overlap (～2030年度, 2030年代)."""
    if before.label.end is None or after.box.cx <= before.box.x1:
        return False
    start, end = after.label.start, after.label.end
    if start <= before.label.end:
        return start == before.label.end > before.label.start and (end is None or end > start)
    return start - before.label.end <= MAX_SKIP
