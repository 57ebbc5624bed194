# SPDX-License-Identifier: AGPL-3.0-or-later
"""What another reader saw on a page, and pdfplumber as the third voice: it is asked where the second one differs.

It shares no code with the two others, and takes ten times as long.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from koteihyo.extract.geometry import BBox
from koteihyo.extract.placed import Floats
from koteihyo.schema.errors import DocumentError

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF


@dataclass(frozen=True, eq=False)
class WitnessPage:
    """What another reader saw on one page: n characters with their boxes, and boxes of drawn shapes."""

    page_no: int
    width: float
    height: float
    chars: tuple[str, ...]
    boxes: Floats
    """(n, 4) x0, y0, x1, y1, as viewed."""
    shapes: tuple[BBox, ...]


@dataclass(frozen=True)
class WitnessFailure:
    """A page, or all pages from it on, that was not read a second time."""

    page_no: int
    message: str


@contextmanager
def open_witness(path: Path) -> Iterator[PDF]:
    """The PDF as pdfplumber opens it.

    Raises:
        DocumentError: pdfplumber cannot open it.
    """
    import pdfplumber

    # Its notes on fonts and colours are for developers; what matters is compared.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    # The file is ours to close: the reader's own `close` reads all pages again, and fails where they are damaged.
    with path.open("rb") as file:
        try:
            pdf = pdfplumber.open(file, password="")
        except Exception as error:  # pdfminer declares no common base for its failures
            raise DocumentError(f"{path.name}: pdfplumber cannot open it ({error})", reason="witness") from error
        yield pdf


def read_witness(pdf: PDF, page_no: int) -> WitnessPage:
    """One page, released again from the reader's memory.

    Raises:
        DocumentError: pdfplumber cannot read the page.
    """
    try:
        page = pdf.pages[page_no - 1]
        try:
            chars = tuple(c["text"] for c in page.chars)
            boxes = np.array([_box(c) for c in page.chars], np.float64).reshape(-1, 4)
            shapes = tuple(_box(s) for kind in ("rects", "curves", "lines") for s in getattr(page, kind))
            return WitnessPage(page_no, float(page.width), float(page.height), chars, boxes, shapes)
        finally:
            page.close()
    except Exception as error:  # see open_witness
        raise DocumentError(f"page {page_no}: pdfplumber cannot read it ({error})", reason="witness") from error


def _box(item: dict[str, Any]) -> BBox:
    return BBox(float(item["x0"]), float(item["top"]), float(item["x1"]), float(item["bottom"]))
