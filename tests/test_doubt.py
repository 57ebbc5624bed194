# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is not understood lowers the confidence of what depends on it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pymupdf

from koteihyo.schema.records import EditionRecords
from tests.sketch import Sketch

REMARK = "地元との調整は区域ごとに進め、終わったところから順に着手するものとし、その進み具合は年に一度ここに記す。"


def _evidence(records: EditionRecords) -> dict[str, tuple[str | None, bool]]:
    return {i.text: (i.evidence, i.confidence >= 0.9) for i in records.schedule_items}


def test_a_chart_that_is_read_whole_is_sure(tmp_path: Path) -> None:
    page = Sketch(200)
    page.cell(20, 69, 200, 120, "１．水道")
    page.bars(80)
    records = page.read(tmp_path)
    assert all(sure and "doubt" not in (why or "") for why, sure in _evidence(records).values())
    assert not [f for f in records.findings if f.kind == "left_over"]


def test_words_beside_the_years_that_nothing_has_taken_cast_doubt_and_are_told_of_the_page(tmp_path: Path) -> None:
    page = Sketch(60)
    page.bars(80)
    for n in range(0, len(REMARK), 18):
        page.pen.text((page.edges[5] + 20, 90 + n * 0.8), REMARK[n : n + 18], 8)
    records = page.read(tmp_path)
    assert {why for why, _sure in _evidence(records).values()} == {"no headings; doubt: words beside the years unread"}
    assert [f.severity for f in records.findings if f.kind == "left_over"] == ["warning"]


def test_a_bar_that_reaches_out_of_the_years_is_doubted_alone(tmp_path: Path) -> None:
    page = Sketch(200)
    page.cell(20, 69, 200, 120, "１．水道")
    for x0, x1 in zip(page.edges[:-1], page.edges[1:], strict=True):
        page.pen.rect(pymupdf.Rect(x0, 69, x1, 125))
    page.bars(80)
    box = pymupdf.Rect(page.edges[3], 104, page.edges[5] + 30, 118)
    page.pen.shape("pentagon", box, (0.7, 0.85, 1), (0.1, 0.2, 0.5))
    page.pen.centred(box, "点検", 8.5, (0, 0, 0))
    records = page.read(tmp_path)
    found = _evidence(records)
    assert [(i.fy_start, i.fy_end) for i in records.schedule_items if i.text == "点検"] == [(2027, 2028)]
    assert "reaches out of the years" in (found["点検"][0] or "")
    assert [text for text, (_why, sure) in found.items() if not sure] == ["点検"]


def test_an_ink_that_the_legend_does_not_name_is_doubted(tmp_path: Path) -> None:
    page = Sketch(200)
    page.cell(20, 69, 200, 160, "１．水道")
    inks = {"調査": (1.0, 0.9, 0.6), "設計": (1.0, 0.9, 0.6), "整備": (0.6, 0.76, 0.9), "点検": (0.9, 0.5, 0.9)}
    for n, (text, ink) in enumerate(inks.items()):
        box = pymupdf.Rect(page.edges[n], 80 + 18 * n, page.edges[n + 1] - 2, 96 + 18 * n)
        page.pen.shape("rect", box, ink, (0.3, 0.3, 0.3))
        page.pen.centred(box, text, 8.5, (0, 0, 0))
    for x, ink, text in ((500, (1.0, 0.9, 0.6), "検討段階"), (600, (0.6, 0.76, 0.9), "実施段階")):
        page.pen.shape("rect", pymupdf.Rect(x, 26, x + 24, 36), ink, (0.3, 0.3, 0.3))
        page.pen.text((x + 30, 34.5), text, 8)
    found = _evidence(page.read(tmp_path))
    assert [text for text, (why, _sure) in found.items() if "ink not in the legend" in (why or "")] == ["点検"]
