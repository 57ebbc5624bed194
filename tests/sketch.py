# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page with a year header, for tests that draw the rest by hand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pymupdf

from koteihyo.schema.records import EditionRecords
from tests.drawing import Layout, _Pen
from tests.reading import read

YEARS = tuple(f"{year}年度" for year in range(2024, 2029))
BARS = [("調査", 0.0, 1.5), ("整備", 1.5, 5.0)]


class Sketch:
    """A page with a header of five columns, from 2024 on, each 110 points wide, and bars on it."""

    def __init__(self, left: float, labels: Sequence[str] = YEARS) -> None:
        self.document = pymupdf.open()
        self.page = self.document.new_page(width=842, height=595)
        self.pen = _Pen(self.page, Layout("side"), random.Random(0))
        self.edges = [left + 110 * i for i in range(6)]
        for i, label in enumerate(labels):
            self.cell(self.edges[i], 45, self.edges[i + 1], 69, label)

    def cell(self, x0: float, y0: float, x1: float, y1: float, text: str) -> None:
        box = pymupdf.Rect(x0, y0, x1, y1)
        self.pen.shape("rect", box, None, (0.4, 0.4, 0.4))
        self.pen.centred(box, text, 8.5, (0, 0, 0))

    def bars(self, y: float) -> None:
        for text, begin, end in BARS:
            box = pymupdf.Rect(self.edges[0] + 110 * begin + 1, y, self.edges[0] + 110 * end - 1, y + 20)
            self.pen.shape("pentagon", box, (0.7, 0.85, 1), (0.1, 0.2, 0.5))
            self.pen.centred(box, text, 8.5, (0, 0, 0))

    def read(self, folder: Path) -> EditionRecords:
        path = folder / "side.pdf"
        path.write_bytes(self.document.tobytes(no_new_id=True))
        return read(path)
