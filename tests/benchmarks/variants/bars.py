# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bars of every make, milestones and balloons: their outlines, their texts and what a person reads."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.variants.axis import Axis
from tests.benchmarks.variants.canvas import LINE_FACTOR, Box, Canvas, Color, Path, polygon, text_width, wrap
from tests.benchmarks.variants.content import Item
from tests.benchmarks.variants.layouts import GREY, RED, WHITE, Layout

# How much of a bar's height holds text, and how much its ends take from the width.
HEIGHTS = {"block arrow": 0.66}
PADDING, GAP = 4.0, 2.5


@dataclass(frozen=True)
class Pen:
    """What every drawing of an item needs."""

    canvas: Canvas
    layout: Layout
    axis: Axis
    size: float


def text_height(lines: int, size: float) -> float:
    """Height of lines of text."""
    return lines * size * LINE_FACTOR


def lane_height(pen: Pen, lane: list[Item] | tuple[Item, ...]) -> float:
    """How high a lane must be for its texts."""
    return max(_height(pen, item) for item in lane)


def _height(pen: Pen, item: Item) -> float:
    size, layout = pen.size, pen.layout
    if item.kind in ("label", "heading"):
        return text_height(1, size) + 1
    if item.kind == "marker":
        return text_height(2 if layout.markers in ("above", "below") else 1, size) + 2
    if item.kind == "callout":
        return text_height(1, size) + 11
    lines = _fitted(pen, item).count("\n") + 1
    height = text_height(lines, size) / HEIGHTS.get(layout.bar, 1.0) + {"line": 7.0, "bare": 1.0}.get(
        layout.bar, PADDING
    )
    if item.children and layout.nested:
        height += sum(lane_height(pen, lane) + GAP for lane in item.children)
    return height


def _fitted(pen: Pen, item: Item) -> str:
    """The bar's text broken into lines."""
    if pen.layout.text_align == "overflow":
        # It may run over the tip, up to where the next bar begins.
        free = pen.axis.x(item.end) - pen.axis.x(item.start) - 5
        return wrap(item.text, free, pen.size, pen.canvas.font)
    x0, x1 = _extent(pen, item)
    return wrap(item.text, max(x1 - x0 - _ends(pen) - 3, pen.size * 2.2), pen.size, pen.canvas.font)


def _ends(pen: Pen) -> float:
    return {"rect": 1.0, "cell": 1.0, "bare": 0.0, "line": 0.0, "chevron": 12.0, "block arrow": 9.0}.get(
        pen.layout.bar, 7.0
    )


def _extent(pen: Pen, item: Item) -> tuple[float, float]:
    inset = pen.layout.inset
    x0, x1 = (pen.axis.x(time) + _stray(pen, time) for time in (item.start, item.end))
    if x1 - x0 < 2 * inset + 8:
        # Shorter than the layout's grid: it takes one step.
        x1 = min(pen.axis.edges[-1], x0 + (pen.axis.edges[1] - pen.axis.edges[0]) * pen.layout.snap)
    return x0 + inset, x0 + (x1 - x0) * pen.layout.length - inset


def _stray(pen: Pen, time: float) -> float:
    """How far the bars' ends at a time stand beside the grid: the same for neighbours."""
    if not 0 < time < pen.axis.span:
        return 0.0
    column = (pen.axis.edges[-1] - pen.axis.edges[0]) / pen.axis.count
    return random.Random(f"{pen.layout.name} {time}").uniform(-1, 1) * pen.layout.jitter * column


def draw_item(pen: Pen, item: Item, top: float, height: float, fill: Color | None) -> list[dict[str, Any]]:
    """Draws an item in its lane; the first of the records is the item itself, the others are its children."""
    if item.kind == "marker":
        return [_marker(pen, item, top, height)]
    if item.kind == "callout":
        return [_callout(pen, item, top, height)]
    if item.kind in ("label", "heading"):
        x = pen.axis.x(item.start) + 2
        width = text_width(item.text, pen.size, pen.canvas.font)
        box = (x, top, x + width, top + height)
        pen.canvas.text(box, item.text, pen.size)
        return [_record(pen, item, item.text, box, box)]
    return _bar(pen, item, top, height, fill)


