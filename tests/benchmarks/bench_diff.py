# SPDX-License-Identifier: AGPL-3.0-or-later
"""Seconds and peak memory of a comparison of two made-up editions, by number of items.

    python -m tests.benchmarks.bench_diff [ITEMS …]

Every size runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
import time
from typing import Any

from koteihyo.pipeline.diff.changes import compare_editions
from koteihyo.schema.records import (
    Edition,
    EditionRecords,
    FiscalColumn,
    ItemKind,
    Page,
    PageKind,
    ScheduleItem,
    Section,
)

SIZES = (300, 3_000, 30_000)
PER_SECTION, SECTIONS_PER_PAGE, YEARS = 5, 4, 5

_WHO = ("自治体", "事業者", "研究機関", "医療機関", "学校", "港湾", "農業者", "住民", "消防", "中小企業")
_WHAT = (
    "台帳",
    "申請様式",
    "認証基盤",
    "観測網",
    "教材",
    "地図データ",
    "通信設備",
    "窓口",
    "統計",
    "水門",
    "道路",
    "手引",
)
_HOW = ("電子化", "共同利用", "更新", "公開", "点検", "標準化", "統合", "遠隔操作", "試験設置", "拡充")
_STAGE = ("検討", "実施", "試行", "推進", "開始", "本格運用")
# Phrases that stand in every section: what makes matching hard.
_STOCK = ("運用開始", "検討結果を踏まえ必要な措置を実施", "順次拡大", "本格運用")


def main() -> None:
    """Prints one line for each size."""
    sizes = [int(a) for a in sys.argv[1:]] or SIZES
    print(f"{'items':>7} {'seconds':>8} {'peak MiB':>9} {'changes':>8} {'unchanged':>9}")
    for size in sizes:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, peak, changes, unchanged = pool.apply(measure, (size,))
        print(f"{size:7} {seconds:8.2f} {peak:9.0f} {changes:8} {unchanged:9}", flush=True)


def measure(size: int) -> tuple[float, float, int, int]:
    """(seconds, peak MiB, changes, unchanged) of one comparison."""
    old, new = edition("old", size, 2030), edition("new", size, 2031)
    start = time.perf_counter()
    comparison = compare_editions(old, new)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seconds, peak, len(comparison.changes), comparison.unchanged


def edition(name: str, size: int, first: int) -> EditionRecords:
    """One edition; the newer one has some texts dropped, put in, reworded, moved and put off."""
    plan = random.Random(7)
    edits = random.Random(name)
    newer = name == "new"
    items, sections = [], []
    for number in range(size):
        group = number // PER_SECTION
        start = plan.randrange(2030, 2034)
        years = plan.randrange(1, 2034 - start + 1)
        if plan.random() < 0.2:
            text = plan.choice(_STOCK)
        else:
            words = (plan.choice(_WHO), plan.choice(_WHAT), plan.choice(_HOW), plan.choice(_STAGE))
            text = f"{words[0]}における{words[1]}の{words[2]}（第{plan.randrange(1, 60)}期）に向けた{words[3]}"
        if number % PER_SECTION == 0:
            sections.append(_section(name, group))
        if newer:
            event = edits.random()
            if event < 0.04:
                text = f"新規に{edits.choice(_WHO)}と{edits.choice(_WHAT)}を{edits.choice(_HOW)}"
            elif event < 0.10:
                text += "（対象を拡大）"
            elif event < 0.14:
                group = edits.randrange(group + 1)
            elif event < 0.20:
                start += 1
        items.append(_item(name, number, group, text, start, start + years))
    pages = range(1, len(sections) // SECTIONS_PER_PAGE + 2)
    return EditionRecords(
        edition=Edition(edition_id=name, title=name, source_sha256="", source_file="", page_count=len(pages)),
        pages=[Page(edition_id=name, page_no=n, kind=PageKind.ROADMAP, width=900, height=500) for n in pages],
        fiscal_columns=[_column(name, page, n, first + n) for page in pages for n in range(YEARS)],
        sections=sections,
        schedule_items=items,
    )


def _place(name: str, group: int) -> dict[str, Any]:
    return {"edition_id": name, "page_no": group // SECTIONS_PER_PAGE + 1}


def _section(name: str, group: int) -> Section:
    title = f"{_WHO[group % len(_WHO)]}と{_WHAT[group % len(_WHAT)]}の取組その{group}"
    y0 = group % SECTIONS_PER_PAGE * 100
    return Section(
        **_place(name, group),
        section_id=f"{name}:s{group}",
        ordinal=group % SECTIONS_PER_PAGE,
        level=1,
        marker="",
        title=title,
        path=[f"第{group // 40}部", title],
        x0=0,
        y0=y0,
        x1=100,
        y1=y0 + 90,
    )


def _item(name: str, number: int, group: int, text: str, start: int, end: int) -> ScheduleItem:
    y0 = group % SECTIONS_PER_PAGE * 100 + number % PER_SECTION * 20
    return ScheduleItem(
        **_place(name, group),
        item_id=f"{name}:i{number}",
        chart_no=0,
        section_id=f"{name}:s{group}",
        kind=ItemKind.BAR,
        text=text,
        text_raw=text,
        fy_start=start,
        fy_end=end - 1,
        start_pos=start,
        end_pos=end,
        confidence=1.0,
        x0=100,
        y0=y0,
        x1=200,
        y1=y0 + 15,
    )


def _column(name: str, page: int, ordinal: int, year: int) -> FiscalColumn:
    return FiscalColumn(
        edition_id=name,
        page_no=page,
        chart_no=0,
        ordinal=ordinal,
        label=f"{year}年度",
        fy_start=year,
        fy_end=year,
        x0=100 * ordinal,
        x1=100 * ordinal + 100,
    )


if __name__ == "__main__":
    main()
