# SPDX-License-Identifier: AGPL-3.0-or-later
"""Says of each item of a chart what the legend says of its colour or mark."""

from __future__ import annotations

from dataclasses import replace

from koteihyo.extract.model import Color, PageLayout
from koteihyo.normalize.legends.find import Legend
from koteihyo.normalize.reading import ChartReading, ItemReading
from koteihyo.schema.records import ItemKind

# A shape that an item was read from has its box, within this, PDF points.
SAME_BOX = 1.0
# A fill much higher than an item is the ground it stands on.
GROUND = 1.5


def with_categories(chart: ChartReading, layout: PageLayout, legend: Legend) -> ChartReading:
    """The chart with the category of each item that the legend explains."""
    if not legend.lines:
        return chart
    items = tuple(replace(item, category=_category(item, layout, legend)) for item in chart.items)
    return replace(chart, items=items)


def _category(item: ItemReading, layout: PageLayout, legend: Legend) -> str | None:
    if item.kind is ItemKind.MARK:
        return legend.of_mark(item.text) or legend.of_color(_color(item, layout))
    return legend.of_color(_color(item, layout)) if item.kind is ItemKind.BAR else None


def _color(item: ItemReading, layout: PageLayout) -> Color | None:
    """The fill of the item's shape, or what is painted last at its left end."""
    box = item.box
    exact = [s for s in layout.shapes if s.fill is not None and s.box.near(box, SAME_BOX)]
    x = box.x0 + 0.25 * min(box.width, box.height)
    found = exact or [
        s
        for s in layout.shapes
        if s.fill is not None and s.box.contains_point(x, box.cy) and s.box.height <= GROUND * max(box.height, 1.0)
    ]
    return max(found, key=lambda s: s.last_seqno).fill if found else None
