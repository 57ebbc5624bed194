# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counts a page's characters against MuPDF's own text extraction, which reads the page another way than the reader.

The reader takes characters from the trace of what is painted, and works on them: whatever gets lost on the way shows
here, not in the reader's own sums.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import UNREADABLE, Glyph, HiddenGlyphs, PageLayout

if TYPE_CHECKING:
    import pymupdf

# The two extractions put one character within this part of its size.
SAME_PLACE = 0.5
# A character that was read as another one (ActualText) stands in its box, or reaches out of it by this part.
REACH = 0.1
# Cells of the index of glyphs, PDF points.
CELL = 24.0

Key = tuple[int, int]


def with_lost(page: pymupdf.Page, layout: PageLayout) -> PageLayout:
    """The layout with the characters that MuPDF's text extraction has and it has not, a group for each passage.

    White space does not count.
    """
    import pymupdf

    flags = pymupdf.TEXT_PRESERVE_LIGATURES | pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_IGNORE_ACTUALTEXT
    textpage = page.get_textpage(flags=flags)
    seen = _counted(textpage.extractText())
    hidden_text = [glyph.char for hidden in layout.hidden for glyph in hidden.glyphs]
    read = _counted("".join([*(line.text for line in layout.lines), *hidden_text]))
    missing = seen - read
    if not missing:
        return layout
    groups = [line.glyphs for line in layout.lines] + [hidden.glyphs for hidden in layout.hidden]
    delivered = [glyph for group in groups for glyph in group if not glyph.char.isspace()]
    places = _Places(delivered, read - seen)
    matrix = page.rotation_matrix
    number = 1 + max((glyph.number for group in groups for glyph in group), default=-1)
    hidden = []
    for passage in _passages(textpage.extractRAWDICT()):
        lost = []
        for char, span in passage:
            key, box = _key(char["c"]), BBox(*(pymupdf.Rect(char["bbox"]) * matrix))
            if missing[key] > 0 and not places.has(key, box):
                missing[key] -= 1
                lost.append(Glyph(key, box, box.y1, span["size"], span["font"], (), 0, number))
                number += 1
        if lost:
            hidden.append(HiddenGlyphs("lost", tuple(lost)))
    return replace(layout, hidden=(*layout.hidden, *hidden))


def _counted(text: str) -> Counter[str]:
    """How often each character is there, white space left out."""
    counts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        if not char.isspace():
            counts[_key(char)] += count
    return counts


def _key(char: str) -> str:
    """What a character is compared as: the two extractions have their own signs for what no text can hold."""
    return UNREADABLE if unicodedata.category(char) in ("Cc", "Cs", "Cn") else char


def _passages(raw: dict[str, Any]) -> Iterator[list[tuple[dict[str, Any], dict[str, Any]]]]:
    """(character, span) of each passage, white space left out."""
    for block in raw["blocks"]:
        spans = (span for line in block.get("lines", ()) for span in line["spans"])
        yield [(char, span) for span in spans for char in span["chars"] if not char["c"].isspace()]


class _Places:
    """Where the delivered glyphs stand."""

    def __init__(self, delivered: Sequence[Glyph], surplus: Counter[str]) -> None:
        self._cells: dict[Key, list[Glyph]] = defaultdict(list)
        self._surplus = surplus
        for glyph in delivered:
            self._cells[_cell(glyph.box.cx, glyph.box.cy)].append(glyph)

    def has(self, char: str, box: BBox) -> bool:
        """Whether a character was read where it stands, as itself or as one that the text extraction does not have."""
        column, row = _cell(box.cx, box.cy)
        return any(
            self._is(glyph, char, box)
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for glyph in self._cells.get((column + dx, row + dy), ())
        )

    def _is(self, glyph: Glyph, char: str, box: BBox) -> bool:
        if _key(glyph.char) == char:
            near = SAME_PLACE * max(glyph.size, 1.0)
            return abs(glyph.box.cx - box.cx) <= near and abs(glyph.box.cy - box.cy) <= near
        reach = REACH * glyph.box.height
        return self._surplus[_key(glyph.char)] > 0 and glyph.box.contains_point(box.cx, box.cy, reach)


def _cell(x: float, y: float) -> Key:
    return int(x // CELL), int(y // CELL)
