# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns sub-paths into shapes as a person sees them: one outline, however many strokes and fills drew it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from koteihyo.extract.arrows import HEAD_SIZE
from koteihyo.extract.forms import classify
from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Color, Form, Shape
from koteihyo.extract.paths import Path, Point
from koteihyo.extract.rulings import RULE_THICKNESS, is_thin

# Lengths in line heights.
# Fill and stroke of one outline differ by the stroke's width and rounding.
SAME_OUTLINE = 0.15
# A drop shadow is the same outline moved by less than this.
SHADOW_OFFSET = 0.7
# Bands of a stepped gradient are thinner than this.
BAND_HEIGHT = 0.9
# Wider ones are bands where each is this close to the one before in every channel: no two cells are so alike.
NEXT_SHADE = 0.02
# Fewer strips than this are neighbouring cells rather than a gradient.
MIN_STRIPS = 4
# A fill that covers at least this part of the page is its background.
BACKGROUND_SHARE = 0.9


def build_shapes(
    paths: Sequence[Path],
    text_seqnos: Sequence[int],
    page_size: tuple[float, float],
    line_height: float,
) -> list[Shape]:
    """Shapes in painting order. `text_seqnos` (sorted) tells whether text was painted between two paths."""
    page_area = page_size[0] * page_size[1]
    outlines = [p for p in paths if p.closed and not is_thin(p, line_height) and _visible(p)]
    # A page-sized fill is the slide's background; a page-sized frame is drawn only by its stroke.
    outlines = [p for p in outlines if p.box.area < BACKGROUND_SHARE * page_area]
    shapes = [_shape(p) for p in sorted(outlines, key=lambda p: p.seqno)]
    shapes = _merge_bands(shapes, text_seqnos, line_height)
    shapes = _merge_outlines(shapes, SAME_OUTLINE * line_height)
    return _drop_shadows(shapes, text_seqnos, line_height)


def finish_shapes(shapes: Sequence[Shape], line_height: float) -> list[Shape]:
    """Shapes whose pieces are joined, with the outlines drawn around several pieces, and thin arrows as lines."""
    return [_as_line(s, line_height) for s in _merge_outlines(shapes, SAME_OUTLINE * line_height)]


def _as_line(shape: Shape, line_height: float) -> Shape:
    """A block arrow whose shaft is as thin as a rule is a line arrow drawn in one outline."""
    if shape.form not in (Form.BLOCK_ARROW, Form.DOUBLE_ARROW) or shape.box.height > HEAD_SIZE * line_height:
        return shape
    middle = shape.box.cx
    cuts = [
        ay + (by - ay) * (middle - ax) / (bx - ax)
        for (ax, ay), (bx, by) in pairwise([*shape.points, shape.points[0]])
        if (ax > middle) != (bx > middle)
    ]
    if not cuts or max(cuts) - min(cuts) > RULE_THICKNESS * line_height:
        return shape
    color = shape.fill or shape.stroke
    return replace(shape, form=Form.ARROW_LINE, points=_corners(shape.box), fill=None, stroke=color)


def _visible(path: Path) -> bool:
    return (path.fill is not None and path.opacity > 0) or path.stroke is not None


def _shape(path: Path) -> Shape:
    form, tip = classify(path.points, path.curves)
    return Shape(form, path.box, path.points, path.fill, path.stroke, path.seqno, path.seqno, tip)


def _text_between(seqnos: Sequence[int], first: int, last: int) -> bool:
    at = bisect_right(seqnos, first)
    return at < len(seqnos) and seqnos[at] < last


def _merge_bands(shapes: Sequence[Shape], text_seqnos: Sequence[int], line_height: float) -> list[Shape]:
    """Joins the bands of a stepped gradient, nested or side by side, into one shape."""
    tolerance = SAME_OUTLINE * line_height
    result: list[Shape] = []
    run: list[Shape] = []

    def flush() -> None:
        nested = len(run) >= 2 and all(_nests(a.box, b.box, tolerance) for a, b in pairwise(run))
        if nested or len(run) >= MIN_STRIPS:
            result.append(_joined(run))
        else:
            result.extend(run)
        run.clear()

    for shape in shapes:
        if run and not (
            shape.stroke is None
            and not _text_between(text_seqnos, run[-1].last_seqno, shape.seqno)
            and _continues_bands(run, shape, tolerance, line_height)
        ):
            flush()
        if shape.stroke is None and shape.fill is not None:
            run.append(shape)
        else:
            result.append(shape)
    flush()
    return result


