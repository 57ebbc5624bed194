# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the year cells of a ruled table say: words that arrows carry on, runs of marks, runs of shaded cells."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Color, Form, Line, PageLayout, Shape
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.layout.edges import Edges, distinct, is_paper
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.reading import RowReading
from koteihyo.normalize.text.characters import normalize_text
from koteihyo.normalize.text.signs import CARRIES_ON, MARK
from koteihyo.schema.records import ItemKind

# Edges nearer than this part of a line height are one, drawn by two cells.
SAME_EDGE = 0.4
# An edge between two cells of a row runs along this part of the row's height.
CELL_SHARE = 0.7
# An edge between two lanes of a row runs along this part of the years: some of its cells may be merged.
LANE_SHARE = 0.3
# A fill belongs to a cell when it covers this part of it, and reaches beyond the row by no more than the other.
FILLED_PART = 0.6
BEYOND_ROW = 1.5

# A glyph's box may reach over the edge of its cell by this part of its size.
TOUCHING = 0.3

_AT_START = re.compile(r"^[\s←⇐⟵◀◁⇔↔]*[←⇐⟵◀◁⇔↔][\s━─―—–－-]*")
_AT_END = re.compile(r"[\s→⇒➡➔➜⟶⇨━]+[▶►▷]?$|[\s━─―—–－-]*[→⇒➡➔➜⟶⇨▶►▷⇔↔]$")


@dataclass(frozen=True)
class YearCell:
    """One cell under the years: its box, its lines, its shading."""

    box: BBox
    lines: tuple[Line, ...]
    fill: Color | None

    @property
    def text(self) -> str:
        """Its text, normalised, without arrows at its ends that only say how far it goes."""
        text = normalize_text(raw_text(self.lines)) if self.lines else ""
        return _AT_START.sub("", _AT_END.sub("", text)) or text


