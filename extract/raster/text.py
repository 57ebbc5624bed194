# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the text of a picture: lines of characters, and the signs that a recogniser of words passes over."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox
from koteihyo.extract.raster.dashes import Dash, find_dashes, without_dashes
from koteihyo.extract.raster.kept import Recogniser
from koteihyo.extract.raster.picture import Picture, Pixels
from koteihyo.extract.raster.recognise import Read, in_japanese, mean_sure
from koteihyo.extract.raster.signs import RINGS, is_ring, mask_of, name_sign
from koteihyo.extract.raster.strings import (
    LINE_RATIO,
    TextInk,
    blanks,
    cut_at_rules,
    find_ink,
    place,
    split_rows,
    unread,
    with_signs,
)

# A line read with less likelihood on average is dirt or a drawing, not text.
LEAST_SURE = 0.5
# A character between those read is at least so wide, in heights of its line's box.
LEAST_CHARACTER = 0.4
# A character that stands alone and is smaller than this part of the usual size is dirt.
LEAST_ALONE = 0.55


@dataclass(frozen=True)
class TextLine:
    """One line of text, in pixels of the picture."""

    box: BBox
    characters: tuple[Read, ...]
    blanks: tuple[float, ...]
    """Width of the blank between each two characters."""


@dataclass(frozen=True)
class Text:
    """What is written on a picture."""

    em: float
    """The usual size of its characters, pixels."""
    lines: tuple[TextLine, ...]
    boxes: tuple[BBox, ...]
    """Where something is written, also where it could not be read."""


def read_text(picture: Picture, recogniser: Recogniser) -> Text:
    """The text of a picture."""
    words = recogniser.boxes()
    # Without text there is nothing to measure by; 8 pt is usual.
    sides = [min(box.width, box.height) / LINE_RATIO for box in words] or [8 * picture.scale]
    em = statistics.median(sides)
    ink = find_ink(picture, em)
    dashes = find_dashes(ink, words, em)
    words = split_rows(without_dashes(words, dashes), ink, em)
    words = cut_at_rules(with_signs(words, ink, em), ink)
    level = [box for box in words if box.height <= 1.5 * box.width]
    lines = [
        TextLine(box, tuple(line), tuple(blanks(box, line, ink)))
        for box, line in zip(level, _lines(picture, recogniser, level, ink), strict=True)
        if mean_sure(line) >= LEAST_SURE and not (len(line) == 1 and box.height / LINE_RATIO < LEAST_ALONE * em)
    ]
    lines += [_written(dash, em) for dash in dashes]
    return Text(em, tuple(lines), (*words, *(dash.box.grown(2) for dash in dashes)))


def _written(dash: Dash, em: float) -> TextLine:
    chars = dash.text(em)
    half = LINE_RATIO / 2 * em
    box = BBox(dash.box.x0, dash.box.cy - half, dash.box.x1, dash.box.cy + half)
    reads = tuple(Read(char, (i + 0.5) / len(chars), 1.0) for i, char in enumerate(chars))
    return TextLine(box, reads, (0.0,) * (len(chars) - 1))


def _lines(picture: Picture, recogniser: Recogniser, boxes: Sequence[BBox], ink: TextInk) -> list[list[Read]]:
    """The characters of each line; signs that the recogniser passed over are shown to it once more, each alone."""
    lines = recogniser.read([picture.part(box) for box in boxes])
    gaps = [(i, gap) for i, (box, line) in enumerate(zip(boxes, lines, strict=True)) for gap in unread(box, line, ink)]
    shown = recogniser.read([picture.part(_to_show(boxes[i], gap)) for i, gap in gaps])
    for (i, gap), reads in zip(gaps, shown, strict=True):
        box, crop = boxes[i], _to_show(boxes[i], gap)
        named = _named(mask_of(ink.strokes, place(gap)), reads)
        # Of a character there must be room for all: parts of the neighbours are not one of their own.
        if any(char.isalnum() for char, _at, _sure in named) and gap.width < LEAST_CHARACTER * box.height:
            continue
        added = [Read(char, (crop.x0 + at * crop.width - box.x0) / box.width, sure) for char, at, sure in named]
        lines[i] = sorted([*lines[i], *added], key=lambda read: read.at)
    return [in_japanese(line) for line in lines]


def _to_show(box: BBox, sign: BBox) -> BBox:
    """What is shown to the recogniser of a sign in a line: as high as the line, and no narrower than that."""
    half = max(sign.width / 2 + 0.25 * box.height, box.height / 2)
    return BBox(max(0.0, sign.cx - half), box.y0, sign.cx + half, box.y1)


def _named(mask: Pixels, reads: Sequence[Read]) -> list[tuple[str, float, float]]:
    """(character, its place in the crop, likelihood) of ink: a sign by its form, else what the recogniser reads."""
    char = name_sign(mask)
    if char:
        return [(char, 0.5, 1.0)]
    if len(reads) == 1 and reads[0].char in RINGS and is_ring(mask):
        return [("○", 0.5, 1.0)]
    return [(r.char, r.at, r.sure) for r in reads] if mean_sure(reads) >= LEAST_SURE else []