def _nests(outer: BBox, inner: BBox, tolerance: float) -> bool:
    """Whether `inner` keeps at least three of `outer`'s edges and lies inside."""
    same = sum(abs(a - b) <= tolerance for a, b in zip(outer, inner, strict=True))
    return same >= 3 and outer.contains(inner, tolerance)


def _continues_bands(run: Sequence[Shape], shape: Shape, tolerance: float, line_height: float) -> bool:
    last = run[-1].box
    if _nests(last, shape.box, tolerance) and run[-1].fill != shape.fill:
        return True
    thin = min(shape.box.width, shape.box.height) <= BAND_HEIGHT * line_height
    if run[-1].fill == shape.fill or not (thin or _is_next_shade(run[-1].fill, shape.fill)):
        return False
    same_columns = abs(last.x0 - shape.box.x0) <= tolerance and abs(last.x1 - shape.box.x1) <= tolerance
    same_rows = abs(last.y0 - shape.box.y0) <= tolerance and abs(last.y1 - shape.box.y1) <= tolerance
    touching = last.x_overlap(shape.box) >= -tolerance and last.y_overlap(shape.box) >= -tolerance
    return (same_columns or same_rows) and touching


def _is_next_shade(before: Color | None, after: Color | None) -> bool:
    if before is None or after is None or len(before) != len(after):
        return False
    return all(abs(a - b) <= NEXT_SHADE for a, b in zip(before, after, strict=True))


def _joined(run: Sequence[Shape]) -> Shape:
    box = union(s.box for s in run)
    widest = max(run, key=lambda s: s.box.area)
    points = widest.points if widest.box.near(box, 0.5) else _corners(box)
    form, tip = (widest.form, widest.points_right) if points is widest.points else (Form.RECT, False)
    return Shape(form, box, points, run[-1].fill, None, run[0].seqno, run[-1].last_seqno, tip)


def _corners(box: BBox) -> tuple[Point, ...]:
    return (box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)


def _merge_outlines(shapes: Sequence[Shape], tolerance: float) -> list[Shape]:
    """Joins shapes with the same box: the fill and the separate stroke of one outline, or one painted twice."""
    result: list[Shape] = []
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    step = max(4 * tolerance, 1.0)
    for shape in shapes:
        col, row = int(shape.box.x0 // step), int(shape.box.y0 // step)
        near = (i for dx in (-1, 0, 1) for dy in (-1, 0, 1) for i in cells.get((col + dx, row + dy), ()))
        for i in near:
            if result[i].box.near(shape.box, tolerance):
                result[i] = _overlaid(result[i], shape)
                break
        else:
            cells[col, row].append(len(result))
            result.append(shape)
    return result


def _overlaid(lower: Shape, upper: Shape) -> Shape:
    # A gradient is painted as plain bands under the true outline, so the form with more to tell wins.
    plain = (Form.RECT, Form.POLYGON)
    shown = lower if upper.form in plain and lower.form not in plain else upper
    return replace(
        shown,
        fill=upper.fill or lower.fill,
        stroke=upper.stroke or lower.stroke,
        seqno=min(lower.seqno, upper.seqno),
        last_seqno=max(lower.last_seqno, upper.last_seqno),
    )


def _drop_shadows(shapes: Sequence[Shape], text_seqnos: Sequence[int], line_height: float) -> list[Shape]:
    """Leaves out fills that lie just beside and under the next shape of the same size."""
    limit, tolerance = SHADOW_OFFSET * line_height, 2 * SAME_OUTLINE * line_height
    result: list[Shape] = []
    for i, shape in enumerate(shapes):
        later = shapes[i + 1 : i + 4]
        is_shadow = shape.stroke is None and any(
            abs(other.box.width - shape.box.width) <= tolerance
            and abs(other.box.height - shape.box.height) <= tolerance
            and 0 < max(abs(other.box.x0 - shape.box.x0), abs(other.box.y0 - shape.box.y0)) <= limit
            and not _text_between(text_seqnos, shape.last_seqno, other.seqno)
            for other in later
        )
        if not is_shadow:
            result.append(shape)
    return result
