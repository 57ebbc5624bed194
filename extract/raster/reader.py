# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a page that is a picture into the paths and glyphs that a drawn page has."""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from koteihyo.extract.geometry import BBox, bounding
from koteihyo.extract.model import Glyph
from koteihyo.extract.paths import Path
from koteihyo.extract.placed import PlacedGlyphs, horizontal
from koteihyo.extract.raster.areas import Area, find_areas
from koteihyo.extract.raster.detect import find_text
from koteihyo.extract.raster.ink import separate
from koteihyo.extract.raster.picture import Picture, take_picture
from koteihyo.extract.raster.recognise import Read, mean_sure, read_lines
from koteihyo.extract.raster.rules import Rule, find_rules

if TYPE_CHECKING:
    import pymupdf

# The box of a line of text is this many times as high as its characters are large.
LINE_RATIO = 1.6
# A line read with less likelihood on average is dirt or a drawing, not text.
LEAST_SURE = 0.5
FONT = "recognised"
# Characters of the recogniser's Chinese repertoire for the Japanese ones of the same look.
_JAPANESE = str.maketrans("查", "査")


def read_picture(page: pymupdf.Page) -> tuple[PlacedGlyphs, list[Path]]:
    """(glyphs, drawn paths) of a page that is a picture; both in points of the page turned upright."""
    picture = take_picture(page, BBox(*page.rect))
    boxes = find_text(picture)
    # Without text there is nothing to measure by; 8 pt is usual.
    sides = [min(box.width, box.height) / LINE_RATIO for box in boxes] or [8 * picture.scale]
    em = statistics.median(sides)
    ink = separate(picture, boxes, em)
    areas = find_areas(picture, ink, em)
    rules = find_rules(ink, [area.box for area in areas], em)
    paths = [_area_path(area, picture, seqno) for seqno, area in enumerate(areas)]
    paths += [_rule_path(rule, picture, len(areas) + i) for i, rule in enumerate(rules)]
    return horizontal(_glyphs(picture, boxes, len(paths))), paths


def _glyphs(picture: Picture, boxes: Sequence[BBox], seqno: int) -> list[Glyph]:
    level = [box for box in boxes if box.height <= 1.5 * box.width]
    lines = read_lines([picture.pixels[int(b.y0) : int(b.y1) + 1, int(b.x0) : int(b.x1) + 1] for b in level])
    placed: list[Glyph] = []
    for number, (box, line) in enumerate(zip(level, lines, strict=True)):
        if mean_sure(line) >= LEAST_SURE:
            placed += _line(picture.box_to_points(box), line, seqno + number, len(placed))
    return placed


def _line(box: BBox, line: Sequence[Read], seqno: int, index: int) -> list[Glyph]:
    """The characters of a line with em boxes, each as wide as its neighbours leave room."""
    size = box.height / LINE_RATIO
    top = box.cy - size / 2
    middles = [box.x0 + read.at * box.width for read in line]
    result: list[Glyph] = []
    for i, (read, middle) in enumerate(zip(line, middles, strict=True)):
        half = size / 2 if unicodedata.east_asian_width(read.char) in "WFA" else size / 4
        left = max(middle - half, (middles[i - 1] + middle) / 2) if i else middle - half
        right = min(middle + half, (middle + middles[i + 1]) / 2) if i + 1 < len(line) else middle + half
        # Characters set solid touch.
        if i and result[-1].box.x1 > left:
            left = min(result[-1].box.x1, right - 0.01)
        result.append(
            Glyph(
                read.char.translate(_JAPANESE),
                BBox(left, top, max(right, left + 0.01), top + size),
                top + 0.88 * size,
                size,
                FONT,
                (0.0, 0.0, 0.0),
                seqno,
                index + i,
            )
        )
    return result


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
