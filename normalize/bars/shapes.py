# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chooses the shapes of a chart that are bars and marks, and nests bars in bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form, Shape
from koteihyo.normalize.axis.extent import ARROW_FORMS, Region, is_bar_like
from koteihyo.normalize.claims import Bar, Claims, Mark
from koteihyo.normalize.scene import Scene

# A triangle larger than this, in line heights, is a shape of its own, not a milestone mark; likewise a small arrow.
MARK_SIZE = 2.2
POINTER_SIZE = 3.0
# Part of a child's area that lies in its parent; pieces stick out by their tips.
NESTED_PART = 0.85
# A shape that covers this part of the body's height may be a stripe or panel behind the plan.
PANEL_PART = 0.9

# Cells on which bars and marks lie are higher than this, in line heights.
GROUND_HEIGHT = 3.0

_MARK_FORMS = (Form.TRIANGLE, Form.BLOCK_ARROW, Form.POLYGON, Form.DOUBLE_ARROW)


def choose_shapes(scene: Scene, claims: Claims) -> Claims:
    """The bars of a chart's body, and the small textless triangles and arrows that have captions beside them."""
    region = scene.region
    body, em = region.body, scene.em
    inside = [
        s
        for s in scene.shapes
        if is_bar_like(s, region.axis)
        and s.box.cy > body.y0
        and s.box.y0 >= body.y0 - 0.5 * em
        and s.box.cy < body.y1 + 0.5 * em
    ]
    marks = tuple(
        Mark(s)
        for s in inside
        if s.form in _MARK_FORMS
        and max(s.box.width, s.box.height) <= (MARK_SIZE if s.form is Form.TRIANGLE else POINTER_SIZE) * em
        and s.fill is not None
        and (s.form is Form.TRIANGLE or not any(s.box.contains_point(ln.box.cx, ln.box.cy) for ln in claims.free))
    )
    marked = {mark.shape for mark in marks}
    ground = {s for s in inside if s not in marked and _is_ground_or_panel(s, region, inside)}
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
    if shape.box.height < PANEL_PART * body.height:
        return False
    if shape.box.width >= PANEL_PART * body.width:
        return True
    # A stripe lies under the bars of its column; a tall bar has none on it.
    return shape.form is Form.RECT and any(
        other is not shape and shape.box.intersection_area(other.box) > 0.2 * other.box.area for other in others
    )


def _is_ground(shape: Shape, region: Region, others: Sequence[Shape]) -> bool:
    """Whether a box is one of a row of alike, high cells that reaches across the chart and on which others lie."""
    box = shape.box
    if box.height < GROUND_HEIGHT * region.axis.em:
        return False
    row = [s.box for s in others if s.form is Form.RECT and s.fill == shape.fill and _same_rows(s.box, box)]
    if len(row) < 2 or sum(b.width for b in row) < PANEL_PART * region.body.width:
        return False
    on_it = [
        s for s in others if s.box.area < 0.5 * box.area and any(b.contains_point(s.box.cx, s.box.cy) for b in row)
    ]
    return len(on_it) > len(row)


def _same_rows(a: BBox, b: BBox) -> bool:
    return abs(a.y0 - b.y0) <= 1.0 and abs(a.y1 - b.y1) <= 1.0


def nest(_scene: Scene, claims: Claims) -> Claims:
    """Each bar in the smallest bar in whose area it lies."""
    around = {}
    by_area = sorted(claims.bars, key=lambda b: b.box.area)
    for i, bar in enumerate(by_area):
        for other in by_area[i + 1 :]:
            if other.box.area > 1.15 * bar.box.area and (
                other.box.intersection_area(bar.box) >= NESTED_PART * bar.box.area
            ):
                around[bar] = other
                break
    return replace(claims, around=around)
