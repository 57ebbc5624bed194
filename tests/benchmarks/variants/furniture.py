# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands around the chart: chapter title, page number, notes, legend, and the cover page."""

from __future__ import annotations

import random
from typing import Any

from tests.benchmarks.variants.canvas import Block, Canvas, Path, text_width, wrap
from tests.benchmarks.variants.layouts import GREY, NAVY, Layout


def draw_title(canvas: Canvas, layout: Layout, text: str) -> float:
    """Draws the chapter's title and gives the y below it."""
    if layout.title == "none":
        return layout.margin
    size, top, left, right = layout.size * 1.7, layout.margin * 0.8, layout.margin, canvas.width - layout.margin
    box = (left, top, right, top + size * 1.5)
    color = layout.header_fill or NAVY
    if layout.title == "band":
        canvas.rect(box, color)
        canvas.text((left + 6, *box[1:]), text, size, color=layout.header_color)
    else:
        pale = sum(color) > 2.2
        canvas.text(
            box, text, size, color=(0, 0, 0) if pale else color, align="center" if layout.title == "centre" else "left"
        )
        if layout.title == "underline":
            canvas.rule(left, box[3] + 1, right, box[3] + 1, GREY if pale else color, 1.2)
    return box[3] + 6


def draw_notes(canvas: Canvas, layout: Layout, notes: list[str], top: float) -> list[dict[str, Any]]:
    """Draws the notes below the chart."""
    found = []
    size = layout.size * 0.85
    for note in notes:
        text = wrap(note, canvas.width - 2 * layout.margin - 8, size, canvas.font)
        height = size * 1.25 * (text.count("\n") + 1)
        width = max(text_width(line, size, canvas.font) for line in text.split("\n"))
        box = (layout.margin + 2, top, layout.margin + 2 + width, top + height)
        canvas.text(box, text, size)
        found.append({"text": text, "text_flat": text.replace("\n", ""), "bbox": [round(v, 2) for v in box]})
        top += height + 1
    return found


def notes_height(layout: Layout, canvas: Canvas, notes: list[str]) -> float:
    """How much room the notes need."""
    size = layout.size * 0.85
    width = canvas.width - 2 * layout.margin - 8
    return sum(size * 1.25 * (wrap(n, width, size, canvas.font).count("\n") + 1) + 1 for n in notes) + (
        3 if notes else 0
    )


def draw_page_number(canvas: Canvas, layout: Layout, number: int) -> int | None:
    """Draws the printed page number, if the layout has one."""
    size, margin = max(layout.size, 8.0), layout.margin
    low = (canvas.height - margin * 0.75, canvas.height - margin * 0.75 + size * 1.25)
    if layout.page_number == "none":
        return None
    if layout.page_number == "bottom centre":
        canvas.text((0, low[0], canvas.width, low[1]), f"- {number} -", size, align="center")
    elif layout.page_number == "top right":
        canvas.text((0, 4, canvas.width - margin, 4 + size * 1.25), str(number), size, align="right")
    else:
        canvas.text((0, low[0], canvas.width - margin, low[1]), str(number), size, align="right")
    return number


def draw_legend(canvas: Canvas, layout: Layout, right: float, top: float) -> None:
    """A small legend above the chart's right end."""
    size = layout.size * 0.85
    canvas.text((right - 170, top, right - 140, top + size * 1.4), "凡例", size)
    for x, name, fill in ((right - 138, "検討・準備", (0.95, 0.95, 0.95)), (right - 66, "実施", layout.fills[0])):
        canvas.rect((x, top + 1, x + 16, top + size * 1.3), fill, GREY, 0.5)
        canvas.text((x + 19, top, x + 66, top + size * 1.4), name, size)


def cover_page(layout: Layout) -> tuple[Canvas, dict[str, Any]]:
    """A cover."""
    canvas = Canvas(*layout.page, layout.font)
    width, height = layout.page
    canvas.text(
        (0, height * 0.3, width, height * 0.4), "ゆたかな地域をつくる実行計画", layout.size * 3.4, align="center"
    )
    canvas.text((0, height * 0.42, width, height * 0.5), "（工程表）", layout.size * 2.6, align="center")
    canvas.text((0, height * 0.7, width, height * 0.75), "令和６年６月", layout.size * 1.8, align="center")
    return canvas, {"kind": "cover", "chapter": None, "printed_page": None}


STATISTICS = [
    ("登録者数（人）", (10_412, 12_967, 15_233, 18_004, 21_750)),
    ("相談件数（件）", (5_120, 5_864, 6_031, 6_977, 7_208)),
    ("実施率（％）", (41.2, 44.9, 48.3, 52.6, 57.0)),
]
PROSE = (
    "登録者数は毎年度増加しており、令和５年度は前年度を約２割上回った。相談件数は令和３年度に一度落ち着いたものの、"
    "その後は再び増えている。実施率は2023年度に初めて５割を超えたが、地域による差が大きい。なお、令和元年度から令和５年度"
    "までの値は、各年度末時点のものである。"
)


def statistics_page(layout: Layout, printed: int) -> tuple[Canvas, dict[str, Any]]:
    """Numbers by year and a paragraph: years stand in a row, and yet nothing is planned."""
    canvas = Canvas(*layout.page, layout.font)
    chapter = "（参考）これまでの実績"
    top = draw_title(canvas, layout, chapter) + 10
    left, right, size = layout.margin, canvas.width - layout.margin, layout.size
    edges = [left, left + 120, *(left + 120 + n * (right - left - 120) / 5 for n in range(1, 6))]
    height = size * 2.2
    table = [("", tuple(f"{year}年度" for year in range(2019, 2024))), *STATISTICS]
    for n, (name, values) in enumerate(table):
        y = top + n * height
        for x0, x1, text in zip(edges[:-1], edges[1:], (name, *(f"{v:,}" if n else v for v in values)), strict=True):
            canvas.rect((x0, y, x1, y + height), (0.93, 0.93, 0.93) if n == 0 else None, GREY, 0.5)
            if text:
                canvas.text((x0 + 3, y, x1 - 3, y + height), str(text), size, align="center" if n == 0 else "right")
    y = top + len(table) * height + 14
    text = wrap(PROSE, right - left - 6, size * 1.15, canvas.font)
    canvas.text((left, y, right, y + size * 1.5 * (text.count("\n") + 1)), text, size * 1.15)
    truth = {"kind": "other", "kinds": ["other", "prose"], "chapter": chapter}
    return canvas, {**truth, "printed_page": draw_page_number(canvas, layout, printed)}


def arrange(canvas: Canvas, layout: Layout, rng: random.Random) -> None:
    """Puts the drawing into the layout's painting order."""
    if layout.order == "interleaved":
        return
    paths = [op for op in canvas.ops if isinstance(op, Path)]
    blocks = [op for op in canvas.ops if isinstance(op, Block)]
    if layout.order == "shuffled":
        rng.shuffle(blocks)
    canvas.ops = [*paths, *blocks]
