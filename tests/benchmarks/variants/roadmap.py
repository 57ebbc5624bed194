# SPDX-License-Identifier: AGPL-3.0-or-later
"""A roadmap page: bands of headings and bars under the header."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tests.benchmarks.variants.axis import draw_header, make_axis
from tests.benchmarks.variants.bars import Pen, draw_item, lane_height, text_height
from tests.benchmarks.variants.canvas import BLACK, Canvas, wrap
from tests.benchmarks.variants.content import Item, Page
from tests.benchmarks.variants.furniture import draw_legend, draw_notes, draw_page_number, draw_title, notes_height
from tests.benchmarks.variants.headings import Heading
from tests.benchmarks.variants.layouts import GREY, SILVER, Layout
from tests.benchmarks.variants.left import draw_left, left_columns

OWNER_WIDTH = 58.0


@dataclass
class Band:
    """A horizontal stripe of the page: a heading, lanes, or both."""

    heading: Heading
    lanes: list[list[Item]]
    heights: list[float]
    least: float
    strip: bool = False
    top: float = 0.0
    bottom: float = 0.0

    @property
    def inside(self) -> float:
        """Height of the lanes."""
        return sum(self.heights)


class TooFullError(Exception):
    """The page does not hold its content at this size of type."""


def roadmap_page(layout: Layout, page: Page, headings: list[Heading], printed: int) -> tuple[Canvas, dict[str, Any]]:
    """The page and its truth; type is set smaller until everything fits."""
    size = layout.size
    while size >= 4.5:
        try:
            return _page(replace(layout, size=size), page, headings, printed)
        except TooFullError:
            size -= 0.25
    raise AssertionError(f"{layout.name}: the page is too small for its content")


def _page(layout: Layout, page: Page, headings: list[Heading], printed: int) -> tuple[Canvas, dict[str, Any]]:
    canvas = Canvas(*layout.page, layout.font)
    top = draw_title(canvas, layout, page.chapter)
    left, right = layout.margin, canvas.width - layout.margin
    if layout.legend:
        draw_legend(canvas, layout, right, top)
        top += layout.size * 1.6
    chart_left = left + (0 if layout.left in ("strip", "none") else layout.left_width)
    chart_right = right - (OWNER_WIDTH if layout.owner_column else 0)
    axis = make_axis(layout, chart_left, chart_right)
    others = [(left, chart_left, layout.header_corner)] if chart_left > left and layout.header_corner else []
    others += [(chart_right, right, "担当府省")] if layout.owner_column else []
    body, axis_truth = draw_header(canvas, layout, axis, top, others)
    pen = Pen(canvas, layout, axis, layout.size)
    bands = _bands(pen, headings)
    bottom = canvas.height - layout.margin - 4 - notes_height(layout, canvas, page.notes)
    if layout.page_number.startswith("bottom"):
        bottom -= 3
    _stack(layout, bands, body + (0 if layout.left == "strip" else 2), bottom)
    end = bands[-1].bottom
    _rules(canvas, layout, axis.edges, bands, (left, right, body, end))
    sections = draw_left(
        canvas, layout, [h for h in headings if h.here or layout.left in ("merged", "vertical")], bands
    )
    items: list[dict[str, Any]] = []
    for n, band in enumerate(bands):
        items += _draw_lanes(pen, band, n)
        owner = band.heading.section.owner
        if layout.owner_column and owner and band.lanes:
            canvas.text((chart_right + 3, band.top, right - 1, band.bottom), owner, layout.size * 0.95)
    names = {record["key"]: f"i{n}" for n, record in enumerate(items, 1)}
    for record in items:
        record["id"] = names[record.pop("key")]
        record["parent"] = names.get(record["parent"])
    truth = {
        "kind": "roadmap",
        "chapter": page.chapter,
        "axis": axis_truth,
        "sections": sections,
        "items": items,
        "rows": [],
        "notes": draw_notes(canvas, layout, page.notes, end + 3),
        "printed_page": draw_page_number(canvas, layout, printed),
    }
    return canvas, truth


def _bands(pen: Pen, headings: list[Heading]) -> list[Band]:
    layout, size = pen.layout, pen.size
    bands: list[Band] = []
    for heading in headings:
        if not heading.here:
            continue
        lanes = [_shown(layout, lane) for lane in heading.section.lanes]
        if not layout.nested:
            lanes = [flat for lane in lanes for flat in _flattened(lane)]
        lanes = [lane for lane in lanes if lane]
        heights = [lane_height(pen, lane) for lane in lanes]
        if layout.left == "strip":
            bands.append(Band(heading, [], [], text_height(1, size) + 5, strip=True))
            if lanes:
                bands.append(Band(heading, lanes, heights, 0))
            continue
        if layout.left in ("merged", "none") or (layout.left == "vertical" and heading.section.level == 1):
            if not lanes:
                continue
            least = 0.0
        else:
            x0, x1 = left_columns(layout, heading.section.level)
            lines = wrap(heading.label, x1 - x0 - 3, size, layout.font).count("\n") + 1
            least = text_height(lines, size) + 4
        bands.append(Band(heading, lanes, heights, least))
    return _roomy(pen, bands, headings)


def _roomy(pen: Pen, bands: list[Band], headings: list[Heading]) -> list[Band]:
    """Makes room for cells that span several bands: vertical labels and merged cells."""
    layout = pen.layout
    if layout.left not in ("merged", "vertical"):
        return bands
    for heading in headings:
        own = [b for b in bands if b.heading.path[: len(heading.path)] == heading.path]
        x0, x1 = left_columns(layout, heading.section.level, leaf=heading.section.lanes != [])
        if layout.left == "vertical" and heading.section.level == 1:
            need = len(heading.label.replace("　", "")) * pen.size * 1.08 + 8
        else:
            need = text_height(wrap(heading.label, x1 - x0 - 4, pen.size, layout.font).count("\n") + 1, pen.size) + 5
        have = sum(max(b.least, b.inside + 3 * len(b.lanes) + 3) for b in own)
        if own and need > have:
            own[-1].least = max(own[-1].least, own[-1].inside + 3 * len(own[-1].lanes) + 3) + need - have
    return bands


def _shown(layout: Layout, lane: list[Item]) -> list[Item]:
    return [i for i in lane if i.kind != "callout" or layout.callouts]


def _flattened(lane: list[Item]) -> list[list[Item]]:
    """Without nesting, a bar's children stand in lanes of their own below it."""
    below = [list(children) for item in lane for children in item.children]
    return [[replace(i, children=()) if i.children else i for i in lane], *below]