def _bar(pen: Pen, item: Item, top: float, height: float, fill: Color | None) -> list[dict[str, Any]]:
    layout, canvas = pen.layout, pen.canvas
    x0, x1 = _extent(pen, item)
    box = (x0, top, x1, top + height)
    paths, drawn = outline(layout, box, fill, pen.axis.edges[-1])
    for path in paths:
        canvas.path(path)
    text = _fitted(pen, item)
    nested = bool(item.children and layout.nested)
    inner = (x0 + 3, top, x1 - min(_ends(pen), 7.0), top + height)
    if layout.bar == "chevron":
        inner = (x0 + 9, top, x1 - 2, top + height)
    elif layout.bar == "line":
        inner = (x0 + 1, top, x1, top + height - 6)
    if nested:
        inner = (inner[0], top + 1, inner[2], top + text_height(text.count("\n") + 1, pen.size) + 2)
    dx, dy = layout.text_shift
    inner = (inner[0] + dx, inner[1] + dy, inner[2] + dx, inner[3] + dy)
    align = "left" if nested or layout.text_align in ("left", "overflow") else "center"
    canvas.text(inner, text, pen.size, color=layout.text_color, align=align)
    record = _record(pen, item, text, drawn, inner)
    if layout.bar == "bare":
        record |= {"kind": "label"}
    records = [record]
    if nested:
        y = inner[3] + 1
        for lane in item.children:
            lane_top = lane_height(pen, lane)
            for child in lane:
                records += [r | {"parent": record["key"]} for r in draw_item(pen, child, y, lane_top, WHITE)]
            y += lane_top + GAP
    return records


def outline(layout: Layout, box: Box, fill: Color | None, limit: float) -> tuple[list[Path], Box]:
    """The shapes that make a bar, and the box that they fill. `limit` is the chart's right edge."""
    x0, y0, x1, y1 = box
    height, middle, shape = y1 - y0, (y0 + y1) / 2, layout.bar
    tip = min(height * 0.4, 8.0, (x1 - x0) / 3)

    def made(*points: tuple[float, float]) -> Path:
        return Path(polygon(*points), fill, layout.stroke, 0.75, gradient=layout.gradient)

    if shape == "pentagon":
        return [made((x0, y0), (x1 - tip, y0), (x1, middle), (x1 - tip, y1), (x0, y1))], box
    if shape == "chevron":
        # The tip reaches into the notch of the next.
        end = min(x1 + tip - 1, limit)
        points = (x0, y0), (end - tip, y0), (end, middle), (end - tip, y1), (x0, y1), (x0 + tip, middle)
        return [made(*points)], (x0, y0, end, y1)
    if shape == "block arrow":
        head, inset = min(height * 0.5, 9.0), height * 0.17
        return [made((x0, y0 + inset), (x1 - head, y0 + inset), (x1 - head, y0), (x1, middle), (x1 - head, y1),
                     (x1 - head, y1 - inset), (x0, y1 - inset))], box  # fmt: skip
    if shape == "pieces":
        body = Path(polygon((x0, y0), (x1 - tip, y0), (x1 - tip, y1), (x0, y1)), fill)
        return [body, Path(polygon((x1 - tip, y0), (x1, middle), (x1 - tip, y1)), fill)], box
    if shape == "line":
        y = y1 - 3
        shaft = Path((("M", x0, y), ("L", x1 - 5, y)), None, layout.stroke, 1.2)
        return [shaft, Path(polygon((x1 - 6, y - 2.5), (x1, y), (x1 - 6, y + 2.5)), layout.stroke)], box
    if shape == "bare":
        return [], box
    if shape == "round":
        return [Path(rounded(box, 4.0), fill, layout.stroke, 0.75, gradient=layout.gradient)], box
    return [made((x0, y0), (x1, y0), (x1, y1), (x0, y1))], box


