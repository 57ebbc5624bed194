# SPDX-License-Identifier: AGPL-3.0-or-later
"""What on a chart was not understood, and by how much that lowers the confidence of what depends on it.

Each part was measured by reading every edition with ground truth, and the drawn layouts, with one pass of the reading
left out at a time: that is what a form of chart looks like that the passes do not know. Beside each part stands how
many of the items were right where the sign showed; without any of them it is 0.99.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from koteihyo.extract.model import Form, Line
from koteihyo.normalize.reading import ChartReading, ItemReading
from koteihyo.schema.records import ItemKind


@dataclass(frozen=True)
class DoubtSettings:
    """When a sign counts, and what part of the confidence it leaves."""

    side_words: float = 0.05
    """Part of the chart's characters that stand beside the years in no heading; holds from 0.03 to 0.06."""
    side_words_part: float = 0.75
    """Right with it: 0.32 where headings were lost, nearly all where a chart has none, so it stands between."""
    empty_shapes: float = 0.2
    """Part of the shapes that look like bars and became no item; charts that are read well have up to 0.12 of them."""
    silent_bars: float = 0.1
    """Part of the items that are bars without words."""
    empty_part: float = 0.5
    """Right with many empty shapes among silent bars: 0.30."""
    free_words: float = 0.3
    """Part of the items that are words on no shape; with silent bars they are those bars' words."""
    free_part: float = 0.6
    """Right with many free words and silent bars: 0.39."""
    beyond: float = 1.0
    """Sizes of the header's text by which a bar reaches out of the years; bars that are read well stay below 1."""
    beyond_part: float = 0.7
    gap_part: float = 0.85
    explained: float = 0.5
    """Part of the bars whose ink a legend must explain before another's is strange."""
    unexplained_part: float = 0.9
    recognised_part: float = 0.8
    """Right on the three scans with ground truth, texts that are nearly the same counted: 0.55, 0.85 and 0.94."""


DOUBTS = DoubtSettings()


@dataclass(frozen=True)
class Doubt:
    """Why an item may be wrong, in words for `evidence`, and the part of its confidence that is left, 0 to 1."""

    reason: str
    part: float


def doubts_of(
    chart: ChartReading, *, recognised: bool = False, settings: DoubtSettings = DOUBTS
) -> Callable[[ItemReading], tuple[Doubt, ...]]:
    """A function that says what casts doubt on an item of the chart; `recognised` of one that was read from pixels."""
    everywhere = tuple(_of_chart(chart, settings))
    if recognised:
        everywhere = (Doubt("read from pixels", settings.recognised_part), *everywhere)
    words = _words_unread(chart, settings)
    strange = _inks_explained(chart, settings)

    def of(item: ItemReading) -> tuple[Doubt, ...]:
        found = list(everywhere)
        if words and item.placement.heading is None and item.placement.row is None:
            found.append(Doubt("words beside the years unread", settings.side_words_part))
        if _reaches_out(item, chart, settings):
            found.append(Doubt("reaches out of the years", settings.beyond_part))
        if strange and item.kind is ItemKind.BAR and item.category is None:
            found.append(Doubt("ink not in the legend", settings.unexplained_part))
        return tuple(found)

    return of


def _of_chart(chart: ChartReading, settings: DoubtSettings) -> list[Doubt]:
    found = []
    axis, count = chart.region.axis, len(chart.items)
    skips = any(b.fy_start - (a.fy_end or a.fy_start) > 1 for a, b in pairwise(axis.columns))
    if skips and not axis.boundary_rules:
        found.append(Doubt("columns skip years", settings.gap_part))
    silent = sum(item.kind is ItemKind.BAR and not item.text for item in chart.items)
    if count and silent > settings.silent_bars * count and not chart.rows:
        free = sum(item.kind is ItemKind.LABEL for item in chart.items)
        empty = len(chart.empty_shapes)
        if empty > settings.empty_shapes * (empty + count):
            found.append(Doubt("many shapes without meaning", settings.empty_part))
        if free > settings.free_words * count:
            found.append(Doubt("words beside silent bars", settings.free_part))
    return found


def _words_unread(chart: ChartReading, settings: DoubtSettings) -> bool:
    read = [line for item in chart.items for line in item.lines]
    read += [line for heading in chart.headings for line in heading.lines]
    read += [line for row in chart.rows for line in row.lines]
    beside = _characters(chart.side_lines)
    return beside > settings.side_words * (beside + _characters(read))


def _characters(lines: Sequence[Line]) -> int:
    return sum(not glyph.char.isspace() for line in lines for glyph in line.glyphs)


def _reaches_out(item: ItemReading, chart: ChartReading, settings: DoubtSettings) -> bool:
    if item.kind is not ItemKind.BAR or item.form == Form.IMAGE:
        return False
    body, slack = chart.region.body, settings.beyond * chart.region.axis.em
    return item.box.x0 < body.x0 - slack or item.box.x1 > body.x1 + slack


def _inks_explained(chart: ChartReading, settings: DoubtSettings) -> bool:
    bars = [item for item in chart.items if item.kind is ItemKind.BAR]
    return sum(item.category is not None for item in bars) > settings.explained * len(bars)
