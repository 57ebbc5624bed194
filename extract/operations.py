# SPDX-License-Identifier: AGPL-3.0-or-later
"""Listens to MuPDF painting a page: what is painted in which order, outlines of gradients, text that only clips.

MuPDF's lists of drawings and of painted text leave out what is painted through a clip: gradients, and text that is
filled with a pattern or a shading. A device that listens to the same run hears the clips too. It must not ask for the
document's structure: on some tagged files MuPDF looks for ever for each element's place in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pymupdf import extra, mupdf

from koteihyo.extract.geometry import BBox
from koteihyo.extract.paths import Point, bezier_middle, close

# A chart has tens of gradients. Above this, they are the bands of one picture, and only the first are read.
MAX_OUTLINES = 2_000
_SPIES = (
    "fill_path", "stroke_path", "fill_text", "stroke_text", "ignore_text", "fill_shade", "fill_image",
    "fill_image_mask", "clip_path", "clip_stroke_path", "clip_text", "clip_stroke_text", "clip_image_mask",
    "end_mask", "pop_clip", "begin_metatext", "end_metatext",
)  # fmt: skip
_ACTUAL_TEXT = 0


@dataclass
class Outline:
    """The outline of a gradient, in points of the unturned page; `curves` counts its Bezier pieces."""

    points: list[Point]
    curves: int = 0
    parts: int = 0
    seqno: int = 0


@dataclass
class ClipText:
    """Text that clips what is painted through it: a span as the text trace gives it, and whether anything was."""

    spans: list[dict[str, Any]]
    painted: bool = False


@dataclass
class Operations:
    """What was painted on a page, in order. A position in `kinds` is the `seqno` of MuPDF's other lists."""

    kinds: list[str] = field(default_factory=list)
    images: list[tuple[int, BBox]] = field(default_factory=list)
    outlines: list[Outline] = field(default_factory=list)
    clip_texts: list[ClipText] = field(default_factory=list)
    actual_texts: list[tuple[int, int, str]] = field(default_factory=list)
    """(first, end, text): operations from first to before end, for which the document gives the text."""
    too_many: bool = False

    @property
    def draws(self) -> bool:
        """Whether any path is filled or stroked."""
        return "fill-path" in self.kinds or "stroke-path" in self.kinds


def listen(page: Any) -> Operations:
    """Runs a page once and notes what is painted; boxes and points are of the unturned page."""
    rotation = page.rotation
    if rotation:
        page.set_rotation(0)
    try:
        device = _Listener()
        mupdf.fz_run_page(page.this, device, mupdf.FzMatrix(), mupdf.FzCookie())
        mupdf.fz_close_device(device)
    finally:
        if rotation:
            page.set_rotation(rotation)
    return device.heard


class _Walker(mupdf.FzPathWalker2):  # type: ignore[misc]  # PyMuPDF has no types
    """Collects a path's vertices."""

    def __init__(self, ctm: Any) -> None:
        super().__init__()
        self.use_virtual_moveto()
        self.use_virtual_lineto()
        self.use_virtual_curveto()
        self.outline = Outline([])
        self._ctm = (ctm.a, ctm.b, ctm.c, ctm.d, ctm.e, ctm.f)

    def _at(self, x: float, y: float) -> Point:
        a, b, c, d, e, f = self._ctm
        return x * a + y * c + e, x * b + y * d + f

    def moveto(self, _ctx: Any, x: float, y: float) -> None:
        self.outline.parts += 1
        self.outline.points.append(self._at(x, y))

    def lineto(self, _ctx: Any, x: float, y: float) -> None:
        self.outline.points.append(self._at(x, y))

    def curveto(self, _ctx: Any, *values: float) -> None:
        first, second, end = (self._at(values[i], values[i + 1]) for i in (0, 2, 4))
        self.outline.points.append(bezier_middle(self.outline.points[-1], first, second, end))
        self.outline.points.append(end)
        self.outline.curves += 1


