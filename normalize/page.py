# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads one page: its kind, its charts, its notes and what stands around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from koteihyo.extract.geometry import union
from koteihyo.extract.model import Direction, Line, PageLayout
from koteihyo.normalize.axis.columns import Headers, find_axes, find_headers
from koteihyo.normalize.axis.continuation import continued_axis, continued_by_title
from koteihyo.normalize.axis.doubts import Doubt, rejected_axis
from koteihyo.normalize.axis.extent import Region, find_regions
from koteihyo.normalize.axis.model import Axis
from koteihyo.normalize.axis.unread import unread_headers
from koteihyo.normalize.chart import PASSES, is_roadmap, lines_without, read_region
from koteihyo.normalize.claims import Area, Claims, Printed
from koteihyo.normalize.layout.blocks import Block as TextBlock
from koteihyo.normalize.layout.blocks import group_blocks
from koteihyo.normalize.layout.margins import NoteText, find_page_number, find_title, is_note_start, read_notes
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.legends.categories import with_categories
from koteihyo.normalize.legends.find import find_legends, legends_of, without_legends
from koteihyo.normalize.legends.model import Legend
from koteihyo.normalize.reading import ChartReading
from koteihyo.normalize.scene import Pass, Scene, stages
from koteihyo.normalize.tables.page_break import carried_table
from koteihyo.normalize.text.characters import normalize_text
from koteihyo.schema.records import PageKind

# A page with more lines than this of this length, in characters, is prose.
PROSE_LINE = 25
PROSE_LINES = 6
# Fewer of them are prose where they hold most of what the page says.
SHORT_PROSE, PROSE_SHARE = 3, 0.7
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
    """Passages outside the charts, legends among them."""
    legends: list[Legend]
    """What explains the charts' inks and signs, printed here or on the page where a chart that goes on begins."""
    claims: Claims
    """Whose every line of the page is, by which pass and why."""
    doubts: tuple[Doubt, ...] = ()
    """What looks like the header of a chart and was not read as one."""


def read_page(layout: PageLayout, before: PageReading | None = None) -> PageReading:
    """Everything that one page says; `before` is the page before it, whose chart may go on here."""
    number, claims = _start(layout)
    number_line = number[1] if number else None
    headers = find_headers(layout)
    last = before.charts[-1] if before is not None and before.charts else None
    charts, legends, claims = _read_charts(layout, claims, headers.axes, last)
    printed = [TextBlock(legend.lines, union(ln.box for ln in legend.lines)) for legend in legends if legend.lines]
    if before is not None and before.charts:
        rest_of_last, claims = _continued(layout, claims, before, charts, headers.axes)
        legends = legends or (before.legends if rest_of_last else [])
        charts = [*rest_of_last, *charts]
    rest = list(claims.lines_of(Area.PAGE))
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
    paragraphs = group_blocks(rest)
    claims = _with_surroundings(claims, notes, chapter_lines, titled, paragraphs)
    return PageReading(
        layout,
        kind,
        titled,
        notes,
        number[0] if number else None,
        number_line,
        chapter,
        chapter_lines,
        [*paragraphs, *printed],
        legends,
        claims,
        _doubts(layout, headers, charts),
    )


def handed_on(page: PageReading | None) -> str:
    """All that the reading of the next page may take from this one, as text that can be compared."""
    if page is None or not page.charts:
        return ""
    return repr((page.layout.page_no, page.chapter, page.legends, page.charts[-1]))


def _doubts(layout: PageLayout, headers: Headers, charts: Sequence[ChartReading]) -> tuple[Doubt, ...]:
    """What is to be said of headers that no chart was read under."""
    read = {id(chart.region.axis) for chart in charts}
    rejected = [axis for axis in headers.axes if id(axis) not in read]
    boxes = [chart.region.box for chart in charts]
    return (*headers.doubts, *map(rejected_axis, rejected), *unread_headers(layout, boxes))


def _with_surroundings(
    claims: Claims,
    notes: Sequence[NoteText],
    chapter_lines: Sequence[Line],
    charts: Sequence[ChartReading],
    paragraphs: Sequence[TextBlock],
) -> Claims:
    """The claims with what stands around the charts."""
    for note in notes:
        claims = replace(claims, by="notes").give(note.lines, Printed("a note"), "begins with ※ or 注, or goes on so")
    claims = replace(claims, by="chapter").give(chapter_lines, Printed("the running title"), "the largest text on top")
    for chart in charts:
        titled = replace(claims, by="chart title")
        claims = titled.give(chart.title_lines, Printed("the chart's title"), "the line right over the chart")
    for block in paragraphs:
        claims = replace(claims, by="paragraphs").give(block.lines, Printed("a paragraph"), "outside every chart")
    return claims


