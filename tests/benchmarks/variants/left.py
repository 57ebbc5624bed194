# SPDX-License-Identifier: AGPL-3.0-or-later
"""The headings beside (or above) the bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.benchmarks.variants.canvas import Canvas, wrap
from tests.benchmarks.variants.headings import Heading
from tests.benchmarks.variants.layouts import GREY, SILVER, Layout

if TYPE_CHECKING:
    from tests.benchmarks.variants.roadmap import Band

VERTICAL_WIDTH = 18.0
INDENT = 4.0


def left_columns(layout: Layout, level: int, leaf: bool = False) -> tuple[float, float]:
    """Left and right edge of the cell that holds a heading of that level."""
    left, right = layout.margin, layout.margin + layout.left_width
    if layout.left == "merged":
        step = layout.left_width / 3
        return left + (level - 1) * step, right if leaf else left + level * step
    if layout.left == "vertical":
        if level == 1:
            return left, left + VERTICAL_WIDTH
        return left + VERTICAL_WIDTH + (level - 2) * INDENT, right
    return left + 3 + (level - 1) * INDENT, right


def draw_left(canvas: Canvas, layout: Layout, headings: list[Heading], bands: list[Band]) -> list[dict[str, Any]]:
    """Draws all headings of the page and gives the true sections."""
    if layout.left == "none":
        return []
    found: list[dict[str, Any]] = []
    for heading in headings:
        level = heading.section.level
        own = [b for b in bands if b.heading.path == heading.path]
        spanned = [b for b in bands if b.heading.path[: len(heading.path)] == heading.path]
        x0, x1 = left_columns(layout, level, leaf=bool(heading.section.lanes))
        vertical = layout.left == "vertical" and level == 1
        if layout.left == "strip":
            box = (layout.margin + 4 + (level - 1) * 8, own[0].top, canvas.width - layout.margin, own[0].bottom)
            canvas.text(box, heading.label, layout.size)
        elif vertical:
            box = (x0, spanned[0].top, x1, spanned[-1].bottom)
            canvas.rect(box, SILVER, GREY, 0.5)
            canvas.text(box, heading.label, layout.size, align="center", vertical=True)
        else:
            over = spanned if layout.left == "merged" else own
            box = (x0 + 2, over[0].top + 2, x1 - 1, over[-1].bottom - 2)
            text = wrap(heading.label, x1 - x0 - 3, layout.size, layout.font)
            if layout.left == "merged":
                canvas.rule(x0, over[0].top, x1, over[0].top, GREY)
                canvas.rule(x1, over[0].top, x1, over[-1].bottom, GREY)
            canvas.text(box, text, layout.size, valign="middle" if layout.left == "merged" else layout.heading_align)
        found.append(
            {
                "level": level,
                "marker": heading.marker,
                "text": heading.section.title,
                "path": list(heading.path),
                "bbox": [round(v, 2) for v in box],
                "band": [round(spanned[0].top, 2), round(spanned[-1].bottom, 2)],
            }
        )
    names = {tuple(s["path"]): f"s{n}" for n, s in enumerate(found, 1)}
    return [{"id": names[tuple(s["path"])], "parent": names.get(tuple(s["path"][:-1])), **s} for s in found]
