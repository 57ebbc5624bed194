# SPDX-License-Identifier: AGPL-3.0-or-later
"""Headers of months, quarters and half-years: when they are, whatever way their years are written; never a guess."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from koteihyo.normalize.axis.parts import Part, Unit, parse_part
from koteihyo.schema.records import EditionRecords
from tests.sketch import Sketch

LEFT, WIDTH = 200.0, 550.0
FISCAL = [f"{month}月" for month in (*range(4, 13), 1, 2, 3)]
CALENDAR = [f"{month}月" for month in range(1, 13)]

Over = tuple[float, float, str]
"""A year over some months: where its cell begins and ends, in columns, and its text."""


def chart(folder: Path, labels: Sequence[str], over: Sequence[Over] = (), title: str = "") -> EditionRecords:
    """A chart of two bars a row under a row of labels, with years over them."""
    page = Sketch(LEFT, ())
    width = WIDTH / len(labels)
    for begin, end, text in over:
        page.cell(LEFT + width * begin, 30, LEFT + width * end, 48, text)
    for i, label in enumerate(labels):
        page.cell(LEFT + width * i, 48, LEFT + width * (i + 1), 69, label)
    page.pen.text((40, 24), title or "森と川の計画", 11)
    for y, heading in ((105, "１．森の道"), (145, "２．川の道")):
        page.pen.text((40, y), heading, 9)
        page.bars(y - 15)
    return page.read(folder)


@pytest.mark.parametrize(
    ("labels", "over", "title", "columns", "first", "last"),
    [
        (FISCAL, [(0, 12, "令和６年度")], "", [2024], 2024.0, 2025.0),
        (FISCAL, [(0, 12, "2024年")], "", [2024], 2024.0, 2025.0),
        # Calendar years over April and January are one fiscal year.
        (FISCAL, [(0, 1.5, "2024年"), (9, 10.5, "2025年")], "", [2024], 2024.0, 2025.0),
        (FISCAL, [(0, 9, "2024年"), (9, 12, "2025年")], "", [2024], 2024.0, 2025.0),
        (CALENDAR, [(0, 12, "2024年")], "", [2024], 2024.0, 2025.0),
        (FISCAL[3:] + FISCAL[:3], [(0, 6, "2024年"), (6, 12, "2025年")], "", [2024, 2025], 2024.25, 2025.25),
        (FISCAL, [], "令和６年度 年間スケジュール", [2024], 2024.0, 2025.0),
        ([f"2024年\n{m}月" for m in range(4, 9)], [], "", [2024], 2024.0, 2024.417),
        (["2018年\n10月", "2019年\n1月", "2019年\n4月", "2019年\n7月"], [], "", [2018, 2019], 2018.5, 2019.5),
        (["2024/2", "2024/3", "2024/4", "2024/5"], [], "", [2023, 2024], 2023.833, 2024.167),
        (["R6.4", "R6.7", "R6.10", "R7.1"], [], "", [2024], 2024.0, 2025.0),
        (["Apr 2024", "May 2024", "Jun 2024", "Jul 2024"], [], "", [2024], 2024.0, 2024.333),
        (["第1四半期", "第2四半期", "第3四半期", "第4四半期"], [(0, 4, "令和６年度")], "", [2024], 2024.0, 2025.0),
        (["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"], [(0, 4, "令和６年度")], "", [2024], 2024.0, 2025.0),
        (["2024年\n4月", "5月", "6月", "7月"], [], "", [2024], 2024.0, 2024.333),
        (["4-6月", "7-9月", "10-12月", "1-3月"], [(0, 4, "令和６年度")], "", [2024], 2024.0, 2025.0),
        (["Q1", "Q2", "Q3", "Q4"] * 2, [(0, 4, "FY2024"), (4, 8, "FY2025")], "", [2024, 2025], 2024.0, 2026.0),
        (["上期", "下期"] * 3, [(0, 2, "R6"), (2, 4, "R7"), (4, 6, "R8")], "", [2024, 2025, 2026], 2024.0, 2027.0),
        (
            ["2024年度\n上期", "2024年度\n下期", "2025年度\n上期", "2025年度\n下期"],
            [],
            "",
            [2024, 2025],
            2024.0,
            2026.0,
        ),
    ],
)
def test_months_and_quarters_are_dated(
    labels: list[str], over: list[Over], title: str, columns: list[int], first: float, last: float, tmp_path: Path
) -> None:
    records = chart(tmp_path, labels, over, title)
    assert [c.fy_start for c in records.fiscal_columns] == columns
    ticks = records.fiscal_ticks
    assert len(ticks) == len(labels)
    assert (ticks[0].start_pos, ticks[-1].end_pos) == (first, last)
    begin, end = (records.schedule_items[0].start_pos, records.schedule_items[-1].end_pos)
    assert begin == pytest.approx(first, abs=0.02)
    assert end == pytest.approx(last, abs=0.02)
    assert [f.kind for f in records.findings] == ["assumed_year"] * bool(title)
    assert all((c.confidence < 1) is bool(title) for c in records.charts)


def test_a_year_with_months_may_stand_beside_whole_years(tmp_path: Path) -> None:
    page = Sketch(LEFT, ())
    for x0, x1, text in ((200, 500, "令和６年度"), (500, 600, "令和７年度"), (600, 700, "令和８年度")):
        page.cell(x0, 30, x1, 48, text)
        page.pen.line((x1, 48), (x1, 180), (0.5, 0.5, 0.5))
    for i, label in enumerate(FISCAL):
        page.cell(200 + 25 * i, 48, 225 + 25 * i, 69, label)
    page.pen.text((40, 105), "１．森の道", 9)
    page.edges = [200, 310, 420, 530, 640, 750]
    page.bars(90)
    records = page.read(tmp_path)
    assert [(c.fy_start, c.x0, c.x1) for c in records.fiscal_columns] == [
        (2024, pytest.approx(200, abs=1), pytest.approx(500, abs=1)),
        (2025, pytest.approx(500, abs=1), pytest.approx(600, abs=1)),
        (2026, pytest.approx(600, abs=1), pytest.approx(700, abs=1)),
    ]
    assert len(records.fiscal_ticks) == 12
    survey = records.schedule_items[0]
    assert (survey.start_pos, survey.end_pos) == (pytest.approx(2024, abs=0.01), pytest.approx(2024.55, abs=0.01))


@pytest.mark.parametrize(
    ("labels", "over"),
    [
        (FISCAL, []),
        (["第1四半期", "第2四半期", "第3四半期", "第4四半期"], []),
        ([month[:-1] for month in FISCAL], []),
        (FISCAL, [(0, 1.5, "2024年"), (9, 10.5, "2026年")]),
    ],
)
def test_months_that_no_year_fits_are_named_and_not_read(labels: list[str], over: list[Over], tmp_path: Path) -> None:
    records = chart(tmp_path, labels, over)
    assert (records.schedule_items, records.fiscal_columns) == ([], [])
    (finding,) = [f for f in records.findings if f.kind == "undated_header"]
    assert LEFT <= finding.x0 < finding.x1 <= LEFT + WIDTH
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("１２月", Part(Unit.MONTH, 12)),
        ("⑩月", Part(Unit.MONTH, 10)),
        ("10～３月", Part(Unit.MONTH, 10, 6)),
        ("第２四半期（７－９月）", Part(Unit.MONTH, 7, 3)),
        ("第3四半期", Part(Unit.QUARTER, 3, 3)),
        ("下半期", Part(Unit.HALF, 2, 6)),
        ("Sept. 2024", Part(Unit.MONTH, 9, year=2024, fiscal=False)),
        ("FY24 Q1", Part(Unit.QUARTER, 1, 3, year=2024, fiscal=True)),
        ("'24/4", Part(Unit.MONTH, 4, year=2024, fiscal=False)),
        ("R6年10月", Part(Unit.MONTH, 10, year=2024, fiscal=False)),
        # Years, days, prose.
        ("R6-8", None),
        ("2024", None),
        ("4月1日", None),
        ("第1期", None),
        ("2024-25", None),
        ("4月に公表", None),
    ],
)
def test_what_a_label_says(text: str, part: Part | None) -> None:
    assert parse_part(text) == part


def test_figures_and_dates_of_the_past_are_no_plan(tmp_path: Path) -> None:
    figures = Sketch(LEFT, ())
    for i, label in enumerate(FISCAL):
        x0, x1 = LEFT + 45 * i, LEFT + 45 * (i + 1)
        figures.cell(x0, 48, x1, 66, label)
        for row in range(3):
            figures.cell(x0, 66 + 18 * row, x1, 84 + 18 * row, str(120 + 7 * i + row))
    figures.pen.text((40, 24), "令和６年度 月別利用者数", 11)
    past = Sketch(LEFT, ())
    for i, date in enumerate(("2019年4月", "2020年10月", "2021年7月", "2023年1月")):
        past.pen.text((60 + 180 * i, 60), date, 9)
        past.cell(60 + 180 * i, 70, 210 + 180 * i, 100, "計画を策定")
    for page in (figures, past):
        records = page.read(tmp_path)
        assert (records.schedule_items, records.charts) == ([], [])
        assert all(f.severity == "info" for f in records.findings)