def _stack(layout: Layout, bands: list[Band], top: float, bottom: float) -> None:
    """Gives every band its place; spare height goes between the lanes."""
    lanes = sum(len(b.lanes) for b in bands)
    need = sum(max(b.least, b.inside + 2 * len(b.lanes) + 3 * bool(b.lanes)) for b in bands)
    if need > bottom - top:
        raise TooFullError
    gap = 2 + min((bottom - top - need) / max(lanes, 1), layout.max_gap)
    for band in bands:
        band.top = top
        band.bottom = top = top + max(band.least, band.inside + (gap * len(band.lanes) + 3 if band.lanes else 0))
    over = top - bottom
    if over > 0.5:
        # Bands that are higher than their lanes took none of the gap into account.
        raise TooFullError


def _draw_lanes(pen: Pen, band: Band, n: int) -> list[dict[str, Any]]:
    layout = pen.layout
    records: list[dict[str, Any]] = []
    if not band.lanes:
        return records
    cells = layout.bar == "cell"
    gap = (band.bottom - band.top - band.inside) / len(band.lanes)
    y = band.top + (0 if cells else gap / 2)
    for lane, height in zip(band.lanes, band.heights, strict=True):
        full = height + gap if cells else height
        for item in lane:
            fill = layout.fills[(n + len(records)) % len(layout.fills)]
            records += draw_item(pen, item, y, full if item.kind == "bar" else height, fill)
        if cells:
            pen.canvas.rule(pen.axis.edges[0], y, pen.axis.edges[-1], y, GREY)
        y += height + gap
    path = [] if layout.left == "none" else list(band.heading.path)
    return [{**r, "section_path": path} for r in records]


def _rules(
    canvas: Canvas,
    layout: Layout,
    edges: tuple[float, ...],
    bands: list[Band],
    frame: tuple[float, float, float, float],
) -> None:
    left, right, top, bottom = frame
    if layout.left_fill and edges[0] > left:
        canvas.rect((left, top, edges[0], bottom), layout.left_fill)
    if layout.column_lines != "none":
        for x in edges[1:-1]:
            canvas.rule(x, top, x, bottom, GREY, 0.5, layout.column_lines == "dashed")
    ruled = layout.left in ("ruled", "merged", "vertical")
    if ruled or layout.left == "strip":
        for x in {left, edges[0], edges[-1], right}:
            canvas.rule(x, top, x, bottom, BLACK if layout.left == "merged" else GREY)
        canvas.rule(left, bottom, right, bottom, GREY)
        canvas.rule(left, top, right, top, GREY)
    for band in bands:
        if band.strip:
            canvas.rect((left, band.top, right, band.bottom), SILVER, GREY, 0.5)
        elif ruled:
            x0 = (
                left
                if layout.left == "ruled"
                else left_columns(layout, band.heading.section.level, bool(band.lanes))[0]
            )
            canvas.rule(x0, band.top, right, band.top, GREY)
