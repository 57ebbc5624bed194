# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which bars without any text stand for a stretch of time, and which shapes are cells, pointers or ornaments."""

from __future__ import annotations

from collections.abc import Sequence

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form, PageLayout, Shape
from koteihyo.normalize.claims import Bar, Claims
from koteihyo.normalize.scene import Scene

# A bar covers at least this part of a year's column, or so many line heights: columns of years can be very wide.
SHORTEST = 0.2
SHORTEST_EM = 2.0
# Heights of a bar without text, in line heights.
LOWEST, HIGHEST = 0.35, 3.0
# An arrow is at least so many times as long as high; a stubbier one points at something.
SLENDER = 2.0
# A fill nearer to white than this in every channel is no bar.
WHITE = 0.96
# Cells of one row with one fill, together as wide as this part of the chart, are the row's ground.
GROUND_PART = 0.75
# Edges agree within this, PDF points.
SAME_EDGE = 1.5

_POINTING = frozenset({Form.PENTAGON, Form.CHEVRON, Form.BLOCK_ARROW})
_PLAIN = frozenset({Form.RECT, Form.ROUND_RECT})


def textless_bars(scene: Scene, claims: Claims) -> list[Bar]:
    """The bars without text that a reader takes for a stretch of time."""
    region, bars = scene.region, claims.bars
    empty = [bar for bar in bars if not claims.lines_of(bar)]
    column = region.axis.pitch
    around = set(claims.around.values())
    result = []
    for bar in empty:
        if bar in around or bar.box.width < min(SHORTEST * column, SHORTEST_EM * region.em):
            continue
        if bar.shape.form is Form.ARROW_LINE:
            chosen = not _connects(bar, bars, region.em)
        else:
            chosen = _is_slender(bar.shape, region.em) and _stands_out(bar, empty, claims, scene)
        if chosen:
            result.append(bar)
    return result


def _is_slender(shape: Shape, em: float) -> bool:
    box = shape.box
    if not LOWEST * em <= box.height <= HIGHEST * em:
        return False
    if shape.form in _POINTING:
        return shape.points_right and box.width >= SLENDER * box.height
    return shape.form in _PLAIN


def _connects(bar: Bar, bars: Sequence[Bar], em: float) -> bool:
    """Whether a line runs from the edge of one bar to the edge of another."""
    box, reach = bar.box, 0.5 * em
    others = [b.box for b in bars if b is not bar and b.shape.form is not Form.ARROW_LINE]
    level = [other for other in others if other.y0 - reach <= box.cy <= other.y1 + reach]
    return any(abs(o.x1 - box.x0) <= reach for o in level) and any(abs(o.x0 - box.x1) <= reach for o in level)


def _stands_out(bar: Bar, empty: Sequence[Bar], claims: Claims, scene: Scene) -> bool:
    """Whether a shape is seen as a bar: filled in a colour of its own, and no cell of a grid."""
    shape, box, outer = bar.shape, bar.box, claims.around.get(bar)
    if shape.fill is None or min(shape.fill) >= WHITE or (outer is not None and outer.shape.fill == shape.fill):
        return False
    if shape.form in _POINTING:
        return True
    row = [b.box for b in empty if b.shape.fill == shape.fill and _level(b.box, box)]
    if sum(b.width for b in row) >= GROUND_PART * scene.region.body.width:
        return False
    return not (_is_ruled(box.y0, box, scene.layout) and _is_ruled(box.y1, box, scene.layout))


def _level(a: BBox, b: BBox) -> bool:
    return abs(a.y0 - b.y0) <= SAME_EDGE and abs(a.y1 - b.y1) <= SAME_EDGE


def _is_ruled(y: float, box: BBox, layout: PageLayout) -> bool:
    return any(
        not r.vertical and abs(r.at - y) <= SAME_EDGE and r.start <= box.x0 + SAME_EDGE and r.end >= box.x1 - SAME_EDGE
        for r in layout.rulings
    )