def rounded(box: Box, radius: float) -> tuple[Any, ...]:
    """A rectangle with round corners."""
    x0, y0, x1, y1 = box
    r = min(radius, (x1 - x0) / 2, (y1 - y0) / 2)
    k = r * 0.4477
    return (
        ("M", x0 + r, y0), ("L", x1 - r, y0), ("C", x1 - k, y0, x1, y0 + k, x1, y0 + r),
        ("L", x1, y1 - r), ("C", x1, y1 - k, x1 - k, y1, x1 - r, y1),
        ("L", x0 + r, y1), ("C", x0 + k, y1, x0, y1 - k, x0, y1 - r),
        ("L", x0, y0 + r), ("C", x0, y0 + k, x0 + k, y0, x0 + r, y0), ("Z",),
    )  # fmt: skip


def _marker(pen: Pen, item: Item, top: float, height: float) -> dict[str, Any]:
    canvas, size, style = pen.canvas, pen.size, pen.layout.markers
    x = pen.axis.x(item.start, snap=False)
    width = text_width(item.text, size, canvas.font)
    if style == "glyph":
        text = "▲" + item.text
        box = (x - size / 2, top, x - size / 2 + width + size, top + height)
        canvas.text(box, text, size)
        return _record(pen, item, text, box, box, mark=x)
    line = text_height(1, size)
    y = {"beside": top + (height - 6) / 2, "above": top + line + 1, "below": top + 1}[style]
    canvas.path(Path(polygon((x, y), (x + 4, y + 6), (x - 4, y + 6)), RED))
    if style == "beside":
        box = (x + 6, top, x + 6 + width, top + height)
    else:
        left = min(max(x - width / 2, pen.axis.edges[0]), pen.axis.edges[-1] - width)
        low = top if style == "above" else top + 8
        box = (left, low, left + width, low + line)
    canvas.text(box, item.text, size)
    return _record(pen, item, item.text, (x - 4, y, x + 4, y + 6), box, mark=x)


def _callout(pen: Pen, item: Item, top: float, height: float) -> dict[str, Any]:
    """A balloon that points up to the bar above it."""
    x0 = pen.axis.x(item.start)
    x1 = max(pen.axis.x(item.end), x0 + text_width(item.text, pen.size, pen.canvas.font) + 8)
    y = top + 6
    shape = polygon(
        (x0, y), (x0 + 12, y), (x0 + 15, top), (x0 + 20, y), (x1, y), (x1, top + height), (x0, top + height)
    )
    pen.canvas.path(Path(shape, (1.0, 0.98, 0.85), GREY))
    inner = (x0 + 2, y, x1 - 2, top + height)
    pen.canvas.text(inner, item.text, pen.size, align="center")
    return _record(pen, item, item.text, (x0, top, x1, top + height), inner)


def _record(pen: Pen, item: Item, text: str, box: Box, text_box: Box, mark: float | None = None) -> dict[str, Any]:
    span = pen.axis.years(box[0], box[2])
    if mark is not None:
        at = pen.axis.position(mark)
        year = int(at)
        span |= {"start": round(at, 3), "end": round(at, 3), "fy_start": year, "fy_end": year, "fy_marker": year}
        span |= {"fy_borderline": min(at - year, year + 1 - at) < 0.03}
    record: dict[str, Any] = {
        "key": id(item),
        "kind": item.kind,
        "text": text,
        "text_flat": text.replace("\n", ""),
        **span,
        "bbox": [round(v, 2) for v in box],
        "text_bbox": [round(v, 2) for v in text_box],
        "shape": pen.layout.bar if item.kind == "bar" else None,
        "parent": None,
    }
    if item.kind == "bar" and not pen.layout.owner_column:
        found = re.search(r"［([^］]+)］$", item.text)
        record["owners"] = [name.removesuffix("等") for name in found[1].split("、")] if found else []
    return record
