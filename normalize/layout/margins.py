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


@dataclass(frozen=True)
class MarginSettings:
    """What stands around the charts."""

    margin_part: float = 0.12
    """Page numbers stand in the outer part of the page."""
    title_size: float = 0.92
    """Lines of the running title are at least this part of its largest."""
    title_gap: float = 1.2
    """Lines of the running title follow one another within this, in its line heights."""
    same_row: float = 0.5
    """Pieces of one line overlap by this part of the lower one's height."""
    apart: float = 3.0
    """Notes side by side are this far apart, in line heights;"""
    apart_sign: float = 0.5
    """this much is enough where the second begins with a sign."""
    overlap: float = 0.5
    """Boxes of lines set closely overlap by at most this, in line heights."""
    same_size: float = 0.85
    """Sizes of a note's lines are at least this much of one another."""
    hang: float = 4.0
    """A note's later lines are indented by at most this, in line heights,"""
    outdent: float = 1.0
    """or begin at most this far before the first."""
    note_line_gap: float = 0.8
    """A note's later lines follow at the usual leading, in line heights."""


MARGINS = MarginSettings()


_PAGE_NUMBER = re.compile(r"[-–—―‐~\s\[(（<P.p]*(\d{1,4})(?:\s*[/／]\s*\d{1,4})?[-–—―‐~\s\])）>]*(?:頁|ページ)?")
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
        if min(bottom, top) > MARGINS.margin_part * layout.height:
            continue
        # The bottom margin is where numbers are; a number in the top margin must stand at a corner.
        side = min(box.x0, layout.width - box.x1)
        if top < bottom and side > MARGINS.margin_part * layout.width:
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
    chosen = [ln for ln in candidates if ln.size >= MARGINS.title_size * size]
    chosen.sort(key=lambda ln: (ln.box.y0, ln.box.x0))
    block = [chosen[0]]
    for line in chosen[1:]:
        if line.box.y0 - block[-1].box.y1 <= MARGINS.title_gap * size:
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
        if last is not None and last.box.y_overlap(line.box) >= MARGINS.same_row * min(
            last.box.height, line.box.height
        ):
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
            apart = bool(current) and line.box.x0 - current[-1].box.x1 > MARGINS.apart * line.size
            if current and (
                (is_note_start(line.text) and line.box.x0 - current[-1].box.x1 > MARGINS.apart_sign * line.size)
                or apart
            ):
                result.append(current)
                current = []
            current.append(line)
        result.append(current)
    return result


def _continues(note: Sequence[Line], line: Line) -> bool:
    last = note[-1]
    em = last.size
    return (
        -MARGINS.overlap * em <= line.box.y0 - last.box.y1 <= MARGINS.note_line_gap * em
        and MARGINS.same_size <= line.size / note[0].size <= 1 / MARGINS.same_size
        and -MARGINS.outdent * em <= line.box.x0 - note[0].box.x0 <= MARGINS.hang * em
    )
