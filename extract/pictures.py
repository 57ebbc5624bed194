# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes pictures that text is written on for the boxes that they are.

Printing to PDF turns every half-transparent shape into a picture of its own, while its text stays text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Color, Form, Line, Shape

# A line is written on a picture when this part of its glyphs has its middle there.
WRITTEN_ON = 0.8
# A shadow or a filling shares this part of its area with its outline.
SAME_PLACE = 0.6
# What is painted within so many steps is painted together.
TOGETHER = 3
# A shape is covered by a picture of at most so many times its area, when this part of it lies under it.
HARDLY_LARGER, COVERED = 4.0, 0.8
# A picture that covers this part of the page is its background or a scan.
BACKGROUND_SHARE = 0.5
# A box that holds text is at least this high, and wide, in line heights.
LOWEST, NARROWEST = 0.7, 2.0
# More pictures than this on a page are tiles of one, or a drawing.
MAX_PICTURES = 400


def without_outlines(pictures: Sequence[tuple[int, BBox]], outlines: Sequence[Shape]) -> list[tuple[int, BBox]]:
    """The pictures that are not the shadow or the filling of an outline, which is painted with or after them."""
    if len(pictures) > MAX_PICTURES:
        return []
    return [
        (seqno, box)
        for seqno, box in pictures
        if not any(
            shape.last_seqno >= seqno - TOGETHER
            and box.intersection_area(shape.box) >= SAME_PLACE * max(box.area, shape.box.area)
            for shape in outlines
        )
    ]


def picture_shapes(
    pictures: Sequence[tuple[int, BBox]],
    lines: Iterable[Line],
    page_size: tuple[float, float],
    em: float,
    color_of: Callable[[BBox], Color],
) -> list[Shape]:
    """Pictures with text on them, as shapes of the commonest colour that they show.

    Args:
        pictures: (painting order, box) of every picture.
        lines: The page's text.
        page_size: Its width and height, PDF points.
        em: Its line height.
        color_of: The commonest colour of a box as rendered.
    """
    limit = BACKGROUND_SHARE * page_size[0] * page_size[1]
    written = [line for line in lines if not line.is_blank]
    result = []
    for seqno, box in pictures:
        if box.height < LOWEST * em or box.width < NARROWEST * em or box.area > limit:
            continue
        if any(line.seqno > seqno and _is_on(line, box) for line in written):
            corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
            result.append(Shape(Form.IMAGE, box, corners, color_of(box), None, seqno, seqno))
    return result


def without_covered(shapes: Sequence[Shape], pictures: Sequence[Shape]) -> list[Shape]:
    """The shapes without those that lie under a picture which is hardly larger: nobody sees them."""
    return [
        shape
        for shape in shapes
        if not any(
            shape.last_seqno < picture.seqno
            and picture.box.area <= HARDLY_LARGER * shape.box.area
            and picture.box.intersection_area(shape.box) >= COVERED * shape.box.area
            for picture in pictures
        )
    ]


def _is_on(line: Line, box: BBox) -> bool:
    if box.intersection_area(line.box) <= 0:
        return False
    return sum(box.contains_point(g.box.cx, g.box.cy) for g in line.inked) >= WRITTEN_ON * len(line.inked)
