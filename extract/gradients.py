# SPDX-License-Identifier: AGPL-3.0-or-later
"""Outlines that are filled with a gradient, which a page's list of drawings leaves out, as paths.

A gradient is a shading that an outline clips, or, from office programs, an image one pixel thick that is stretched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from koteihyo.extract.geometry import BBox, bounding
from koteihyo.extract.model import Color
from koteihyo.extract.paths import Path, turn

if TYPE_CHECKING:
    import pymupdf

    from koteihyo.extract.operations import Outline


def gradient_paths(outlines: Sequence[Outline], matrix: Any, color_at: Callable[[BBox], Color]) -> list[Path]:
    """The outlines as paths on the page as seen, with the colour that their place has there.

    Args:
        outlines: Outlines on the unturned page.
        matrix: Turns the page to how it is seen.
        color_at: The commonest colour of a place as rendered.
    """
    paths = []
    for outline in outlines:
        points = tuple(turn(point, matrix) for point in outline.points)
        box = bounding(points)
        paths.append(
            Path(
                points=points,
                closed=True,
                curves=outline.curves,
                fill=color_at(box),
                stroke=None,
                line_width=0.0,
                dashed=False,
                opacity=1.0,
                seqno=outline.seqno,
                box=box,
            )
        )
    return paths


def commonest_color(pixmap: pymupdf.Pixmap, box: BBox) -> Color:
    """The commonest colour about the middle: a gradient often ends in white."""
    middle = (box.x0 + box.width / 3, box.y0, box.x1 - box.width / 3, box.y1)
    _share, (red, green, blue) = pixmap.color_topusage(clip=middle)
    return red / 255, green / 255, blue / 255
