# SPDX-License-Identifier: AGPL-3.0-or-later
"""The second witness: the same pages read by pdfium, which shares no code with the first reader and costs little."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from pypdfium2 import raw

from koteihyo.extract.geometry import BBox
from koteihyo.extract.paths import Point
from koteihyo.extract.placed import Floats
from koteihyo.extract.witness import WitnessPage
from koteihyo.schema.errors import DocumentError

# Forms inside forms deeper than this are a damaged file's.
MAX_DEPTH = 12
# More drawn objects than this on a page are art or a data plot, whose edges nobody compares.
MAX_OBJECTS = 50_000
_DRAWN = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING, raw.FPDF_PAGEOBJ_IMAGE)

Turn = Callable[[Any, Any], tuple[Any, Any]]
"""Takes and gives numbers or arrays."""


@contextmanager
def open_pdfium(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    """The PDF as pdfium opens it.

    Raises:
        DocumentError: pdfium cannot open it.
    """
    try:
        pdf = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError) as error:
        raise DocumentError(f"{path.name}: pdfium cannot open it ({error})", reason="witness") from error
    try:
        yield pdf
    finally:
        pdf.close()


def read_pdfium(pdf: pypdfium2.PdfDocument, page_no: int) -> WitnessPage:
    """One page, released again from the reader's memory.

    Raises:
        DocumentError: pdfium cannot read the page.
    """
    try:
        page = pdf[page_no - 1]
        try:
            turn, width, height = _turn(page)
            chars, boxes = _chars(page, turn)
            return WitnessPage(page_no, width, height, chars, boxes, tuple(_shapes(page, turn)))
        finally:
            page.close()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise DocumentError(f"page {page_no}: pdfium cannot read it ({error})", reason="witness") from error


def _turn(page: pypdfium2.PdfPage) -> tuple[Turn, float, float]:
    """(from a point of the PDF's page to the page as viewed, its width, its height)."""
    left, bottom, right, top = page.get_bbox()
    rotation = page.get_rotation()
    turns: dict[int, Turn] = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    size = (right - left, top - bottom)
    return turns[rotation], *(size if rotation in (0, 180) else size[::-1])


def _box(turn: Turn, left: float, bottom: float, right: float, top: float) -> BBox:
    (ax, ay), (bx, by) = turn(left, bottom), turn(right, top)
    return BBox(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _chars(page: pypdfium2.PdfPage, turn: Turn) -> tuple[tuple[str, ...], Floats]:
    """Characters with their em boxes, white space left out."""
    textpage = page.get_textpage()
    try:
        handle = textpage.raw
        count = max(raw.FPDFText_CountChars(handle), 0)
        if not count:
            return (), np.empty((0, 4))
        # One buffer for all boxes: an object for each would cost more than the reading.
        rects = (raw.FS_RECTF * count)()
        first, size = rects[0], ctypes.sizeof(raw.FS_RECTF)
        box_of, byref = raw.FPDFText_GetLooseCharBox, ctypes.byref
        found = np.array([box_of(handle, i, byref(first, size * i)) for i in range(count)], np.bool_)
        codes = _codes(handle, count)
    finally:
        textpage.close()
    left, top, right, bottom = np.frombuffer(rects, np.float32).reshape(-1, 4).astype(np.float64).T
    ends = np.array([turn(left, bottom), turn(right, top)])
    boxes = np.concatenate([ends.min(axis=0), ends.max(axis=0)]).T
    chars = [chr(code) for code in codes]
    inked = np.flatnonzero(
        found & np.array([code > 0 and not char.isspace() for code, char in zip(codes, chars, strict=True)])
    )
    return tuple([chars[i] for i in inked.tolist()]), boxes[inked]


def _codes(handle: Any, count: int) -> list[int]:
    """Code points of a page's characters."""
    units = (ctypes.c_ushort * (count + 1))()
    # All at once, where each character is one unit of the text.
    if raw.FPDFText_GetText(handle, 0, count, units) == count + 1 and 0 not in units[:count]:
        return units[:count]
    return _joined_surrogates([raw.FPDFText_GetUnicode(handle, i) for i in range(count)])


def _joined_surrogates(codes: list[int]) -> list[int]:
    """Code points; of the two halves of a pair the second one has it, and the first has none."""
    for i, code in enumerate(codes):
        if 0xDC00 <= code < 0xE000 and i and 0xD800 <= codes[i - 1] < 0xDC00:
            codes[i - 1], codes[i] = 0, 0x10000 + ((codes[i - 1] - 0xD800) << 10) + (code - 0xDC00)
    return codes


def _shapes(page: pypdfium2.PdfPage, turn: Turn) -> Iterator[BBox]:
    """Boxes of what is drawn: paths, shadings and pictures, those inside forms too."""
    edges = [ctypes.c_float() for _ in range(4)]
    places = [ctypes.byref(edge) for edge in edges]
    for number, (item, matrix) in enumerate(_objects(page.raw, None, 0)):
        if number >= MAX_OBJECTS:
            return
        if raw.FPDFPageObj_GetBounds(item, *places):
            left, bottom, right, top = (edge.value for edge in edges)
            if matrix is None:
                yield _box(turn, left, bottom, right, top)
            else:
                corners = [_moved(matrix, x, y) for x in (left, right) for y in (bottom, top)]
                xs, ys = zip(*corners, strict=True)
                yield _box(turn, min(xs), min(ys), max(xs), max(ys))


def _objects(holder: Any, matrix: tuple[float, ...] | None, depth: int) -> Iterator[tuple[Any, Any]]:
    """(drawn object, the matrix of the forms around it) of a page, or of a form in it."""
    count, get = (
        (raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject)
        if depth == 0
        else (raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject)
    )
    for i in range(max(count(holder), 0)):
        item = get(holder, i)
        kind = raw.FPDFPageObj_GetType(item)
        if kind in _DRAWN:
            yield item, matrix
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            own = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(item, ctypes.byref(own))
            inner = (own.a, own.b, own.c, own.d, own.e, own.f)
            yield from _objects(item, inner if matrix is None else _product(inner, matrix), depth + 1)


def _moved(matrix: tuple[float, ...], x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def _product(first: tuple[float, ...], then: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
