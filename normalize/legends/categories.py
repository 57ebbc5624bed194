# SPDX-License-Identifier: AGPL-3.0-or-later
"""Says of each item of a chart what the legend says of its ink or sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from koteihyo.extract.model import PageLayout, Shape
from koteihyo.normalize.legends.model import Legend, ink_of
from koteihyo.normalize.legends.signs import SIGNS
from koteihyo.normalize.reading import ChartReading, ItemReading
from koteihyo.schema.records import ItemKind

# A shape that an item was read from has its box, within this, PDF points.
SAME_BOX = 1.0
# A fill much higher than an item is the ground it stands on.
GROUND = 1.5


def with_categories(chart: ChartReading, layout: PageLayout, legends: Sequence[Legend]) -> ChartReading:
    """The chart with the category of each item that a legend explains; the legends are not in `layout`."""
    if not legends:
        return chart
    return replace(chart, items=tuple(replace(item, category=_category(item, layout, legends)) for item in chart.items))


def _category(item: ItemReading, layout: PageLayout, legends: Sequence[Legend]) -> str | None:
    if item.kind not in (ItemKind.BAR, ItemKind.MARK, ItemKind.MARKER):
        return None
    sign = item.text[:1] if item.kind is not ItemKind.BAR and item.text[:1] in SIGNS else ""
    if sign and (found := next((words for legend in legends if (words := legend.words_for_sign(sign))), None)):
        return found
    shape = _shape(item, layout)
    ink = ink_of(shape) if shape is not None else None
    inked = next((words for legend in legends if ink is not None and (words := legend.words_for(ink))), None)
    if inked is not None or not item.lines:
        return inked
    color = item.lines[0].inked[0].color if item.lines[0].inked else ()
    return next((words for legend in legends if (words := legend.words_for_text(color))), None)


def _shape(item: ItemReading, layout: PageLayout) -> Shape | None:
    """The item's shape, or what is painted last at its left end."""
    exact = [s for s in layout.shapes if s.box.near(item.reach, SAME_BOX)]
    box = item.reach
    x = box.x0 + 0.25 * min(box.width, box.height)
    found = exact or [
        s
        for s in layout.shapes
        if s.fill is not None and s.box.contains_point(x, box.cy) and s.box.height <= GROUND * max(box.height, 1.0)
    ]
    return max(found, key=lambda s: s.last_seqno, default=None)
