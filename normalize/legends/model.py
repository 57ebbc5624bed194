# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a legend is: inks and signs with the words that explain them, and what of the page it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Color, Form, Line, Shape
from koteihyo.normalize.layout.edges import is_paper

# Colours this close in every channel are one: what producers round and blend.
SAME_COLOR = 0.04
_CIRCLES = "○◯〇"


@dataclass(frozen=True)
class Ink:
    """How a bar, a line or a mark is drawn, as far as a legend can tell two of them apart."""

    color: Color | None
    """Of the fill; of the outline where there is no fill but paper."""
    hollow: bool
    form: Form | None
    """The form of a line or a mark; None for bars, whose form a swatch seldom copies."""
    dashed: bool = False

    def is_like(self, other: Ink) -> bool:
        """Whether both are of one colour, filled or hollow alike."""
        return self.hollow == other.hollow and _distance(self.color, other.color) <= SAME_COLOR


@dataclass(frozen=True, eq=False)
class Entry:
    """One ink or one sign (○ △ …) with its words."""

    text: str
    lines: tuple[Line, ...]
    ink: Ink | None = None
    shape: Shape | None = None
    sign: str = ""
    text_color: Color | None = None
    """The colour of the words that it explains."""

    @property
    def box(self) -> BBox:
        """Around swatch and words."""
        boxes = [ln.box for ln in self.lines]
        return union([*boxes, self.shape.box] if self.shape is not None else boxes)


@dataclass(frozen=True, eq=False)
class Legend:
    """Entries that stand together, with the lines (its title too) and shapes (its frame too) that they are printed with."""

    entries: tuple[Entry, ...]
    lines: tuple[Line, ...]
    shapes: tuple[Shape, ...] = ()

    @property
    def box(self) -> BBox:
        """Around all of it."""
        return union([*(entry.box for entry in self.entries), *(shape.box for shape in self.shapes)])

    def words_for(self, ink: Ink) -> str | None:
        """The words for an ink: of its own form first, then of its colour; None when no entry has it."""
        alike = [e for e in self.entries if e.ink is not None and e.ink.is_like(ink)]
        for chosen in _preferred(alike, ink):
            if len(chosen) == 1 and chosen[0].ink is not None:
                return chosen[0].text
        return None

    def words_for_sign(self, sign: str) -> str | None:
        """The words for a sign that is written as a character."""
        return next((e.text for e in self.entries if e.sign and is_same_sign(e.sign, sign)), None)

    def words_for_text(self, color: Color) -> str | None:
        """The words for what is written in a colour."""
        alike = (e.text for e in self.entries if _distance(e.text_color, as_rgb(color)) <= SAME_COLOR)
        return next(alike, None)


def _preferred(entries: list[Entry], ink: Ink) -> Iterator[list[Entry]]:
    yield [e for e in entries if e.ink is not None and (e.ink.form, e.ink.dashed) == (ink.form, ink.dashed)]
    yield [e for e in entries if e.ink is not None and e.ink.dashed == ink.dashed]


def ink_of(shape: Shape) -> Ink:
    """The ink that a shape is drawn with."""
    hollow = shape.fill is None or is_paper(shape.fill)
    color = shape.stroke if hollow and shape.stroke is not None else shape.fill
    form = shape.form if shape.form in (Form.ARROW_LINE, Form.TRIANGLE, Form.ELLIPSE) else None
    return Ink(as_rgb(color), hollow and form is not Form.ARROW_LINE, form, shape.dashed)


def is_same_sign(a: str, b: str) -> bool:
    """Whether two characters are one sign: producers write a circle as any of three."""
    return a == b or (a in _CIRCLES and b in _CIRCLES)


def as_rgb(color: Color | None) -> Color | None:
    """A grey as red, green and blue; any other colour as it is."""
    return color * 3 if color is not None and len(color) == 1 else color


def _distance(a: Color | None, b: Color | None) -> float:
    if a is None or b is None or len(a) != len(b):
        return 1.0
    return max((abs(x - y) for x, y in zip(a, b, strict=True)), default=1.0)