class _Listener(mupdf.FzDevice2):  # type: ignore[misc]  # PyMuPDF has no types
    """Notes each operation; `_clips` holds an outline, a clipping text or None for every clip that is in force."""

    def __init__(self) -> None:
        super().__init__()
        for name in _SPIES:
            getattr(self, f"use_virtual_{name}")()
        self.heard = Operations()
        self._clips: list[Outline | ClipText | None] = []
        self._open_texts: list[tuple[int, str] | None] = []

    def _paint(self, kind: str) -> int:
        for clip in self._clips:
            if isinstance(clip, ClipText):
                clip.painted = True
        self.heard.kinds.append(kind)
        return len(self.heard.kinds) - 1

    def fill_path(self, *_: Any) -> None:
        self._paint("fill-path")

    def stroke_path(self, *_: Any) -> None:
        self._paint("stroke-path")

    def fill_text(self, *_: Any) -> None:
        self._paint("fill-text")

    def stroke_text(self, *_: Any) -> None:
        self._paint("stroke-text")

    def ignore_text(self, *_: Any) -> None:
        self.heard.kinds.append("ignore-text")

    def fill_image_mask(self, *_: Any) -> None:
        self._paint("fill-imgmask")

    def fill_shade(self, *_: Any) -> None:
        seqno = self._paint("fill-shade")
        clip = self._clips[-1] if self._clips else None
        if isinstance(clip, Outline) and len(clip.points) > 2 and clip.parts == 1:
            self._outline(clip.points, clip.curves, seqno)

    def fill_image(self, _ctx: Any, image: Any, ctm: Any, *_: Any) -> None:
        seqno = self._paint("fill-image")
        corners = [
            (ctm.a * x + ctm.c * y + ctm.e, ctm.b * x + ctm.d * y + ctm.f) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))
        ]
        xs, ys = [p[0] for p in corners], [p[1] for p in corners]
        self.heard.images.append((seqno, BBox(min(xs), min(ys), max(xs), max(ys))))
        # An image one pixel thick is a gradient that is stretched over its bar.
        if min(image.w, image.h) == 1:
            self._outline(corners, 0, seqno)

    def _outline(self, points: list[Point], curves: int, seqno: int) -> None:
        if len(self.heard.outlines) >= MAX_OUTLINES:
            self.heard.too_many = True
            return
        points = points[:-1] if close(points[0], points[-1]) else list(points)
        self.heard.outlines.append(Outline(points, curves, 1, seqno))

    def clip_path(self, _ctx: Any, path: Any, _even_odd: int, ctm: Any, *_: Any) -> None:
        walker = _Walker(ctm)
        mupdf.fz_walk_path(mupdf.FzPath(mupdf.ll_fz_keep_path(path)), walker, walker.m_internal)
        self._clips.append(walker.outline)

    def clip_stroke_path(self, *_: Any) -> None:
        self._clips.append(None)

    def clip_image_mask(self, *_: Any) -> None:
        self._clips.append(None)

    def end_mask(self, *_: Any) -> None:
        self._clips.append(None)

    def clip_text(self, _ctx: Any, text: Any, ctm: Any, *_: Any) -> None:
        spans: list[dict[str, Any]] = []
        device = extra.JM_new_texttrace_device(spans)
        mupdf.ll_fz_ignore_text(device.m_internal, text, ctm)
        mupdf.fz_close_device(device)
        for span in spans:
            span["seqno"] = len(self.heard.kinds)
            span["type"] = _ACTUAL_TEXT
        clip = ClipText(spans)
        self.heard.clip_texts.append(clip)
        self._clips.append(clip)

    def clip_stroke_text(self, ctx: Any, text: Any, _stroke: Any, ctm: Any, *_: Any) -> None:
        self.clip_text(ctx, text, ctm)

    def pop_clip(self, *_: Any) -> None:
        self._clips[-1:] = []

    def begin_metatext(self, _ctx: Any, kind: int, text: str) -> None:
        self._open_texts.append((len(self.heard.kinds), text) if kind == _ACTUAL_TEXT else None)

    def end_metatext(self, *_: Any) -> None:
        opened = self._open_texts.pop() if self._open_texts else None
        if opened is not None:
            self.heard.actual_texts.append((opened[0], len(self.heard.kinds), opened[1]))
