# SPDX-License-Identifier: AGPL-3.0-or-later
"""Accuracy on the editions with ground truth, which live beside the repository."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from koteihyo.schema.catalog import EDITION_TABLES
from koteihyo.schema.records import Edition, EditionRecords, PageKind
from koteihyo.schema.tables import columns, create_table_sql
from tests.benchmarks.calibration import SURE, Judged, calibration_error, judge
from tests.conftest import SHARED
from tests.reading import read

RULED = {
    "record_f1": 0.98, "text_f1": 0.99, "sections_f1": 0.99, "rows_f1": 0.97, "axis_f1": 1, "pages_exact": 1,
    "notes_f1": 1,
}  # fmt: skip
LAYOUT = {"record_f1": 0.98, "sections_f1": 0.99, "rows_f1": 0.97}
BOUNDS = {
    "2022-06-ruled": RULED,
    "2023-06-ruled": RULED,
    "2022-06-cells": LAYOUT,
    "2022-06-svg": LAYOUT,
    "2022-06-outline": LAYOUT,
    "2022-06-unruled": {"record_f1": 0.95, "sections_f1": 0.97},
    **{
        f"families/{name}": {"record_f1": 0.95, "axis_f1": 0.98, **parts}
        for name, parts in {
            "1-growth-strategy": {"sections_f1": 0.95, "category_exact": 0.97},
            "2-month-chart": {"rows_f1": 0.95, "attributes_f1": 0.95},
            "3-municipal-excel": {"rows_f1": 0.95, "attributes_f1": 0.95},
            "4-municipal-marks": {"rows_f1": 0.95, "attributes_f1": 0.95, "category_exact": 0.97},
            "5-excel-fill": {"rows_f1": 0.95, "attributes_f1": 0.95, "category_exact": 0.97},
            "6-line-arrows": {"sections_f1": 0.95},
            "6b-lines-excel": {"rows_f1": 0.95, "attributes_f1": 0.95},
            "7-continued": {"sections_f1": 0.95},
        }.items()
    },
    "real/nankoku-dx-2022": {"text_f1": 0.93, "span_exact": 0.93},
    "real/trustedweb-council6-2023": {"text_f1": 0.93, "span_exact": 0.93},
    "real/trustedweb-whitepaper2-2022": {"text_f1": 0.93, "span_exact": 0.93},
    "real/space-plan-2024": {
        "text_f1": 0.95, "span_exact": 0.97, "axis_f1": 1, "parent_exact": 0.95, "owners_exact": 0.97,
    },
}  # fmt: skip


@cache
def _records(name: str) -> EditionRecords:
    return read(SHARED / "editions" / f"{name}.pdf")


def _connection(records: EditionRecords) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for model in EDITION_TABLES:
        con.execute(create_table_sql(model))
        rows = [records.edition] if model is Edition else getattr(records, model.TABLE)
        names = [c.name for c in columns(model)]
        if rows:
            marks = ", ".join("?" * len(names))
            values = [[record.model_dump(mode="json")[n] for n in names] for record in rows]
            con.executemany(f"INSERT INTO {model.TABLE} ({', '.join(names)}) VALUES ({marks})", values)
    return con


def _scorer(shared: Path) -> Any:
    spec = importlib.util.spec_from_file_location("edition_score", shared / "score" / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", BOUNDS)
def test_accuracy(name: str, shared: Path) -> None:
    records = _records(name)
    truth = json.loads((shared / "editions" / f"{name}.truth.json").read_text(encoding="utf-8"))
    with _connection(records) as con:
        metrics, log = _scorer(shared).score(con, records.edition.edition_id, truth, None)
    short = {k: metrics[k] for k, bound in BOUNDS[name].items() if metrics[k] < bound}
    assert not short, log


def test_confidence_says_how_often_an_item_is_right(shared: Path) -> None:
    judged: list[Judged] = []
    for name in BOUNDS:
        records = _records(name)
        truth = json.loads((shared / "editions" / f"{name}.truth.json").read_text(encoding="utf-8"))
        with _connection(records) as con:
            judged += judge(con, truth, records.edition.edition_id)
    sure = [one.right for one in judged if one.confidence >= SURE]
    assert sum(sure) >= 0.98 * len(sure) > 1000
    assert calibration_error(judged) <= 0.03


def test_the_real_plan_has_its_37_charts_of_11_columns(shared: Path) -> None:
    records = _records("real/space-plan-2024")
    assert len(records.charts) == 37
    assert len({c.page_no for c in records.charts}) == 30
    twice = {c.page_no for c in records.charts if c.chart_no == 1}
    assert twice == {6, 22, 23, 27, 40, 43, 49}
    for chart in records.charts:
        found = [
            (c.fy_start, c.fy_end)
            for c in records.fiscal_columns
            if (c.page_no, c.chart_no) == (chart.page_no, chart.chart_no)
        ]
        assert found == [*((y, y) for y in range(2023, 2033)), (2033, None)]


def test_98_percent_of_the_real_plans_chart_pages_is_in_records(shared: Path) -> None:
    pages = [p for p in _records("real/space-plan-2024").pages if p.kind is PageKind.ROADMAP]
    assert sum(p.glyphs_in_records for p in pages) >= 0.98 * sum(p.glyph_count for p in pages)


def test_one_page_of_slides_is_a_roadmap(shared: Path) -> None:
    records = _records("real/school-dx-2023")
    assert {c.page_no for c in records.charts} == {25}
    assert [c.fy_start for c in records.fiscal_columns] == list(range(2022, 2028))
    spans = {(i.text, i.fy_start, i.fy_end) for i in records.schedule_items}
    assert ("過渡的な取組の着実な実施", 2023, 2024) in spans
    assert ("過渡的な取組の着実な実施", 2023, 2025) in spans


@pytest.mark.parametrize("name", ["ai-guideline-arrows", "invoice-qa-radicals", "technology-catalog"])
def test_slides_without_a_roadmap_give_no_items(name: str, shared: Path) -> None:
    assert _records(f"real/negatives/{name}").schedule_items == []


def test_every_glyph_of_every_shared_page_is_accounted_for(shared: Path) -> None:
    for name in [*BOUNDS, "real/school-dx-2023"]:
        records = _records(name)
        for page in records.pages:
            blocks = sum(b.glyph_count for b in records.blocks if b.page_no == page.page_no)
            findings = sum(f.glyph_count for f in records.findings if f.page_no == page.page_no)
            assert blocks + findings == page.glyph_count, (name, page.page_no)