@dataclass
class CellRun:
    """Adjacent cells of one lane that say one thing; it grows while its lane is read."""

    kind: ItemKind
    box: BBox
    fill: Color | None
    text: str = ""
    words: list[Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    """All lines, with the arrows that carry it on."""

    def extend(self, cell: YearCell) -> None:
        """Takes the next cell in."""
        self.box = BBox(self.box.x0, self.box.y0, cell.box.x1, self.box.y1)
        self.lines += cell.lines


def read_year_cells(
    layout: PageLayout, edges: Edges, region: Region, rows: Sequence[RowReading], lines: Sequence[Line]
) -> list[tuple[CellRun, RowReading]]:
    """What the cells of each row say, from the top, in each lane from the left."""
    fills = [s for s in layout.shapes if s.form is Form.RECT and s.fill is not None and not is_paper(s.fill)]
    places = _places(edges, region, rows, lines)
    found = []
    for row in rows:
        for top, bottom in _lanes(edges, region, row):
            inside = [ln for ln in lines if top <= places[ln] < bottom]
            cells = _cells(edges, region, (top, bottom), inside, fills)
            found += [(run, row) for run in _runs(cells)]
    return found


def _places(edges: Edges, region: Region, rows: Sequence[RowReading], lines: Sequence[Line]) -> dict[Line, float]:
    """The height at which each line counts: a cell that is merged over rows says what it says of the first of them."""
    body, slack = region.body, SAME_EDGE * region.axis.em
    across = edges.ys(body.x0, body.x1, LANE_SHARE)
    parted = [
        (above, below) for above, below in pairwise(rows)
        if abs(above.box.y1 - below.box.y0) <= slack and any(abs(y - below.box.y0) <= slack for y in across)
    ]  # fmt: skip
    places = {}
    for line in lines:
        place = line.box.cy
        for above, below in reversed(parted):
            here = below.box.y0 <= place < below.box.y1
            if here and not any(abs(y - below.box.y0) <= slack for y in edges.ys(line.box.x0, line.box.x1, CELL_SHARE)):
                place = above.box.y1 - 1.0
        places[line] = place
    return places


def _lanes(edges: Edges, region: Region, row: RowReading) -> Iterator[tuple[float, float]]:
    em = region.axis.em
    inner = [y for y in edges.ys(region.body.x0, region.body.x1, LANE_SHARE) if row.box.y0 + em < y < row.box.y1 - em]
    yield from pairwise([row.box.y0, *distinct(inner, SAME_EDGE * em), row.box.y1])


def _cells(
    edges: Edges, region: Region, lane: tuple[float, float], lines: Sequence[Line], fills: Sequence[Shape]
) -> list[YearCell]:
    em, body = region.axis.em, region.body
    top, bottom = lane
    inner = [x for x in edges.xs(top, bottom, CELL_SHARE) if body.x0 + em < x < body.x1 - em]
    shades = [s for s in fills if _shades(s, lane)]
    cuts = [body.x0, *distinct(inner, SAME_EDGE * em), body.x1]
    inside = [piece for ln in lines for piece in cut_at_edges(ln, cuts)]
    cells = []
    for x0, x1 in pairwise(cuts):
        box = BBox(x0, top, x1, bottom)
        held = tuple(ln for ln in inside if x0 <= ln.box.cx < x1)
        fill = next((s.fill for s in reversed(shades) if s.box.intersection_area(box) >= FILLED_PART * box.area), None)
        cells.append(YearCell(box, held, fill))
    # One fill over all years and what stands beside them is the row's ground: every other row of many tables.
    beside = {s.fill for s in shades if s.box.x0 < body.x0 - em or s.box.x1 > body.x1 + em}
    if len({cell.fill for cell in cells}) == 1 and cells[0].fill in beside:
        cells = [replace(cell, fill=None) for cell in cells]
    return cells


def cut_at_edges(line: Line, edges: Sequence[float]) -> list[Line]:
    """The line in pieces where an edge between cells runs between two of its texts, or before signs that carry on."""
    near = TOUCHING * line.size
    left = min((g.box.x1 for g in line.glyphs[:-1]), default=math.inf) - near
    right = max((g.box.x0 for g in line.glyphs[1:]), default=-math.inf) + near
    edges = [x for x in edges if left <= x <= right]
    for i in range(1, len(line.glyphs) if edges else 0):
        before, glyph = line.glyphs[i - 1], line.glyphs[i]
        parted = any(before.box.x1 - near <= x <= glyph.box.x0 + near for x in edges)
        if parted and (before.seqno != glyph.seqno or CARRIES_ON.fullmatch(line.text[i:])):
            first, second = Line(line.glyphs[:i], line.direction), Line(line.glyphs[i:], line.direction)
            return [piece for piece in (first, *cut_at_edges(second, edges)) if not piece.is_blank]
    return [line]


def _shades(shape: Shape, lane: tuple[float, float]) -> bool:
    top, bottom = lane
    common = min(shape.box.y1, bottom) - max(shape.box.y0, top)
    return common >= FILLED_PART * (bottom - top) and shape.box.height <= BEYOND_ROW * (bottom - top)


def _runs(cells: Sequence[YearCell]) -> list[CellRun]:
    """Cells from the left as runs. An empty cell without shading ends a run; one of the run's own shading goes on."""
    runs: list[CellRun] = []
    current: CellRun | None = None
    for cell in cells:
        text = cell.text
        mark = MARK.fullmatch(text)
        carries = bool(text) and CARRIES_ON.fullmatch(text) is not None
        if (
            (current is not None and carries)
            or (current is not None and mark and current.kind is ItemKind.MARK and current.text == text)
            or (current is not None and not text and cell.fill is not None and cell.fill == current.fill)
        ):
            current.extend(cell)
        elif current is not None and text and not mark and not current.text and cell.fill == current.fill:
            current.extend(cell)
            current.text, current.words = text, list(cell.lines)
        elif (text and not carries) or cell.fill is not None:
            kind = ItemKind.MARK if mark else ItemKind.BAR
            current = CellRun(kind, cell.box, cell.fill, "" if carries else text)
            current.words = [] if carries else list(cell.lines)
            current.lines = list(cell.lines)
            runs.append(current)
        else:
            current = None
    return runs
