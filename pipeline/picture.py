# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws what was read over a picture of the page: columns, headings, items and the lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.schema.records import EditionRecords, ItemKind, ScheduleItem

if TYPE_CHECKING:
    from PIL import ImageDraw

    from koteihyo.extract.model import PageLayout

# Pixels a point: two make 8 pt text legible.
SCALE = 2.0
# What is shown above and below an item, PDF points.
CROP_MARGIN = 40.0

_COLORS = {
    ItemKind.BAR: (0, 90, 200),
    ItemKind.MARK: (0, 120, 160),
    ItemKind.MARKER: (210, 0, 0),
    ItemKind.LABEL: (150, 90, 0),
    ItemKind.HEADING: (120, 0, 160),
    ItemKind.CALLOUT: (0, 140, 60),
}
_COLUMN = (255, 140, 0)
_TICK = (255, 190, 110)
_SECTION = (0, 130, 130)
_ROW = (130, 130, 130)
_FINDING = (230, 0, 160)
_SHAPE = (255, 60, 60)
_RULING = (90, 200, 90)
_CONNECTOR = (150, 60, 255)


def draw_page(records: EditionRecords, page_no: int, samples: bytes, size: tuple[int, int]) -> bytes:
    """A PNG of one page with its records drawn on it.

    `samples` are the RGB bytes of the page rendered at `SCALE`, `size` is (width, height) in pixels.
    """
    from PIL import Image, ImageDraw

    image = Image.frombytes("RGB", size, samples)
    draw = ImageDraw.Draw(image)
    charts = {c.chart_no: c for c in records.charts if c.page_no == page_no}
    for column in (c for c in records.fiscal_columns if c.page_no == page_no):
        chart = charts[column.chart_no]
        _box(draw, (column.x0, chart.y0, column.x1, chart.y1), _COLUMN, str(column.fy_start))
    for tick in (t for t in records.fiscal_ticks if t.page_no == page_no):
        chart = charts[tick.chart_no]
        draw.line([_scaled((tick.x0, chart.y0)), _scaled((tick.x0, chart.y1))], fill=_TICK, width=1)
    for row in (r for r in records.table_rows if r.page_no == page_no):
        _box(draw, (row.x0, row.y0, row.x1, row.y1), _ROW, f"r{row.ordinal}")
    for section in (s for s in records.sections if s.page_no == page_no):
        box = (section.x0, section.y0, section.x1, section.y1)
        _box(draw, box, _SECTION, f"s{section.ordinal} L{section.level}")
    ordinals = {s.section_id: s.ordinal for s in records.sections}
    for item in (i for i in records.schedule_items if i.page_no == page_no):
        place = f" s{ordinals[item.section_id]}" if item.section_id else ""
        label = f"{item.fy_start}-{item.fy_end}{place} {item.confidence:.2f}"
        _box(draw, (item.x0, item.y0, item.x1, item.y1), _COLORS[item.kind], label)
    for finding in (f for f in records.findings if f.page_no == page_no and f.glyph_count):
        if finding.box is not None:
            _box(draw, finding.box, _FINDING, finding.kind)
    out = BytesIO()
    image.save(out, format="PNG", optimize=False)
    return out.getvalue()


def save_picture(records: EditionRecords, pdf: Path, page_no: int, target: Path, *, ink: bool = False) -> None:
    """Renders a page of a PDF and writes it with its records drawn on it, with `ink` also what was found drawn.

    Raises:
        DocumentError: the PDF or the page cannot be read.
    """
    from koteihyo.extract.document import open_document

    with open_document(pdf) as document:
        samples, width, height = document.render(page_no, SCALE)
        if ink:
            samples = draw_ink(document.page(page_no), samples, (width, height))
    target.write_bytes(draw_page(records, page_no, samples, (width, height)))


def draw_ink(layout: PageLayout, samples: bytes, size: tuple[int, int]) -> bytes:
    """The RGB bytes of a page with its shapes, rulings and connectors drawn on it, before anything is made of them."""
    from PIL import Image, ImageDraw

    image = Image.frombytes("RGB", size, samples)
    draw = ImageDraw.Draw(image)
    for rule in layout.rulings:
        start, end = ((rule.at, rule.start), (rule.at, rule.end)) if rule.vertical else (
            (rule.start, rule.at), (rule.end, rule.at))  # fmt: skip
        draw.line([_scaled(start), _scaled(end)], fill=_RULING, width=3)
    for connector in layout.connectors:
        draw.line([_scaled(connector.start), _scaled(connector.end)], fill=_CONNECTOR, width=3)
    for shape in layout.shapes:
        points = [_scaled(point) for point in shape.points]
        draw.line([*points, points[0]], fill=_SHAPE, width=3)
        draw.text(_scaled((shape.box.x0 + 1, shape.box.y1 - 6)), shape.form.value, fill=_SHAPE)
    return image.tobytes()


def _scaled(point: tuple[float, float]) -> tuple[float, float]:
    return point[0] * SCALE, point[1] * SCALE


def _box(
    draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], color: tuple[int, int, int], label: str
) -> None:
    x0, y0, x1, y1 = (v * SCALE for v in box)
    draw.rectangle((x0, y0, x1, y1), outline=color, width=2)
    draw.text((x0 + 2, y0 + 1), label, fill=color)


def save_crops(records: EditionRecords, pdf: Path, items: Sequence[ScheduleItem], folder: Path) -> dict[str, Path]:
    """Writes a picture of the band of the page around each item; returns item id → file.

    Raises:
        DocumentError: the PDF cannot be read.
    """
    from PIL import Image

    from koteihyo.extract.document import open_document

    files: dict[str, Path] = {}
    with open_document(pdf) as document:
        for page_no in sorted({item.page_no for item in items}):
            samples, width, height = document.render(page_no, SCALE)
            page = Image.open(BytesIO(draw_page(records, page_no, samples, (width, height))))
            for item in (i for i in items if i.page_no == page_no):
                top = max(0, int((item.y0 - CROP_MARGIN) * SCALE))
                bottom = min(height, int((item.y1 + CROP_MARGIN) * SCALE))
                # An id is made of the edition's id and numbers; a colon is no good in a file's name.
                files[item.item_id] = folder / f"{item.item_id.replace(':', '_')}.png"
                page.crop((0, top, width, bottom)).save(files[item.item_id], format="PNG")
    return files
