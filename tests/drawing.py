# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws small fictional roadmaps in many layouts, with what a person would read from them.

The drawing follows a `Layout`; the words are made up here. Used by tests and by the layout benchmark.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pymupdf

Color = tuple[float, float, float]


@dataclass(frozen=True)
class Layout:
    """How a ministry might draw its chart."""

    name: str
    page: tuple[float, float] = (842.0, 595.0)
    rotate: int = 0
    font_size: float = 8.5
    years: tuple[int, ...] = (2023, 2024, 2025, 2026, 2027)
    header: str = "western_wareki"
    header_fill: Color | None = (0.15, 0.3, 0.5)
    header_lines: bool = True
    column_lines: str = "dashed"
    widths: tuple[float, ...] = ()
    bar: str = "pentagon"
    fill: Color | None = (0.8, 0.9, 1.0)
    stroke: Color | None = (0.1, 0.2, 0.5)
    text_color: Color = (0, 0, 0)
    rows: str = "ruled"
    heading_align: str = "top"
    order: str = "normal"
    glyphs: str = "runs"
    margins: tuple[float, float] = (24.0, 24.0)
    left: float = 130.0
    gradient: bool = False
    milestone: str = "sign"
    sub_header: tuple[str, ...] = ()
    legend: bool = False


@dataclass(frozen=True)
class Expected:
    """One item as a person reads it."""

    text: str
    fy_start: int
    fy_end: int
    section: str
    kind: str = "bar"


@dataclass
class Drawing:
    """A drawn page and what stands on it."""

    pdf: bytes
    items: list[Expected] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    columns: list[tuple[int, int | None]] = field(default_factory=list)


# (level, marker, title, rows of (text, start, end)); ▲ begins a milestone.
PLAN = [
    (2, "（１）", "水路の見える化", []),
    (3, "①", "観測網の更新", [
        [("水位計の配置を\n見直す調査", 2023.0, 2024.5), ("新しい水位計への\n置き換え", 2024.5, 2028.0)],
        [("観測値の公開に関する検討", 2023.0, 2025.0), ("試行公開", 2025.0, 2026.0), ("全域公開", 2026.0, 2028.0)],
    ]),
    (3, "②", "渇水への備え", [
        [("貯水量の予測モデルの開発", 2023.5, 2026.0), ("予測モデルの運用・改善", 2026.0, 2028.0)],
        [("▲基準値の告示（2025年10月）", 2025.5, 2025.5)],
        [("節水に取り組む事業者への支援［環境省、国土交通省等］", 2023.0, 2028.0)],
    ]),
    (2, "（２）", "林道の保全", []),
    (3, "①", "路面の点検", [
        [("点検要領の作成", 2023.0, 2024.0), ("点検の実施（全路線の80％）", 2024.0, 2027.0),
         ("補修計画", 2027.0, 2028.0)],
    ]),
    (4, "・", "橋の長寿命化", [
        [("橋の健全度の判定", 2023.0, 2025.0), ("補強工事を順次実施", 2025.0, 2028.0)],
    ]),
]  # fmt: skip


