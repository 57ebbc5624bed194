# SPDX-License-Identifier: AGPL-3.0-or-later
"""The named layouts: how ministries might draw the same plan."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from tests.benchmarks.variants.canvas import BLACK, Color

A4, A4_PORTRAIT, WIDE, SLIDE = (841.9, 595.3), (595.3, 841.9), (960.0, 540.0), (720.0, 540.0)
WHITE: Color = (1, 1, 1)
NAVY, BLUE, SKY = (0.10, 0.22, 0.45), (0.27, 0.45, 0.77), (0.86, 0.91, 0.97)
GREEN, MINT = (0.20, 0.45, 0.25), (0.88, 0.95, 0.87)
RED, ROSE, CREAM = (0.75, 0.10, 0.10), (0.98, 0.88, 0.86), (1.0, 0.96, 0.80)
GREY, SILVER = (0.45, 0.45, 0.45), (0.93, 0.93, 0.93)
NUMBERS = {
    "standard": ("１．", "（１）", "①"),
    "part": ("第１　", "１　", "(1) "),
    "roman": ("Ⅰ．", "１．", "（１）"),
    "kana": ("（１）", "ア　", "ⅰ）"),
    "dots": ("１　", "（１）", "・"),
    "hyphen": ("1. ", "1-1 ", "① "),
    "plain": ("", "", ""),
}


@dataclass(frozen=True)
class Layout:
    """How one edition is drawn."""

    name: str
    producer: str = "mupdf"
    page: tuple[float, float] = A4
    rotate: int = 0
    margin: float = 24.0
    font: str = "gothic"
    size: float = 9.0
    # Axis
    first_year: int = 2024
    columns: int = 6
    open_ended: bool = False
    widths: tuple[float, ...] = ()
    header: str = "both"
    header_corner: str = ""
    header_fill: Color | None = NAVY
    header_color: Color = WHITE
    header_lines: bool = True
    sub_columns: str = ""
    column_lines: str = "dashed"
    snap: float = 0.5
    # Headings
    left: str = "ruled"
    left_width: float = 140.0
    left_fill: Color | None = None
    numbers: str = "standard"
    heading_align: str = "top"
    owner_column: bool = False
    # Bars
    bar: str = "pentagon"
    fills: tuple[Color | None, ...] = (SKY,)
    stroke: Color | None = NAVY
    text_color: Color = BLACK
    text_align: str = "center"
    gradient: bool = False
    inset: float = 1.5
    # A bar's length as a share of its time; below 1 there are gaps into which texts run over the tip.
    length: float = 1.0
    # How far ends stray from the grid (in columns), how far texts stray from their shapes, and how far lanes may part.
    jitter: float = 0.0
    text_shift: tuple[float, float] = (0.0, 0.0)
    max_gap: float = 14.0
    nested: bool = False
    markers: str = "glyph"
    callouts: bool = False
    # Page
    title: str = "underline"
    page_number: str = "bottom right"
    cover: bool = False
    cards: bool = True
    legend: bool = False
    # How the plan's pages become pages of the PDF: one by one, "merge" (one chart) or "stack" (two charts).
    pages: str = "single"
    # A page of statistics by year and prose, on which nothing is a schedule.
    statistics: bool = False
    glyphs: str = "runs"
    order: str = "late text"


LAYOUTS = [
    Layout("pentagon-ruled", statistics=True),
    Layout("unruled-wide", page=WIDE, font="pgothic", size=9, header="wareki", header_fill=GREEN, left="unruled",
           numbers="part", heading_align="middle", fills=(MINT, CREAM), stroke=GREEN, column_lines="none",
           page_number="bottom centre"),
    Layout("chevrons", bar="chevron", header="western", fills=(BLUE, GREEN, GREY), stroke=None, text_color=WHITE,
           left_fill=SILVER, numbers="dots", cards=False, size=8.5, columns=5, page_number="top right"),
    Layout("portrait-ten-years", page=A4_PORTRAIT, size=6.5, left_width=84, columns=10, open_ended=True,
           widths=(1.3, 1.2, 1.1, 1.1, 1, 1, 1, 1, 1, 0.8), pages="merge", header="three lines", nested=True, markers="below",
           stroke=GREY, header_corner="年度", cards=False, text_align="left", first_year=2023, statistics=True),
    Layout("outlines", fills=(None,), column_lines="solid", header_fill=None, header_color=BLACK, order="shuffled",
           numbers="roman", heading_align="middle", header="western wareki"),
    Layout("cells", bar="cell", fills=(CREAM, MINT, SKY), left="merged", snap=1.0, inset=0.0, header="R",
           header_corner="年度", column_lines="solid", stroke=GREY, numbers="plain", cover=True),
    Layout("strips", left="strip", bar="block arrow", fills=(ROSE,), stroke=RED, header="FY", header_fill=RED,
           numbers="hyphen", page_number="bottom centre", callouts=True, columns=5, size=8.5),
    Layout("line-arrows", bar="line", left="unruled", header="western", column_lines="solid", header_fill=SILVER,
           header_color=BLACK, stroke=BLACK, fills=(None,), numbers="kana", font="mincho", size=8, cards=False),
    Layout("vertical-labels", left="vertical", bar="round", fills=(SKY, MINT), header="both", markers="beside",
           title="band", owner_column=True, left_width=120),
    Layout("rotated", rotate=90, header="wareki western", bar="pieces", stroke=None, fills=(SKY, ROSE),
           text_align="left", size=8),
    Layout("rotated-270", rotate=270, page=A4_PORTRAIT, size=6.5, left_width=90, header="R", pages="merge", cards=False,
           fills=(MINT,), stroke=GREEN, header_corner="年度", left="ruled", numbers="hyphen"),
    Layout("upside-down", rotate=180, header="lines three", bar="rect", fills=(CREAM,), stroke=None, left="unruled",
           numbers="kana", size=8, column_lines="solid"),
    Layout("stacked-charts", page=A4_PORTRAIT, pages="stack", size=6.5, left="vertical", left_width=92, nested=True,
           header="three lines", header_corner="年度", header_fill=SKY, header_color=BLACK, stroke=GREY, markers="below",
           numbers="dots", cards=False, column_lines="solid", statistics=True),
    Layout("halves", sub_columns="half", columns=4, bar="rect", fills=(CREAM,), stroke=BLACK, header="wareki",
           left_fill=SKY, cards=False, size=8),
    Layout("quarters", sub_columns="quarter", columns=3, snap=0.25, header="western", bar="pentagon", fills=(BLUE,),
           text_color=WHITE, stroke=None, left_width=110, cards=False, size=7.5),
    Layout("months", sub_columns="month", columns=2, snap=0.25, header="wareki", bar="pentagon", fills=(MINT,),
           cards=False, left="ruled", left_width=110, size=7.5),
    Layout("no-headings", left="none", header="R nendo", bar="pentagon", fills=(SKY, CREAM), cards=False,
           column_lines="dashed", title="centre", header_lines=False),
    Layout("chromium-gradient", producer="chromium", page=WIDE, font="noto", gradient=True, fills=(SKY, MINT, ROSE),
           header="western wareki", nested=True, size=8.5, cover=True),
    Layout("chromium-radicals", producer="chromium", font="noto", bar="chevron", fills=(MINT,), stroke=GREEN,
           header="both", left="merged", left_width=150, numbers="part", markers="above", size=8, glyphs="radicals"),
    Layout("chromium-mincho-portrait", producer="chromium", page=A4_PORTRAIT, font="mincho", bar="rect", size=7,
           left_width=96, columns=5, header="wareki", header_fill=SILVER, header_color=BLACK, stroke=GREY,
           fills=(SILVER,), left="ruled", numbers="kana", page_number="bottom centre", pages="merge"),
    Layout("office-slides", producer="office", font="noto", page=SLIDE, size=7.5, left_width=110, columns=5,
           bar="block arrow", fills=(CREAM, SKY), header="both", statistics=True, left_fill=MINT, header_fill=GREEN, stroke=GREEN),
    Layout("office-unruled", producer="office", font="pgothic", page=WIDE, left="unruled", bar="round", fills=(WHITE,),
           stroke=BLUE, text_color=BLUE, header="R western", title="band", open_ended=True, numbers="roman", legend=True,
           column_lines="none"),
    Layout("office-strips", producer="office", font="noto", left="strip", fills=(SILVER,), header="lines three",
           numbers="standard", markers="beside", owner_column=True, heading_align="middle", size=8),
    Layout("fake-bold", glyphs="double", font="pgothic", header="western", fills=(SKY,), left_fill=SILVER, bar="rect",
           numbers="part", open_ended=True, columns=5),
    Layout("single-glyphs", glyphs="single", font="mincho", header="wareki", bar="block arrow", fills=(WHITE,),
           stroke=BLACK, header_fill=SILVER, header_color=BLACK, order="interleaved", size=7.5),
    Layout("japan-font", font="japan", header="R", page=SLIDE, size=6.5, left_width=110, columns=5,
           left="ruled", fills=(ROSE,), stroke=None, header_fill=RED, numbers="hyphen", page_number="top right", markers="beside"),
    Layout("overflowing", bar="pentagon", text_align="overflow", fills=(CREAM, SKY), stroke=GREY, size=10, columns=6, length=0.6,
           header="both", left="unruled", cards=False, font="pgothic"),
    Layout("coloured-text", fills=(None,), stroke=None, bar="bare", text_color=BLUE, column_lines="solid",
           header="wareki", header_fill=None, header_color=NAVY, left="ruled", numbers="standard", cards=False),
    Layout("interleaved-shuffle", order="shuffled", glyphs="runs", bar="round", fills=(BLUE, RED, GREEN), stroke=None,
           text_color=WHITE, header="FY", header_corner="年度", left="merged", page_number="none", numbers="dots"),
    Layout("dense-six-point", size=6, pages="merge", left_width=100, columns=8, open_ended=True, header="R", nested=True,
           fills=(SKY,), stroke=BLUE, text_align="left", callouts=True, column_lines="solid", font="pgothic",
           widths=(1, 1, 1.4, 1, 1, 1, 1, 0.7), left="vertical", markers="below"),
    Layout("large-type", size=10, page=(1190.6, 841.9), left_width=210, header="wareki western", bar="pentagon",
           gradient=True, fills=(MINT,), stroke=GREEN, header_fill=GREEN, font="pgothic", page_number="bottom centre",
           owner_column=True, numbers="roman", legend=True),
    Layout("bare-years", producer="chromium", font="noto", header="bare", header_corner="年度", bar="rect", left="merged",
           left_width=170, fills=(SILVER, CREAM), stroke=None, numbers="roman", size=8, page_number="bottom centre"),
    Layout("vertical-writing", producer="chromium", font="noto", left="vertical", bar="block arrow", fills=(WHITE,),
           stroke=RED, header="western", header_fill=ROSE, header_color=BLACK, numbers="dots", markers="above", size=8,
           callouts=True, glyphs="radicals"),
    Layout("office-cells", producer="office", font="noto", bar="cell", fills=(SKY, ROSE), left="merged", snap=1.0, inset=0.0,
           header="wareki western", column_lines="solid", stroke=GREY, left_width=165, size=8, page=WIDE),
    Layout("quarter-names", sub_columns="quarter names", columns=2, snap=0.25, header="both", bar="round", fills=(SKY,),
           left="strip", numbers="standard", cards=False, size=8, markers="below"),
    Layout("irregular", page=WIDE, font="pgothic", jitter=0.2, max_gap=0.0, size=10, fills=(CREAM, MINT, SKY), stroke=GREY,
           header="western", left_width=150, column_lines="solid", numbers="hyphen", order="interleaved"),
    Layout("offset-text", producer="chromium", font="noto", text_shift=(7.0, -3.5), fills=(WHITE,), stroke=BLUE,
           header="wareki", header_fill=SKY, header_color=NAVY, left="unruled", text_align="left", jitter=0.1, size=8.5,
           markers="above", page_number="top right"),
    Layout("tight-office", producer="office", font="noto", page=WIDE, jitter=0.15, max_gap=0.0, size=9, left="merged",
           left_width=190, bar="round", fills=(SKY, ROSE), header="R nendo", nested=True, markers="below", open_ended=True),
]  # fmt: skip


def varied(layout: Layout, seed: int) -> Layout:
    """The layout with other margins, sizes and years; seed 0 leaves it as it is."""
    if seed == 0:
        return layout
    rng = random.Random(f"{layout.name} {seed}")
    return replace(
        layout,
        name=f"{layout.name}-{seed}",
        margin=layout.margin * rng.uniform(0.7, 1.5),
        size=layout.size * rng.uniform(0.85, 1.1),
        left_width=layout.left_width * rng.uniform(0.9, 1.2),
        first_year=layout.first_year + rng.randint(-4, 3),
        inset=layout.inset * rng.uniform(0.3, 1.8),
        heading_align=rng.choice(("top", "middle")),
    )
