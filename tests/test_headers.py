# SPDX-License-Identifier: AGPL-3.0-or-later
"""Year headers that leave out the era, and how sure the years are then."""

from __future__ import annotations

from pathlib import Path

import pytest

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
