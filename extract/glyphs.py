# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a page's painted characters, in painting order, and sets aside those that nobody sees."""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import UNREADABLE, Direction, Glyph, HiddenGlyphs
from koteihyo.extract.paths import Path, contains

if TYPE_CHECKING:
    import pymupdf
    from koteihyo.extract.operations import Operations

INVISIBLE_RENDER_MODE = 3
# Points; smaller text is a dot that nobody reads.
SMALLEST_SIZE = 0.01
# A doubled glyph (fake bold, drop shadow) is offset by a small part of its size; real neighbours by half of it or more.
DOUBLE_OFFSET = 0.22
# The second painting covers most of the first; the next letter of a word, however narrow, stands beside it.
DOUBLE_OVERLAP = 0.5
# Resolution at which a covered glyph is looked at; enough for a stroke of a 4 pt character to show.
LOOK_SCALE = 3.0
# A page is looked at with at most this many pixels (60 MB): larger ones less finely.
MAX_LOOK_PIXELS = 20_000_000
# A place is blank when this part of it is of one colour.
BLANK = 0.97
# An edge, unlike a stroke, runs on past a glyph's box: by more than this part of its height.
EDGE_REACH = 0.1


@dataclass(frozen=True, slots=True)
class PlacedGlyph:
    """A glyph and the way its text runs."""

    glyph: Glyph
    direction: Direction
    forward: int
    """+1 when the text advances along its axis (right or down), -1 when against it."""


def read_glyphs(page: pymupdf.Page, operations: Operations) -> tuple[list[PlacedGlyph], list[Glyph]]:
    """All characters of a page: (painted ones, those in invisible ink), in painting order.

    PyMuPDF's text trace gives what is painted and in which order, without its guess at lines; boxes are em boxes.
    What it leaves out, text that clips a pattern or a shading, comes from `operations`, as does the text that the
    document itself gives for what is painted (ActualText).
    """
    matrix = page.rotation_matrix
    placed: list[PlacedGlyph] = []
    invisible: list[Glyph] = []
    last: dict[str, Any] | None = None
    index = 0
    for span in _spans(page, operations):
        if last is not None and _same_paint(last, span):
            continue  # fill and stroke of the same text (render mode 2) come as two spans
        last = span
        direction, forward = _direction(span, matrix)
        for code, _gid, origin, box in span["chars"]:
            char = _char(code)
            corner = _rect(box, matrix)
            ox, oy = _point(origin, matrix)
            baseline = {Direction.HORIZONTAL: oy, Direction.VERTICAL: corner.cx, Direction.ROTATED: ox}[direction]
            glyph = Glyph(
                char, corner, baseline, span["size"], span["font"], tuple(span["color"]), span["seqno"], index
            )
            index += 1
            if span["type"] == INVISIBLE_RENDER_MODE or span["opacity"] == 0 or not span["size"] >= SMALLEST_SIZE:
                invisible.append(glyph)
            else:
                placed.append(PlacedGlyph(glyph, direction, forward))
    return placed, invisible


def _spans(page: pymupdf.Page, operations: Operations) -> list[dict[str, Any]]:
    """Spans of the text trace in painting order, clipping text among them, with the characters of ActualText."""
    spans: list[dict[str, Any]] = page.get_texttrace()
    if operations.clip_texts:
        seen = {(char[0], char[2]) for span in spans for char in span["chars"]}
        for clip in operations.clip_texts:
            for span in clip.spans:
                # Text that is filled and clips (render modes 4 to 6) is in the trace already.
                span["chars"] = [char for char in span["chars"] if (char[0], char[2]) not in seen]
                if not clip.painted:
                    span["type"] = INVISIBLE_RENDER_MODE
                if span["chars"]:
                    spans.append(span)
        spans.sort(key=lambda span: span["seqno"])
    if operations.actual_texts:
        ranges = iter(operations.actual_texts)
        current = next(ranges, None)
        groups: dict[tuple[int, int, str], list[dict[str, Any]]] = defaultdict(list)
        for span in spans:
            while current is not None and span["seqno"] >= current[1]:
                current = next(ranges, None)
            if current is not None and current[0] <= span["seqno"]:
                groups[current].append(span)
        for (_first, _end, text), group in groups.items():
            _give_text(group, text)
    return spans