@cache
def draw(layout: Layout, seed: int = 0) -> Drawing:  # noqa: C901 - one page from top to bottom
    """The plan drawn in a layout. Times of the plan are those of FY2023 to FY2027, whatever years the layout shows."""
    rng = random.Random(seed)
    document = pymupdf.open()
    page = document.new_page(width=layout.page[0], height=layout.page[1])
    pen = _Pen(page, layout, rng)
    drawing = Drawing(b"")
    shift = layout.years[0] - 2023
    edges = _edges(layout)
    top = layout.margins[1] + 26
    pen.text((layout.margins[0], layout.margins[1] + 12), "第２章　川と森の基盤", layout.font_size * 1.7)
    header_height = layout.font_size * 3.2
    header = [lambda h=header_height: _draw_header(pen, layout, edges, top, h, drawing)]
    if layout.sub_header:
        header.append(lambda h=header_height: _draw_sub_header(pen, layout, edges, top + h))
        header_height += layout.font_size * 1.6
    body: list[object] = []
    y = top + header_height + 4
    bottom = _plan_height(layout, y)
    jobs = [lambda: _column_lines(pen, layout, edges, top + header_height, bottom)]
    path: list[str] = []
    for _level, marker, title, rows in PLAN:
        label = marker + title
        start = y
        path.append(label)
        drawing.sections.append(label)
        heading_height = layout.font_size * 2.6
        placed = y
        for row in rows:
            height = layout.font_size * (3.0 if any("\n" in t for t, _, _ in row) else 2.0)
            for text, begin, end in row:
                x0, x1 = _x(edges, begin - 2023), _x(edges, end - 2023)
                expected = Expected(text.replace("\n", ""), *_years(begin + shift, end + shift), label)
                if text.startswith("▲"):
                    shown = text if layout.milestone == "sign" else text[1:]
                    drawing.items.append(replace(expected, text=shown, fy_end=expected.fy_start, kind="marker"))
                    jobs.append(lambda a=x0, b=placed, t=text: _milestone(pen, layout, (a, b), t))
                else:
                    drawing.items.append(expected)
                    box = pymupdf.Rect(x0 + 2, placed, x1 - 2, placed + height)
                    jobs.append(lambda b=box, t=text: _bar(pen, layout, b, t))
            placed += height + layout.font_size * 0.6
        end_y = max(placed, start + heading_height) + layout.font_size * 0.5
        if rows and layout.heading_align == "middle":
            at = (start + placed) / 2 - layout.font_size * 0.2
        else:
            at = start + layout.font_size
        body.append(lambda a=at, t=label: pen.text((layout.margins[0] + 4, a), t, layout.font_size))
        if layout.rows == "ruled" and rows:
            jobs.append(lambda e=end_y: pen.line((layout.margins[0], e), (edges[-1], e)))
        y = end_y + layout.font_size * 0.5
    if layout.rows != "none":
        jobs.append(lambda e=bottom: pen.rect(pymupdf.Rect(layout.margins[0], top + header_height, edges[-1], e)))
    steps = [*header, *jobs, *body]
    if layout.order == "shuffled":
        rng.shuffle(steps)
    elif layout.order == "header_last":
        steps = [*jobs, *body, *header]
    for step in steps:
        step()  # type: ignore[operator]
    if layout.legend:
        pen.text((edges[0], bottom + layout.font_size * 2), "※ 年度は目安である。", layout.font_size * 0.9)
    pen.text((layout.page[0] / 2, layout.page[1] - 12), "7", layout.font_size)
    drawing.pdf = (_turned(document, layout.rotate) if layout.rotate else document).tobytes(
        deflate=True, no_new_id=True
    )
    return drawing


def _turned(document: pymupdf.Document, rotate: int) -> pymupdf.Document:
    """The same page as a person sees it, stored turned, with a /Rotate that turns it back."""
    source = document[0].rect
    turned = pymupdf.open()
    size = (source.height, source.width) if rotate % 180 else (source.width, source.height)
    page = turned.new_page(width=size[0], height=size[1])
    page.show_pdf_page(page.rect, document, 0, rotate=rotate)
    page.set_rotation(rotate)
    return turned


def write(layout: Layout, folder: Path) -> tuple[Path, Drawing]:
    """Draws a layout into a PDF file."""
    drawing = draw(layout)
    path = folder / f"{layout.name}.pdf"
    path.write_bytes(drawing.pdf)
    return path, drawing


def _edges(layout: Layout) -> list[float]:
    x0, x1 = layout.margins[0] + layout.left, layout.page[0] - layout.margins[0]
    shares = layout.widths or (1.0,) * len(layout.years)
    edges, total = [x0], sum(shares)
    for share in shares:
        edges.append(edges[-1] + (x1 - x0) * share / total)
    return edges


def _x(edges: list[float], position: float) -> float:
    column = min(int(position), len(edges) - 2)
    return edges[column] + (position - column) * (edges[column + 1] - edges[column])


