# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is drawn on a page, independent of the program that writes the PDF; measuring and breaking text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from functools import cache

import pymupdf

Color = tuple[float, float, float]
Box = tuple[float, float, float, float]
Command = tuple[str, *tuple[float, ...]]

BLACK: Color = (0, 0, 0)
LINE_FACTOR = 1.25
FONTS = {
    "gothic": ("/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf", "IPAGothic"),
    "pgothic": ("/usr/share/fonts/opentype/ipafont-gothic/ipagp.ttf", "IPAPGothic"),
    "mincho": ("/usr/share/fonts/opentype/ipafont-mincho/ipam.ttf", "IPAMincho"),
    "noto": ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "Noto Sans CJK JP"),
    # The reader's own font stands in for it: nothing is embedded.
    "japan": ("", "Noto Sans CJK JP"),
}
NEVER_FIRST, NEVER_LAST = "、。）］・～％」＞ーっゃゅょ", "（［「＜約"


@dataclass(frozen=True)
class Path:
    """A filled or stroked outline: commands M, L, C and Z."""

    commands: tuple[Command, ...]
    fill: Color | None = None
    stroke: Color | None = None
    width: float = 0.75
    dash: bool = False
    gradient: bool = False

    @property
    def box(self) -> Box:
        """The corners' bounding box."""
        xs = [v for c in self.commands for v in c[1::2]]
        ys = [v for c in self.commands for v in c[2::2]]
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True)
class Line:
    """One line of a text block: left end, baseline, characters."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Block:
    """A text box: its lines stand in `box`."""

    box: Box
    lines: tuple[Line, ...]
    size: float
    color: Color = BLACK
    align: str = "left"
    bold: bool = False
    vertical: bool = False

    @property
    def extent(self) -> Box:
        """The box of the ink, about."""
        lines = self.lines
        right = max(x.x + (self.size if self.vertical else self.size * 0.5 * len(x.text)) for x in lines)
        return min(x.x for x in lines), lines[0].y - self.size, max(right, self.box[2]), lines[-1].y + self.size * 0.2


@dataclass
class Canvas:
    """A page's drawing in painting order."""

    width: float
    height: float
    font: str
    ops: list[Path | Block] = field(default_factory=list)

    def below(self, other: Canvas, shift: float) -> None:
        """Draw another canvas's content `shift` points lower."""
        for op in other.ops:
            if isinstance(op, Path):
                commands = tuple((c[0], *(v + shift * (n % 2) for n, v in enumerate(c[1:]))) for c in op.commands)
                self.ops.append(replace(op, commands=commands))
            else:
                lines = tuple(replace(line, y=line.y + shift) for line in op.lines)
                x0, y0, x1, y1 = op.box
                self.ops.append(replace(op, lines=lines, box=(x0, y0 + shift, x1, y1 + shift)))

    def path(self, path: Path) -> None:
        """Draw an outline."""
        self.ops.append(path)

    def rule(
        self, x0: float, y0: float, x1: float, y1: float, color: Color, width: float = 0.5, dash: bool = False
    ) -> None:
        """Draw a straight line."""
        self.ops.append(Path((("M", x0, y0), ("L", x1, y1)), None, color, width, dash))

    def rect(self, box: Box, fill: Color | None = None, stroke: Color | None = None, width: float = 0.75) -> None:
        """Draw a rectangle."""
        self.ops.append(Path(rectangle(box), fill, stroke, width))

    def text(  # noqa: PLR0913 - how a text can be set
        self,
        box: Box,
        text: str,
        size: float,
        *,
        color: Color = BLACK,
        align: str = "left",
        valign: str = "middle",
        bold: bool = False,
        vertical: bool = False,
    ) -> Block:
        """Draw lines of text, broken already, in a box."""
        rows = [c for c in text if not c.isspace()] if vertical else text.split("\n")
        height = size * (1.08 if vertical else LINE_FACTOR)
        spare = box[3] - box[1] - height * len(rows)
        top = box[1] + {"top": 0.0, "middle": spare / 2, "bottom": spare}[valign]
        lines = []
        for n, row in enumerate(rows):
            free = box[2] - box[0] - text_width(row, size, self.font)
            x = box[0] + {"left": 0.0, "center": free / 2, "right": free}["center" if vertical else align]
            lines.append(Line(x, top + n * height + size * 0.98, row))
        block = Block(box, tuple(lines), size, color, align, bold, vertical)
        self.ops.append(block)
        return block


# The radicals of the Kangxi block, which look like these kanji.
RADICALS = str.maketrans({unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0x2F00, 0x2FD6)})


def rectangle(box: Box) -> tuple[Command, ...]:
    """A rectangle's outline."""
    x0, y0, x1, y1 = box
    return polygon((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def polygon(*points: tuple[float, float]) -> tuple[Command, ...]:
    """A closed outline through points."""
    first, *rest = points
    return (("M", *first), *(("L", *p) for p in rest), ("Z",))


@cache
def _font(name: str) -> pymupdf.Font:
    return pymupdf.Font(fontfile=FONTS[name][0] or FONTS["noto"][0])


def text_width(text: str, size: float, font: str) -> float:
    """How wide a line is."""
    # The font that is not embedded sets every character one em wide.
    return size * len(text) if font == "japan" else float(_font(font).text_length(text, size))


def wrap(text: str, width: float, size: float, font: str) -> str:
    """The text in the fewest lines that fit, these about equally long, by the rules of Japanese line breaking."""
    if "\n" in text:
        return "\n".join(wrap(part, width, size, font) for part in text.split("\n"))
    broken = _break(text, width, size, font)
    aim = text_width(text, size, font) / (broken.count("\n") + 1)
    while aim < width:
        narrower = _break(text, aim, size, font)
        if narrower.count("\n") <= broken.count("\n"):
            return narrower
        aim += size / 2
    return broken


def _break(text: str, width: float, size: float, font: str) -> str:
    lines, start = [], 0
    for i in range(1, len(text)):
        if i <= start or text_width(text[start : i + 1], size, font) <= width:
            continue
        cut = i
        while cut - 1 > start and not _may_break(text, cut):
            cut -= 1
        lines.append(text[start:cut])
        start = cut
    return "\n".join([*lines, text[start:]])


def _may_break(text: str, cut: int) -> bool:
    before, after = text[cut - 1], text[cut]
    number = before in "0123456789," and after in "0123456789,"
    return after not in NEVER_FIRST and before not in NEVER_LAST and not number
