# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads what is drawn on a page, from its paths: arrows, shapes, rulings and connectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from koteihyo.extract.arrows import take_arrows, without_patches
from koteihyo.extract.geometry import BBox
from koteihyo.extract.loops import close_loops
from koteihyo.extract.model import Color, PageLayout
from koteihyo.extract.paths import Path
from koteihyo.extract.pictures import MAX_PICTURES, picture_shapes, without_covered, without_outlines
from koteihyo.extract.pieces import join_pieces
from koteihyo.extract.rulings import build_rulings
from koteihyo.extract.shapes import build_shapes, finish_shapes
from koteihyo.extract.strokes import strokes_as_areas


def read_ink(
    layout: PageLayout,
    paths: Sequence[Path],
    text_seqnos: Sequence[int],
    pictures: Sequence[tuple[int, BBox]],
    color_of: Callable[[BBox], Color],
) -> PageLayout:
    """A page's layout with its shapes, rulings and connectors.

    Args:
        layout: The page with its text.
        paths: Its sub-paths.
        text_seqnos: When text was painted (sorted): it tells pieces of one shape from shapes with text between them.
        pictures: (painting order, box) of every picture.
        color_of: The commonest colour of a box as rendered.
    """
    em = layout.line_height
    arrows = take_arrows(strokes_as_areas(close_loops(paths), em), em)
    shapes = build_shapes(arrows.rest, text_seqnos, (layout.width, layout.height), em)
    rulings = build_rulings(arrows.rest, em)
    shapes = finish_shapes(join_pieces(shapes, layout.lines, rulings, em), em)
    free = without_outlines(pictures, shapes)
    written_on = picture_shapes(free, layout.lines, (layout.width, layout.height), em, color_of)
    shapes = [*without_covered(shapes, written_on), *written_on]
    shapes = without_patches(shapes, arrows.shapes, em)
    return replace(
        layout,
        shapes=tuple(sorted([*shapes, *arrows.shapes], key=lambda s: (s.seqno, s.box))),
        rulings=tuple(rulings),
        connectors=arrows.connectors,
        warnings=(*layout.warnings, *(["too_many_pictures"] if len(pictures) > MAX_PICTURES else [])),
    )
