# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the fiscal-year columns of each chart on a page from its header cells and the rules between them."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Direction, PageLayout
from koteihyo.normalize.axis.bounds import column_bounds
from koteihyo.normalize.axis.divided import Divided, divided_axes, follows, with_years_after, with_years_beside
from koteihyo.normalize.axis.doubts import Doubt, two_years
from koteihyo.normalize.axis.header import HeaderCell, cell_rows, header_cells, years_on
from koteihyo.normalize.axis.labels import header_purity
from koteihyo.normalize.axis.model import Axis, Column
from koteihyo.normalize.axis.open_end import with_open_end
from koteihyo.normalize.axis.runs import is_spaced, year_runs
from koteihyo.normalize.axis.under import POINTING, bars_between, has_words, place_headers
from koteihyo.normalize.text.characters import narrow

# Lengths in line heights of the header's own text.
# Two header rows (western years over eras) belong to one header when closer than this.
HEADER_ROW_GAP = 3.0
# A chart needs this many year columns; two years side by side are more often a comparison than a plan.
MIN_COLUMNS = 3
# Two will do where half-years, quarters or months are drawn under them.
MIN_DIVIDED = 2
# So do so many arrows that point to the right.
MIN_ARROWS = 2

_SUB_HEADER = re.compile(
    r"[上下](?:半)?期|前[期半]|後[期半]|第?[1-4一二三四]四半期|[1-4]\s*[QＱ]|[QＱ]\s*[1-4]|(?:1[0-2]|[1-9])\s*月?"
    r"|[春夏秋冬]|年度[前後]半|[上中下]旬?"
)


@dataclass(frozen=True)
class Headers:
    """What a page shows of time: its axes from the top, and what looks like one and was not read."""

    axes: tuple[Axis, ...]
    doubts: tuple[Doubt, ...]


def find_axes(layout: PageLayout) -> list[Axis]:
    """Every fiscal-year header of a page, from the top; of two that overlap, the one with more columns."""
    return list(find_headers(layout).axes)


def find_headers(layout: PageLayout) -> Headers:
    """Every year header of a page, and the rows of months and quarters that no year is known for."""
    named = years_on(layout.lines)
    runs = [run for row in cell_rows(header_cells(layout.lines)) for run in year_runs(row, named, layout.lines)]
    years = [
        _axis(with_open_end(run, layout.lines), layout) for run in runs if len(run) >= MIN_DIVIDED and is_spaced(run)
    ]
    divided, undated = divided_axes(layout, [cell for run in runs for cell in run])
    undated_glyphs = {g for row, _doubt in undated for c in row.cells for ln in c.lines for g in ln.glyphs}
    # Years that their own months contradict are not to be trusted.
    years = [a for a in years if not any(g in undated_glyphs for ln in a.label_lines for g in ln.glyphs)]
    axes = _with_divided(years, divided, layout)
    sure = [a for a in axes if len(a.columns) >= MIN_COLUMNS or a.divided]
    pairs = [] if sure else [a for a in axes if _has_arrows(a, layout)]
    doubtful = [a for a in pairs if not a.boundary_rules]
    axes = sure or [a for a in pairs if a.boundary_rules]
    axes.sort(key=lambda a: (a.header.y0, a.header.x0))
    merged: list[Axis] = []
    for axis in axes:
        twin = next((m for m in merged if _same_header(m, axis)), None)
        if twin is None:
            merged.append(axis)
        else:
            merged[merged.index(twin)] = _joined(twin, axis)
    known = {g for axis in merged for ln in axis.label_lines for g in ln.glyphs}
    doubts = [two_years(a) for a in doubtful]
    doubts += [d for row, d in undated if not any(g in known for c in row.cells for ln in c.lines for g in ln.glyphs)]
    return Headers(tuple(place_headers(merged, layout)), tuple(doubts))


def _has_arrows(axis: Axis, layout: PageLayout) -> bool:
    """Whether arrows with words run under two years: a comparison of two years has none."""
    if any(header_purity(column.label) < 1 for column in axis.columns):
        return False
    bars = bars_between(layout, axis, axis.header.y1, layout.height)
    return sum(bar.form in POINTING and bar.points_right and has_words(bar, layout) for bar in bars) >= MIN_ARROWS


def _with_divided(years: Sequence[Axis], divided: Sequence[Divided], layout: PageLayout) -> list[Axis]:
    """Each axis once: where months stand under years they say where these begin and end."""
    axes = list(years)
    for found in divided:
        over = [a for a in axes if _over(a, found.axis)]
        wider = [a for a in over if _goes_on(a, found.axis)]
        after = [a for a in axes if a not in over and follows(found.axis, a)]
        if after and not wider and all(_is_within(a, found.axis) for a in over):
            axes = [a for a in axes if a not in over and a is not after[0]] + [with_years_after(found.axis, after[0])]
        elif wider:
            axes[axes.index(wider[0])] = with_years_beside(found.axis, wider[0])
        elif found.stands_alone and all(_is_within(a, found.axis) for a in over):
            axes = [a for a in axes if a not in over] + [_with_sub_header(found.axis, layout)]
    return axes


