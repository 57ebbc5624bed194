# SPDX-License-Identifier: AGPL-3.0-or-later
"""The passes that read what stands beside the years: columns and rows of a table, headings, owners, and whose items are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Line
from koteihyo.normalize.claims import Area, Claims, Printed
from koteihyo.normalize.headings.assignment import Affinity, assign
from koteihyo.normalize.headings.card_rows import find_card_header, group_label_lines, is_card_table, read_rows
from koteihyo.normalize.headings.frames import strip_items, tab_headings, without
from koteihyo.normalize.headings.groups import have_rows, nest_in_groups, with_plain_siblings
from koteihyo.normalize.headings.lanes import part_by_lanes
from koteihyo.normalize.headings.left_column import order_by_band, read_headings
from koteihyo.normalize.headings.own_boxes import with_own_boxes
from koteihyo.normalize.headings.strips import group_headings, numbered_strips, owner_cells, with_owners
from koteihyo.normalize.headings.vocabulary import SharedVocabulary
from koteihyo.normalize.reading import HeadingReading, ItemReading, Placement, RowReading
from koteihyo.normalize.scene import Scene
from koteihyo.schema.records import ItemKind

# A subtitle stands over its bars within this many line heights.
SUBTITLE_REACH = 3.0
# Confidence of the row that an item stands in.
ROW_CONFIDENCE = 0.97


def find_side_columns(scene: Scene, claims: Claims) -> Claims:
    """The columns beside the years that the header names, and whether rows are things or numbered sections."""
    labels = {g for ln in scene.region.axis.label_lines for g in ln.glyphs}
    beside = [ln for ln in claims.lines_of(Area.HEADER) if not any(g in labels for g in ln.glyphs)]
    columns = find_card_header(scene.layout, scene.region, beside)
    if columns is None:
        return claims
    is_card = is_card_table(columns, claims.lines_of(Area.LEFT))
    return replace(claims, side_columns=replace(columns, is_card=is_card))


def read_table_rows(scene: Scene, claims: Claims) -> Claims:
    """The rows of a table of cards, with the labels that several of them share."""
    if claims.side_columns is None or not claims.is_card:
        return claims
    left = claims.lines_of(Area.LEFT)
    rows = read_rows(scene.layout, scene.region, claims.side_columns, [*left, *claims.lines_of(Area.RIGHT)])
    given = claims.give_each((line, row, "stands in its cells") for row in rows for line in row.lines)
    labels = group_label_lines(rows, scene.region, left)
    return replace(given, rows=tuple(rows)).give(labels, Printed("label of a group of rows"), "several rows share it")


def read_left_headings(scene: Scene, claims: Claims) -> Claims:
    """The headings of the left column, and the labels that are written beside them from top to bottom."""
    if claims.is_card:
        return claims
    left = claims.lines_of(Area.LEFT)
    vertical = _vertical_lines(left)
    beside = set(vertical)
    region = scene.region
    headings = read_headings(scene.layout, region, region.left, [ln for ln in left if ln not in beside])
    bars = [item.box for item in claims.items]
    headings = with_own_boxes(part_by_lanes(headings, bars), bars, scene.layout, region)
    headings = with_plain_siblings(headings, bars, scene.em)
    headings = nest_in_groups(headings, scene.layout, region)
    groups = group_headings(scene.layout, vertical, max(1, min((h.level for h in headings), default=2) - 1))
    if groups:
        headings = order_by_band([*groups, *headings], scene.em)
    given = claims.give_each((line, h, "stands in the left column") for h in headings for line in h.lines)
    if not groups:
        given = given.give(vertical, CHART_LABEL, "runs from top to bottom beside the chart")
    return replace(given, headings=tuple(headings))


CHART_LABEL = Printed("the chart's heading")


def _vertical_lines(lines: Sequence[Line]) -> list[Line]:
    """The chart heading written from top to bottom, with the figures that are set upright in it."""
    vertical = [ln for ln in lines if ln.direction is not Direction.HORIZONTAL]
    return vertical + [
        ln
        for ln in lines
        if ln.direction is Direction.HORIZONTAL
        and len(ln.text.strip()) <= 3
        and any(v.box.x0 - 0.5 * v.size <= ln.box.cx <= v.box.x1 + 0.5 * v.size for v in vertical)
    ]


def read_right_headings(scene: Scene, claims: Claims) -> Claims:
    """Where nothing stands left of the years, the headings right of them, each in a row or a box of its own.

    A named column of owners is none, nor is prose beside the chart.
    """
    if claims.is_card or claims.headings or claims.lines_of(Area.LEFT):
        return claims
    owner = claims.side_columns.owner if claims.side_columns is not None else None
    lines = [ln for ln in claims.lines_of(Area.RIGHT) if owner is None or not owner[0] <= ln.box.cx <= owner[1]]
    region = scene.region
    headings = nest_in_groups(read_headings(scene.layout, region, region.right, lines), scene.layout, region)
    if not have_rows(headings, scene.layout, region):
        return claims
    given = claims.give_each((line, h, "stands in the right column") for h in headings for line in h.lines)
    return replace(given, headings=tuple(headings))


def read_tabs(scene: Scene, claims: Claims) -> Claims:
    """The titles on the frames around bars are headings, not items."""
    if claims.is_card or claims.headings:
        return claims
    return _as_headings(claims, tab_headings(scene.layout, scene.region, claims.items), "the title of a frame")


def read_strips(scene: Scene, claims: Claims) -> Claims:
    """Where no column has headings, strips across the chart and numbered lines between the bands are, not items."""
    if claims.is_card or claims.headings:
        return claims
    found = numbered_strips(scene.region, claims.items) or strip_items(scene.layout, scene.region, claims.items)
    return _as_headings(claims, found, "a strip across the chart")


def _as_headings(claims: Claims, found: Sequence[tuple[ItemReading, HeadingReading]], why: str) -> Claims:
    headings = sorted((h for _item, h in found), key=lambda h: h.box.y0)
    given = claims.give_each((line, h, why) for h in headings for line in h.lines)
    rest = without(claims.items, [item for item, _heading in found])
    return replace(given, headings=(*claims.headings, *headings), items=tuple(rest))


def give_owners(scene: Scene, claims: Claims) -> Claims:
    """The cells of a column of ministries speak for the items of their rows."""
    if claims.side_columns is None or claims.is_card:
        return claims
    cells = owner_cells(scene.layout, claims.side_columns, claims.lines_of(Area.RIGHT))
    items = with_owners(claims.items, cells)
    owners = Printed("owners of an item")
    given = claims.give([ln for item in items for ln in item.owner_lines], owners, "stands in its row")
    return replace(given, items=tuple(items))


def place_items(scene: Scene, claims: Claims) -> Claims:
    """Each item under the heading of its lane, or in the row that it stands in."""
    boxes = [_lane_box(item, claims.items, scene.em) for item in claims.items]
    placements = assign(claims.headings, boxes, scene.em, _affinity(claims.headings, claims.items))
    placed = []
    for item, placement in zip(claims.items, placements, strict=True):
        row = _row_of(item, claims.rows)
        chosen = placement if row is None else Placement(placement.heading, row, ROW_CONFIDENCE, "row")
        placed.append(replace(item, placement=chosen))
    return replace(claims, items=tuple(placed))


def _lane_box(item: ItemReading, items: Sequence[ItemReading], em: float) -> BBox:
    """The box by which an item is put in a lane, with the text beside its shape; a subtitle goes with the bars under it."""
    if item.kind is ItemKind.MARKER:
        return item.reach
    if item.kind is ItemKind.HEADING:
        below = [
            other.box
            for other in items
            if other.kind is ItemKind.BAR and 0 <= other.box.y0 - item.box.y1 <= SUBTITLE_REACH * em
        ]
        if below:
            return union([item.box, min(below, key=lambda b: b.y0)])
    return union([item.box, *(ln.box for ln in item.lines)])


def _affinity(headings: Sequence[HeadingReading], items: Sequence[ItemReading]) -> Affinity | None:
    """Shared vocabulary, where there is a choice to make: the dictionary is not loaded for nothing."""
    bands = [h.band for h in headings]
    if len(set(bands)) == len(bands):
        return None
    return SharedVocabulary([h.title for h in headings], [item.text for item in items])


def _row_of(item: ItemReading, rows: Sequence[RowReading]) -> RowReading | None:
    y = item.reach.cy
    return next((row for row in rows if row.box.y0 <= y <= row.box.y1), None)
