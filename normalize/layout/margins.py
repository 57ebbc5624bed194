# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands around the charts: printed page number, running title, chart titles, notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Line, PageLayout
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.text.characters import fold, narrow, normalize_text

# Page numbers stand in the outer part of the page.
MARGIN_PART = 0.12
_PAGE_NUMBER = re.compile(r"[-–—―‐~\s\[(（<P.p]*(\d{1,4})(?:\s*[/／]\s*\d{1,4})?[-–—―‐~\s\])）>]*(?:頁|ページ)?")
# A note's later lines follow at the usual leading, in line heights.
NOTE_LINE_GAP = 0.8
_NOTE = re.compile(r"[（(]?(?:※|＊|\*\s?\d|注\s?\d?[)）.：:]|[（(]注)")


@dataclass(frozen=True)
class NoteText:
    """One note and its lines."""

    lines: tuple[Line, ...]
    box: BBox
    text: str
    text_raw: str


def find_page_number(layout: PageLayout, lines: Sequence[Line]) -> tuple[str, Line] | None:
    """The printed page number and its line: a lone number in the page's margin, the outermost one."""
    found: list[tuple[float, str, Line]] = []
    for line in lines:
        match = _PAGE_NUMBER.fullmatch(narrow(line.text).strip())
        if match is None or line.direction is not Direction.HORIZONTAL:
            continue
        box = line.box
        bottom, top = layout.height - box.y1, box.y0
        if min(bottom, top) > MARGIN_PART * layout.height:
            continue
        # The bottom margin is where numbers are; a number in the top margin must stand at a corner.
        side = min(box.x0, layout.width - box.x1)
        if top < bottom and side > MARGIN_PART * layout.width:
            continue
        found.append((bottom if bottom <= top else layout.height + top, match.group(1), line))
    if not found:
        return None
    _rank, number, line = min(found, key=lambda f: f[0])
    return number, line


def find_title(lines: Sequence[Line], above: float) -> tuple[str, list[Line]] | None:
    """The running title: the largest text above a y, with its further lines of the same size."""
    candidates = [ln for ln in lines if ln.box.y1 <= above and ln.direction is Direction.HORIZONTAL and not ln.is_blank]
    if not candidates:
        return None
    size = max(ln.size for ln in candidates)
    chosen = [ln for ln in candidates if ln.size >= 0.92 * size]
    chosen.sort(key=lambda ln: (ln.box.y0, ln.box.x0))
    block = [chosen[0]]
    for line in chosen[1:]:
        if line.box.y0 - block[-1].box.y1 <= 1.2 * size:
            block.append(line)
    return normalize_text(raw_text(block)), block


def is_note_start(text: str) -> bool:
    """Whether a line begins a note."""
    return _NOTE.match(fold(text).strip()) is not None


def read_notes(lines: Sequence[Line]) -> list[NoteText]:
    """Notes among free lines: each begins with ※ and runs to the next one or to a gap."""
    rows = _rows(lines)
    notes: list[list[Line]] = []
    open_note: list[Line] | None = None
    for row in rows:
        first = row[0]
        if is_note_start(first.text):
            open_note = list(row)
            notes.append(open_note)
        elif open_note is not None and _continues(open_note, first):
            open_note += row
        else:
            open_note = None
    return [NoteText(tuple(n), union(ln.box for ln in n), normalize_text(raw_text(n)), raw_text(n)) for n in notes]


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda ln: (ln.box.cy, ln.box.x0)):
        if line.is_blank or line.direction is not Direction.HORIZONTAL:
            continue
        last = rows[-1][-1] if rows else None
        if last is not None and last.box.y_overlap(line.box) >= 0.5 * min(last.box.height, line.box.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return _cut_rows([sorted(row, key=lambda ln: ln.box.x0) for row in rows])


def _cut_rows(rows: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Notes set side by side on one row are separate rows here."""
    result: list[list[Line]] = []
    for row in rows:
        current: list[Line] = []
        for line in row:
            apart = bool(current) and line.box.x0 - current[-1].box.x1 > 3 * line.size
            if current and ((is_note_start(line.text) and line.box.x0 - current[-1].box.x1 > 0.5 * line.size) or apart):
                result.append(current)
                current = []
            current.append(line)
        result.append(current)
    return result


def _continues(note: Sequence[Line], line: Line) -> bool:
    last = note[-1]
    em = last.size
    return (
        -0.5 * em <= line.box.y0 - last.box.y1 <= NOTE_LINE_GAP * em
        and 0.85 <= line.size / note[0].size <= 1.18
        and -em <= line.box.x0 - note[0].box.x0 <= 4 * em
    )
