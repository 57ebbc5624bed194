# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joins words with the arrows that carry them on over the next cells (検討 → →): one item over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from koteihyo.extract.geometry import BBox, union
from koteihyo.normalize.axis.model import Axis
from koteihyo.normalize.bars.items import years_of
from koteihyo.normalize.claims import Claims
from koteihyo.normalize.reading import ItemReading
from koteihyo.normalize.scene import Scene
from koteihyo.normalize.text.signs import CARRIES_ON
from koteihyo.schema.records import ItemKind

# Cells of one row overlap by this part of the lower one's height.
SAME_ROW = 0.6
# Cells that follow one another leave less than this part of a column between them.
BETWEEN = 0.9


def join_carried(scene: Scene, claims: Claims) -> Claims:
    """The items with arrows of their own joined to the item that they follow in their row."""
    axis = scene.region.axis
    arrows = sorted((i for i in claims.items if _only_carries(i)), key=lambda i: i.reach.x0)
    if not arrows:
        return claims
    joined: dict[int, ItemReading] = {i.number: i for i in claims.items if not _only_carries(i)}
    for arrow in arrows:
        place = _cell(arrow, axis)
        before = _before(place, list(joined.values()), axis)
        if before is None:
            joined[arrow.number] = arrow
            continue
        reach = union([_cell(before, axis), place])
        joined[before.number] = replace(
            before,
            kind=ItemKind.BAR,
            lines=(*before.lines, *arrow.lines),
            box=union([before.box, arrow.box]),
            reach=reach,
            years=years_of(ItemKind.BAR, reach, axis),
        )
    taken = {item.number for item in joined.values()}
    given = claims
    for arrow in arrows:
        holder = next((i for i in joined.values() if arrow.lines and arrow.lines[0] in i.lines), None)
        if holder is not None and arrow.number not in taken:
            given = given.give(arrow.lines, holder, "carries a word on over the next cell")
    return replace(given, items=tuple(joined[i.number] for i in claims.items if i.number in taken))


def _only_carries(item: ItemReading) -> bool:
    written = item.form in ("cell", "none", "rect") and bool(item.text)
    return written and CARRIES_ON.fullmatch(item.text) is not None


def _cell(item: ItemReading, axis: Axis) -> BBox:
    """The item's cell, or the columns that its bare text begins and ends in."""
    if item.form != "none":
        return item.reach
    first = next((c for c in axis.finest if item.box.cx < c.x1), axis.finest[-1])
    last = next((c for c in axis.finest if item.box.x1 < c.x1), axis.finest[-1])
    first = min((first, *(c for c in axis.finest if c.x0 <= item.box.x0 < c.x1)), key=lambda c: c.x0)
    return BBox(first.x0, item.box.y0, last.x1, item.box.y1)


def _before(place: BBox, items: Sequence[ItemReading], axis: Axis) -> ItemReading | None:
    """The item right before a cell in its row."""
    width = axis.pitch
    near = []
    for item in items:
        cell = _cell(item, axis)
        level = cell.y_overlap(place) >= SAME_ROW * min(cell.height, place.height)
        words = item.kind in (ItemKind.BAR, ItemKind.LABEL) and item.form in ("cell", "none", "rect")
        if words and level and cell.x0 < place.x0 and -0.1 * width <= place.x0 - cell.x1 <= BETWEEN * width:
            near.append((place.x0 - cell.x1, item))
    return min(near, key=lambda pair: pair[0])[1] if near else None
