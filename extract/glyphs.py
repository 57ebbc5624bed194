# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a page's painted characters, in painting order."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from koteihyo.extract.model import UNREADABLE, Direction
from koteihyo.extract.placed import Floats, Ints, PlacedGlyphs, Style

if TYPE_CHECKING:
    import pymupdf

    from koteihyo.extract.operations import Operations

INVISIBLE_RENDER_MODE = 3
# Points; smaller text is a dot that nobody reads.
SMALLEST_SIZE = 0.01
_DIRECTIONS = tuple(Direction)


def read_glyphs(page: pymupdf.Page, operations: Operations) -> tuple[PlacedGlyphs, PlacedGlyphs]:
    """All characters of a page: (painted ones, those in invisible ink), in painting order.

    PyMuPDF's text trace gives what is painted and in which order, without its guess at lines; boxes are em boxes.
    What it leaves out, text that clips a pattern or a shading, comes from `operations`, as does the text that the
    document itself gives for what is painted (ActualText).
    """
    matrix = page.rotation_matrix
    spans: list[dict[str, Any]] = []
    for span in _spans(page, operations):
        # Fill and stroke of the same text (render mode 2) come as two spans.
        if not (spans and _same_paint(spans[-1], span)):
            spans.append(span)
    chars = [char for span in spans for char in span["chars"]]
    places = np.array([(*origin, *box) for _code, _gid, origin, box in chars], np.float64).reshape(-1, 6)
    origins, boxes = _turned(places[:, :2], matrix), _turned_boxes(places[:, 2:], matrix)
    style = np.repeat(np.arange(len(spans)), [len(span["chars"]) for span in spans])
    styles = tuple(
        Style(span["size"], span["font"], tuple(span["color"]), span["seqno"], *_direction(span, matrix))
        for span in spans
    )
    everything = PlacedGlyphs(
        chars=np.array([_char(char[0]) for char in chars], "U1"),
        boxes=boxes,
        baselines=_baselines(origins, boxes, [s.direction for s in styles], style),
        styles=styles,
        style=style,
        index=np.arange(len(chars)),
    )
    invisible = everything.of_style([_is_invisible(span) for span in spans], np.bool_)
    return everything.take(~invisible), everything.take(invisible)


def _is_invisible(span: dict[str, Any]) -> bool:
    return span["type"] == INVISIBLE_RENDER_MODE or span["opacity"] == 0 or not span["size"] >= SMALLEST_SIZE


def _baselines(origins: Floats, boxes: Floats, directions: Sequence[Direction], style: Ints) -> Floats:
    """(n) where each character stands across its text's direction."""
    choice = np.array([_DIRECTIONS.index(direction) for direction in directions], np.int64)[style]
    middles = (boxes[:, 0] + boxes[:, 2]) / 2
    known = {Direction.HORIZONTAL: origins[:, 1], Direction.VERTICAL: middles, Direction.ROTATED: origins[:, 0]}
    return np.choose(choice, [known[direction] for direction in _DIRECTIONS])


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


@cache
def _char(code: int) -> str:
    """The character of a code; U+FFFD for what no text can hold: none, control codes, halves of surrogate pairs."""
    char = chr(code) if code > 0 else UNREADABLE
    return UNREADABLE if unicodedata.category(char) in ("Cc", "Cs") and not char.isspace() else char


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


def _turned(points: Floats, matrix: Any) -> Floats:
    """(n, 2) points moved by a matrix; the origin for those that are nowhere."""
    x, y = points[:, 0], points[:, 1]
    with np.errstate(invalid="ignore", over="ignore"):
        moved = np.stack([x * matrix.a + y * matrix.c + matrix.e, x * matrix.b + y * matrix.d + matrix.f], axis=1)
    return np.where(np.isfinite(moved).all(axis=1, keepdims=True), moved, 0.0)


def _turned_boxes(boxes: Floats, matrix: Any) -> Floats:
    """(n, 4) boxes around the corners moved by a matrix."""
    corners = np.stack([_turned(boxes[:, [i, j]], matrix) for i in (0, 2) for j in (1, 3)])
    return np.concatenate([corners.min(axis=0), corners.max(axis=0)], axis=1)
