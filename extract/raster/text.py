# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the text of a picture: lines of characters, and the signs that a recogniser of words passes over."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from koteihyo.extract.geometry import BBox
from koteihyo.extract.raster.dashes import Dash, find_dashes, without_dashes
from koteihyo.extract.raster.kept import Recogniser
from koteihyo.extract.raster.picture import Picture, Pixels
from koteihyo.extract.raster.recognise import Read, in_japanese, mean_sure
from koteihyo.extract.raster.signs import RINGS, is_ring, mask_of, name_sign
from koteihyo.extract.raster.sizes import LINE_RATIO
from koteihyo.extract.raster.strings import (
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
# A sign is shown to the recogniser with this part of its size around it, as if it were no smaller than this part of its
# line, and in a picture so many times as wide as high: with more or less around it it is not read.
AROUND, LEAST_SHOWN, BESIDE = 0.3, 0.3, 1.5
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
    dashes, inline = find_dashes(ink, words, em)
    words = split_rows(without_dashes(words, dashes), ink, em)
    words = cut_at_rules(with_signs(words, ink, em), ink)
    level = [box for box in words if box.height <= 1.5 * box.width]
    read = [
        _with_arrows(box, line, inline)
        for box, line in zip(level, _lines(picture, recogniser, level, ink), strict=True)
    ]
    lines = [
        TextLine(box, tuple(line), tuple(blanks(box, line, ink)))
        for box, line in zip(level, read, strict=True)
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


def _with_arrows(box: BBox, line: Sequence[Read], arrows: Sequence[Dash]) -> list[Read]:
    """A line with the written arrows in it, which the recogniser takes for all sorts of characters."""
    result = list(line)
    for arrow in arrows:
        if not box.contains(arrow.box):
            continue
        chars = "━▶"
        step = arrow.box.width / len(chars)
        result = [r for r in result if not arrow.box.x0 <= box.x0 + r.at * box.width <= arrow.box.x1]
        result += [Read(c, (arrow.box.x0 + (i + 0.5) * step - box.x0) / box.width, 1.0) for i, c in enumerate(chars)]
    return sorted(result, key=lambda read: read.at)


def _lines(picture: Picture, recogniser: Recogniser, boxes: Sequence[BBox], ink: TextInk) -> list[list[Read]]:
    """The characters of each line; signs that the recogniser passed over are shown to it once more, each alone."""
    lines = recogniser.read([picture.part(box) for box in boxes])
    gaps = [(i, gap) for i, (box, line) in enumerate(zip(boxes, lines, strict=True)) for gap in unread(box, line, ink)]
    shown = recogniser.read([_alone(picture, gap, boxes[i].height) for i, gap in gaps])
    for (i, gap), reads in zip(gaps, shown, strict=True):
        named = _named(mask_of(ink.strokes, place(gap)), reads)
        # Of a character there must be room for all: parts of the neighbours are not one of their own.
        if any(char.isalnum() for char, _sure in named) and gap.width < LEAST_CHARACTER * boxes[i].height:
            continue
        step = gap.width / max(1, len(named))
        middles = [(gap.x0 + (n + 0.5) * step - boxes[i].x0) / boxes[i].width for n in range(len(named))]
        added = [Read(char, at, sure) for (char, sure), at in zip(named, middles, strict=True)]
        lines[i] = sorted([*lines[i], *added], key=lambda read: read.at)
    return [in_japanese(line) for line in lines]


def _alone(picture: Picture, sign: BBox, height: float) -> Pixels:
    """What is shown to the recogniser of a sign in a line: the sign on a plain ground."""
    half = max(sign.height, sign.width, LEAST_SHOWN * height) * (0.5 + AROUND)
    crop = picture.part(BBox(max(0.0, sign.x0 - 1), max(0.0, sign.cy - half), sign.x1 + 1, sign.cy + half))
    side = max(0, (int(BESIDE * crop.shape[0]) - crop.shape[1]) // 2)
    ground = np.percentile(crop.reshape(-1, 3), 90, axis=0).astype(np.uint8)
    shown = np.empty((crop.shape[0], crop.shape[1] + 2 * side, 3), np.uint8)
    shown[:] = ground
    shown[:, side : side + crop.shape[1]] = crop
    return shown


def _named(mask: Pixels, reads: Sequence[Read]) -> list[tuple[str, float]]:
    """(character, likelihood) of ink: a sign by its form, else what the recogniser reads."""
    char = name_sign(mask)
    if char:
        return [(char, 1.0)]
    if len(reads) == 1 and reads[0].char in RINGS and is_ring(mask):
        return [("○", 1.0)]
    return [(r.char, r.sure) for r in reads] if mean_sure(reads) >= LEAST_SURE else []
