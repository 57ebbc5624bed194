# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds shapes that are painted as images: office programs store a gradient as a strip one pixel thick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from extract.geometry import BBox
from extract.model import Color, Form, Shape

if TYPE_CHECKING:
    import pymupdf

# A strip is the filling of an outline when they share this part of the area that both cover.
SAME_AREA = 0.8


def strip_shapes(page: pymupdf.Page, outlined: Sequence[Shape]) -> list[Shape]:
    """Shapes for the gradient strips of a page that fill none of its outlines, as rectangles."""
    import pymupdf

    strips = [info["bbox"] for info in page.get_image_info() if _is_strip(info["width"], info["height"])]
    if not strips:
        return []
    order = {_key(box): seqno for seqno, (kind, box) in enumerate(page.get_bboxlog()) if kind == "fill-image"}
    found: list[Shape] = []
    for strip in strips:
        place = pymupdf.Rect(strip) * page.rotation_matrix
        box = BBox(*place)
        if any(_fills(box, shape.box) for shape in (*outlined, *found)):
            continue
        corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
        seqno = order.get(_key(strip), 0)
        found.append(Shape(Form.RECT, box, corners, _color(page, place), None, seqno, seqno))
    return found


def _is_strip(width: int, height: int) -> bool:
    return min(width, height) == 1 and max(width, height) > 1


def _fills(strip: BBox, outline: BBox) -> bool:
    shared = strip.intersection_area(outline)
    return shared >= SAME_AREA * (strip.area + outline.area - shared)


def _key(box: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(value, 1) for value in box)


def _color(page: pymupdf.Page, place: Sequence[float]) -> Color:
    """The commonest colour of a place as rendered."""
    _share, (red, green, blue) = page.get_pixmap(clip=place, alpha=False).color_topusage()
    return red / 255, green / 255, blue / 255
