# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws docs/words.svg: a page with the words that all modules use for its parts. `python tools/draw_words.py`."""

from __future__ import annotations

from html import escape
from pathlib import Path

TARGET = Path(__file__).parents[1] / "docs" / "words.svg"
INK, WORD, GREY, BAR, STRIP = "#333", "#b3261e", "#bbb", "#d6e4f5", "#e4ead8"
EDGES = [210 + 120 * i for i in range(5)]


class Page:
    """Collects the picture's elements."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, fill: str = "none", dash: str = "") -> None:
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" stroke="{INK}"{dashes}/>'
        )

    def arrow(self, x0: float, x1: float, y: float, text: str) -> None:
        tip = x1 - 8
        points = f"{x0},{y} {tip},{y} {x1},{y + 11} {tip},{y + 22} {x0},{y + 22}"
        self.parts.append(f'<polygon points="{points}" fill="{BAR}" stroke="{INK}"/>')
        self.text(x0 + 8, y + 15, text)

    def line(self, x0: float, y0: float, x1: float, y1: float, color: str = INK) -> None:
        self.parts.append(f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="{color}"/>')

    def text(self, x: float, y: float, text: str, size: int = 11, color: str = INK) -> None:
        self.parts.append(f'<text x="{x}" y="{y}" font-size="{size}" fill="{color}">{escape(text)}</text>')

    def word(self, x: float, y: float, word: str, to: tuple[float, float] | None = None) -> None:
        """A word of the code's, with a line to what it means."""
        if to is not None:
            self.line(x + 3 * len(word), y - (12 if to[1] < y else -3), *to, color=WORD)
        self.text(x, y, word, 12, WORD)


def draw() -> str:
    """The picture as SVG."""
    page = Page()
    page.rect(10, 10, 780, 500)
    page.text(30, 40, "第２章　川と森の基盤", 16)
    page.word(230, 38, "chapter", (190, 36))
    for x, year in zip(EDGES, range(2024, 2028), strict=False):
        page.rect(x, 60, 120, 26, STRIP)
        page.text(x + 36, 77, f"{year}年度")
    page.word(700, 77, "header", (690, 74))
    for x in EDGES:
        page.line(x, 86, x, 420, GREY)
    page.word(340, 106, "column (of the axis)")
    page.rect(40, 86, 650, 334)
    page.line(40, 250, 690, 250)
    page.text(50, 120, "（１）水路の見える化")
    page.word(50, 144, "heading", (80, 124))
    page.text(50, 300, "（２）林道の保全")
    page.line(32, 88, 32, 248, WORD)
    page.text(46, 178, "band", 12, WORD)
    page.arrow(214, 380, 116, "配置の調査［国土交通省］")
    page.word(230, 162, "bar", (240, 138))
    page.word(310, 162, "owners", (340, 134))
    page.arrow(400, 680, 116, "置き換え")
    page.line(700, 112, 700, 142, WORD)
    page.text(706, 130, "lane", 12, WORD)
    page.parts.append('<polygon points="452,196 460,180 468,196" fill="#c22"/>')
    page.text(436, 212, "基準の告示")
    page.word(390, 184, "mark", (452, 188))
    page.word(510, 214, "caption", (494, 208))
    page.rect(210, 252, 480, 18, STRIP)
    page.text(218, 265, "点検の部")
    page.word(600, 266, "strip", (690, 262))
    page.arrow(214, 560, 288, "")
    page.rect(280, 292, 120, 14, "#fff")
    page.text(286, 303, "点検の実施")
    page.word(420, 332, "text box (of a bar)", (396, 304))
    page.text(520, 366, "結果を反映")
    page.word(600, 384, "passage", (582, 366))
    page.line(300, 346, 330, 376)
    page.parts.append('<polygon points="292,344 300,328 308,344" fill="#c22"/>')
    page.text(320, 390, "公表")
    page.word(230, 372, "leader", (312, 360))
    page.rect(210, 87, 479, 332, dash="2 4")
    page.word(700, 400, "body", (690, 396))
    page.word(100, 404, "left (side column)")
    page.text(50, 446, "※ 年度は目安である。")
    page.word(180, 446, "note")
    page.text(392, 496, "7")
    page.word(410, 496, "printed page")
    page.word(560, 446, "region: all of a chart", (600, 420))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 520" font-family="sans-serif">'
        '<rect width="800" height="520" fill="#fff"/>\n' + "\n".join(page.parts) + "\n</svg>\n"
    )


if __name__ == "__main__":
    TARGET.write_text(draw(), encoding="utf-8")
