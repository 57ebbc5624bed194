# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets aside characters that are painted but that nobody sees: off the page, or painted over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import HiddenGlyphs
from koteihyo.extract.paths import Path, contains
from koteihyo.extract.placed import Flags, PlacedGlyphs

if TYPE_CHECKING:
    import pymupdf

# Resolution at which a covered glyph is looked at; enough for a stroke of a 4 pt character to show.
LOOK_SCALE = 3.0
# A page is looked at with at most this many pixels (60 MB): larger ones less finely.
MAX_LOOK_PIXELS = 20_000_000
# A place is blank when this part of it is of one colour.
BLANK = 0.97
# An edge, unlike a stroke, runs on past a glyph's box: by more than this part of its height.
EDGE_REACH = 0.1


def find_unseen(
    page: pymupdf.Page, placed: PlacedGlyphs, paths: Sequence[Path]
) -> tuple[PlacedGlyphs, list[HiddenGlyphs]]:
    """Splits glyphs into (seen, hidden): off the page, or painted over by a later opaque fill.

    A fill that geometrically covers a glyph may be clipped, so the place is rendered and looked at before it counts.
    """
    width, height = page.rect.width, page.rect.height
    x, y = ((placed.boxes[:, i] + placed.boxes[:, i + 2]) / 2 for i in (0, 1))
    off_page = ~((x >= 0) & (x <= width) & (y >= 0) & (y <= height))
    painted_over = np.zeros(len(placed), np.bool_)
    suspects = np.flatnonzero(_covered(placed, paths) & ~off_page & ~placed.blank)
    if len(suspects):
        from koteihyo.extract.rendering import render

        scale = min(LOOK_SCALE, math.sqrt(MAX_LOOK_PIXELS / max(width * height, 1.0)))
        boxes = [BBox(*box) for box in placed.boxes[suspects].tolist()]
        around = union(boxes).grown(max(box.height for box in boxes))
        seen = BBox(max(around.x0, 0), max(around.y0, 0), min(around.x1, width), min(around.y1, height))
        pixmap = render(page, scale, seen)
        painted_over[suspects] = [_is_blank(pixmap, scale, box) for box in boxes]
    hidden = [
        HiddenGlyphs(reason, tuple(placed.take(which).glyphs()))
        for reason, which in (("off_page", off_page), ("painted_over", painted_over))
        if which.any()
    ]
    return placed.take(~off_page & ~painted_over), hidden


def _covered(placed: PlacedGlyphs, paths: Sequence[Path]) -> Flags:
    """(n) whether a character's middle lies in an opaque fill that is painted after it."""
    x, y = ((placed.boxes[:, i] + placed.boxes[:, i + 2]) / 2 for i in (0, 1))
    seqnos = placed.seqnos
    covered = np.zeros(len(placed), np.bool_)
    first = int(seqnos.min()) if len(seqnos) else 0
    for path in paths:
        if path.fill is None or path.opacity < 1.0 or path.seqno <= first:
            continue
        x0, y0, x1, y1 = path.box
        inside = np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1) & (seqnos < path.seqno) & ~covered)
        for i in inside.tolist():
            covered[i] = contains(path.points, float(x[i]), float(y[i]))
    return covered


def _is_blank(pixmap: pymupdf.Pixmap, scale: float, box: BBox) -> bool:
    """Whether the place is of one colour as rendered, but for edges that run past it, so that no glyph shows."""
    import pymupdf

    around, inset = box.grown(EDGE_REACH * box.height), box.grown(-EDGE_REACH * box.height)
    share, ground = pixmap.color_topusage(clip=pymupdf.Rect(*inset) * pymupdf.Matrix(scale, scale))
    if share >= BLANK:
        return True
    area = (pymupdf.Rect(*around) * pymupdf.Matrix(scale, scale)).irect & pixmap.irect
    rows = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.stride)
    part = rows[area.y0 - pixmap.y : area.y1 - pixmap.y, 3 * (area.x0 - pixmap.x) : 3 * (area.x1 - pixmap.x)]
    inked = (part.reshape(part.shape[0], -1, 3) != np.frombuffer(ground, np.uint8)).any(axis=2)
    rest = inked[~inked.all(axis=1)][:, ~inked.all(axis=0)]
    return bool(rest.sum() <= (1 - BLANK) * rest.size)
