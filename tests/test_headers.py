# SPDX-License-Identifier: AGPL-3.0-or-later
"""Year headers that leave out the era, and how sure the years are then."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from tests.reading import read
from tests.sketch import Sketch


@pytest.mark.parametrize(
    ("labels", "title", "first", "assumed"),
    [
        (["６年度", "７年度", "８年度", "９年度", "10年度"], "水の計画", 2024, True),
        (["６年度", "７年度", "８年度", "９年度", "10年度"], "水の計画（令和６年３月）", 2024, False),
        (["６年度", "７年度", "８年度", "９年度", "10年度"], "水の計画（平成６年３月）", 1994, False),
        (["24年度", "25年度", "26年度", "27年度", "28年度"], "水の計画", 2024, True),
        (["24年度", "25年度", "26年度", "27年度", "28年度"], "水の計画（平成24年３月）", 2012, False),
        (["2024年度", "25年度", "26年度", "27年度", "28年度"], "水の計画", 2024, False),
        (["30年度", "令和元年度", "２年度", "３年度", "４年度"], "水の計画（平成30年３月）", 2018, False),
    ],
)
def test_headers_without_an_era(labels: list[str], title: str, first: int, assumed: bool, tmp_path: Path) -> None:
    page = Sketch(200, labels)
    page.pen.text((40, 30), title, 12)
    page.pen.text((40, 104), "１．水門の操作", 9)
    page.bars(90)
    records = page.read(tmp_path)
    assert [c.fy_start for c in records.fiscal_columns] == [*range(first, first + 5)]
    years = {i.text: (i.fy_start, i.fy_end) for i in records.schedule_items}
    assert years == {"調査": (first, first + 1), "整備": (first + 1, first + 4)}
    assert [f.kind for f in records.findings] == ["assumed_era"] * assumed
    assert all((c.confidence < 1) is assumed for c in records.charts)


@pytest.mark.parametrize(("months", "years"), [(12, [2025]), (2, [])])
def test_one_year_over_its_months_is_a_column(months: int, years: list[int], tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page(width=842, height=595)
    page.draw_rect(pymupdf.Rect(200, 40, 800, 60), color=(0.4, 0.4, 0.4))
    page.insert_text((480, 54), "令和７年度", fontname="japan", fontsize=8)
    for i in range(months):
        x = 200 + 600 / months * i
        page.draw_rect(pymupdf.Rect(x, 60, x + 600 / months, 78), color=(0.4, 0.4, 0.4))
        page.draw_line((x, 78), (x, 200), color=(0.4, 0.4, 0.4))
        page.insert_text((x + 300 / months - 8, 72), f"{(i + 3) % 12 + 1}月", fontname="japan", fontsize=7)
    for y, text in ((100, "調査"), (140, "整備")):
        page.insert_text((30, y + 12), f"・{text}の事業", fontname="japan", fontsize=8)
        page.draw_polyline(
            [(250, y), (540, y), (550, y + 9), (540, y + 18), (250, y + 18)], fill=(0.7, 0.85, 1), closePath=True
        )
        page.insert_text((300, y + 12), text, fontname="japan", fontsize=8)
    path = tmp_path / "months.pdf"
    path.write_bytes(document.tobytes())
    records = read(path)
    assert [c.fy_start for c in records.fiscal_columns] == years
    assert len(records.schedule_items) == 2 * len(years)
    assert all(i.start_pos == pytest.approx(2025 + 50 / 600, abs=0.02) for i in records.schedule_items)
