# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets aside characters that are painted but that nobody sees: off the page, or painted over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import HiddenGlyphs
from koteihyo.extract.paths import Path, contains
from koteihyo.extract.placed import Flags, Floats, Ints, PlacedGlyphs

if TYPE_CHECKING:
    import pymupdf

# Resolution at which a covered glyph is looked at; enough for a stroke of a 4 pt character to show.
LOOK_SCALE = 3.0
# A page is looked at with at most this many pixels (60 MB): larger ones less finely.
MAX_LOOK_PIXELS = 20_000_000
# A place is blank when this part of it is of one colour.
BLANK = 0.97
# Of a place over which later characters are painted, this part must be free of them to tell what lies beneath.
FREE = 0.2
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
        # What cannot be looked at counts as seen.
        with suppress(MemoryError):
            pixmap = render(page, scale, seen)
            later = _painted_later(placed, suspects)
            blank = [_is_blank(pixmap, scale, box, over) for box, over in zip(boxes, later, strict=True)]
            painted_over[suspects] = _as_neighbours(blank, placed.seqnos[suspects])
    hidden = [
        HiddenGlyphs(reason, tuple(placed.take(which).objects))
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


def _painted_later(placed: PlacedGlyphs, suspects: Ints) -> list[Floats]:
    """For each suspect the boxes (k, 4) of the characters that are painted over it later: their ink is not its own."""
    inked = np.flatnonzero(~placed.blank)
    order = inked[np.argsort(placed.boxes[inked, 1], kind="stable")]
    tops, seqnos = placed.boxes[order, 1], placed.seqnos[order]
    tallest = float((placed.boxes[order, 3] - tops).max(initial=0.0))
    found = []
    for x0, y0, x1, y1, seqno in np.column_stack([placed.boxes[suspects], placed.seqnos[suspects]]).tolist():
        near = slice(np.searchsorted(tops, y0 - tallest), np.searchsorted(tops, y1))
        boxes = placed.boxes[order[near]]
        over = (seqnos[near] > seqno) & (boxes[:, 0] < x1) & (boxes[:, 2] > x0) & (boxes[:, 3] > y0)
        found.append(boxes[over])
    return found


def _as_neighbours(blank: Sequence[bool | None], seqnos: Ints) -> list[bool]:
    """What can be told of a character; else what can be told of most of those that were painted with it."""
    told: dict[int, list[bool]] = {}
    for one, seqno in zip(blank, seqnos.tolist(), strict=True):
        if one is not None:
            told.setdefault(seqno, []).append(one)
    most = {seqno: sum(votes) > len(votes) / 2 for seqno, votes in told.items()}
    return [most.get(seqno, False) if one is None else one for one, seqno in zip(blank, seqnos.tolist(), strict=True)]


def _is_blank(pixmap: pymupdf.Pixmap, scale: float, box: BBox, over: Floats) -> bool | None:
    """Whether the place is of one colour as rendered, but for edges that run past it, so that no glyph shows.

    None where the characters painted over it leave too little of it to see.
    """
    import pymupdf

    if len(over):
        return _is_blank_beneath(pixmap, scale, box, over)
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


def _is_blank_beneath(pixmap: pymupdf.Pixmap, scale: float, box: BBox, over: Floats) -> bool | None:
    x0, y0, x1, y1 = (round(edge * scale) for edge in box)
    left, top = max(x0 - pixmap.x, 0), max(y0 - pixmap.y, 0)
    rows = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.stride)
    part = rows[top : max(y1 - pixmap.y, 0), 3 * left : 3 * max(x1 - pixmap.x, 0)]
    part = part.reshape(part.shape[0], -1, 3)
    free = np.ones(part.shape[:2], np.bool_)
    x0, y0 = left + pixmap.x, top + pixmap.y
    for a0, b0, a1, b1 in np.rint(over * scale).astype(int).tolist():
        # A pixel more: strokes are softened at their edges.
        free[max(b0 - 1 - y0, 0) : max(b1 + 1 - y0, 0), max(a0 - 1 - x0, 0) : max(a1 + 1 - x0, 0)] = False
    if free.sum() <= FREE * free.size:
        return None
    shown = part[free].astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    _colours, counts = np.unique(shown, return_counts=True)
    return bool(counts.max() >= BLANK * len(shown))
