# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a chart reaches on a page that shows other things beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sketch import Sketch


@pytest.mark.parametrize("ruled", [True, False])
def test_what_stands_beyond_the_rows_is_something_else(ruled: bool, tmp_path: Path) -> None:
    page = Sketch(250)
    page.pen.text((20, 104), "人材を育てる", 9)
    for i, title in enumerate(("１．水門の操作", "２．水路の整備")):
        page.pen.text((170 if ruled else 20, 105 + 50 * i), title, 9)
        page.bars(90 + 50 * i)
    for i in range(3 * ruled):
        page.pen.line((165, 75 + 46 * i), (800, 75 + 46 * i), (0.5, 0.5, 0.5), 0.6)
    records = page.read(tmp_path)
    chart = records.charts[0]
    assert chart.x0 == pytest.approx(165 if ruled else 20, abs=3)
    assert "人材を育てる" in [p.text for p in records.paragraphs] or not ruled
    assert {"水門の操作", "水路の整備"} <= {s.title for s in records.sections}