def _years(begin: float, end: float) -> tuple[int, int]:
    """First and last year whose column is covered by at least a quarter."""
    first = int(begin) if begin - int(begin) <= 0.75 else int(begin) + 1
    last = int(end) if end - int(end) >= 0.25 else int(end) - 1
    return first, max(first, last)


def _plan_height(layout: Layout, y: float) -> float:
    for _level, _marker, _title, rows in PLAN:
        placed = y
        for row in rows:
            placed += layout.font_size * (3.0 if any("\n" in t for t, _, _ in row) else 2.0) + layout.font_size * 0.6
        y = max(placed, y + layout.font_size * 2.6) + layout.font_size
    return y


def _label(layout: Layout, index: int) -> str:
    year = layout.years[index]
    last = index == len(layout.years) - 1
    era = year - 2018
    return {
        "western_wareki": f"{year}年度\n（令和{era}年度）",
        "western": f"{year}年度",
        "wareki": f"令和{'元' if era == 1 else era}年度",
        "short": f"R{era}",
        "fy": f"FY{year}",
        "slash": f"{year}\n(R{era})",
        "three": f"令和\n{era}年度\n({year}年度)",
        "bare": f"令和{era}年度" if index == 0 else f"{era}年度",
        "open_tilde": f"{year}年度～" if last else f"{year}年度",
        "open_later": f"令和{era}年度\n以降" if last else f"令和{era}年度",
    }[layout.header]


def _draw_header(pen: _Pen, layout: Layout, edges: list[float], top: float, height: float, drawing: Drawing) -> None:
    order = list(range(len(layout.years)))
    if layout.order != "normal":
        pen.rng.shuffle(order)
    drawing.columns = [
        (year, None if layout.header.startswith("open") and i == len(layout.years) - 1 else year)
        for i, year in enumerate(layout.years)
    ]
    color = (1.0, 1.0, 1.0) if layout.header_fill and sum(layout.header_fill) < 1.5 else (0.0, 0.0, 0.0)
    for i in order:
        box = pymupdf.Rect(edges[i], top, edges[i + 1], top + height)
        if layout.header_fill or layout.header_lines:
            pen.shape("rect", box, layout.header_fill, (0.5, 0.5, 0.5) if layout.header_lines else None)
        pen.centred(box, _label(layout, i), layout.font_size, color)


def _draw_sub_header(pen: _Pen, layout: Layout, edges: list[float], top: float) -> None:
    """Half-years, quarters or months under each year."""
    for x0, x1 in pairwise(edges):
        step = (x1 - x0) / len(layout.sub_header)
        for i, label in enumerate(layout.sub_header):
            box = pymupdf.Rect(x0 + i * step, top, x0 + (i + 1) * step, top + layout.font_size * 1.6)
            pen.shape("rect", box, (0.9, 0.9, 0.9), (0.6, 0.6, 0.6))
            pen.centred(box, label, layout.font_size * 0.8, (0, 0, 0))


def _column_lines(pen: _Pen, layout: Layout, edges: list[float], top: float, bottom: float) -> None:
    if layout.column_lines == "none":
        return
    for x in edges:
        pen.line((x, top), (x, bottom), dashes="[3 2] 0" if layout.column_lines == "dashed" else None)


def _milestone(pen: _Pen, layout: Layout, at: tuple[float, float], text: str) -> None:
    """A ▲ in the text, or a small red triangle with its caption right of it or below."""
    x, y, em = at[0], at[1], layout.font_size
    if layout.milestone == "sign":
        pen.text((x - em / 2, y + em), text, em)
        return
    pen.polygon([(x - em / 2, y + em * 0.8), (x, y), (x + em / 2, y + em * 0.8)], (1, 0, 0), None)
    if layout.milestone == "right":
        pen.text((x + em, y + em * 0.8), text[1:], em * 0.85)
    else:
        length = pymupdf.get_text_length(text[1:], fontname="japan", fontsize=em * 0.85)
        pen.text((x - length / 2, y + em * 1.75), text[1:], em * 0.85)


