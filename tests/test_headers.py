# SPDX-License-Identifier: AGPL-3.0-or-later
"""Year headers that leave out the era, and how sure the years are then."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from koteihyo.schema.records import EditionRecords
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


def _headed(folder: Path, labels: list[str], y: float = 45.0, foot: bool = False, bars: int = 2) -> EditionRecords:
    """A chart under (or, from y 200 on, over) a header of five columns, perhaps repeated at its foot."""
    page = Sketch(200, ())
    for top in (y, 200.0)[: 1 + foot]:
        for i, label in enumerate(labels):
            page.cell(200 + 110 * i, top, 310 + 110 * i, top + 24, label)
    for n in range(bars):
        page.pen.text((40, 135 + 40 * n), f"{n + 1}．森の道", 9)
        page.bars(120 + 40 * n)
    return page.read(folder)


@pytest.mark.parametrize(
    ("last", "end"),
    [
        ("以降", (2028, None)),
        ("次年度以降", (2028, None)),
        ("将来", (2028, None)),
        ("中長期", (2028, None)),
        ("中長期的\nな取組", (2028, None)),
        # What is no time later than the years is no column of theirs.
        ("備考", (2027, 2027)),
        ("担当課", (2027, 2027)),
        ("通年", (2027, 2027)),
    ],
)
def test_a_last_column_without_a_year(last: str, end: tuple[int, int | None], tmp_path: Path) -> None:
    records = _headed(tmp_path, ["2024年度", "2025年度", "2026年度", "2027年度", last])
    column = records.fiscal_columns[-1]
    assert (column.fy_start, column.fy_end) == end


@pytest.mark.parametrize(("y", "foot"), [(200.0, False), (45.0, True)])
def test_years_under_the_chart(y: float, foot: bool, tmp_path: Path) -> None:
    labels = [f"{year}年度" for year in range(2024, 2029)]
    records = _headed(tmp_path, labels, y, foot)
    assert [c.fy_start for c in records.fiscal_columns] == [*range(2024, 2029)]
    assert [(i.text, i.fy_start, i.fy_end) for i in records.schedule_items] == [
        ("調査", 2024, 2025),
        ("整備", 2025, 2028),
    ] * 2
    assert [s.title for s in records.sections] == ["森の道", "森の道"]
    assert not records.findings
    assert {b.record_table for b in records.blocks if "年度" in b.text_raw} == {"fiscal_columns"}


def test_two_years_are_a_chart_where_arrows_run_under_them(tmp_path: Path) -> None:
    page = Sketch(200, ("令和６年度", "令和７年度"))
    page.edges = [200, 240, 280, 320, 360, 400]
    page.pen.text((40, 105), "１．森の道", 9)
    for x0, x1, text in ((201, 299, "調査"), (260, 418, "整備")):
        box = pymupdf.Rect(x0, 90 + (x0 - 200) / 2, x1, 110 + (x0 - 200) / 2)
        page.pen.shape("pentagon", box, (0.7, 0.85, 1), (0.1, 0.2, 0.5))
        page.pen.centred(box, text, 8.5, (0, 0, 0))
    records = page.read(tmp_path)
    assert [(i.text, i.fy_start, i.fy_end) for i in records.schedule_items] == [
        ("調査", 2024, 2024),
        ("整備", 2024, 2025),
    ]


@pytest.mark.parametrize(
    ("labels", "down"),
    [
        ([f"{year}年度" for year in range(2024, 2029)], True),
        (["今年度", "来年度", "再来年度"], False),
        (["１年目", "２年目", "３年目", "４年目"], False),
        (["短期", "中期", "長期"], False),
        (["4月1日", "4月8日", "4月15日", "4月22日"], False),
        (["第1週", "第2週", "第3週", "第4週"], False),
    ],
)
def test_what_looks_like_a_header_and_is_not_read_is_named(labels: list[str], down: bool, tmp_path: Path) -> None:
    page = Sketch(200, ())
    for i, label in enumerate(labels):
        x, y = (60, 60 + 40 * i) if down else (200 + 110 * i, 45)
        page.cell(x, y, x + 110, y + (40 if down else 24), label)
    page.bars(120)
    page.bars(160)
    records = page.read(tmp_path)
    assert records.schedule_items == []
    (finding,) = [f for f in records.findings if f.kind == "unread_header"]
    assert finding.severity == "warning"
    assert finding.text.split() == labels


def test_prose_and_figures_make_no_header(tmp_path: Path) -> None:
    page = Sketch(200, ())
    for i, text in enumerate(("今年度の予算は120億円", "来年度の見込みは130億円", "短期の借入れ", "4/1から受け付ける")):
        page.pen.text((60, 60 + 40 * i), text, 9)
    page.bars(260)
    records = page.read(tmp_path)
    assert (records.schedule_items, records.charts) == ([], [])
    assert [f.kind for f in records.findings] == []


@pytest.mark.parametrize(
    ("labels", "columns"),
    [
        (["2024 – 2026", "2027 – 2029", "2030 – 2034"], [(2024, 2026), (2027, 2029), (2030, 2034)]),
        (["2020年代前半", "2020年代後半", "2030年代"], [(2020, 2024), (2025, 2029), (2030, 2039)]),
        (["令６", "令７", "令８"], [(2024, 2024), (2025, 2025), (2026, 2026)]),
        (["短期（R6～R8）", "中期（R9～R11）", "長期（R12～）"], [(2024, 2026), (2027, 2029), (2030, None)]),
        (["２０２５年まで", "２０３０年まで", "２０４０年頃"], [(2025, 2025), (2026, 2030), (2040, 2040)]),
    ],
)
def test_ranges_and_short_eras(labels: list[str], columns: list[tuple[int, int | None]], tmp_path: Path) -> None:
    records = _headed(tmp_path, labels)
    assert [(c.fy_start, c.fy_end) for c in records.fiscal_columns] == columns


def test_a_second_chart_may_have_the_years_that_follow(tmp_path: Path) -> None:
    page = Sketch(0, ())
    for left, first in ((100, 2024), (520, 2029)):
        page.edges = [left + 60 * i for i in range(6)]
        for i in range(5):
            page.cell(page.edges[i], 45, page.edges[i + 1], 69, f"{first + i}年度")
        for y in (90, 130):
            page.pen.text((left - 80, y + 14), "１．森の道", 9)
            for x0, x1, text in ((1, 89, "調査"), (91, 299, "整備")):
                box = pymupdf.Rect(left + x0, y, left + x1, y + 20)
                page.pen.shape("pentagon", box, (0.7, 0.85, 1), (0.1, 0.2, 0.5))
                page.pen.centred(box, text, 8.5, (0, 0, 0))
    records = page.read(tmp_path)
    assert [(c.chart_no, c.fy_start) for c in records.fiscal_columns] == [
        *((0, year) for year in range(2024, 2029)),
        *((1, year) for year in range(2029, 2034)),
    ]
    assert [(i.chart_no, i.fy_start, i.fy_end) for i in records.schedule_items] == [
        *[(0, 2024, 2025), (0, 2025, 2028)] * 2,
        *[(1, 2029, 2030), (1, 2030, 2033)] * 2,
    ]


def test_a_comparison_of_two_years_is_no_chart(tmp_path: Path) -> None:
    page = Sketch(200, ("令和５年度", "令和６年度"))
    for i in range(3):
        for column in range(2):
            page.cell(200 + 110 * column, 69 + 30 * i, 310 + 110 * column, 99 + 30 * i, f"{120 + 10 * column}億円")
        page.pen.shape("pentagon", pymupdf.Rect(290, 76 + 30 * i, 330, 92 + 30 * i), (1, 0.5, 0.3), None)
    records = page.read(tmp_path)
    assert (records.schedule_items, records.charts) == ([], [])


def test_years_set_on_lines_begin_there(tmp_path: Path) -> None:
    page = Sketch(200, ())
    for i, edge in enumerate(page.edges):
        page.pen.centred(pymupdf.Rect(edge - 30, 45, edge + 30, 69), str(2024 + i), 8.5, (0, 0, 0))
        page.pen.line((edge, 70), (edge, 180), (0.6, 0.6, 0.6))
    page.pen.text((40, 104), "１．森の道", 9)
    page.bars(90)
    records = page.read(tmp_path)
    assert [round(c.x0) for c in records.fiscal_columns] == page.edges
    assert [(i.text, i.fy_start, i.fy_end) for i in records.schedule_items] == [
        ("調査", 2024, 2025),
        ("整備", 2025, 2028),
    ]