def _read_charts(
    layout: PageLayout, claims: Claims, axes: Sequence[Axis], last: ChartReading | None
) -> tuple[list[ChartReading], list[Legend], Claims]:
    """(the charts of a page, its legends, the claims after both); `last` is the last chart of the page before."""
    page = layout_of_charts(layout, axes)
    charts: list[ChartReading] = []
    before, claims = claims, _with_legends(claims, page.legends)
    for region in page.regions:
        scene = Scene(page.layout, region, claims.lines_of(Area.PAGE))
        carried = carried_table(last, headed=True) if last is not None and not charts else None
        chart, after = read_region(scene, carried)
        if is_roadmap(chart):
            legends = legends_of(region, page.regions, page.legends)
            charts.append(with_categories(chart, page.layout, legends))
            claims = claims.with_chart(after)
    return (charts, page.legends, claims) if charts else ([], [], before)


@dataclass(frozen=True)
class ChartLayout:
    """Where the charts of a page are: the page without its legends, its regions from the top, the legends."""

    layout: PageLayout
    regions: list[Region]
    legends: list[Legend]


def layout_of_charts(layout: PageLayout, axes: Sequence[Axis]) -> ChartLayout:
    """The regions of a page's charts; what is a legend is in none of them."""
    regions = find_regions(layout, axes)
    legends = find_legends(layout, regions) if regions else []
    if not legends:
        return ChartLayout(layout, regions, [])
    rest = without_legends(layout, legends)
    return ChartLayout(rest, find_regions(rest, axes), legends)


def _with_legends(claims: Claims, legends: Sequence[Legend]) -> Claims:
    named = replace(claims, by="legend")
    for legend in legends:
        named = named.give(legend.lines, Printed("a legend"), "says what inks or signs mean")
    return replace(named, by="")


def _continued(
    layout: PageLayout, claims: Claims, before: PageReading, own: Sequence[ChartReading], axes: Sequence[Axis]
) -> tuple[list[ChartReading], Claims]:
    """The chart that the page before leaves open, if it goes on over this page's own charts, or all over the page."""
    last = before.charts[-1]
    above = min((chart.region.box.y0 for chart in own), default=layout.height)
    axis = continued_axis(layout, last.region, above)
    if axis is None and not own:
        title, lines = find_title(claims.lines_of(Area.PAGE), layout.height * 0.25) or (None, [])
        bottom = max((ln.box.y1 for ln in lines), default=0.0)
        axis = continued_by_title(layout, last.region, (before.chapter, title), bottom)
    if axis is None or axis.header.y0 >= above:
        return [], claims
    region = find_regions(layout, [axis, *axes])[0]
    carried = carried_table(last, headed=False)
    chart, after = read_region(Scene(layout, region, claims.lines_of(Area.PAGE)), carried)
    if not is_roadmap(chart):
        return [], claims
    first = last.continued_from or before.layout.page_no
    chart = with_categories(replace(chart, continued_from=first), layout, before.legends)
    return [chart], claims.with_chart(after)


def page_stages(layout: PageLayout) -> Iterator[tuple[Pass, Claims]]:
    """Every pass over every chart of a page, with the claims on the page as they stand after it."""
    page = layout_of_charts(layout, find_axes(layout))
    claims = _with_legends(_start(layout)[1], page.legends)
    for region in page.regions:
        scene = Scene(page.layout, region, claims.lines_of(Area.PAGE))
        before = claims
        for step, after in stages(scene, PASSES):
            yield step, before.with_chart(after)
        chart, after = read_region(scene)
        if is_roadmap(chart):
            claims = before.with_chart(after)


def _start(layout: PageLayout) -> tuple[tuple[str, Line] | None, Claims]:
    """(the printed page number and its line, the page's lines with only that claimed)."""
    lines = [ln for ln in layout.lines if not ln.is_blank]
    number = find_page_number(layout, lines)
    claims = replace(Claims.start(lines), by="page number")
    if number is not None:
        claims = claims.give([number[1]], Printed("the page number"), "a number alone in the margin")
    return number, claims


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
    written = sum(len(ln.text.strip()) for ln in lines)
    in_long = sum(len(ln.text.strip()) for ln in lines if len(ln.text.strip()) >= PROSE_LINE)
    if long_lines >= PROSE_LINES or (long_lines >= SHORT_PROSE and in_long >= PROSE_SHARE * written):
        return PageKind.PROSE
    return PageKind.OTHER