def _bar(pen: _Pen, layout: Layout, box: pymupdf.Rect, text: str) -> None:
    if layout.bar == "line":
        y = box.y1 - 3
        pen.line((box.x0, y), (box.x1 - 5, y), width=1.2)
        pen.polygon([(box.x1 - 5, y - 3), (box.x1, y), (box.x1 - 5, y + 3)], (0, 0, 0), None)
        pen.centred(pymupdf.Rect(box.x0, box.y0, box.x1, box.y1 - 5), text, layout.font_size, layout.text_color)
        return
    if layout.bar == "cell":
        for a, b in ((box.tl, box.tr), (box.tr, box.br), (box.bl, box.br), (box.tl, box.bl)):
            pen.line(a, b)
        pen.centred(box, text, layout.font_size, layout.text_color)
        return
    if layout.gradient:
        for step in range(20):
            band = pymupdf.Rect(box.x0, box.y0, box.x1, box.y1 - step * box.height / 20)
            pen.shape("rect", band, (0.6 + 0.015 * step, 0.9, 1.0), None)
        pen.shape(layout.bar, box, None, layout.stroke)
    else:
        pen.shape(layout.bar, box, layout.fill, layout.stroke)
    pen.centred(box, text, layout.font_size, layout.text_color)


class _Pen:
    """Draws on a page in the layout's manner."""

    def __init__(self, page: pymupdf.Page, layout: Layout, rng: random.Random) -> None:
        self.page, self.layout, self.rng = page, layout, rng

    def text(self, at: tuple[float, float], text: str, size: float, color: Color = (0, 0, 0)) -> None:
        if self.layout.glyphs == "single":
            x = at[0]
            for char in text:
                self.page.insert_text((x, at[1]), char, fontname="japan", fontsize=size, color=color)
                x += pymupdf.get_text_length(char, fontname="japan", fontsize=size)
            return
        self.page.insert_text(at, text, fontname="japan", fontsize=size, color=color)
        if self.layout.glyphs == "doubled":
            self.page.insert_text((at[0] + 0.3, at[1]), text, fontname="japan", fontsize=size, color=color)

    def centred(self, box: pymupdf.Rect, text: str, size: float, color: Color) -> None:
        lines = text.split("\n")
        lead = size * 1.15
        y = (box.y0 + box.y1) / 2 - lead * (len(lines) - 1) / 2 + size * 0.35
        for line in lines:
            length = pymupdf.get_text_length(line, fontname="japan", fontsize=size)
            self.text(((box.x0 + box.x1 - length) / 2, y), line, size, color)
            y += lead

    def line(
        self, a: tuple[float, float], b: tuple[float, float], width: float = 0.6, dashes: str | None = None
    ) -> None:
        self.page.draw_line(a, b, color=(0.4, 0.4, 0.4), width=width, dashes=dashes)

    def rect(self, box: pymupdf.Rect) -> None:
        self.page.draw_rect(box, color=(0.3, 0.3, 0.3), width=0.7)

    def polygon(self, points: list[tuple[float, float]], fill: Color | None, stroke: Color | None) -> None:
        shape = self.page.new_shape()
        shape.draw_polyline([*points, points[0]])
        shape.finish(fill=fill, color=stroke, width=0.6, closePath=True)
        shape.commit()

    def shape(self, form: str, b: pymupdf.Rect, fill: Color | None, stroke: Color | None) -> None:
        if form in ("none",):
            return
        tip = min(b.height / 3, b.width / 3)
        if form == "rect":
            self.page.draw_rect(b, color=stroke, fill=fill, width=0.6)
        elif form == "round":
            self.page.draw_rect(b, color=stroke, fill=fill, width=0.6, radius=0.2)
        elif form == "pentagon":
            self.polygon(
                [(b.x0, b.y0), (b.x1 - tip, b.y0), (b.x1, (b.y0 + b.y1) / 2), (b.x1 - tip, b.y1), (b.x0, b.y1)],
                fill, stroke,
            )  # fmt: skip
        elif form == "chevron":
            middle = (b.y0 + b.y1) / 2
            self.polygon(
                [(b.x0, b.y0), (b.x1 - tip, b.y0), (b.x1, middle), (b.x1 - tip, b.y1), (b.x0, b.y1),
                 (b.x0 + tip, middle)],
                fill, stroke,
            )  # fmt: skip
        elif form == "block":
            q, middle = b.height / 5, (b.y0 + b.y1) / 2
            self.polygon(
                [(b.x0, b.y0 + q), (b.x1 - tip, b.y0 + q), (b.x1 - tip, b.y0), (b.x1, middle), (b.x1 - tip, b.y1),
                 (b.x1 - tip, b.y1 - q), (b.x0, b.y1 - q)],
                fill, stroke,
            )  # fmt: skip
        elif form == "pieces":
            self.page.draw_rect(pymupdf.Rect(b.x0, b.y0, b.x1 - tip, b.y1), color=None, fill=fill)
            self.polygon([(b.x1 - tip, b.y0), (b.x1, (b.y0 + b.y1) / 2), (b.x1 - tip, b.y1)], fill, None)


