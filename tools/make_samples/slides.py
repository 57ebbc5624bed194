# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws the laid out pages with PowerPoint shapes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from tools.make_samples.layout import (
    CARD_LEFT,
    CHART_LEFT,
    CHART_TOP,
    DONE_LEFT,
    FONT_SIZE,
    HEADER_TOP,
    HEIGHT,
    LEFT,
    LINE,
    NAME_LEFT,
    OWNER_LEFT,
    RIGHT,
    WIDTH,
    Box,
    PlacedItem,
    PlacedPage,
    wrap,
)
from tools.make_samples.plan import SUBTITLE, TITLE, Edition

FONT = "Noto Sans CJK JP"
INK, GREEN, PALE, GREY = "1A1A1A", "1F5C4D", "EDF4F0", "8A8A8A"
FILLS = ("DCEBE4", "FBE9CF", "D9E6F5", "F3DFE6")
SHAPES = {
    "rect": MSO_SHAPE.RECTANGLE,
    "roundRect": MSO_SHAPE.ROUNDED_RECTANGLE,
    "homePlate": MSO_SHAPE.PENTAGON,
    "rightArrow": MSO_SHAPE.RIGHT_ARROW,
}


def _rgb(color: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(color))  # type: ignore[no-untyped-call]


def _drop_theme(shape: Any) -> None:
    """Without the theme's style, which would put a shadow below every line and cell."""
    shape._element.remove(shape._element.find(qn("p:style")))


class Slide:
    """A blank slide to draw on, in points."""

    def __init__(self, shapes: Any) -> None:
        self.shapes = shapes

    def line(self, x0: float, y0: float, x1: float, y1: float, *, color: str = GREY, dashed: bool = False) -> None:
        """A thin straight line."""
        connector = self.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Pt(x0), Pt(y0), Pt(x1), Pt(y1))
        _drop_theme(connector)
        line = connector.line
        line.color.rgb = _rgb(color)
        line.width = Pt(0.5 if dashed else 0.75)
        if dashed:
            line.dash_style = MSO_LINE.DASH

    def shape(self, box: Box, name: str = "rect", *, fill: str | None = None, stroke: str | None = None,
              shadow: bool = False) -> Any:  # fmt: skip
        """A filled or outlined shape."""
        x0, y0, x1, y1 = box
        shape = self.shapes.add_shape(SHAPES[name], Pt(x0), Pt(y0), Pt(x1 - x0), Pt(y1 - y0))
        if not shadow:
            _drop_theme(shape)
        if name == "homePlate":
            shape.adjustments[0] = 0.3
        elif name == "rightArrow":
            shape.adjustments[0], shape.adjustments[1] = 0.76, 0.4
        if fill:
            shape.fill.solid()
            shape.fill.fore_color.rgb = _rgb(fill)
        else:
            shape.fill.background()
        if stroke:
            shape.line.color.rgb = _rgb(stroke)
            shape.line.width = Pt(0.75)
        else:
            shape.line.fill.background()
        return shape

    def text(self, shape: Any, lines: list[str], *, size: float = FONT_SIZE, color: str = INK, bold: bool = False,
             align: PP_ALIGN = PP_ALIGN.LEFT, anchor: MSO_ANCHOR = MSO_ANCHOR.MIDDLE) -> None:  # fmt: skip
        """Write the lines into the shape; they are broken here, so the office program has nothing to break."""
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.word_wrap = True
        frame.vertical_anchor = anchor
        paragraph = frame.paragraphs[0]
        paragraph.alignment = align
        paragraph.line_spacing = Pt(size * LINE / FONT_SIZE)
        for number, line in enumerate(lines):
            if number:
                paragraph.add_line_break()
            run = paragraph.add_run()
            run.text = line
            run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
            run.font.color.rgb = _rgb(color)
            run._r.get_or_add_rPr().set("lang", "ja-JP")
            font = run._r.rPr.makeelement(qn("a:ea"), {"typeface": FONT})
            run._r.rPr.append(font)

    def words(self, box: Box, lines: list[str], **how: Any) -> None:
        """Text without a visible shape."""
        x0, y0, x1, y1 = box
        self.text(self.shapes.add_textbox(Pt(x0), Pt(y0), Pt(x1 - x0), Pt(y1 - y0)), lines, **how)


