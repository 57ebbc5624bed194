# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roadmap pages that paint their texts by every way a PDF has, and what a person sees of each, by another renderer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.robustness.handmade import FONT, HEIGHT, WIDTH, document, stream

# Every piece has characters of its own, so that one that is missing is known.
ALPHABET = "整備運用検証改善構築調査設計開発試行導入評価公開移行更新支援連携拡充推進策定見直周知把握分析統合共有基盤標準制度利用環境安全保護電子行政手続申請窓口職員研修"
YEARS = ("令和６年度", "令和７年度", "令和８年度", "令和９年度")
LEFT, COLUMN, TOP, ROW = 180, 160, 90, 62
# Pixels a point: a stroke of a character of 9 points still shows.
SCALE = 1.0
# A difference of this many grey levels in one pixel is seen by nobody.
UNSEEN = 6


@dataclass
class Canvas:
    """Objects of a page beside its content."""

    objects: dict[int, bytes] = field(default_factory=dict)
    xobjects: dict[bytes, int] = field(default_factory=dict)
    patterns: dict[bytes, int] = field(default_factory=dict)
    states: dict[bytes, int] = field(default_factory=dict)
    layers: dict[bytes, int] = field(default_factory=dict)

    def add(self, body: bytes) -> int:
        """A new object's number."""
        number = 40 + len(self.objects)
        self.objects[number] = body
        return number

    def named(self, names: dict[bytes, int], body: bytes) -> bytes:
        """The name of a new resource."""
        name = b"R%d" % (40 + len(self.objects))
        names[name] = self.add(body)
        return name

    def form(self, content: bytes) -> bytes:
        """Content that paints `content` through a form."""
        head = b"/Type/XObject/Subtype/Form/BBox[-2000 -2000 2000 2000]/Resources 30 0 R"
        return b"/%s Do\n" % self.named(self.xobjects, stream(content, head))


@dataclass(frozen=True)
class Piece:
    """A text and the content that paints it."""

    way: str
    text: str
    content: bytes
    instead: str = ""
    """Text that the document gives for it."""

    @property
    def letters(self) -> Counter[str]:
        """The characters that leave ink."""
        return Counter(char for char in self.text if char in ALPHABET)


@dataclass(frozen=True)
class Page:
    """A page of pieces, painted in order."""

    pieces: tuple[Piece, ...]
    canvas: Canvas
    rotation: int
    frame: bytes

    def pdf(self, without: int | None = None) -> bytes:
        """The page as a document, complete or without one piece."""
        content = self.frame + b"".join(p.content for i, p in enumerate(self.pieces) if i != without)
        names = ((b"XObject", self.canvas.xobjects), (b"Pattern", self.canvas.patterns),
                 (b"ExtGState", self.canvas.states), (b"Properties", self.canvas.layers))  # fmt: skip
        resources = b"".join(
            b"/%s<<%s>>" % (kind, b"".join(b"/%s %d 0 R" % item for item in found.items())) for kind, found in names
        )
        layers = b" ".join(b"%d 0 R" % number for number in self.canvas.layers.values())
        off = b" ".join(b"%d 0 R" % n for n in self.canvas.layers.values() if b"hidden" in self.canvas.objects[n])
        objects = {
            1: b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[%s]/D<</OFF[%s]/Order[]>>>>>>" % (layers, off),
            2: b"<</Type/Pages/Kids[10 0 R]/Count 1>>",
            3: FONT,
            4: _type3(),
            5: stream(_to_unicode()),
            10: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Rotate %d/Contents 11 0 R/Resources 30 0 R>>"
            % (WIDTH, HEIGHT, self.rotation),
            11: stream(content),
            12: stream(b"1000 0 d0 100 0 300 900 re f 500 0 150 900 re f"),
            30: b"<</Font<</F1 3 0 R/T3 4 0 R>>%s>>" % resources,
        }
        return document({**objects, **self.canvas.objects})


def _type3() -> bytes:
    return (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[0.001 0 0 0.001 0 0]/FirstChar 33"
        b"/LastChar 126/Widths[%s]/CharProcs<</g 12 0 R>>/Encoding<</Differences[33%s]>>/ToUnicode 5 0 R>>"
        % (b" ".join([b"1000"] * 94), b"/g" * 94)
    )


def _to_unicode() -> bytes:
    pairs = b"\n".join(b"<%02x> <%04x>" % (33 + i, ord(char)) for i, char in enumerate(ALPHABET[:90]))
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n90 beginbfchar\n" + pairs + b"\nendbfchar endcmap end end"
    )


