# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chooses the shapes of a chart that are bars and marks, and nests bars in bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form, Shape
from koteihyo.normalize.axis.extent import ARROW_FORMS, Region, is_bar_like
from koteihyo.normalize.claims import Bar, Claims, Mark
from koteihyo.normalize.layout.edges import is_paper
from koteihyo.normalize.scene import Scene


@dataclass(frozen=True)
class ShapeSettings:
    """Which shapes are bars and marks."""

    mark_size: float = 2.2
    """A triangle larger than this, in line heights, is a shape of its own, not a milestone mark; likewise a small
    arrow."""
    pointer_size: float = 3.0
    """A triangle larger than this, in line heights, is a shape of its own, not a milestone mark; likewise a small
    arrow."""
    nested_part: float = 0.85
    """Part of a child's area that lies in its parent; pieces stick out by their tips."""
    at_edge: float = 0.5
    """A bar may stand this far over the upper edge of the body, and its middle this far under the lower one, in line heights."""
    on_stripe: float = 0.2
    """A shape lies on a stripe when this part of its area does."""
    on_ground: float = 0.5
    """What lies on a row of cells is smaller than this part of one."""
    larger: float = 1.15
    """What is around a bar is larger than it by this factor."""
    same_rows: float = 1.0
    """Edges of one row's cells agree within this, PDF points."""
    panel_part: float = 0.9
    """A shape that covers this part of the body's height may be a stripe or panel behind the plan."""
    lane_edge: float = 1.0
    """The frame of a lane begins and ends this close to the years' edges, in line heights."""
    ground_height: float = 3.0
    """Cells on which bars and marks lie are higher than this, in line heights."""


CHOSEN = ShapeSettings()


_MARK_FORMS = (Form.TRIANGLE, Form.ELLIPSE, Form.BLOCK_ARROW, Form.POLYGON, Form.DOUBLE_ARROW)


def choose_shapes(scene: Scene, claims: Claims) -> Claims:
    """The bars of a chart's body, and the small textless triangles and arrows that have captions beside them."""
    region = scene.region
    body, em = region.body, scene.em
    inside = [
        s
        for s in scene.shapes
        if is_bar_like(s, region.axis)
        and s.box.cy > body.y0
        and s.box.y0 >= body.y0 - CHOSEN.at_edge * em
        and s.box.cy < body.y1 + CHOSEN.at_edge * em
    ]
    marks = tuple(
        Mark(s)
        for s in inside
        if s.form in _MARK_FORMS
        and max(s.box.width, s.box.height)
        <= (CHOSEN.mark_size if s.form in (Form.TRIANGLE, Form.ELLIPSE) else CHOSEN.pointer_size) * em
        and s.fill is not None
        and (s.form is Form.TRIANGLE or not any(s.box.contains_point(ln.box.cx, ln.box.cy) for ln in claims.free))
    )
    marked = {mark.shape for mark in marks}
    ground = {s for s in inside if s not in marked and _is_ground_or_panel(s, region, inside)}
    ground |= _lanes([s for s in inside if s not in marked and s not in ground], region)
    bars = tuple(Bar(s) for s in inside if s not in marked and s not in ground)
    return replace(claims, bars=bars, marks=marks)


def _is_ground_or_panel(shape: Shape, region: Region, others: Sequence[Shape]) -> bool:
    """Column stripes, panels and the chart's own frame: shapes that are part of the grid, not of the plan."""
    body = region.body
    # An arrow is a bar, however large: others may lie in it.
    if shape.form in ARROW_FORMS:
        return False
    if shape.form is Form.RECT and _is_ground(shape, region, others):
        return True
    if shape.box.height < CHOSEN.panel_part * body.height:
        return False
    if shape.box.width >= CHOSEN.panel_part * body.width:
        return True
    # A stripe lies under the bars of its column; a tall bar has none on it.
    return shape.form is Form.RECT and any(
        other is not shape and shape.box.intersection_area(other.box) > CHOSEN.on_stripe * other.box.area
        for other in others
    )


def _lanes(shapes: Sequence[Shape], region: Region) -> set[Shape]:
    """Frames without a fill from the first year to the last, one under the other, with bars in each of them."""
    em, body = region.em, region.body
    across = [
        s
        for s in shapes
        if s.form in (Form.RECT, Form.ROUND_RECT)
        and (s.fill is None or is_paper(s.fill))
        and max(abs(s.box.x0 - body.x0), abs(s.box.x1 - body.x1)) <= CHOSEN.lane_edge * em
    ]
    lanes = [
        s for s in across
        if any(o is not s and s.box.contains(o.box) for o in shapes)
        # What lies in a bar is a part of what that one says.
        and not any(o is not s and o.box.contains(s.box, CHOSEN.same_rows) for o in shapes)
    ]  # fmt: skip
    x0, x1 = [s.box.x0 for s in lanes], [s.box.x1 for s in lanes]
    alike = len(lanes) >= 2 and max(max(x0) - min(x0), max(x1) - min(x1)) <= CHOSEN.same_rows
    return set(lanes) if alike else set()


def _is_ground(shape: Shape, region: Region, others: Sequence[Shape]) -> bool:
    """Whether a box is one of a row of alike, high cells that reaches across the chart and on which others lie."""
    box = shape.box
    if box.height < CHOSEN.ground_height * region.em:
        return False
    row = [s.box for s in others if s.form is Form.RECT and s.fill == shape.fill and _same_rows(s.box, box)]
    if len(row) < 2 or sum(b.width for b in row) < CHOSEN.panel_part * region.body.width:
        return False
    on_it = [
        s
        for s in others
        if s.box.area < CHOSEN.on_ground * box.area and any(b.contains_point(s.box.cx, s.box.cy) for b in row)
    ]
    return len(on_it) > len(row)


def _same_rows(a: BBox, b: BBox) -> bool:
    return max(abs(a.y0 - b.y0), abs(a.y1 - b.y1)) <= CHOSEN.same_rows


def nest(_scene: Scene, claims: Claims) -> Claims:
    """Each bar in the smallest bar in whose area it lies."""
    around = {}
    by_area = sorted(claims.bars, key=lambda b: b.box.area)
    for i, bar in enumerate(by_area):
        for other in by_area[i + 1 :]:
            if other.box.area > CHOSEN.larger * bar.box.area and (
                other.box.intersection_area(bar.box) >= CHOSEN.nested_part * bar.box.area
            ):
                around[bar] = other
                break
    return replace(claims, around=around)