def layouts() -> list[Layout]:
    """The layouts that reading must hold for."""
    base = Layout("plain")
    dark, light = (0.1, 0.3, 0.2), (0.9, 0.95, 0.85)
    years = tuple(range(2025, 2030))
    return [
        base,
        replace(base, name="western_rect", header="western", bar="rect"),
        replace(base, name="wareki_round", header="wareki", bar="round"),
        replace(base, name="short_era_chevrons", header="short", bar="chevron", years=years),
        replace(base, name="fy_block_arrows", header="fy", bar="block"),
        replace(base, name="slash_pieces", header="slash", bar="pieces", stroke=None),
        replace(base, name="three_line_header", header="three", header_fill=light),
        replace(base, name="bare_years", header="bare", header_fill=None),
        replace(base, name="open_tilde", header="open_tilde"),
        replace(base, name="open_later", header="open_later", column_lines="solid"),
        replace(base, name="outline", fill=None, header_fill=light),
        replace(base, name="gradient", gradient=True),
        replace(base, name="white_on_dark", fill=dark, text_color=(1, 1, 1), stroke=None),
        replace(base, name="no_column_lines", column_lines="none"),
        replace(base, name="no_header_fill", header_fill=None, header_lines=False, column_lines="solid"),
        replace(base, name="nothing_drawn_but_bars", header_fill=None, header_lines=False, column_lines="none"),
        replace(base, name="unruled", rows="none", heading_align="middle"),
        replace(base, name="middle_headings", heading_align="middle"),
        replace(base, name="unequal_columns", widths=(1.4, 1.0, 1.2, 0.8, 0.7)),
        replace(base, name="wide", page=(960.0, 540.0), font_size=9.0),
        replace(base, name="portrait", page=(595.0, 842.0), font_size=6.0, left=90.0),
        replace(base, name="large", page=(1191.0, 842.0), font_size=13.0, left=220.0),
        replace(base, name="rotated_90", rotate=90),
        replace(base, name="rotated_180", rotate=180),
        replace(base, name="rotated_270", rotate=270),
        replace(base, name="shuffled", order="shuffled", fill=None),
        replace(base, name="header_last", order="header_last"),
        replace(base, name="single_glyphs", glyphs="single"),
        replace(base, name="doubled_glyphs", glyphs="doubled"),
        replace(base, name="arrow_lines", bar="line"),
        replace(base, name="ruled_cells", bar="cell", fill=None, column_lines="none"),
        replace(base, name="half_years", sub_header=("上期", "下期")),
        replace(base, name="quarters", sub_header=("Q1", "Q2", "Q3", "Q4")),
        replace(base, name="months", sub_header=tuple(str(m) for m in (*range(4, 13), 1, 2, 3)), font_size=7.0),
        replace(base, name="triangles_right", milestone="right"),
        replace(base, name="triangles_above", milestone="below"),
        replace(base, name="note_below", legend=True),
        replace(base, name="narrow_margins", margins=(60.0, 40.0)),
    ]