def hostile_page(seed: int) -> Page:
    """The page of a number: the same in every run."""
    rng = random.Random(f"painted {seed}")
    canvas = Canvas()
    pieces = []
    letters = list(ALPHABET)
    rng.shuffle(letters)
    for row in range(7):
        for column in rng.sample(range(4), rng.choice((1, 2, 2))):
            if len(letters) < 6:
                break
            text = "".join(letters.pop() for _ in range(rng.randrange(2, 6)))
            x, y = LEFT + column * COLUMN + 8, HEIGHT - (TOP + row * ROW + 22)
            pieces.append(rng.choice(WAYS)(rng, canvas, text, x, y))
    return Page(tuple(pieces), canvas, rng.choice((0, 0, 0, 90, 180, 270)), _frame(rng))


def _frame(rng: random.Random) -> bytes:
    """Years, rulings and bars."""
    parts = [_show(text, LEFT + i * COLUMN + 40, HEIGHT - 70) for i, text in enumerate(YEARS)]
    for i in range(5):
        parts.append(b"0.5 w %d %d m %d 40 l S\n" % (LEFT + i * COLUMN, HEIGHT - 55, LEFT + i * COLUMN))
    for row in range(7):
        parts.append(_show(f"({row + 1})施策", 40, HEIGHT - (TOP + row * ROW + 22)))
        for column in range(4):
            place = LEFT + column * COLUMN + 3, HEIGHT - (TOP + row * ROW + 34), COLUMN - 8, 28
            if rng.random() < 0.8:
                parts.append(b"0.85 0.92 1 rg %d %d %d %d re f 0 g\n" % place)
    return b"".join(parts)


def _hex(text: str) -> bytes:
    return text.encode("utf-16-be").hex().encode()


def _show(text: str, x: float, y: float, before: bytes = b"", size: float = 10) -> bytes:
    return b"BT /F1 %g Tf %s %g %g Td <%s> Tj ET\n" % (size, before, x, y, _hex(text))


Way = Callable[[random.Random, Canvas, str, float, float], Piece]


