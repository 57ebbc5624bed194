# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the headings of a chart's column of headings, left or right of the years: where each begins, its marker, its level and its band."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Form, Line, PageLayout, Shape
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.headings.sub_columns import side_cells
from koteihyo.normalize.reading import UNMARKED_LEVEL, UNMARKED_RANK, HeadingReading
from koteihyo.normalize.text.characters import fold, normalize_text

# Lengths in line heights.
# Lines of one heading follow at the usual leading; a wider gap begins another heading.
NEW_HEADING_GAP = 0.55
# A line shorter than its column by more than this was not wrapped, so the next one may be another heading.
SHORT_LINE = 2.0
INDENT_STEP = 0.8
SIZE_STEP = 0.12
# Rules bound a heading's band when they cross this part of the heading's own column.
BAND_RULE_SPAN = 0.6
# One rule is seldom drawn alike in two sub-columns: rules this near, in line heights, are one.
SAME_RULE = 0.5

_NUMBER = "[0-9０-９一二三四五六七八九十]+"
# (rank, level, form): the rank orders the forms from the outermost; where a plan uses both, one stands in the other.
_MARKERS: tuple[tuple[int, int, re.Pattern[str]], ...] = (
    (0, 1, re.compile(rf"第\s*{_NUMBER}\s*[章部編]?[.．、]?(?=[\s　]|$)|第{_NUMBER}[章部編][.．、]?")),
    (1, 1, re.compile(rf"第{_NUMBER}節[.．、]?")),
    (1, 1, re.compile(r"[Ⅰ-Ⅻ][.．、]?|[IVX]{1,4}[.．](?=.)")),
    (3, 2, re.compile(r"[0-9０-９]{1,2}\s?[-－‐‑–—−ー]\s?[0-9０-９]{1,2}[.．、]?(?=[^0-9０-９年月])")),
    (2, 1, re.compile(r"[0-9０-９]{1,2}\s?[.．、](?![0-9０-９])|[0-9０-９]{1,2}(?=[\s　])")),
    (4, 2, re.compile(r"[（(]\s?[0-9０-９]{1,2}\s?[）)]|[⑴-⒇]")),
    (5, 3, re.compile(r"[①-⑳㉑-㉟]")),
    (7, 4, re.compile(r"[（(][ア-ンa-zｱ-ﾝ][）)]")),
    (6, 4, re.compile(r"[ア-ン][.．、）)](?=.)|[ア-ン](?=[\s　])")),
    (8, 4, re.compile(r"[ivx]+[.)）](?=.)|[ⅰ-ⅻ][.)）]?|[a-z][.)）](?=.)")),
    (9, 4, re.compile(r"[・●○■□◆◇▪▸►➢✓]|[-–—](?=[\s　])")),
)


def split_marker(text: str) -> tuple[int, str, str]:
    """(level, marker, rest) of a heading's text; level 4 and an empty marker when it has none."""
    return split_ranked(text)[1:]


def split_ranked(text: str) -> tuple[int, int, str, str]:
    """(rank, level, marker, rest) of a heading's text; one scale of ranks for headings wherever they stand."""
    plain = fold(text).strip(" 　\n")
    for rank, level, pattern in _MARKERS:
        match = pattern.match(plain)
        if match and plain[match.end() :].strip():
            return rank, level, "".join(match.group().split()), plain[match.end() :].strip(" 　")
    return UNMARKED_RANK, UNMARKED_LEVEL, "", plain


def read_headings(layout: PageLayout, region: Region, side: BBox, lines: Sequence[Line]) -> list[HeadingReading]:
    """Headings of a column beside the years from its horizontal lines, outer columns before inner, from the top."""
    lines = [ln for ln in lines if ln.direction is Direction.HORIZONTAL and not ln.is_blank]
    if not lines:
        return []
    cells = side_cells(layout, side, region.em, lines)
    headings: list[HeadingReading] = []
    for (column, extent), members in sorted(cells.items(), key=lambda cell: cell[0]):
        inside = (max(extent[0], side.x0), min(extent[1], side.x1))
        for group in _groups(members, layout, region, inside):
            headings.append(_heading(group, layout, region, column, inside))
    # A long last heading reaches below the chart: what ends with the chart ends there too.
    last = max(h.band[1] for h in headings)
    headings = [replace(h, band=(h.band[0], last)) if h.band[1] >= region.body.y1 else h for h in headings]
    headings = _rank_by_indent(headings, layout, region.em)
    if any(column for column, _extent in cells):
        return order_by_band(headings, region.em)
    return sorted(_with_alike_bands(headings, region.em), key=lambda h: h.box.y0)


