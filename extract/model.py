# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page is made of: glyphs in lines, shapes and rulings. PDF points, origin top left, as viewed."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from koteihyo.extract.geometry import BBox, union

Color = tuple[float, ...]
UNREADABLE = "\ufffd"
"""Stands for a glyph whose character the PDF does not give."""


class Direction(StrEnum):
    """How a line of text runs."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"
    """Upright glyphs from top to bottom (WMode 1, or one character per line)."""
    ROTATED = "rotated"
    """Turned glyphs, reading upwards or downwards."""


class Form(StrEnum):
    """Form of a closed shape, judged by its vertices."""

    RECT = "rect"
    ROUND_RECT = "round_rect"
    PENTAGON = "pentagon"
    CHEVRON = "chevron"
    BLOCK_ARROW = "block_arrow"
    DOUBLE_ARROW = "double_arrow"
    TRIANGLE = "triangle"
    ELLIPSE = "ellipse"
    ARROW_LINE = "arrow_line"
    """A line with an arrow head: a bar without area."""
    POLYGON = "polygon"
    IMAGE = "image"
    """A picture that text is written on: its outline is not known."""


class _Glyph(NamedTuple):
    char: str
    box: BBox
    baseline: float
    size: float
    font: str
    color: Color
    seqno: int
    number: int


class Glyph(_Glyph):
    """One painted character, compared by identity. `box` is its em box; `seqno` is its place in the page's painting order."""

    __slots__ = ()
    # Not as methods: those of `object` are asked for each of a page's thousands.
    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__


@dataclass(frozen=True, eq=False)
class Line:
    """Glyphs that stand in one line without a visible gap, in reading order, white space included.

    Compared by identity: two lines with the same words are two lines.
    """

    glyphs: tuple[Glyph, ...]
    direction: Direction = Direction.HORIZONTAL

    @cached_property
    def box(self) -> BBox:
        """Box of the glyphs, white space at either end left out."""
        return union([g.box for g in self.inked or self.glyphs])

    @cached_property
    def inked(self) -> tuple[Glyph, ...]:
        """The glyphs without white space."""
        if len("".join(self.text.split())) == len(self.glyphs):
            return self.glyphs
        return tuple([g for g in self.glyphs if not g.char.isspace()])

    @cached_property
    def text(self) -> str:
        """The characters, as in the PDF."""
        return "".join([g.char for g in self.glyphs])

    @cached_property
    def size(self) -> float:
        """Median font size."""
        sizes = {g.size for g in self.glyphs}
        return sizes.pop() if len(sizes) == 1 else statistics.median(g.size for g in self.glyphs)

    @cached_property
    def seqno(self) -> int:
        """Painting order of the first glyph."""
        return min([g.seqno for g in self.glyphs])

    @cached_property
    def start_baseline(self) -> float:
        """Baseline of the first glyph."""
        return self.glyphs[0].baseline

    @cached_property
    def end_baseline(self) -> float:
        """Baseline of the last glyph."""
        return self.glyphs[-1].baseline

    @cached_property
    def inked_count(self) -> int:
        """How many glyphs are not white space."""
        return len(self.inked)

    @cached_property
    def inked_sizes(self) -> list[float]:
        """Font sizes of the glyphs that are not white space."""
        return [g.size for g in self.inked]

    @cached_property
    def painted_at_once(self) -> bool:
        """Whether all glyphs have one place in the painting order."""
        return len({g.seqno for g in self.glyphs}) == 1

    @property
    def is_blank(self) -> bool:
        """Whether it holds white space only."""
        return not self.text.strip()


@dataclass(frozen=True, eq=False)
class Shape:
    """One closed outline as a person sees it: fill and separate stroke, gradient bands and pieces are one shape.

    Compared by identity.
    """

    form: Form
    box: BBox
    points: tuple[tuple[float, float], ...]
    fill: Color | None
    stroke: Color | None
    seqno: int
    last_seqno: int
    points_right: bool = False
    """Whether the form has its tip on the right."""
    dashed: bool = False
    """Whether it is an arrow line of dashes."""


@dataclass(frozen=True)
class Ruling:
    """A straight line along an axis, dashes joined. `at` is its x (vertical) or y (horizontal)."""

    vertical: bool
    at: float
    start: float
    end: float
    dashed: bool = False
    color: Color | None = None
    seqno: int = 0

    @property
    def length(self) -> float:
        """Extent along its axis."""
        return self.end - self.start


@dataclass(frozen=True)
class Connector:
    """A line between two points that is no part of a grid: a leader, or an arrow that is not level."""

    start: tuple[float, float]
    end: tuple[float, float]
    points_to_start: bool = False
    points_to_end: bool = False


@dataclass(frozen=True)
class HiddenGlyphs:
    """Glyphs that a reader of the page does not see, and why (doubled, painted_over, invisible, off_page), or that the reader lost."""

    reason: str
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True)
class PageLayout:
    """Everything on one page that the records are made from."""

    page_no: int
    width: float
    height: float
    lines: tuple[Line, ...] = ()
    shapes: tuple[Shape, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    connectors: tuple[Connector, ...] = ()
    hidden: tuple[HiddenGlyphs, ...] = ()
    images: tuple[BBox, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @cached_property
    def line_height(self) -> float:
        """Median font size of the page's glyphs, the page's own unit of length (10 when there is no text)."""
        sizes = [size for line in self.lines for size in line.inked_sizes]
        return statistics.median(sizes) if sizes else 10.0
