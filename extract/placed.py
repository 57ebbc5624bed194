# SPDX-License-Identifier: AGPL-3.0-or-later
"""The characters of a page in columns: what is asked of all of them is asked of arrays, before there are objects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Color, Direction, Glyph

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Without the detour through Python that the classes' own constructors make: a page has thousands.
_box = partial(tuple.__new__, BBox)
_glyph = partial(tuple.__new__, Glyph)


@dataclass(frozen=True, slots=True)
class Style:
    """What the characters of one painted run have in common."""

    size: float
    font: str
    color: Color
    seqno: int
    direction: Direction
    forward: int
    """+1 when the text advances along its axis (right or down), -1 when against it."""


@dataclass(frozen=True, eq=False)
class PlacedGlyphs:
    """The characters of a page, n of them in painting order. PDF points, as viewed."""

    chars: NDArray[np.str_]
    """(n) strings of one character."""
    boxes: Floats
    """(n, 4) em boxes: x0, y0, x1, y1."""
    baselines: Floats
    styles: tuple[Style, ...]
    style: Ints
    """(n) each character's place in `styles`."""
    index: Ints
    """(n) number of the character on the page."""

    def __len__(self) -> int:
        return len(self.index)

    @cached_property
    def sizes(self) -> Floats:
        """(n) font sizes."""
        return self.of_style([s.size for s in self.styles], np.float64)

    @cached_property
    def seqnos(self) -> Ints:
        """(n) places in the page's painting order."""
        return self.of_style([s.seqno for s in self.styles], np.int64)

    @cached_property
    def blank(self) -> Flags:
        """(n) whether the character is white space."""
        return np.strings.isspace(self.chars)

    @property
    def codes(self) -> NDArray[np.uint32]:
        """(n) code points of the characters."""
        return np.ascontiguousarray(self.chars).view(np.uint32)

    def of_style(self, values: Sequence[Any], kind: Any) -> NDArray[Any]:
        """(n) a value of the styles, for each character."""
        return np.array(values, kind)[self.style]

    def take(self, which: Flags | Ints) -> PlacedGlyphs:
        """Those of the characters that a mask or places name."""
        return PlacedGlyphs(
            self.chars[which],
            self.boxes[which],
            self.baselines[which],
            self.styles,
            self.style[which],
            self.index[which],
        )

    @cached_property
    def objects(self) -> list[Glyph]:
        """The characters as objects, the same ones at every time of asking."""
        styles, style = self.styles, self.style.tolist()
        columns = (
            self.chars.tolist(),
            map(_box, self.boxes.tolist()),
            self.baselines.tolist(),
            *(
                [values[i] for i in style]
                for values in (
                    [s.size for s in styles],
                    [s.font for s in styles],
                    [s.color for s in styles],
                    [s.seqno for s in styles],
                )
            ),
            self.index.tolist(),
        )
        return list(map(_glyph, zip(*columns, strict=True)))


def horizontal(glyphs: Iterable[Glyph]) -> PlacedGlyphs:
    """Characters that run from left to right, each a run of its own."""
    known = list(glyphs)
    return PlacedGlyphs(
        chars=np.array([g.char for g in known], "U1"),
        boxes=np.array([g.box for g in known], np.float64).reshape(-1, 4),
        baselines=np.array([g.baseline for g in known], np.float64),
        styles=tuple(Style(g.size, g.font, g.color, g.seqno, Direction.HORIZONTAL, 1) for g in known),
        style=np.arange(len(known)),
        index=np.array([g.number for g in known], np.int64),
    )