def save(edition: Edition, pages: list[PlacedPage], path: Path) -> None:
    """Write the edition as a presentation."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Pt(WIDTH), Pt(HEIGHT)
    presentation.core_properties.title = f"{TITLE} {SUBTITLE}"
    blank = presentation.slide_layouts[6]
    _draw_cover(Slide(presentation.slides.add_slide(blank).shapes), edition)
    for page in pages:
        slide = Slide(presentation.slides.add_slide(blank).shapes)
        _draw_frame(slide, page)
        if page.rows:
            _draw_card_table(slide, page)
        else:
            _draw_roadmap(slide, page)
    presentation.save(str(path))


def _draw_cover(slide: Slide, edition: Edition) -> None:
    centre = {"align": PP_ALIGN.CENTER}
    slide.shape((0, 0, WIDTH, 26), fill=GREEN)
    slide.words((60, 200, WIDTH - 60, 250), [TITLE], size=32, bold=True, color=GREEN, **centre)
    slide.words((60, 260, WIDTH - 60, 300), [SUBTITLE], size=24, **centre)
    slide.words((60, 400, WIDTH - 60, 430), [edition.label], size=16, **centre)
    slide.words((60, 520, WIDTH - 60, 545), ["この計画は架空のものです（見本）"], size=11, color="555555", **centre)


def _draw_frame(slide: Slide, page: PlacedPage) -> None:
    """The chapter's title, the header of years, the notes and the page number."""
    slide.words((LEFT, 14, RIGHT, 34), [page.page.chapter], size=14, bold=True, color=GREEN)
    slide.line(LEFT, 36, RIGHT, 36, color=GREEN)
    for column in page.columns:
        cell = slide.shape(column.box, fill=GREEN, stroke="FFFFFF")
        slide.text(cell, column.label.split("\n"), color="FFFFFF", bold=True, align=PP_ALIGN.CENTER)
    for text, (x0, y0, _, y1) in page.notes:
        slide.words((x0, y0, RIGHT - 40, y1), [text], size=7)
    slide.words((780, 572, RIGHT, 585), [str(page.page.printed_page)], size=9, align=PP_ALIGN.RIGHT)


def _draw_years(slide: Slide, page: PlacedPage) -> None:
    for column in page.columns[1:]:
        slide.line(column.box[0], CHART_TOP, column.box[0], page.bottom, dashed=True)


def _draw_roadmap(slide: Slide, page: PlacedPage) -> None:
    slide.shape((LEFT, CHART_TOP, CHART_LEFT, page.bottom), fill=PALE)
    _draw_years(slide, page)
    above = False
    for section in page.sections:
        if above:
            slide.line(LEFT, section.band[0], RIGHT, section.band[0])
        above = bool(section.items)
        x0, y0, _, y1 = section.box
        slide.words((x0, y0, CHART_LEFT, y1), section.lines, bold=section.section.level == 1, anchor=MSO_ANCHOR.TOP)
    slide.shape((LEFT, CHART_TOP, RIGHT, page.bottom), stroke=GREY)
    slide.line(CHART_LEFT, CHART_TOP, CHART_LEFT, page.bottom)
    _draw_items(slide, [i for section in page.sections for i in section.items])


def _draw_card_table(slide: Slide, page: PlacedPage) -> None:
    heads = {
        "手続・カード等": (LEFT, DONE_LEFT),
        "実施済みの事項": (DONE_LEFT, CARD_LEFT),
        "主担当部局": (OWNER_LEFT, RIGHT),
    }
    for text, (x0, x1) in heads.items():
        cell = slide.shape((x0, HEADER_TOP, x1, CHART_TOP), fill=GREEN, stroke="FFFFFF")
        slide.text(cell, [text], color="FFFFFF", bold=True, align=PP_ALIGN.CENTER)
    for group in dict.fromkeys(placed.row.group for placed in page.rows):
        bands = [placed.band for placed in page.rows if placed.row.group == group]
        cell = slide.shape((LEFT, bands[0][0], NAME_LEFT, bands[-1][1]), fill=PALE, stroke=GREY)
        slide.text(cell, list(group), size=9, bold=True, align=PP_ALIGN.CENTER)
    _draw_years(slide, page)
    for placed in page.rows:
        top, bottom = placed.band
        slide.line(NAME_LEFT, bottom, RIGHT, bottom)
        slide.words((NAME_LEFT + 3, top, DONE_LEFT - 2, bottom), wrap(placed.row.name, DONE_LEFT - NAME_LEFT - 5))
        if placed.row.done:
            slide.words((DONE_LEFT + 3, top, CARD_LEFT - 2, bottom), wrap(placed.row.done, CARD_LEFT - DONE_LEFT - 5))
        slide.words((OWNER_LEFT + 3, top, RIGHT, bottom), wrap(placed.row.owner, RIGHT - OWNER_LEFT + 5))
    for x in (NAME_LEFT, DONE_LEFT, CARD_LEFT, OWNER_LEFT):
        slide.line(x, CHART_TOP, x, page.bottom)
    slide.shape((LEFT, CHART_TOP, RIGHT, page.bottom), stroke=GREY)
    _draw_items(slide, [i for placed in page.rows for i in placed.items])


def _draw_items(slide: Slide, items: list[PlacedItem]) -> None:
    for number, placed in enumerate(items):
        if placed.item.kind == "bar":
            bar = slide.shape(placed.box, placed.item.shape, fill=FILLS[number % len(FILLS)], stroke=GREEN, shadow=True)
            slide.text(bar, placed.lines, align=PP_ALIGN.CENTER)
        else:
            x0, y0, x1, y1 = placed.box
            slide.words((x0, y0, x1 + 20, y1), placed.lines, bold=placed.item.kind == "heading")
