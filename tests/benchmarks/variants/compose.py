# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plan's pages as the pages of one edition: one by one, two in one chart, or two charts on a page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.benchmarks.variants.canvas import Canvas
from tests.benchmarks.variants.cards import card_page
from tests.benchmarks.variants.content import PLAN, Page
from tests.benchmarks.variants.furniture import cover_page, draw_page_number, statistics_page
from tests.benchmarks.variants.headings import Heading, number
from tests.benchmarks.variants.layouts import NUMBERS, Layout
from tests.benchmarks.variants.roadmap import roadmap_page

FIRST_PRINTED_PAGE = 11

Drawn = tuple[Canvas, dict[str, Any]]


def compose(layout: Layout) -> list[Drawn]:
    """All pages of an edition with their truth."""
    pages: list[Drawn] = [cover_page(layout)] if layout.cover else []
    plan = _merged(PLAN) if layout.pages == "merge" else PLAN
    numbered = list(zip(plan, number(plan, NUMBERS[layout.numbers]), strict=True))
    printed = FIRST_PRINTED_PAGE
    while numbered:
        page, headings = numbered.pop(0)
        if page.rows:
            if layout.cards:
                pages.append(card_page(layout, page, printed))
        elif layout.pages == "stack" and numbered and numbered[0][0].chapter == page.chapter:
            pages.append(_stacked(layout, (page, headings), numbered.pop(0), printed))
        else:
            pages.append(roadmap_page(layout, page, headings, printed))
        printed += 1
    if layout.statistics:
        pages.append(statistics_page(layout, printed))
    width, height = layout.page
    empty: dict[str, Any] = {"axis": [], "sections": [], "items": [], "rows": [], "notes": []}
    return [
        (canvas, {"page": n, "width": width, "height": height, **empty, **truth})
        for n, (canvas, truth) in enumerate(pages, 1)
    ]


def _merged(plan: list[Page]) -> list[Page]:
    """The first two pages, which are of one chapter, as one."""
    first, second, *rest = plan
    assert first.chapter == second.chapter
    return [replace(second, sections=first.sections + second.sections), *rest]


def _stacked(
    layout: Layout, upper: tuple[Page, list[Heading]], lower: tuple[Page, list[Heading]], printed: int
) -> Drawn:
    """Two charts on a page, each with a header of its own; the chapter stands over the first."""
    width, height = layout.page
    half = replace(layout, page=(width, height / 2), page_number="none")
    canvas, first = roadmap_page(half, *upper, printed)
    second_canvas, second = roadmap_page(replace(half, title="none"), *lower, printed)
    canvas.below(second_canvas, height / 2)
    canvas.height = height
    _lower(second, height / 2)
    for n, truth in enumerate((first, second), 1):
        for item in truth["items"]:
            item["id"] = f"c{n}{item['id']}"
            item["parent"] = item["parent"] and f"c{n}{item['parent']}"
        for section in truth["sections"]:
            section["id"] = f"c{n}{section['id']}"
            section["parent"] = section["parent"] and f"c{n}{section['parent']}"
    truth = {
        "kind": "roadmap",
        "chapter": first["chapter"],
        "sections": first["sections"] + second["sections"],
        "charts": [{"chart": n, "axis": t["axis"], "items": t["items"]} for n, t in enumerate((first, second), 1)],
        "notes": first["notes"] + second["notes"],
        "printed_page": draw_page_number(canvas, layout, printed),
    }
    return canvas, truth


def _lower(truth: dict[str, Any], shift: float) -> None:
    """Moves a chart's truth down the page."""
    for record in (*truth["items"], *truth["sections"], *truth["notes"]):
        for name in ("bbox", "text_bbox"):
            if name in record:
                x0, y0, x1, y1 = record[name]
                record[name] = [x0, round(y0 + shift, 2), x1, round(y1 + shift, 2)]
    for column in truth["axis"]:
        column |= {"y0": round(column["y0"] + shift, 2), "y1": round(column["y1"] + shift, 2)}
