# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a page that is a picture into the paths and glyphs that a drawn page has."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING

from koteihyo.extract.geometry import BBox, bounding
from koteihyo.extract.model import Glyph
from koteihyo.extract.paths import Path
from koteihyo.extract.placed import PlacedGlyphs, horizontal
from koteihyo.extract.raster.areas import Area, find_areas
from koteihyo.extract.raster.ink import separate
from koteihyo.extract.raster.kept import Recogniser, kept_folder
from koteihyo.extract.raster.picture import Picture, Pixels, take_picture
from koteihyo.extract.raster.recognise import Read, in_japanese, mean_sure
from koteihyo.extract.raster.rules import Rule, find_rules
from koteihyo.extract.raster.setting import set_line
from koteihyo.extract.raster.signs import RINGS, is_ring, mask_of, name_sign
from koteihyo.extract.raster.strings import LINE_RATIO, TextInk, blanks, cut_at_rules, find_ink, place, unread

if TYPE_CHECKING:
    import pymupdf

# A line read with less likelihood on average is dirt or a drawing, not text.
LEAST_SURE = 0.5
# A character between those read is at least so wide, in heights of its line's box.
LEAST_CHARACTER = 0.4
# A character that stands alone and is smaller than this part of the usual size is dirt.
LEAST_ALONE = 0.55


def read_picture(page: pymupdf.Page) -> tuple[PlacedGlyphs, list[Path]]:
    """(glyphs, drawn paths) of a page that is a picture; both in points of the page turned upright."""
    picture = take_picture(page, BBox(*page.rect))
    recogniser = Recogniser(picture, kept_folder())
    boxes = recogniser.boxes()
    # Without text there is nothing to measure by; 8 pt is usual.
    sides = [min(box.width, box.height) / LINE_RATIO for box in boxes] or [8 * picture.scale]
    em = statistics.median(sides)
    text_ink = find_ink(picture, em)
    boxes = cut_at_rules(boxes, text_ink)
    ink = separate(picture, boxes, em)
    areas = find_areas(picture, ink, em)
    rules = find_rules(ink, [area.box for area in areas], em)
    paths = [_area_path(area, picture, seqno) for seqno, area in enumerate(areas)]
    paths += [_rule_path(rule, picture, len(areas) + i) for i, rule in enumerate(rules)]
    glyphs = _glyphs(picture, recogniser, boxes, text_ink, em, len(paths))
    recogniser.keep()
    return horizontal(glyphs), paths


def _glyphs(
    picture: Picture, recogniser: Recogniser, boxes: Sequence[BBox], ink: TextInk, em: float, seqno: int
) -> list[Glyph]:
    level = [box for box in boxes if box.height <= 1.5 * box.width]
    placed: list[Glyph] = []
    for number, (box, line) in enumerate(zip(level, _lines(picture, recogniser, level, ink), strict=True)):
        dirt = len(line) == 1 and box.height / LINE_RATIO < LEAST_ALONE * em
        if mean_sure(line) >= LEAST_SURE and not dirt:
            spaces = [blank / picture.scale for blank in blanks(box, line, ink)]
            placed += set_line(picture.box_to_points(box), line, spaces, seqno + number, len(placed))
    return placed


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


def _area_path(area: Area, picture: Picture, seqno: int) -> Path:
    points = tuple(picture.to_points(*point) for point in area.points)
    return Path(
        points=points,
        closed=True,
        curves=area.curves,
        fill=area.fill,
        stroke=area.stroke,
        line_width=2 / picture.scale if area.stroke else 0.0,
        dashed=False,
        opacity=1.0,
        seqno=seqno,
        box=bounding(points),
    )


def _rule_path(rule: Rule, picture: Picture, seqno: int) -> Path:
    points = (picture.to_points(*rule.start), picture.to_points(*rule.end))
    return Path(
        points=points,
        closed=False,
        curves=0,
        fill=None,
        stroke=(0.0, 0.0, 0.0),
        line_width=rule.width / picture.scale,
        dashed=False,
        opacity=1.0,
        seqno=seqno,
        box=bounding(points),
    )
