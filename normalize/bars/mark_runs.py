# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes runs of the signs ○ ● △ … that stand alone in the year cells of a table without columns of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Line
from koteihyo.normalize.bars.items import years_of
from koteihyo.normalize.claims import Claims
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.reading import ItemReading
from koteihyo.normalize.scene import Scene
from koteihyo.normalize.text.signs import MARK
from koteihyo.schema.records import ItemKind

# So many signs, and this part of all that is written under the years, make a table of marks.
MIN_MARKS = 3
MARKS_PART = 0.5
# A cell's sides are edges of columns within this, PDF points.
SAME_EDGE = 2.0


def run_marks(scene: Scene, claims: Claims) -> Claims:
    """The items, equal signs in cells that follow one another as one item of kind `mark`."""
    cells = {item.number: cell for item in claims.items if (cell := _cell(item, scene)) is not None}
    if len(cells) < max(MIN_MARKS, MARKS_PART * sum(bool(item.text) for item in claims.items)):
        return claims
    marks = sorted(
        (item for item in claims.items if item.number in cells),
        key=lambda item: (round(cells[item.number].y0), cells[item.number].x0),
    )
    runs: list[list[ItemReading]] = [[marks[0]]]
    for before, mark in pairwise(marks):
        if mark.text == before.text and _follows(cells[before.number], cells[mark.number]):
            runs[-1].append(mark)
        else:
            runs.append([mark])
    made = {run[0].number: _joined(run, cells, scene) for run in runs}
    given = claims.give_each(
        (ln, made[run[0].number], "an equal sign in the next cell") for run in runs for ln in _lines(run)
    )
    items = [made.get(item.number, item) for item in claims.items if item.number in made or item.number not in cells]
    return replace(given, items=tuple(items))


def _cell(item: ItemReading, scene: Scene) -> BBox | None:
    """The ruled cell around a sign that stands alone, where it is one column, or some, and a row."""
    if item.form not in ("cell", "none") or MARK.fullmatch(item.text) is None:
        return None
    cell = scene.solid_grid.cell(union([ln.box for ln in item.lines]))
    edges = [scene.region.axis.x0, *(column.x1 for column in scene.region.axis.finest)]
    if cell is None or not all(any(abs(x - edge) <= SAME_EDGE for edge in edges) for x in (cell.x0, cell.x1)):
        return None
    return cell


def _follows(before: BBox, cell: BBox) -> bool:
    return abs(cell.x0 - before.x1) <= SAME_EDGE and abs(cell.y0 - before.y0) <= SAME_EDGE


def _joined(run: Sequence[ItemReading], cells: dict[int, BBox], scene: Scene) -> ItemReading:
    box = union(cells[mark.number] for mark in run)
    lines = _lines(run)
    return replace(
        run[0],
        kind=ItemKind.MARK,
        text_raw=raw_text(run[0].lines),
        lines=lines,
        box=box,
        reach=box,
        form="cell",
        years=years_of(ItemKind.MARK, box, scene.region.axis),
    )


def _lines(run: Sequence[ItemReading]) -> tuple[Line, ...]:
    return tuple(line for mark in run for line in mark.lines)
