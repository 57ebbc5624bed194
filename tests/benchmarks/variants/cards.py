# SPDX-License-Identifier: AGPL-3.0-or-later
"""A card table page: group, name, what is done, three columns of years, and who is in charge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.benchmarks.variants.axis import Axis, draw_header
from tests.benchmarks.variants.bars import Pen, draw_item, lane_height, text_height
from tests.benchmarks.variants.canvas import Box, Canvas, wrap
from tests.benchmarks.variants.content import Page, Row
from tests.benchmarks.variants.furniture import draw_notes, draw_page_number, draw_title, notes_height
from tests.benchmarks.variants.layouts import GREY, SILVER, Layout

# Shares of the page's width: group, name, done, the years together; the rest is the owner's.
SHARES = (0.024, 0.125, 0.165, 0.55)
GAP = 4.0


def card_page(layout: Layout, page: Page, printed: int) -> tuple[Canvas, dict[str, Any]]:
    """The page and its truth; type is set smaller until everything fits."""
    size = layout.size
    while size >= 4.5:
        result = _page(replace(layout, size=size, sub_columns="", callouts=False), page, printed)
        if result:
            return result
        size -= 0.25
    raise AssertionError(f"{layout.name}: the card table does not fit")


def _page(layout: Layout, page: Page, printed: int) -> tuple[Canvas, dict[str, Any]] | None:
    canvas = Canvas(*layout.page, layout.font)
    top = draw_title(canvas, layout, page.chapter)
    left, right = layout.margin, canvas.width - layout.margin
    x = [left]
    for share in SHARES:
        x.append(x[-1] + share * (right - left))
    edges = tuple(x[3] + n * (x[4] - x[3]) / 3 for n in range(4))
    axis = Axis(edges, layout.first_year, True, 3.0, 0.5 if layout.snap < 1 else 1.0)
    others = [(x[0], x[2], ""), (x[2], x[3], "実施済みの事項"), (x[4], right, "主担当部局")]
    body, axis_truth = draw_header(canvas, layout, axis, top, others)
    pen = Pen(canvas, layout, axis, layout.size)
    bottom = canvas.height - layout.margin - 4 - notes_height(layout, canvas, page.notes)
    heights = [_row_height(pen, row, x, right) for row in page.rows]
    spare = (bottom - body - sum(heights)) / len(heights)
    if spare < 0:
        return None
    heights = [h + min(spare, 18.0) for h in heights]
    rows: list[dict[str, Any]] = []
    groups: dict[str, Box] = {}
    y = body
    for n, (row, height) in enumerate(zip(page.rows, heights, strict=True), 1):
        x0, y0, x1, _ = groups.get(row.group, (x[0], y, x[1], y))
        groups[row.group] = (x0, y0, x1, y + height)
        rows.append({"id": f"r{n}", **_row(pen, row, x, right, y, height)})
        canvas.rule(x[1], y, right, y, GREY)
        y += height
    for edge in {*x, *edges, right}:
        canvas.rule(edge, body, edge, y, GREY)
    canvas.rule(left, y, right, y, GREY)
    for name, box in groups.items():
        canvas.rect(box, SILVER, GREY, 0.5)
        canvas.text(box, name, layout.size, vertical=True)
    _name_items(rows)
    truth = {
        "kind": "card_table",
        "chapter": page.chapter,
        "axis": axis_truth,
        "sections": [],
        "items": [],
        "rows": rows,
        "groups": [{"label": name, "bbox": [round(v, 2) for v in box]} for name, box in groups.items()],
        "notes": draw_notes(canvas, layout, page.notes, y + 3),
        "printed_page": draw_page_number(canvas, layout, printed),
    }
    return canvas, truth


def _cells(pen: Pen, row: Row, x: list[float], right: float) -> list[tuple[float, float, str]]:
    return [
        (x0, x1, wrap(text, x1 - x0 - 6, pen.size, pen.canvas.font))
        for x0, x1, text in ((x[1], x[2], row.name), (x[2], x[3], row.done), (x[4], right, row.owner))
    ]


def _row_height(pen: Pen, row: Row, x: list[float], right: float) -> float:
    texts = max(text_height(text.count("\n") + 1, pen.size) for _, _, text in _cells(pen, row, x, right))
    return max(texts + 6, sum(lane_height(pen, lane) + GAP for lane in row.lanes) + GAP)


def _row(pen: Pen, row: Row, x: list[float], right: float, y: float, height: float) -> dict[str, Any]:
    for x0, x1, text in _cells(pen, row, x, right):
        if text:
            pen.canvas.text((x0 + 3, y, x1 - 2, y + height), text, pen.size)
    lanes = [lane_height(pen, lane) for lane in row.lanes]
    inside = sum(lanes)
    cells = pen.layout.bar == "cell"
    gap = (height - inside) / len(lanes) if cells else GAP
    top = y if cells else y + (height - inside - GAP * (len(lanes) - 1)) / 2
    items: list[dict[str, Any]] = []
    for lane, lane_top in zip(row.lanes, lanes, strict=True):
        for item in lane:
            fill = pen.layout.fills[len(items) % len(pen.layout.fills)]
            items += draw_item(pen, item, top, lane_top + (gap if cells and item.kind == "bar" else 0), fill)
        top += lane_top + gap
    return {
        "group": row.group,
        "name": row.name,
        "done": row.done,
        "owner": row.owner,
        "bbox": [round(v, 2) for v in (x[1], y, right, y + height)],
        "items": [{**i, "section_path": [row.group, row.name]} for i in items],
    }


def _name_items(rows: list[dict[str, Any]]) -> None:
    number = 0
    for row in rows:
        for item in row["items"]:
            number += 1
            item.pop("key")
            item["id"] = f"i{number}"