def _give_text(spans: Sequence[dict[str, Any]], text: str) -> None:
    """Puts the text that the document gives in the place of the painted characters.

    A text without anything to read does not take away what a person sees. Where the counts differ, the text shares
    the painted characters' room.
    """
    painted = [char for span in spans for char in span["chars"]]
    text = "".join(char for char in text if not unicodedata.category(char).startswith("C"))
    if not painted or not text.strip():
        return
    if len(text) == len(painted):
        codes = iter(text)
        for span in spans:
            span["chars"] = [(ord(next(codes)), *char[1:]) for char in span["chars"]]
        return
    if "".join(chr(char[0]) for char in painted if char[0] > 0) == text:
        return
    parts = len(text)
    shared = []
    for i, code in enumerate(text):
        _code, gid, (ox, oy), (x0, y0, x1, y1) = painted[i * len(painted) // parts]
        same = [k for k in range(parts) if k * len(painted) // parts == i * len(painted) // parts]
        step, place = (x1 - x0) / len(same), same.index(i)
        shared.append((ord(code), gid, (ox + place * step, oy), (x0 + place * step, y0, x0 + (place + 1) * step, y1)))
    spans[0]["chars"] = shared
    for span in spans[1:]:
        span["chars"] = []


def _char(code: int) -> str:
    """The character of a code; U+FFFD for what no text can hold: none, control codes, halves of surrogate pairs."""
    char = chr(code) if code > 0 else UNREADABLE
    return UNREADABLE if unicodedata.category(char) in ("Cc", "Cs") and not char.isspace() else char


def drop_doubles(placed: Sequence[PlacedGlyph]) -> tuple[list[PlacedGlyph], list[Glyph]]:
    """Splits glyphs into (kept, doubled): the same character painted again at almost the same place, any font."""
    kept: list[PlacedGlyph] = []
    doubled: list[Glyph] = []
    seen: dict[tuple[str, int, int], list[Glyph]] = defaultdict(list)
    for item in placed:
        glyph = item.glyph
        step = max(glyph.size, 1.0)
        column, row = int(glyph.box.x0 // step), int(glyph.box.y0 // step)
        limit_x = min(DOUBLE_OFFSET * glyph.size, DOUBLE_OVERLAP * glyph.box.width)
        limit_y = min(DOUBLE_OFFSET * glyph.size, DOUBLE_OVERLAP * glyph.box.height)
        cells = ((glyph.char, column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        near = any(
            abs(other.box.x0 - glyph.box.x0) <= limit_x and abs(other.box.y0 - glyph.box.y0) <= limit_y
            for cell in cells
            for other in seen.get(cell, ())
        )
        if near and not glyph.char.isspace():
            doubled.append(glyph)
            continue
        seen[glyph.char, column, row].append(glyph)
        kept.append(item)
    return kept, doubled


def find_unseen(
    page: pymupdf.Page, placed: Sequence[PlacedGlyph], paths: Sequence[Path]
) -> tuple[list[PlacedGlyph], list[HiddenGlyphs]]:
    """Splits glyphs into (seen, hidden): off the page, or painted over by a later opaque fill.

    A fill that geometrically covers a glyph may be clipped, so the place is rendered and looked at before it counts.
    """
    width, height = page.rect.width, page.rect.height
    covers = [p for p in paths if p.fill is not None and p.opacity >= 1.0]
    later = _later_covers(placed, covers)
    seen: list[PlacedGlyph] = []
    off_page: list[Glyph] = []
    suspects: list[PlacedGlyph] = []
    for item in placed:
        box = item.glyph.box
        if not (0 <= box.cx <= width and 0 <= box.cy <= height):
            off_page.append(item.glyph)
        elif not item.glyph.char.isspace() and any(
            p.box.contains_point(box.cx, box.cy) and contains(p.points, box.cx, box.cy) for p in later[item.glyph.seqno]
        ):
            suspects.append(item)
        else:
            seen.append(item)
    painted_over: list[Glyph] = []
    if suspects:
        from koteihyo.extract.rendering import render

        scale = min(LOOK_SCALE, math.sqrt(MAX_LOOK_PIXELS / max(width * height, 1.0)))
        pixmap = render(page, scale)
        for item in suspects:
            if _is_blank(pixmap, scale, item.glyph.box):
                painted_over.append(item.glyph)
            else:
                seen.append(item)
        seen.sort(key=lambda p: p.glyph.index)
    hidden = [HiddenGlyphs("off_page", tuple(off_page)), HiddenGlyphs("painted_over", tuple(painted_over))]
    return seen, [h for h in hidden if h.glyphs]


def _later_covers(placed: Sequence[PlacedGlyph], covers: Sequence[Path]) -> dict[int, list[Path]]:
    """Fills that are painted after each run of text and touch it, by the run's painting order."""
    runs: dict[int, list[BBox]] = defaultdict(list)
    for item in placed:
        runs[item.glyph.seqno].append(item.glyph.box)
    later = {}
    for seqno, boxes in runs.items():
        run = union(boxes)
        later[seqno] = [
            p for p in covers if p.seqno > seqno and p.box.x_overlap(run) >= 0 and p.box.y_overlap(run) >= 0
        ]
    return later


def _is_blank(pixmap: pymupdf.Pixmap, scale: float, box: BBox) -> bool:
    """Whether the place is of one colour as rendered, but for edges that run past it, so that no glyph shows."""
    import numpy as np
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


def _same_paint(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether two consecutive spans are fill and stroke of one text."""
    return (
        a["type"] != b["type"]
        and len(a["chars"]) == len(b["chars"])
        and all(x[0] == y[0] and x[2] == y[2] for x, y in zip(a["chars"], b["chars"], strict=True))
    )


def _direction(span: dict[str, Any], matrix: Any) -> tuple[Direction, int]:
    dx, dy = span["dir"]
    # Only the turn of the matrix matters for a direction.
    vx, vy = dx * matrix.a + dy * matrix.c, dx * matrix.b + dy * matrix.d
    if span["wmode"] == 1:
        # In vertical writing the text advances at a right angle to its direction vector.
        return (Direction.VERTICAL, 1) if abs(vx) >= abs(vy) else (Direction.HORIZONTAL, 1)
    if abs(vx) >= abs(vy):
        return Direction.HORIZONTAL, 1
    return Direction.ROTATED, 1 if vy > 0 else -1


def _rect(box: Sequence[float], matrix: Any) -> BBox:
    corners = [_point((box[i], box[j]), matrix) for i in (0, 2) for j in (1, 3)]
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    return BBox(min(xs), min(ys), max(xs), max(ys))


def _point(point: Sequence[float], matrix: Any) -> tuple[float, float]:
    x, y = point
    px = x * matrix.a + y * matrix.c + matrix.e
    py = x * matrix.b + y * matrix.d + matrix.f
    if not (math.isfinite(px) and math.isfinite(py)):
        return 0.0, 0.0
    return px, py
