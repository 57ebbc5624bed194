# SPDX-License-Identifier: AGPL-3.0-or-later
"""Schedule items as the comparison sees them: comparable text, place in the document, and the chart's years."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from koteihyo.normalize.headings.left_column import split_marker
from koteihyo.normalize.text.characters import compare_key
from koteihyo.normalize.text.tokens import tokenize
from koteihyo.schema.facts import OrganizationRole
from koteihyo.schema.records import EditionRecords, ScheduleItem, Section, TableRow


@dataclass(frozen=True)
class Place:
    """Where an item stands: titles of the headings above it, outermost first, and the table row."""

    titles: tuple[str, ...]
    row: str
    chart: str = ""
    """Name of the chart, for items that stand under no heading and in no row."""

    def __bool__(self) -> bool:
        return bool(self.titles or self.row or self.chart)


@dataclass(frozen=True)
class Years:
    """First and last fiscal year of a chart's columns; None where the chart has none."""

    first: int | None
    last: int | None


@dataclass(frozen=True, eq=False)
class Entry:
    """One schedule item with its surroundings. Entries are compared by identity."""

    item: ScheduleItem
    key: str
    """The text in its comparable form: what differs here differs for a reader."""
    place: Place
    path: tuple[str, ...]
    """The section path as printed."""
    row_name: str | None
    owners: tuple[str, ...]
    chapter: str | None
    years: Years
    order: float
    """Position in the edition, from 0 to 1."""

    @cached_property
    def words(self) -> frozenset[str]:
        """Content words, one spelling for variants; particles say nothing of what a measure is."""
        found = frozenset(
            t.normalized
            for t in tokenize(self.key, "A")
            if not t.pos.startswith(("助詞", "助動詞", "補助記号", "空白"))
        )
        return found or frozenset(self.key)


def entries_of(records: EditionRecords) -> list[Entry]:
    """The edition's items in reading order, whatever order the records come in."""
    chapters = {p.page_no: p.chapter for p in records.pages}
    sections = {s.section_id: s for s in records.sections}
    rows = {r.row_id: r for r in records.table_rows}
    years = _chart_years(records)
    ministries = _ministries(records)
    charts = {(c.page_no, c.chart_no): c.title or c.heading or chapters.get(c.page_no) for c in records.charts}
    items = sorted(records.schedule_items, key=lambda i: (i.page_no, i.chart_no, i.y0, i.x0, i.item_id))
    places: dict[tuple[str | None, str | None, str], Place] = {}
    entries = []
    for number, item in enumerate(items):
        section = sections.get(item.section_id or "")
        row = rows.get(item.row_id or "")
        chart = "" if section or row else charts.get((item.page_no, item.chart_no)) or ""
        at = (item.section_id, item.row_id, chart)
        if at not in places:
            places[at] = Place(_titles(section) if section else (), row_key(row) if row else "", compare_key(chart))
        entries.append(
            Entry(
                item=item,
                key=compare_key(item.text),
                place=places[at],
                path=tuple(section.path) if section else (),
                row_name=row.name if row else None,
                # The owner cell of a row names bureaus and divisions too, after the ministry.
                owners=tuple(ministries.get(item.item_id) or item.owners or (row.owners[:1] if row else ())),
                chapter=chapters.get(item.page_no),
                years=years.get((item.page_no, item.chart_no), Years(None, None)),
                order=number / max(len(items) - 1, 1),
            )
        )
    return entries


def heading_places(records: EditionRecords) -> list[Place]:
    """The places that the edition's headings and table rows name, in reading order."""
    sections = [((s.page_no, s.chart_no, s.y0, s.ordinal), Place(_titles(s), "")) for s in records.sections]
    rows = [((r.page_no, r.chart_no, r.y0, r.ordinal), Place((), row_key(r))) for r in records.table_rows]
    return [place for _at, place in sorted([*sections, *rows], key=lambda found: found[0])]


def _titles(section: Section) -> tuple[str, ...]:
    return tuple(title for title in map(_title, section.path) if title)


def row_key(row: TableRow) -> str:
    """What a row is known by: its group and name in their comparable form."""
    return compare_key(f"{row.group_label or ''}/{row.name}")


def _title(part: str) -> str:
    # Numbers of headings change whenever one is put in before them.
    _level, _marker, title = split_marker(part)
    return compare_key(title or part)


def _ministries(records: EditionRecords) -> dict[str, list[str]]:
    """Item id → canonical names of those in charge, where the edition's facts are known."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for organization in sorted(records.item_organizations, key=lambda o: (o.item_id, o.ordinal)):
        names = found[organization.item_id]
        if organization.role is OrganizationRole.OWNER and organization.organization not in names:
            names.append(organization.organization)
    return dict(found)


def _chart_years(records: EditionRecords) -> dict[tuple[int, int], Years]:
    spans: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for column in records.fiscal_columns:
        # An open-ended last column runs from N to N+1, so its last year is its first.
        last = column.fy_start if column.fy_end is None else column.fy_end
        spans[column.page_no, column.chart_no] += [column.fy_start, last]
    return {chart: Years(min(found), max(found)) for chart, found in spans.items()}
