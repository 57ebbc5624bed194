# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of a plan in reading order, each with its items in lanes in which no two overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from koteihyo.schema.records import EditionRecords, ScheduleItem, Section, TableRow

Span = tuple[float, float]


@dataclass(frozen=True)
class Band:
    """What stands under one heading, or in one row of a table."""

    chapter: str
    path: tuple[str, ...]
    """Headings from the outermost to this one; of a table its group and the row's name; empty under no heading."""
    lanes: tuple[tuple[ScheduleItem, ...], ...] = ()
    """Items that can be drawn on one line, from left to right; empty for a heading that only holds others."""
    undated: tuple[ScheduleItem, ...] = ()
    """Items whose years are not known."""

    @property
    def level(self) -> int:
        """Depth of the heading, 1 for the outermost; 0 under no heading."""
        return len(self.path)

    @property
    def title(self) -> str:
        """The heading itself."""
        return self.path[-1] if self.path else ""


@dataclass
class _Gathered:
    dated: list[ScheduleItem] = field(default_factory=list)
    undated: list[ScheduleItem] = field(default_factory=list)


def bands_of(records: EditionRecords, span: Callable[[ScheduleItem], Span | None]) -> list[Band]:
    """All headings and rows of an edition in reading order, with their items in lanes.

    A heading that is printed again on the next page is one band with what stands on both.

    Args:
        records: The edition.
        span: Where an item is drawn, from the left: (first, last) with last excluded, in any unit; None when unknown.
    """
    sections = {section.section_id: section for section in records.sections}
    rows = {row.row_id: row for row in records.table_rows}
    chapters = {page.page_no: page.chapter or "" for page in records.pages}
    gathered: dict[tuple[str, tuple[str, ...]], _Gathered] = {}
    for page_no, _chart, _top, _order, entry in sorted(_entries(records), key=lambda e: e[:4]):
        if isinstance(entry, Section):
            path = tuple(entry.path)
        elif isinstance(entry, TableRow):
            path = _row_path(entry)
        elif entry.section_id in sections:
            path = tuple(sections[entry.section_id].path)
        elif entry.row_id in rows:
            path = _row_path(rows[entry.row_id])
        else:
            path = ()
        chapter = chapters.get(page_no, "")
        # The headings above it, where the page does not print them itself.
        for depth in range(1, len(path)):
            gathered.setdefault((chapter, path[:depth]), _Gathered())
        group = gathered.setdefault((chapter, path), _Gathered())
        if isinstance(entry, ScheduleItem):
            (group.undated if span(entry) is None else group.dated).append(entry)
    return [
        Band(chapter, path, tuple(tuple(lane) for lane in pack(group.dated, span)), tuple(group.undated))
        for (chapter, path), group in gathered.items()
        if path or group.dated or group.undated
    ]


def pack(items: Iterable[ScheduleItem], span: Callable[[ScheduleItem], Span | None]) -> list[list[ScheduleItem]]:
    """Items in lanes from the top, none over another; those that the page shows side by side share one where they can."""
    lanes: list[list[ScheduleItem]] = []
    for item in items:
        start, end = span(item) or (0.0, 0.0)
        for lane in lanes:
            free = all(end <= a or start >= b for a, b in (span(other) or (0.0, 0.0) for other in lane))
            if free and any(_are_side_by_side(item, other) for other in lane):
                lane.append(item)
                break
        else:
            lanes.append([item])
    return [sorted(lane, key=lambda item: (span(item) or (0.0, 0.0), item.item_id)) for lane in lanes]


def _are_side_by_side(one: ScheduleItem, other: ScheduleItem) -> bool:
    """Whether the middle of the lower one of two items of a chart lies beside the other."""
    if (one.page_no, one.chart_no) != (other.page_no, other.chart_no):
        return False
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    return shared >= min(one.y1 - one.y0, other.y1 - other.y0) / 2


def year_span(item: ScheduleItem) -> Span | None:
    """The fiscal years that an item covers, as whole columns: 2024 to 2026 is (2024, 2027)."""
    if item.fy_start is None:
        return None
    return item.fy_start, (item.fy_start if item.fy_end is None else item.fy_end) + 1


def position_span(item: ScheduleItem) -> Span | None:
    """Where an item begins and ends on the fiscal-year axis, as drawn; else its whole years."""
    if item.start_pos is None or item.end_pos is None:
        return year_span(item)
    return item.start_pos, item.end_pos


def years_of(records: EditionRecords) -> range:
    """The fiscal years that the charts' columns and the items cover; empty when there are none."""
    known = [c.fy_start for c in records.fiscal_columns] + [c.fy_end for c in records.fiscal_columns if c.fy_end]
    for item in records.schedule_items:
        known += [year for year in (item.fy_start, item.fy_end) if year is not None]
    return range(min(known), max(known) + 1) if known else range(0)


def ticks_of(records: EditionRecords) -> list[tuple[str, float, float]]:
    """(label, start, end) of the months, quarters or halves of each year, the finest that a chart has, once each."""
    ticks = {(round(t.start_pos, 2), round(t.end_pos, 2)): t.label for t in records.fiscal_ticks}
    chosen: list[tuple[str, float, float]] = []
    for (start, end), label in sorted(ticks.items(), key=lambda tick: (tick[0][1] - tick[0][0], tick[0][0])):
        if all(end <= a or start >= b for _label, a, b in chosen):
            chosen.append((label, start, end))
    return sorted(chosen, key=lambda tick: tick[1])


def _entries(records: EditionRecords) -> Iterable[tuple[int, int, float, int, Section | TableRow | ScheduleItem]]:
    """Headings, rows and items with where they stand; a heading comes before what begins on its level."""
    for section in records.sections:
        yield section.page_no, section.chart_no, section.y0, section.ordinal, section
    for row in records.table_rows:
        yield row.page_no, row.chart_no, row.y0, row.ordinal, row
    for item in records.schedule_items:
        yield item.page_no, item.chart_no, item.y0, 1_000_000, item


def _row_path(row: TableRow) -> tuple[str, ...]:
    return tuple(part for part in (row.group_label, row.name) if part) or ("",)
