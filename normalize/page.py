# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads one page: its kind, its charts, its notes and what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from koteihyo.extract.model import Direction, Line, PageLayout
from koteihyo.normalize.axis.columns import find_axes
from koteihyo.normalize.axis.extent import Region, find_regions
from koteihyo.normalize.chart import is_roadmap, lines_without, read_chart
from koteihyo.normalize.layout.blocks import Block as TextBlock
from koteihyo.normalize.layout.blocks import group_blocks
from koteihyo.normalize.layout.margins import NoteText, find_page_number, find_title, is_note_start, read_notes
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.reading import ChartReading
from koteihyo.normalize.text.characters import normalize_text
from koteihyo.schema.records import PageKind

# A page with more lines than this of this length, in characters, is prose.
PROSE_LINE = 25
PROSE_LINES = 6
COVER_LINES = 14


@dataclass(frozen=True)
class PageReading:
    """One page as read, before ids are given."""

    layout: PageLayout
    kind: PageKind
    charts: list[ChartReading]
    notes: list[NoteText]
    printed_page: str | None
    page_number_line: Line | None
    chapter: str | None
    chapter_lines: list[Line]
    paragraphs: list[TextBlock]
    """Passages outside the charts."""


def read_page(layout: PageLayout) -> PageReading:
    """Everything that one page says."""
    lines = [ln for ln in layout.lines if not ln.is_blank]
    number = find_page_number(layout, lines)
    number_line = number[1] if number else None
    lines = [ln for ln in lines if ln is not number_line]
    charts, rest = _read_charts(layout, lines)
    notes = read_notes(rest) if charts else []
    rest = lines_without(rest, [ln for n in notes for ln in n.lines])
    top = min((c.region.box.y0 for c in charts), default=layout.height * 0.25)
    title = find_title(rest, top + 0.2 * layout.line_height)
    chapter, chapter_lines = title if title else (None, [])
    rest = lines_without(rest, chapter_lines)
    if charts:
        kind = PageKind.CARD_TABLE if all(c.is_card for c in charts) else PageKind.ROADMAP
    else:
        kind = _plain_kind(layout)
    titled = []
    for chart in charts:
        text, title_lines = _chart_title(chart.region, [*rest, *chapter_lines])
        rest = lines_without(rest, [*title_lines, *chart.side_lines])
        titled.append(replace(chart, title=text, title_lines=tuple(title_lines)))
    return PageReading(
        layout,
        kind,
        titled,
        notes,
        number[0] if number else None,
        number_line,
        chapter,
        chapter_lines,
        group_blocks(rest),
    )


def _read_charts(layout: PageLayout, lines: list[Line]) -> tuple[list[ChartReading], list[Line]]:
    axes = find_axes(layout)
    regions = find_regions(layout, axes)
    charts: list[ChartReading] = []
    for region in regions:
        chart, left_over = read_chart(layout, region, lines)
        if is_roadmap(chart):
            charts.append(chart)
            lines = left_over
    return charts, lines


def _chart_title(region: Region, lines: Sequence[Line]) -> tuple[str | None, list[Line]]:
    """The line right over a chart, if it is near."""
    em = region.axis.em
    near = [
        ln
        for ln in lines
        if ln.direction is Direction.HORIZONTAL
        and 0 <= region.box.y0 - ln.box.y1 <= 2.5 * max(em, ln.size)
        and region.box.x0 - 3 * em <= ln.box.cx <= region.box.x1
        and not is_note_start(ln.text)
    ]
    if not near:
        return None, []
    bottom = max(ln.box.y1 for ln in near)
    chosen = [ln for ln in near if bottom - ln.box.y1 <= 0.5 * ln.size]
    return normalize_text(raw_text(chosen)), chosen


def _plain_kind(layout: PageLayout) -> PageKind:
    """cover, prose or other, for a page without a chart."""
    lines = [ln for ln in layout.lines if not ln.is_blank]
    long_lines = sum(len(ln.text.strip()) >= PROSE_LINE for ln in lines)
    if layout.page_no == 1 and lines and len(lines) <= COVER_LINES:
        return PageKind.COVER
    if long_lines >= PROSE_LINES:
        return PageKind.PROSE
    return PageKind.OTHER
