# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads outlines that are filled with a gradient, which a page's list of drawings leaves out.

A gradient is a shading that an outline clips, or, from office programs, an image one pixel thick that is stretched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from koteihyo.extract.geometry import BBox, bounding
from koteihyo.extract.model import Color
from koteihyo.extract.paths import Path, Point, bezier_middle, close, turn

if TYPE_CHECKING:
    import pymupdf

_TAG = re.compile(r"<(/?)(\w+)([^>]*?)(/?)>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


@dataclass
class _Clip:
    """An outline that clips what is painted until it is popped; without points it is no simple outline."""

    points: list[Point]
    curves: int = 0
    parts: int = 0


def read_gradients(page: pymupdf.Page, painted: Sequence[str]) -> list[Path]:
    """Outlines filled with gradients, as paths with the commonest colour of their place as rendered.

    Args:
        page: The page.
        painted: Kinds of what is painted on it, in order, as its log of boxes names them.
    """
    if "fill-shade" not in painted and "fill-image" not in painted:
        return []
    outlines = list(_outlines(_trace(page), painted))
    if not outlines:
        return []
    pixmap = page.get_pixmap(alpha=False)
    return [
        Path(
            points=tuple(points),
            closed=True,
            curves=curves,
            fill=commonest_color(pixmap, bounding(points)),
            stroke=None,
            line_width=0.0,
            dashed=False,
            opacity=1.0,
            seqno=seqno,
            box=bounding(points),
        )
        for points, curves, seqno in outlines
    ]


def _trace(page: pymupdf.Page) -> str:
    """What MuPDF does to show the page, step by step."""
    from pymupdf import mupdf

    buffer = mupdf.fz_new_buffer(1 << 16)
    output = mupdf.FzOutput(buffer)
    device = mupdf.fz_new_trace_device(output)
    mupdf.fz_run_page(page.this, device, mupdf.FzMatrix(), mupdf.FzCookie())
    mupdf.fz_close_device(device)
    mupdf.fz_close_output(output)
    return bytes(mupdf.fz_buffer_extract(buffer)).decode("utf-8", "replace")


def _outlines(trace: str, painted: Sequence[str]) -> Iterator[tuple[list[Point], int, int]]:
    """(points, number of curves, painting order) of every gradient's outline, on the page as seen."""
    shades = iter([i for i, kind in enumerate(painted) if kind == "fill-shade"])
    images = iter([i for i, kind in enumerate(painted) if kind == "fill-image"])
    clips: list[_Clip] = []
    matrix: Any = None
    open_path = False
    for closing, tag, rest, empty in _TAG.findall(trace):
        if closing:
            open_path = open_path and tag != "clip_path"
        elif tag in ("moveto", "lineto", "curveto"):
            if open_path:
                _extend(clips[-1], tag, [float(value) for _name, value in _ATTRIBUTE.findall(rest)], matrix)
        elif tag.startswith("clip_") or tag == "end_mask":
            open_path = tag == "clip_path" and not empty
            clips.append(_Clip([]))
            matrix = _matrix(rest)
        elif tag == "pop_clip":
            clips[-1:] = []
        elif tag == "fill_shade":
            seqno = next(shades, 0)
            if clips and len(clips[-1].points) > 2 and clips[-1].parts == 1:
                yield _without_end(clips[-1].points), clips[-1].curves, seqno
        elif tag == "fill_image":
            seqno = next(images, 0)
            values = dict(_ATTRIBUTE.findall(rest))
            if min(int(values.get("width", 0)), int(values.get("height", 0))) == 1:
                corners = ((0, 0), (1, 0), (1, 1), (0, 1))
                yield [turn(corner, _matrix(rest)) for corner in corners], 0, seqno


def _extend(clip: _Clip, tag: str, values: list[float], matrix: Any) -> None:
    if tag == "moveto":
        clip.parts += 1
    elif tag == "curveto":
        start = clip.points[-1]
        first, second, end = (turn((values[i], values[i + 1]), matrix) for i in (0, 2, 4))
        clip.points.append(bezier_middle(start, first, second, end))
        clip.curves += 1
    clip.points.append(turn((values[-2], values[-1]), matrix))


def _without_end(points: list[Point]) -> list[Point]:
    """Without a last point that repeats the first."""
    return points[:-1] if close(points[0], points[-1]) else points


def _matrix(attributes: str) -> Any:
    import pymupdf

    values = dict(_ATTRIBUTE.findall(attributes)).get("transform", "1 0 0 1 0 0")
    return pymupdf.Matrix(*map(float, values.split()))


def commonest_color(pixmap: pymupdf.Pixmap, box: BBox) -> Color:
    """The commonest colour about the middle: a gradient often ends in white."""
    middle = (box.x0 + box.width / 3, box.y0, box.x1 - box.width / 3, box.y1)
    _share, (red, green, blue) = pixmap.color_topusage(clip=middle)
    return red / 255, green / 255, blue / 255
