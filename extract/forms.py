# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names a closed outline by its vertices, never by how the producer drew it."""

from __future__ import annotations

from collections.abc import Sequence

from koteihyo.extract.geometry import bounding
from koteihyo.extract.model import Form

Point = tuple[float, float]

# A vertex that bends its edge by less than this part of the shorter edge beside it lies on the edge: the corners of a
# long, low bar are near the line from its tail to its tip.
STRAIGHT = 0.01
# Points closer than this, in PDF points and as a part of the box's shorter side, are one corner: a stroke that was turned
# into an area has bevelled corners.
BEVEL = 0.5
BEVEL_PART = 0.02
# How far from a box edge a vertex may lie and still be on it, as a part of the box's shorter side.
ON_EDGE = 0.04
# The same for a tip and the corners beside it: large arrows have shallow tips.
AT_TIP = 0.015
# A tip lies about half way up: within this part of the height around the middle.
TIP_BAND = 0.2
# Fewer curve pieces than this are rounded corners of something else, not an ellipse.
ELLIPSE_CURVES = 4
# An ellipse covers 0.79 of its box; a rectangle with rounded corners covers more than this part.
ELLIPSE_AREA = 0.87


def classify(points: Sequence[Point], curves: int) -> tuple[Form, bool]:
    """(form, has its tip on the right) of a closed outline."""
    box = bounding(points)
    bevel = min(BEVEL, BEVEL_PART * min(box.width, box.height))
    corners = simplify(points, 0.0 if curves else bevel)
    slack = max(ON_EDGE * min(box.width, box.height), 0.05)
    tip_slack = max(AT_TIP * min(box.width, box.height), 0.05)
    rightmost = [p for p in corners if p[0] >= box.x1 - tip_slack]
    tip = (
        len(rightmost) == 1
        and abs(rightmost[0][1] - box.cy) <= TIP_BAND * box.height
        and not (curves and len(corners) > 12)
    )
    if curves:
        full = _area(points) > ELLIPSE_AREA * box.area
        return (Form.ROUND_RECT if full else _round_form(corners, curves, box.width, box.height)), False
    n = len(corners)
    if n == 3:
        return Form.TRIANGLE, tip
    if n == 4 and all(_axis_aligned(a, b, slack) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)):
        return Form.RECT, False
    leftmost = [p for p in corners if p[0] <= box.x0 + tip_slack]
    left_tip = len(leftmost) == 1 and abs(leftmost[0][1] - box.cy) <= TIP_BAND * box.height
    if n == 5 and (tip or left_tip):
        return Form.PENTAGON, tip
    if n == 6 and tip:
        return (Form.PENTAGON if left_tip else Form.CHEVRON), True
    if n in (7, 8) and (tip or left_tip):
        return Form.BLOCK_ARROW, tip
    if n >= 8 and tip and left_tip:
        return Form.DOUBLE_ARROW, True
    return Form.POLYGON, tip


def simplify(points: Sequence[Point], bevel: float = 0.0) -> list[Point]:
    """The outline's true corners: points on straight edges, and points within `bevel` of the last, left out."""
    apart = max(bevel, 0.05)
    distinct = [p for i, p in enumerate(points) if i == 0 or _distance(p, points[i - 1]) > apart]
    if len(distinct) > 1 and _distance(distinct[0], distinct[-1]) <= 0.05:
        # The end repeats the beginning: each would pass for a point on the other's edge.
        distinct.pop()
    kept: list[Point] = []
    n = len(distinct)
    for i, point in enumerate(distinct):
        before, after = distinct[i - 1], distinct[(i + 1) % n]
        base = _distance(before, after)
        cross = abs((after[0] - before[0]) * (point[1] - before[1]) - (after[1] - before[1]) * (point[0] - before[0]))
        sides = _distance(before, point), _distance(point, after)
        between = sum(sides) <= base * (1 + STRAIGHT)
        if base > 0 and between and cross / base <= max(STRAIGHT * min(sides), 0.05):
            continue
        kept.append(point)
    return kept


def _round_form(corners: Sequence[Point], curves: int, width: float, height: float) -> Form:
    """Ellipse when no straight edge is left, else a rectangle with rounded corners."""
    longest = max(
        (
            max(abs(a[0] - b[0]), abs(a[1] - b[1]))
            for a, b in zip(corners, [*corners[1:], *corners[:1]], strict=True)
            if _axis_aligned(a, b, 0.05)
        ),
        default=0.0,
    )
    straight = longest > 0.25 * min(width, height)
    if curves >= ELLIPSE_CURVES and not straight:
        return Form.ELLIPSE
    return Form.ROUND_RECT


def _area(corners: Sequence[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, [*corners[1:], *corners[:1]], strict=True))) / 2


def _axis_aligned(a: Point, b: Point, slack: float) -> bool:
    return abs(a[0] - b[0]) <= slack or abs(a[1] - b[1]) <= slack


def _distance(a: Point, b: Point) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)
