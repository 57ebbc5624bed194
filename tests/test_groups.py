# SPDX-License-Identifier: AGPL-3.0-or-later
"""Headings of groups are the parents of the headings beside or under them."""

from __future__ import annotations

from pathlib import Path

import pymupdf

from koteihyo.schema.records import EditionRecords
from tests.sketch import Sketch

ROWS = (
    ("（１）調査網の更新", "設計"),
    ("（２）訓練の強化", "実施"),
    ("（１）研修の充実", "試行"),
    ("（２）商品の開発", "検証"),
)
EXPECTED = {
    "設計": ["防災", "（１）調査網の更新"],
    "実施": ["防災", "（２）訓練の強化"],
    "試行": ["観光", "（１）研修の充実"],
    "検証": ["観光", "（２）商品の開発"],
}


def _paths(records: EditionRecords) -> dict[str, list[str]]:
    paths = {s.section_id: list(s.path) for s in records.sections}
    return {i.text: paths[i.section_id] for i in records.schedule_items if i.section_id}


def _row(sketch: Sketch, x: float, top: float, heading: str, text: str) -> None:
    sketch.page.insert_text((x, top + 22), heading, fontname="japan", fontsize=8.5)
    box = pymupdf.Rect(sketch.edges[1] + 2, top + 8, sketch.edges[4] - 2, top + 28)
    sketch.pen.shape("pentagon", box, (0.7, 0.85, 1), (0.1, 0.2, 0.5))
    sketch.pen.centred(box, text, 8.5, (0, 0, 0))


def test_merged_cells_of_an_outer_column_are_over_the_cells_beside_them(tmp_path: Path) -> None:
    sketch = Sketch(200)
    for i, (heading, text) in enumerate(ROWS):
        top = 69 + 36 * i
        _row(sketch, 70, top, heading, text)
        sketch.page.draw_line((30 if i % 2 else 66, top + 36), (sketch.edges[5], top + 36), color=(0, 0, 0), width=0.6)
    for x in (30, 66, *sketch.edges):
        sketch.page.draw_line((x, 69), (x, 213), color=(0.3, 0.3, 0.3), width=0.6)
    for y, group in ((105, "防災"), (177, "観光")):
        sketch.page.insert_text((38, y + 3), group, fontname="japan", fontsize=8.5)

    assert _paths(sketch.read(tmp_path)) == EXPECTED


def test_strips_across_the_chart_are_over_the_rows_under_them(tmp_path: Path) -> None:
    sketch = Sketch(200)
    top = 69.0
    for i, (heading, text) in enumerate(ROWS):
        if i % 2 == 0:
            sketch.page.draw_rect((30, top, sketch.edges[5], top + 14), color=(0.3, 0.3, 0.3), fill=(0.85, 0.85, 0.85))
            sketch.page.insert_text((34, top + 10), ("防災", "観光")[i // 2], fontname="japan", fontsize=8.5)
            top += 14
        _row(sketch, 34, top, heading, text)
        top += 36
        sketch.page.draw_line((30, top), (sketch.edges[5], top), color=(0, 0, 0), width=0.6)

    assert _paths(sketch.read(tmp_path)) == EXPECTED


def test_groups_of_groups_are_over_the_groups_beside_them(tmp_path: Path) -> None:
    sketch = Sketch(200)
    for i, (heading, text) in enumerate(ROWS):
        top = 69 + 36 * i
        _row(sketch, 100, top, heading[3:], text)
        start = {1: 66, 3: 30}.get(i, 98)
        sketch.page.draw_line((start, top + 36), (sketch.edges[5], top + 36), color=(0, 0, 0), width=0.6)
    for x in (30, 66, 98, *sketch.edges):
        sketch.page.draw_line((x, 69), (x, 213), color=(0.3, 0.3, 0.3), width=0.6)
    for x, y, label in ((34, 141, "全市"), (70, 105, "防災"), (70, 177, "観光")):
        sketch.page.insert_text((x, y + 3), label, fontname="japan", fontsize=8.5)

    assert _paths(sketch.read(tmp_path)) == {
        text: ["全市", group, heading[3:]]
        for (heading, text), group in zip(ROWS, ("防災", "防災", "観光", "観光"), strict=True)
    }
