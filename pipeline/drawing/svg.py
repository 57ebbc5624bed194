# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan as an SVG Gantt chart: headings on the left, fiscal years on top, bars where they were drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.etree import ElementTree

from koteihyo.normalize.text.era import era_fiscal_year
from koteihyo.pipeline.drawing.bands import Band, bands_of, position_span, ticks_of, years_of
from koteihyo.pipeline.drawing.colours import BLOCKS, Palette
from koteihyo.pipeline.terminal import clean, width
from koteihyo.schema.records import EditionRecords, ItemKind, ScheduleItem

# Pixels. A full-width character takes FONT, a narrow one half of it.
FONT, LINE, PAD = 11, 14, 4
HEADINGS, YEAR, HEADER, LEGEND = 260, 150, 36, 24
MARK_WIDTH = 130
_COLOURS = {ItemKind.MARKER: "#B00020", ItemKind.CALLOUT: "#1B5E20", ItemKind.LABEL: "#444444"}


@dataclass(frozen=True)
class _Scale:
    first: int

    def x(self, position: float) -> float:
        return round(HEADINGS + (position - self.first) * YEAR, 1)


def svg(records: EditionRecords) -> str:
    """The plan as one SVG document. Items without years are left out; texts can be selected and searched.

    A block's tooltip says its whole text, years, page and confidence.
    """
    years = years_of(records)
    palette = Palette(records.schedule_items)
    total = HEADINGS + YEAR * max(1, len(years))
    scale = _Scale(years.start)
    root = ElementTree.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "font-family": "sans-serif", "font-size": str(FONT)}
    )
    ElementTree.SubElement(root, "title").text = clean(records.edition.title)
    x = float(PAD)
    for name, colour in palette.legend:
        _rect(root, x, PAD, 14, 14, colour)
        _text(root, x + 18, PAD + FONT, name)
        x += 34 + width(name) * FONT / 2
    y = LEGEND
    for year in years:
        _text(root, scale.x(year) + PAD, y + FONT + 2, f"{year}年度", {"font-weight": "bold"})
        _text(root, scale.x(year) + PAD, y + FONT + 2 + LINE, f"（{era_fiscal_year(year)}）")
    ticks = ticks_of(records)
    y = LEGEND + HEADER + (LINE if ticks else 0)
    fine = ElementTree.SubElement(root, "g", {"stroke": "#EEEEEE"})
    lines = ElementTree.SubElement(root, "g", {"stroke": "#CCCCCC"})
    for label, start, end in ticks:
        _tick(root, label, scale.x(start), scale.x(end), LEGEND + HEADER)
    chapter = None
    for band in bands_of(records, _drawn):
        if band.chapter != chapter:
            chapter = band.chapter
            if chapter:
                _rect(root, 0, y, total, LINE + PAD, "#F2F2F2")
                _text(root, PAD, y + FONT + 2, chapter, {"font-weight": "bold"})
                y += LINE + PAD
        y = _band(root, band, y, scale, palette)
        _line(lines, 0, y, total, y)
    for year in (*years, years.stop):
        _line(lines, scale.x(year), LEGEND, scale.x(year), y)
    for x in sorted({scale.x(start) for _label, start, _end in ticks if start not in years}):
        _line(fine, x, LEGEND + HEADER, x, y)
    root.set("viewBox", f"0 0 {total} {y + 1}")
    root.set("width", str(total))
    root.set("height", str(y + 1))
    return ElementTree.tostring(root, encoding="unicode")


def _tick(root: ElementTree.Element, label: str, left: float, right: float, y: int) -> None:
    """The label of a month or quarter; where there is no room, its figures alone, or nothing."""
    figures = "".join(char for char in clean(label) if char.isdigit())
    fitting = next((text for text in (clean(label), figures) if text and width(text) * FONT / 2 < right - left), None)
    if fitting:
        _text(root, left + 1, y + FONT, fitting, {"fill": "#666666"})


def _drawn(item: ScheduleItem) -> tuple[float, float] | None:
    """Where an item takes up room: a mark is a point with its text on the right."""
    span = position_span(item)
    if span is None or item.kind in BLOCKS:
        return span
    lines = _wrapped(clean(item.text), MARK_WIDTH)
    return span[0], max(span[1], span[0] + (max(width(line) for line in lines) * FONT / 2 + 2 * PAD) / YEAR)


def _band(root: ElementTree.Element, band: Band, y: int, scale: _Scale, palette: Palette) -> int:
    """Draws a heading and its lanes; returns where the next one begins."""
    indent = PAD + 10 * max(0, band.level - 1)
    heading = _wrapped(clean(band.title), HEADINGS - indent - PAD)
    for number, line in enumerate(heading):
        _text(root, indent, y + PAD + FONT + LINE * number, line, {"font-weight": "bold"} if band.level == 1 else {})
    below = y + PAD
    for lane in band.lanes:
        below += max(_item(root, item, below, scale, palette) for item in lane) + PAD
    return max(below, y + LINE * len(heading) + 2 * PAD)


def _item(root: ElementTree.Element, item: ScheduleItem, y: int, scale: _Scale, palette: Palette) -> int:
    """Draws an item; returns its height."""
    start, end = _drawn(item) or (0.0, 0.0)
    left, right = scale.x(start), scale.x(end)
    group = ElementTree.SubElement(root, "g")
    years = f"{item.fy_start}" if item.fy_start == item.fy_end else f"{item.fy_start}–{item.fy_end}"
    ElementTree.SubElement(group, "title").text = clean(
        f"{item.text}（{years}、{item.page_no}頁、確度 {item.confidence:.2f}）"
    )
    lines = _wrapped(clean(item.text), max(FONT * 2, right - left - 2 * PAD))
    height = LINE * len(lines) + PAD
    if item.kind in BLOCKS:
        block = _rect(group, left, y, max(2.0, right - left - 1), height, palette.of(item))
        block.set("stroke", "#888888")
        if item.open_end:
            block.set("stroke-dasharray", "3 2")
    style = {"fill": _COLOURS[item.kind]} if item.kind in _COLOURS else {}
    for number, line in enumerate(lines):
        _text(group, left + PAD, y + FONT + LINE * number + 1, line, style)
    return height


def _wrapped(text: str, pixels: float) -> list[str]:
    """A text in lines that fit; Japanese may break anywhere."""
    columns = max(2, math.floor(pixels / (FONT / 2)))
    lines, line = [], ""
    for char in text:
        if width(line + char) > columns:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line]


def _rect(
    parent: ElementTree.Element, x: float, y: float, width: float, height: float, fill: str
) -> ElementTree.Element:
    values = {"x": x, "y": y, "width": width, "height": height}
    return ElementTree.SubElement(parent, "rect", {**{k: f"{v:g}" for k, v in values.items()}, "fill": fill})


def _line(parent: ElementTree.Element, x1: float, y1: float, x2: float, y2: float) -> None:
    values = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    ElementTree.SubElement(parent, "line", {k: f"{v:g}" for k, v in values.items()})


def _text(parent: ElementTree.Element, x: float, y: float, text: str, style: dict[str, str] | None = None) -> None:
    ElementTree.SubElement(parent, "text", {"x": f"{x:g}", "y": f"{y:g}", **(style or {})}).text = clean(text)