def _axis(run: Sequence[HeaderCell], layout: PageLayout) -> Axis:
    em = statistics.median(ln.size for c in run for ln in c.lines)
    bounds, drawn, header = column_bounds([c.box for c in run], layout, em)
    columns = tuple(
        Column(c.text, c.label.start, c.label.end, x0, x1, c.label.basis)
        for c, x0, x1 in zip(run, bounds, bounds[1:], strict=False)
    )
    lines = tuple(ln for c in run for ln in c.lines)
    axis = Axis(columns, header, lines, em, drawn, assumed_era=run[0].assumed)
    return _with_sub_header(axis, layout)


def _goes_on(years: Axis, divided: Axis) -> bool:
    """Whether a row of years has the years of some months, and others beside these months."""
    inside = {c.fy_start for c in divided.columns}
    others = [c for c in years.columns if c.fy_start not in inside]
    beside = [c for c in others if not divided.x0 <= (c.x0 + c.x1) / 2 <= divided.x1]
    shared = [c for c in years.columns if c.fy_start in inside]
    if not others or len(beside) < len(others) or len(shared) < len(inside):
        return False
    slack = divided.pitch if years.boundary_rules else math.inf
    return abs(shared[0].x0 - divided.x0) <= slack and abs(shared[-1].x1 - divided.x1) <= slack


def _is_within(years: Axis, divided: Axis) -> bool:
    """Whether all labels of a row of years stand at some months; one over the last month may reach out."""
    return all(divided.x0 <= ln.box.cx <= divided.x1 + divided.pitch for ln in years.label_lines)


def _over(years: Axis, divided: Axis) -> bool:
    """Whether a row of years stands at a row of months: it shares its labels."""
    labels = {g for ln in divided.label_lines for g in ln.glyphs}
    return any(g in labels for ln in years.label_lines for g in ln.glyphs)


def _with_sub_header(axis: Axis, layout: PageLayout) -> Axis:
    """Takes rows of half-years, quarters or months right under the years into the header."""
    header, lines = axis.header, list(axis.label_lines)
    for _row in range(2):
        below = [
            ln
            for ln in layout.lines
            if ln.direction is Direction.HORIZONTAL
            and -0.3 * axis.em <= ln.box.y0 - header.y1 <= 1.2 * axis.em
            and axis.x0 <= ln.box.cx <= axis.x1
            and not ln.is_blank
        ]
        subs = [ln for ln in below if _is_sub_header(ln.text)]
        if len(subs) < max(len(axis.columns), 0.8 * len(below)):
            break
        lines += subs
        header = BBox(header.x0, header.y0, header.x1, max(ln.box.y1 for ln in subs))
        cells = [
            s.box
            for s in layout.shapes
            if any(s.box.contains_point(ln.box.cx, ln.box.cy) for ln in subs) and s.box.height <= 3 * axis.em
        ]
        header = BBox(header.x0, header.y0, header.x1, max([header.y1, *(b.y1 for b in cells)]))
    return replace(
        axis, header=header, label_lines=tuple(lines), divided=axis.divided or len(lines) > len(axis.label_lines)
    )


def _is_sub_header(text: str) -> bool:
    parts = narrow(text).split()
    return bool(parts) and all(_SUB_HEADER.fullmatch(part) for part in parts)


def _same_header(a: Axis, b: Axis) -> bool:
    """Whether two header rows name the same columns, one over the other."""
    gap = max(a.header.y0, b.header.y0) - min(a.header.y1, b.header.y1)
    years_a, years_b = {c.fy_start for c in a.columns}, {c.fy_start for c in b.columns}
    overlap = min(a.x1, b.x1) - max(a.x0, b.x0)
    return (
        gap <= HEADER_ROW_GAP * max(a.em, b.em)
        and overlap >= 0.5 * min(a.x1 - a.x0, b.x1 - b.x0)
        and len(years_a & years_b) >= 0.5 * min(len(years_a), len(years_b))
    )


def _joined(a: Axis, b: Axis) -> Axis:
    best = max((a, b), key=lambda x: (not x.assumed_era, bool(x.ticks), len(x.columns), x.boundary_rules))
    header = BBox(best.x0, min(a.header.y0, b.header.y0), best.x1, max(a.header.y1, b.header.y1))
    return replace(best, header=header, label_lines=(*a.label_lines, *b.label_lines), divided=a.divided or b.divided)
