# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the headings of a chart's left column: where each begins, its marker, its level and its band."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.geometry import BBox, union
from extract.model import Direction, Form, Line, PageLayout
from normalize.region import Region
from normalize.text import fold, normalize_text

# Lengths in line heights.
# Lines of one heading follow at the usual leading; a wider gap begins another heading.
NEW_HEADING_GAP = 0.55
# A line shorter than its column by more than this was not wrapped, so the next one may be another heading.
SHORT_LINE = 2.0
INDENT_STEP = 0.8
# Rules bound a heading's band when they cross this part of the heading's own column.
BAND_RULE_SPAN = 0.6

_NUMBER = "[0-9０-９一二三四五六七八九十]+"
_MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第\s*{_NUMBER}\s*[章部節編]?[.．、]?(?=[\s　]|$)|第{_NUMBER}[章部節編][.．、]?")),
    (1, re.compile(r"[0-9０-９]{1,2}\s?[.．、](?![0-9０-９])|[Ⅰ-Ⅻ][.．、]?|[0-9０-９]{1,2}(?=[\s　])")),
    (2, re.compile(r"[（(]\s?[0-9０-９]{1,2}\s?[）)]|[⑴-⒇]")),
    (3, re.compile(r"[①-⑳㉑-㉟]")),
    (4, re.compile(r"[・●○■□◆◇▪▸►➢✓]|[-–—](?=[\s　])")),
    (4, re.compile(r"[（(][ア-ンa-zｱ-ﾝ][）)]|[ア-ン][.．、）)](?=.)|[a-z][.)）](?=.)|[ア-ン](?=[\s　])|[ivx]+[.)）]")),
)
UNMARKED_LEVEL = 4


@dataclass(frozen=True)
class Heading:
    """One printed heading. `band` is the ruled cell it stands in, (top, bottom)."""

    level: int
    marker: str
    title: str
    lines: tuple[Line, ...]
    box: BBox
    band: tuple[float, float]
    column: int = 0
    """Which of the left sub-columns it stands in, 0 outermost."""

    @property
    def label(self) -> str:
        """Marker and title, the form used in paths."""
        return self.marker + self.title


def split_marker(text: str) -> tuple[int, str, str]:
    """(level, marker, rest) of a heading's text; level 4 and an empty marker when it has none."""
    plain = fold(text).strip(" 　\n")
    for level, pattern in _MARKERS:
        match = pattern.match(plain)
        if match and plain[match.end() :].strip():
            return level, "".join(match.group().split()), plain[match.end() :].strip(" 　")
    return UNMARKED_LEVEL, "", plain


def read_headings(layout: PageLayout, region: Region, lines: Sequence[Line]) -> list[Heading]:
    """Headings of the left column from its horizontal lines, outer columns before inner, from the top."""
    lines = [ln for ln in lines if ln.direction is Direction.HORIZONTAL and not ln.is_blank]
    if not lines:
        return []
    edges = _sub_columns(layout, region)
    headings: list[Heading] = []
    for column, (x0, x1) in enumerate(pairwise(edges)):
        members = [ln for ln in lines if x0 <= ln.box.cx < x1]
        for group in _groups(members, layout, region, (x0, x1)):
            headings.append(_heading(group, layout, region, column, (x0, x1)))
    return sorted(headings, key=lambda h: (h.band[0] if len(edges) > 2 else h.box.y0, h.column, h.box.y0))


def _sub_columns(layout: PageLayout, region: Region) -> list[float]:
    """Edges in x of the left column's parts, from rules and cell edges that run most of the chart's height."""
    left = region.left
    em = region.axis.em
    covered: dict[float, float] = {}
    candidates = [(r.at, r.start, r.end) for r in layout.rulings if r.vertical and left.x0 + em < r.at < left.x1 - em]
    for shape in layout.shapes:
        if shape.form is Form.RECT and shape.box.x1 <= left.x1 + em and left.contains_point(shape.box.cx, shape.box.cy):
            candidates += [
                (x, shape.box.y0, shape.box.y1) for x in (shape.box.x0, shape.box.x1) if left.x0 + em < x < left.x1 - em
            ]
    for at, start, end in candidates:
        key = next((x for x in covered if abs(x - at) <= 0.5 * em), at)
        covered[key] = covered.get(key, 0.0) + max(0.0, min(end, left.y1) - max(start, left.y0))
    inner = sorted(x for x, length in covered.items() if length >= 0.5 * left.height)
    return [left.x0 - 10 * em, *inner, left.x1 + em]