def order_by_band(headings: Sequence[HeadingReading], em: float) -> list[HeadingReading]:
    """Headings of nested sub-columns, outer before inner; edges of bands that are all but equal are made equal."""
    return sorted(_with_alike_bands(headings, em), key=lambda h: (h.band[0], h.column, h.box.y0))


def _with_alike_bands(headings: Sequence[HeadingReading], em: float) -> list[HeadingReading]:
    edges: list[float] = []
    alike: dict[float, float] = {}
    for y in sorted({y for h in headings for y in h.band}):
        if not edges or y - edges[-1] > SAME_RULE * em:
            edges.append(y)
        alike[y] = edges[-1]
    return [replace(h, band=(alike[h.band[0]], alike[h.band[1]])) for h in headings]


def _rank_by_indent(headings: Sequence[HeadingReading], layout: PageLayout, em: float) -> list[HeadingReading]:
    """Nests headings without markers: an inner sub-column in an outer one, in one of them by type size and indent."""
    plain = [h for h in headings if not h.marker]
    sizes = _steps([-h.lines[0].size for h in plain], SIZE_STEP * em)
    centred = {
        column for column in {h.column for h in plain} if _is_centred([h for h in plain if h.column == column], em)
    }
    edges = {column: min(h.box.x0 for h in plain if h.column == column) for column in centred}
    indents = _steps([edges.get(h.column, _start(h, headings, layout, em)) for h in plain], INDENT_STEP * em)
    depth = {h: (h.column, sizes[i], indents[i]) for i, h in enumerate(plain)}
    order = sorted(set(depth.values()))
    return [
        replace(h, rank=UNMARKED_RANK + order.index(depth[h]) / (len(order) + 1)) if h in depth else h for h in headings
    ]


def _start(heading: HeadingReading, headings: Sequence[HeadingReading], layout: PageLayout, em: float) -> float:
    """Where a heading begins: with the arrow or box that is drawn around it alone, else with its text."""
    box = heading.box
    around = [s.box for s in layout.shapes if s.box.contains(box, SAME_RULE * em)]
    others = [h.box for h in headings if h is not heading]
    own = [b for b in around if not any(b.contains_point(o.cx, o.cy) for o in others)]
    return max((b.x0 for b in own), default=box.x0)


def _is_centred(headings: Sequence[HeadingReading], em: float) -> bool:
    """Whether the headings of a sub-column are set to the middle of cells of their own, so that indents say nothing."""
    middles = [h.box.cx for h in headings]
    own_cells = len({h.band for h in headings}) == len(headings)
    return own_cells and max(middles) - min(middles) <= INDENT_STEP * em


def _steps(values: Sequence[float], step: float) -> list[int]:
    """For each value the number of the group it falls into, groups being further apart than `step`."""
    starts: list[float] = []
    for value in sorted(values):
        if not starts or value - starts[-1] > step:
            starts.append(value)
    return [sum(value >= start for start in starts) - 1 for value in values]


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
            and abs(last.end_baseline - line.start_baseline) <= 0.3 * line.size
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
) -> HeadingReading:
    box = union(ln.box for ln in lines)
    rank, level, marker, rest = split_ranked("\n".join(ln.text.strip(" 　") for ln in lines))
    band = _band(layout, region, box, extent)
    return HeadingReading(level, marker, normalize_text(rest), tuple(lines), box, band, rank, column)


def _band(layout: PageLayout, region: Region, box: BBox, column: tuple[float, float]) -> tuple[float, float]:
    """(top, bottom) of the ruled cell around a box in a column (x0, x1)."""
    x0, x1 = column
    need = BAND_RULE_SPAN * max(x1 - x0, 1.0)
    edges = [r.at for r in layout.rulings if not r.vertical and min(r.end, x1) - max(r.start, x0) >= need]
    for shape in layout.shapes:
        if shape.form is Form.RECT and min(shape.box.x1, x1) - max(shape.box.x0, x0) >= need:
            edges += [y for y in (shape.box.y0, shape.box.y1) if not _is_inside_like(shape, y, layout)]
    slack = 0.3 * region.em
    top = max((y for y in edges if y <= box.y0 + slack), default=region.body.y0)
    bottom = min((y for y in edges if y >= box.y1 - slack), default=region.body.y1)
    return max(top, region.body.y0), min(max(bottom, box.y1), max(region.body.y1, box.y1))


def _is_inside_like(shape: Shape, y: float, layout: PageLayout) -> bool:
    """Whether an edge of a fill lies in a larger fill of its colour, where nobody sees it: word processors shade lines."""
    return shape.stroke is None and any(
        other is not shape
        and other.fill == shape.fill
        and other.box.contains(shape.box, 0.1)
        and other.box.y0 + 0.5 < y < other.box.y1 - 0.5
        for other in layout.shapes
    )