def _plain(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    return Piece("plain", text, _show(text, x, y, size=rng.choice((6, 9, 10, 12))))


def _mode(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    mode = rng.randrange(8)
    painted = b"0.8 0 0 rg %g %g 120 16 re f 0 g\n" % (x - 4, y - 4) if rng.random() < 0.7 else b""
    return Piece(f"mode {mode}", text, b"q %s%s Q\n" % (_show(text, x, y, b"%d Tr" % mode), painted))


def _shading(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    pattern = canvas.named(
        canvas.patterns,
        b"<</Type/Pattern/PatternType 2/Shading<</ShadingType 2/ColorSpace/DeviceRGB/Coords[%g 0 %g 0]/Function"
        b"<</FunctionType 2/Domain[0 1]/C0[0.5 0 0]/C1[0 0 0.5]/N 1>>/Extend[true true]>>>>" % (x, x + 100),
    )
    return Piece("shading", text, b"q /Pattern cs /%s scn %s Q\n" % (pattern, _show(text, x, y)))


def _tile(content: bytes, step: float = 4, box: bytes = b"0 0 4 4") -> bytes:
    head = b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[%s]/XStep %g/YStep %g/Resources 30 0 R"
    return stream(content, head % (box, step, step))


def _tiling(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    pattern = canvas.named(canvas.patterns, _tile(b"0.6 0 0 rg 0 0 4 3 re f"))
    return Piece("tiling", text, b"q /Pattern cs /%s scn %s Q\n" % (pattern, _show(text, x, y)))


def _in_tile(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    box = b"0 0 %d %d" % (WIDTH, HEIGHT)
    pattern = canvas.named(canvas.patterns, _tile(_show(text, x, y), 2000, box))
    return Piece("in a tile", text, b"q /Pattern cs /%s scn %g %g 120 16 re f Q\n" % (pattern, x - 4, y - 4))


def _form(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    content = _show(text, 0, 0)
    depth = rng.randrange(1, 4)
    for _ in range(depth):
        content = canvas.form(content)
    return Piece(f"form {depth}", text, b"q 1 0 0 1 %g %g cm %s Q\n" % (x, y, content))


def _glyph_programs(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    known = "".join(char for char in text if char in ALPHABET[:90]) or ALPHABET[0]
    codes = bytes(33 + ALPHABET.index(char) for char in known).hex().encode()
    return Piece("type 3", known, b"BT /T3 10 Tf %g %g Td <%s> Tj ET\n" % (x, y, codes))


def _layer(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    hidden = rng.random() < 0.5
    name = canvas.named(canvas.layers, b"<</Type/OCG/Name(%s)>>" % (b"hidden" if hidden else b"shown"))
    way = "layer off" if hidden else "layer on"
    return Piece(way, text, b"/OC /%s BDC %s EMC\n" % (name, _show(text, x, y)))


def _instead(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    other = rng.choice((text, "", "甲乙丙", text[::-1], "丁" * 12))
    marked = b"/Span<</ActualText<feff%s>>>BDC %s EMC\n" % (_hex(other), _show(text, x, y))
    return Piece("actual text", text, marked, instead=other)


def _turned(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    a, b, c, d = rng.choice(
        (
            (0, 1, -1, 0),
            (0, -1, 1, 0),
            (-1, 0, 0, -1),
            (-1, 0, 0, 1),
            (1, 0, 0, -1),
            (0.9, 0.2, -0.2, 0.9),
            (1, 0, 0.4, 1),
        )
    )
    matrix = b"%g %g %g %g %g %g cm" % (a, b, c, d, x + 40, y)
    return Piece(f"matrix {a} {b} {c} {d}", text, b"q %s %s Q\n" % (matrix, _show(text, 0, 0)))


def _marks(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    mark = rng.choice("\u200f\u202e\u200e\u2067\u061c")
    return Piece("direction marks", text, _show(mark.join(text), x, y))


def _clipped(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    away = rng.random() < 0.4
    place = (x + 300, y + 300) if away else (x - 4, y - 4)
    return Piece("clipped away" if away else "clipped", text,
                 b"q %g %g 120 18 re W n %s Q\n" % (*place, _show(text, x, y)))  # fmt: skip


def _see_through(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    opacity = rng.choice((0, 0.02, 0.5))
    state = canvas.named(canvas.states, b"<</Type/ExtGState/ca %g/CA %g>>" % (opacity, opacity))
    return Piece(f"opacity {opacity}", text, b"q /%s gs %s Q\n" % (state, _show(text, x, y)))


def _masked(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    grey = rng.choice((0, 0.5, 1))
    head = (b"/Type/XObject/Subtype/Form/BBox[-2000 -2000 2000 2000]/Resources 30 0 R"
            b"/Group<</Type/Group/S/Transparency/CS/DeviceGray>>")  # fmt: skip
    if rng.random() < 0.5:
        mask = canvas.add(stream(b"%g g -2000 -2000 4000 4000 re f" % grey, head))
        content = _show(text, x, y)
    else:
        grey = 2
        mask = canvas.add(stream(b"0 g -2000 -2000 4000 4000 re f 1 g %s" % _show(text, x, y), head))
        content = b"0.5 0 0 rg %g %g 120 16 re f\n" % (x - 4, y - 4)
    state = canvas.named(canvas.states, b"<</Type/ExtGState/SMask<</S/Luminosity/G %d 0 R>>>>" % mask)
    return Piece(f"mask {grey}", text, b"q /%s gs %s Q\n" % (state, content))


def _covered(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    cover = rng.choice((b"1 1 1 rg", b"0.85 0.92 1 rg"))
    width = rng.choice((120, 15))
    return Piece("covered", text, _show(text, x, y) + b"q %s %g %g %g 16 re f Q\n" % (cover, x - 4, y - 4, width))


def _white(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    return Piece("white", text, b"q 1 g %s Q\n" % _show(text, x, y))


def _twice(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    doubled = text[0] * 2 + text
    return Piece("twice", doubled, _show(doubled, x, y) + _show(doubled, x + 0.3, y))


def _spaced(rng: random.Random, canvas: Canvas, text: str, x: float, y: float) -> Piece:
    setting = rng.choice((b"5 Tc", b"60 Tz", b"-3 Tc", b"3 Ts", b"200 Tz"))
    return Piece("spacing", text, b"q %s Q\n" % _show(text, x, y, setting))


WAYS: Sequence[Way] = (
    _plain, _mode, _mode, _mode, _shading, _tiling, _in_tile, _form, _glyph_programs, _layer, _instead, _turned, _turned,
    _marks, _clipped, _see_through, _masked, _covered, _white, _twice, _spaced,
)  # fmt: skip


def visible(page: Page) -> list[Piece]:
    """The pieces without which the picture of the page is another one, drawn by PDFium."""
    whole = _picture(page.pdf())
    return [piece for i, piece in enumerate(page.pieces) if _differ(whole, _picture(page.pdf(without=i)))]


def silently_lost(pieces: Sequence[Piece], told: str) -> list[tuple[Piece, str]]:
    """Visible pieces with characters that neither a record nor a finding tells."""
    known = Counter(told)
    lost = []
    for piece in pieces:
        missing = piece.letters - known
        given = Counter(char for char in piece.instead if not char.isspace())
        if missing and not (given and not given - known):
            lost.append((piece, "".join(missing.elements())))
    return lost


def _picture(pdf: bytes) -> Any:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as opened:
        return opened[0].render(scale=SCALE, may_draw_forms=False).to_numpy().copy()


def _differ(a: Any, b: Any) -> bool:
    return bool((abs(a.astype(int) - b.astype(int)) > UNSEEN).any())
