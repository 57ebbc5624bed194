# SPDX-License-Identifier: AGPL-3.0-or-later
"""Edges of tables that are ruled by alignment: white space between columns, rules or leading between rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Line
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.layout.blocks import group_blocks
from koteihyo.normalize.layout.edges import Edge, Edges, distinct
from koteihyo.normalize.reading import CarriedTable

# Lengths in line heights.
# White space between two columns is at least this wide.
GUTTER = 0.5
# A text stands across an edge when it reaches this far beyond it on either side.
ACROSS = 0.3
# Level rules part rows when they run along this part of the years; edges nearer than this are one.
RULE_SHARE = 0.85
SAME_EDGE = 0.4
# A table has at least so many rows, and so many columns beside the years.
ROWS, COLUMNS = 2, 2


def aligned_edges(
    edges: Edges, region: Region, lines: Sequence[Line], carried: CarriedTable | None = None
) -> Edges | None:
    """The visible edges with those that only alignment shows; None where the texts do not stand in columns and rows.

    Args:
        edges: The visible edges of the page.
        region: The chart's place.
        lines: The page's lines.
        carried: The columns of a table that goes on here, whose places are known.
    """
    em, body = region.axis.em, region.body
    lines = [
        ln for ln in lines
        if ln.direction is Direction.HORIZONTAL and region.axis.header.y0 - em <= ln.box.cy <= body.y1 + em
        and region.box.x0 - em <= ln.box.cx <= region.box.x1 + em and not ln.is_blank
    ]  # fmt: skip
    beside = [ln for ln in lines if not body.x0 <= ln.box.cx <= body.x1]
    columns = _columns([ln for ln in beside if ln.box.x1 <= body.x0 + em], em)
    columns += _columns([ln for ln in beside if ln.box.x0 >= body.x1 - em], em)
    if carried is not None:
        outer = [x for head in carried.columns for x in (head.x0, head.x1)]
    elif len(columns) >= COLUMNS and all(_is_headed(column, region) for column in columns):
        outer = _between([union(ln.box for ln in column) for column in columns], region)
    else:
        return None
    ruled = _ruled_rows(edges, region)
    rows = ruled or _leaded_rows(region, columns)
    if len(rows) <= ROWS:
        return None
    xs = [*outer, *(c.x0 for c in region.axis.finest), body.x1]
    vertical = [
        Edge(x, top, bottom)
        for top, bottom in [(region.axis.header.y0, body.y0), *pairwise(rows)]
        for x in xs
        if not any(top <= ln.box.cy < bottom and _is_across(ln.box, x, em) for ln in lines)
    ]
    level = [] if ruled else [Edge(y, region.box.x0 - em, region.box.x1 + em) for y in rows]
    return Edges((*edges.horizontal, *level), (*edges.vertical, *vertical))


def _columns(lines: Sequence[Line], em: float) -> list[list[Line]]:
    """Lines whose extents in x overlap, from the left."""
    columns: list[list[Line]] = []
    for line in sorted(lines, key=lambda ln: ln.box.x0):
        if columns and line.box.x0 - max(ln.box.x1 for ln in columns[-1]) < GUTTER * em:
            columns[-1].append(line)
        else:
            columns.append([line])
    return columns


def _is_headed(column: Sequence[Line], region: Region) -> bool:
    """Whether a column begins with a header level with the years, and has texts under it."""
    return any(ln.box.cy < region.body.y0 for ln in column) and any(ln.box.cy > region.body.y0 for ln in column)


def _between(boxes: Sequence[BBox], region: Region) -> list[float]:
    """Edges around and between the columns beside the years."""
    left = [b for b in boxes if b.cx < region.body.x0]
    right = [b for b in boxes if b.cx > region.body.x1]
    xs = [(a.x1 + b.x0) / 2 for side in (left, right) for a, b in pairwise(side)]
    return [*xs, *(b.x0 - 1.0 for b in left[:1]), *(b.x1 + 1.0 for b in right[-1:])]


def _ruled_rows(edges: Edges, region: Region) -> list[float]:
    """Where rows begin and end by level rules and edges of fills; empty where there are none."""
    em, body = region.axis.em, region.body
    ys = [y for y in edges.ys(body.x0, body.x1, RULE_SHARE) if body.y0 + em < y < body.y1 + em]
    if len(ys) < ROWS:
        return []
    bottom = [] if ys[-1] >= body.y1 - em else [body.y1]
    return distinct([body.y0, *ys, *bottom], SAME_EDGE * em)


def _leaded_rows(region: Region, columns: Sequence[Sequence[Line]]) -> list[float]:
    """Where rows begin and end by leading: half way between the texts of the column that has one in every row."""
    top = region.body.y0
    blocks = [sorted(group_blocks([ln for ln in c if ln.box.cy > top]), key=lambda b: b.box.y0) for c in columns]
    finest = max(blocks, key=len, default=[])
    return [top, *((a.box.y1 + b.box.y0) / 2 for a, b in pairwise(finest)), region.body.y1 + 0.1]


def _is_across(box: BBox, x: float, em: float) -> bool:
    return box.x0 + ACROSS * em < x < box.x1 - ACROSS * em
