# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the cells of a year header: stacks of lines made of year notation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Line
from koteihyo.normalize.axis.labels import (
    YearLabel,
    find_years,
    header_purity,
    parse_bare_number,
    parse_year_label,
)
from koteihyo.normalize.text.characters import narrow, normalize_text

# Lengths in line heights of the header's own text.
# Lines of one header cell are set closer than this.
CELL_LINE_GAP = 0.9
# Header cells of one row may hold different numbers of lines, set to the middle: they still overlap by this part.
SAME_ROW = 0.15
# A label is a header cell, not prose, when this part of its characters is year notation.
MIN_PURITY = 0.6
# The longest label names a range in both calendars: 令和４年度（2022年度）～令和８年度（2026年度）.
MAX_LABEL_CHARS = 34
# 2024年度 and （令和６年度） with a gap between them are one label when no further apart.
PAIR_GAP = 2.5
# The two years of a range stand no further from the sign between them.
RANGE_GAP = 1.6
_SIGN = re.compile(r"\s*[-‐‑‒–—―−ー─~～〜∼]\s*")
# Bare numbers in a row are years only when there are this many, one after the other.
MIN_BARE_RUN = 3
_ARROWS = re.compile(r"[→⇒➡▶►>＞\s]+")


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
    lines = _with_ranges(lines)
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
    turned = [ln for ln in lines if ln.direction is not Direction.HORIZONTAL and _is_fragment(ln.text)]
    return [cell for group in [*groups, *_turned_groups(turned)] for cell in _cells(group)] + _bare_cells(lines)


def _with_ranges(lines: Sequence[Line]) -> list[Line]:
    """The lines, those made one that a range sign joins: 2024 – 2026 in three pieces."""
    result = list(lines)
    for sign in lines:
        if not _SIGN.fullmatch(sign.text) or sign.direction is not Direction.HORIZONTAL:
            continue
        reach = RANGE_GAP * sign.size
        level = [ln for ln in result if ln.direction is sign.direction and ln.box.y0 <= sign.box.cy <= ln.box.y1]
        before = next((ln for ln in level if ln is not sign and 0 <= sign.box.x0 - ln.box.x1 <= reach), None)
        after = next((ln for ln in level if ln is not sign and 0 <= ln.box.x0 - sign.box.x1 <= reach), None)
        if before is None or after is None:
            continue
        whole = Line((*before.glyphs, *sign.glyphs, *after.glyphs), sign.direction)
        if _is_one_range(whole.text):
            result = [ln for ln in result if ln not in (before, sign, after)]
            result.append(whole)
    return result


def _cells(group: Sequence[Line]) -> list[HeaderCell]:
    """The cell of a stack; a stack that names several years is a table of them, each line a cell of its own."""
    whole = _cell(group)
    if whole is not None or len(group) == 1:
        return [whole] if whole else []
    return [cell for line in group if (cell := _cell([line])) is not None]


def _cell(group: Sequence[Line]) -> HeaderCell | None:
    text = "\n".join(ln.text.strip() for ln in group)
    label = parse_year_label(text)
    if label is None or label.purity < MIN_PURITY:
        return None
    return HeaderCell(label, normalize_text(text), union(ln.box for ln in group), tuple(group))


def _turned_groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Turned lines that name one year together, side by side in a narrow column; others alone."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda ln: ln.box.x0):
        last = groups[-1] if groups else None
        if (
            last is not None
            and line.box.x0 - last[-1].box.x1 <= CELL_LINE_GAP * line.size
            and line.box.y_overlap(last[-1].box) > 0
            and _one_year([*last, line])
        ):
            last.append(line)
        else:
            groups.append([line])
    return groups


def _one_year(group: Sequence[Line]) -> bool:
    label = parse_year_label("".join(ln.text for ln in group))
    return label is not None and label.start == label.end


def _bare_cells(lines: Sequence[Line]) -> list[HeaderCell]:
    """Numbers alone in their cells (23 24 25), where 年度 stands over them or beside them."""
    cells = []
    for line in lines:
        label = parse_bare_number(line.text) if line.direction is Direction.HORIZONTAL else None
        if label is not None:
            cells.append(HeaderCell(label, narrow(line.text).strip(), line.box, (line,)))
    # A year over numbers makes them its months: 令和７年度 | 4 5 6.
    named = [ln for ln in lines if _is_year_word(ln.text)]
    found: list[HeaderCell] = []
    for row in cell_rows(cells):
        run = _counting_run(row)
        if len(run) >= MIN_BARE_RUN and any(_speaks_for(ln, run) for ln in named):
            found += run
    return found


def _is_year_word(text: str) -> bool:
    """Whether a header says that its columns are years (実施年度, 年度), but not which."""
    return "年度" in narrow(text) and len(text.strip()) <= MAX_LABEL_CHARS and not find_years(text)


def _counting_run(row: Sequence[HeaderCell]) -> list[HeaderCell]:
    """The longest part of a row whose numbers count up by one."""
    best: list[HeaderCell] = []
    run: list[HeaderCell] = []
    for cell in row:
        run = [*run, cell] if run and cell.label.start == run[-1].label.start + 1 else [cell]
        best = max(best, run, key=len)
    return best


def _speaks_for(line: Line, run: Sequence[HeaderCell]) -> bool:
    """Whether a 年度 stands right over a row of numbers, or at its left or right end."""
    box, em = union(c.box for c in run), run[0].lines[0].size
    over = 0 <= box.y0 - line.box.y1 <= 2 * em and box.x0 - em <= line.box.cx <= box.x1 + em
    return over or line.box.y_overlap(box) > 0.3 * box.height


def split_labels(line: Line) -> list[Line]:
    """A line with several year labels separated by white space, cut between them; any other line as it is."""
    if len(find_years(line.text)) < 2 or _is_one_range(line.text):
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


def _is_one_range(text: str) -> bool:
    """Whether the years of a text are the first and last of one range: 2024 – 2026, 令和６年度 ～ 令和８年度."""
    label = parse_year_label(text)
    return label is not None and label.end is not None and label.end > label.start


def _is_fragment(text: str) -> bool:
    text = text.strip()
    # An arrow right under a year is the first row's: words go on there.
    return 0 < len(text) <= MAX_LABEL_CHARS and not _ARROWS.fullmatch(text) and header_purity(text) >= MIN_PURITY


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
    return [_paired(sorted(row, key=lambda c: c.box.x0)) for row in rows]


def _paired(row: Sequence[HeaderCell]) -> list[HeaderCell]:
    """A row with the two names of a year, set side by side (2024年度　（令和６年度）), made one cell."""
    cells: list[HeaderCell] = []
    for cell in row:
        last = cells[-1] if cells else None
        if (
            last is not None
            and not (last.label.bare or cell.label.bare)
            and (last.label.start, last.label.end) == (cell.label.start, cell.label.end)
            and cell.box.x0 - last.box.x1 <= PAIR_GAP * cell.lines[0].size
        ):
            lines = (*last.lines, *cell.lines)
            text = normalize_text(f"{last.text}{cell.text}")
            cells[-1] = HeaderCell(last.label, text, union([last.box, cell.box]), lines)
        else:
            cells.append(cell)
    return cells


def years_on(lines: Sequence[Line]) -> list[int]:
    """Years that a page names in full, with their era or in western style."""
    return [m.year for line in lines for m in find_years(line.text) if m.year is not None]
