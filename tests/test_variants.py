# SPDX-License-Identifier: AGPL-3.0-or-later
"""The variants' ground truth is what their pages show, so that the benchmark can be trusted."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pymupdf
import pytest

from tests.benchmarks.variants.__main__ import draw
from tests.benchmarks.variants.axis import Axis
from tests.benchmarks.variants.layouts import LAYOUTS, varied

BY_NAME = {layout.name: layout for layout in LAYOUTS}


def characters(text: str) -> Counter[str]:
    # PyMuPDF names IPAGothic's hyphen glyph by its soft hyphen.
    return Counter(c for c in unicodedata.normalize("NFKC", text.replace("\xad", "-")) if not c.isspace())


@pytest.mark.parametrize(("name", "seed"), [("pentagon-ruled", 0), ("stacked-charts", 0), ("rotated-270", 2)])
def test_every_item_stands_where_the_truth_says(name: str, seed: int, tmp_path: Path) -> None:
    layout = BY_NAME[name]
    assert draw(layout, tmp_path, seed)
    stem = varied(layout, seed).name
    truth = json.loads((tmp_path / f"{stem}.truth.json").read_text(encoding="utf-8"))
    with pymupdf.open(tmp_path / f"{stem}.pdf") as document:
        assert document.page_count == len(truth["pages"])
        for record in truth["pages"]:
            page = document[record["page"] - 1]
            assert (page.rect.width, page.rect.height) == pytest.approx((record["width"], record["height"]), abs=0.1)
            glyphs = [
                (glyph["c"], pymupdf.Point(glyph["origin"]) * page.rotation_matrix)
                for block in page.get_text("rawdict")["blocks"]
                for line in block.get("lines", [])
                for span in line["spans"]
                for glyph in span["chars"]
            ]
            charts = [item for chart in record.get("charts", []) for item in chart["items"]]
            rows = [item for row in record["rows"] for item in row["items"]]
            for item in record["items"] + charts + rows:
                x0, y0, x1, y1 = item["text_bbox"]
                inside = "".join(c for c, at in glyphs if x0 - 3 <= at.x <= x1 + 3 and y0 - 3 <= at.y <= y1 + 4)
                assert not characters(item["text"]) - characters(inside), item["text"]


def test_seeds_change_the_drawing_and_repeat_themselves() -> None:
    layout = BY_NAME["strips"]
    assert varied(layout, 1) != varied(layout, 2)
    assert varied(layout, 1) == varied(layout, 1)
    assert varied(layout, 0) is layout


@pytest.mark.parametrize(
    ("x0", "x1", "first", "last"),
    [
        (100, 200, 2024, 2024),
        (100, 226, 2024, 2025),
        (100, 224, 2024, 2024),
        (176, 300, 2025, 2025),
        (210, 220, 2025, 2025),
    ],
)
def test_a_year_counts_from_a_quarter_of_its_column(x0: float, x1: float, first: int, last: int) -> None:
    years = Axis((100, 200, 300, 400), 2024, False, 3.0, 0.5).years(x0, x1)
    assert (years["fy_start"], years["fy_end"]) == (first, last)