def _groups(lines: Sequence[Line], layout: PageLayout, region: Region, column: tuple[float, float]) -> list[list[Line]]:
    lines = _rejoin(sorted(lines, key=lambda ln: (ln.box.y0, ln.box.x0)))
    if not lines:
        return []
    right = max(ln.box.x1 for ln in lines)
    groups = [[lines[0]]]
    for before, line in pairwise(lines):
        if _begins(before, line, groups[-1], right) or _separated(before, line, layout, region, column):
            groups.append([])
        groups[-1].append(line)
    return groups


def _rejoin(lines: Sequence[Line]) -> list[Line]:
    """Pieces of one line that a typed space held apart, joined again."""
    result: list[Line] = []
    for line in lines:
        last = result[-1] if result else None
        if (
            last is not None
            and abs(last.glyphs[-1].baseline - line.glyphs[0].baseline) <= 0.3 * line.size
            and line.box.x0 >= last.box.x1 - 0.3 * line.size
        ):
            result[-1] = Line((*last.glyphs, *line.glyphs), line.direction)
        else:
            result.append(line)
    return result


def _begins(before: Line, line: Line, group: Sequence[Line], right: float) -> bool:
    em = statistics.mean((before.size, line.size))
    _level, marker, _rest = split_marker(line.text)
    gap = line.box.y0 - before.box.y1
    if marker and (line.box.x0 <= group[0].box.x0 + INDENT_STEP * em or gap > 0.3 * em):
        return True
    if gap > NEW_HEADING_GAP * em:
        return True
    if not 0.85 <= line.size / before.size <= 1.18:
        return True
    short = before.box.x1 < right - SHORT_LINE * em
    _first_level, first_marker, _ = split_marker(group[0].text)
    # A marked heading's wrapped line hangs under its title or goes back to the margin; a new heading is indented more.
    moved = line.box.x0 - group[-1].box.x0
    return short and moved > INDENT_STEP * em and not (first_marker and len(group) == 1)


def _separated(before: Line, line: Line, layout: PageLayout, region: Region, column: tuple[float, float]) -> bool:
    """Whether a rule or a cell edge lies between two lines."""
    top, bottom = _band(layout, region, before.box, column)
    return not top <= line.box.cy <= bottom


def _heading(
    lines: Sequence[Line], layout: PageLayout, region: Region, column: int, extent: tuple[float, float]
) -> Heading:
    box = union(ln.box for ln in lines)
    level, marker, rest = split_marker("\n".join(ln.text.strip(" 　") for ln in lines))
    return Heading(level, marker, normalize_text(rest), tuple(lines), box, _band(layout, region, box, extent), column)


def _band(layout: PageLayout, region: Region, box: BBox, column: tuple[float, float]) -> tuple[float, float]:
    """(top, bottom) of the ruled cell around a box in the left column."""
    left = region.left
    x0, x1 = max(column[0], left.x0), min(column[1], left.x1)
    need = BAND_RULE_SPAN * max(x1 - x0, 1.0)
    edges = [r.at for r in layout.rulings if not r.vertical and min(r.end, x1) - max(r.start, x0) >= need]
    for shape in layout.shapes:
        if shape.form is Form.RECT and min(shape.box.x1, x1) - max(shape.box.x0, x0) >= need:
            edges += [shape.box.y0, shape.box.y1]
    slack = 0.3 * region.axis.em
    top = max((y for y in edges if y <= box.y0 + slack), default=region.body.y0)
    bottom = min((y for y in edges if y >= box.y1 - slack), default=region.body.y1)
    return max(top, region.body.y0), min(max(bottom, box.y1), max(region.body.y1, box.y1))
