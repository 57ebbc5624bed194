# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a page that is a picture into the paths and glyphs that a drawn page has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from koteihyo.extract.geometry import BBox, bounding
from koteihyo.extract.model import Glyph
from koteihyo.extract.paths import Path
from koteihyo.extract.placed import PlacedGlyphs, horizontal
from koteihyo.extract.raster.areas import Area, find_areas
from koteihyo.extract.raster.ink import separate
from koteihyo.extract.raster.kept import Recogniser, kept_folder
from koteihyo.extract.raster.picture import Picture, take_picture
from koteihyo.extract.raster.rules import Rule, find_rules
from koteihyo.extract.raster.setting import set_line
from koteihyo.extract.raster.text import Text, read_text

if TYPE_CHECKING:
    import pymupdf


def read_picture(page: pymupdf.Page) -> tuple[PlacedGlyphs, list[Path]]:
    """(glyphs, drawn paths) of a page that is a picture; both in points of the page turned upright."""
    picture = take_picture(page, BBox(*page.rect))
    recogniser = Recogniser(picture, kept_folder())
    text = read_text(picture, recogniser)
    recogniser.keep()
    ink = separate(picture, text.boxes, text.em)
    areas = find_areas(picture, ink, text.boxes, text.em)
    rules = find_rules(ink, [area.box for area in areas], text.em)
    paths = [_area_path(area, picture, seqno) for seqno, area in enumerate(areas)]
    paths += [_rule_path(rule, picture, len(areas) + i) for i, rule in enumerate(rules)]
    return horizontal(_glyphs(text, picture, len(paths))), paths


def _glyphs(text: Text, picture: Picture, seqno: int) -> list[Glyph]:
    placed: list[Glyph] = []
    for number, line in enumerate(text.lines):
        spaces = [blank / picture.scale for blank in line.blanks]
        placed += set_line(picture.box_to_points(line.box), line.characters, spaces, seqno + number, len(placed))
    return placed


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
