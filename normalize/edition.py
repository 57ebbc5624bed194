# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns the pages of one edition into records: ids, section paths across pages, accounting of every glyph."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import PageLayout
from koteihyo.normalize.amending import amend
from koteihyo.normalize.axis.doubts import axis_doubts
from koteihyo.normalize.headings.assignment import build_lanes
from koteihyo.normalize.headings.outline import Step, link_sections
from koteihyo.normalize.layout.order import raw_text
from koteihyo.normalize.page import PageReading, read_page
from koteihyo.normalize.reading import ChartReading, HeadingReading, ItemReading, RowReading
from koteihyo.normalize.text.characters import normalize_text
from koteihyo.normalize.trust.doubt import Doubt, doubts_of
from koteihyo.normalize.trust.ledger import Ledger, account_page
from koteihyo.schema.records import (
    Attribute,
    Chart,
    Edition,
    EditionRecords,
    FiscalColumn,
    FiscalTick,
    Note,
    Page,
    Paragraph,
    ScheduleItem,
    Section,
    TableRow,
)

# Boxes are stored to a hundredth of a point and positions to a thousandth of a year: finer is noise.
BOX_DIGITS = 2
POSITION_DIGITS = 3


class _Box(TypedDict):
    x0: float
    y0: float
    x1: float
    y1: float


def normalize_edition(layouts: Iterable[PageLayout], edition: Edition) -> EditionRecords:
    """All records of an edition from its page layouts, read one at a time.

    Ids are `<edition>:p<page>:<letter><number>`, numbered in reading order, so the same PDF gives the same ids.
    """
    part = normalize_pages(layouts, edition)
    links = link_sections(part.trail)
    sections = [
        section.model_copy(update=dict(zip(("parent_id", "path"), links[section.section_id], strict=True)))
        for section in part.records.sections
    ]
    return part.records.model_copy(update={"sections": sections})


@dataclass(frozen=True)
class PagesRead:
    """Some pages of an edition in a row. Its sections have no parents and paths yet: these come from pages before."""

    records: EditionRecords
    trail: list[Step]
    last: PageReading | None
    is_complete: bool = True
    """Whether none of them says anything of a row before them."""


def normalize_pages(layouts: Iterable[PageLayout], edition: Edition, before: PageReading | None = None) -> PagesRead:
    """The records of some pages in a row; `before` is the page before the first."""
    records = EditionRecords(edition=edition)
    trail: list[Step] = []
    count = 0
    page, is_complete = before, True
    for layout in layouts:
        count += 1
        page = read_page(layout, page)
        trail.append(Step(page.chapter))
        is_complete = _add_page(records, page, trail) and is_complete
    records = records.model_copy(update={"edition": edition.model_copy(update={"page_count": count})})
    return PagesRead(records, trail, page, is_complete)


def _add_page(records: EditionRecords, page: PageReading, trail: list[Step]) -> bool:
    """Adds the records of a page; whether all that it says of the page before could be added to that one's."""
    edition_id, page_no = records.edition.edition_id, page.layout.page_no
    prefix = f"{edition_id}:p{page_no}"
    ledger = Ledger(edition_id, page.layout)
    complete = True
    for chart_no, chart in enumerate(page.charts):
        complete = amend(records, chart.amendments, page_no - 1, ledger) and complete
        _add_chart(records, chart, chart_no, page_no, trail, ledger)
    for i, note in enumerate(page.notes):
        note_id = f"{prefix}:n{i}"
        records.notes.append(
            Note(
                edition_id=edition_id,
                page_no=page_no,
                note_id=note_id,
                text=note.text,
                text_raw=note.text_raw,
                **_box(note.box),
            )
        )
        ledger.claim("notes", note_id, note.lines)
    for i, block in enumerate(page.paragraphs):
        paragraph_id = f"{prefix}:t{i}"
        raw = raw_text(block.lines)
        records.paragraphs.append(
            Paragraph(
                edition_id=edition_id,
                page_no=page_no,
                paragraph_id=paragraph_id,
                ordinal=i,
                text=normalize_text(raw),
                text_raw=raw,
                **_box(block.box),
            )
        )
        ledger.claim("paragraphs", paragraph_id, block.lines)
    if page.page_number_line is not None:
        ledger.claim("pages", prefix, [page.page_number_line])
    ledger.claim("pages", prefix, page.chapter_lines)
    doubts = [*axis_doubts([chart.region.axis for chart in page.charts]), *page.doubts]
    account = account_page(ledger, [s for chart in page.charts for s in chart.empty_shapes], doubts)
    records.blocks.extend(account.blocks)
    records.findings.extend(account.findings)
    records.pages.append(
        Page(
            edition_id=edition_id,
            page_no=page_no,
            printed_page=page.printed_page,
            kind=page.kind,
            chapter=page.chapter,
            width=round(page.layout.width, BOX_DIGITS),
            height=round(page.layout.height, BOX_DIGITS),
            glyph_count=account.glyph_count,
            glyphs_in_records=account.in_records,
        )
    )
    return complete


def _add_chart(
    records: EditionRecords, chart: ChartReading, chart_no: int, page_no: int, trail: list[Step], ledger: Ledger
) -> None:
    edition_id = records.edition.edition_id
    prefix = f"{edition_id}:p{page_no}"
    chart_id = f"{prefix}:c{chart_no}"
    records.charts.append(
        Chart(
            edition_id=edition_id,
            page_no=page_no,
            chart_no=chart_no,
            title=chart.title,
            heading=chart.heading,
            continued_from_page=chart.continued_from,
            confidence=chart.confidence,
            **_box(chart.region.box),
        )
    )
    for ordinal, column in enumerate(chart.region.axis.columns):
        records.fiscal_columns.append(
            FiscalColumn(
                edition_id=edition_id,
                page_no=page_no,
                chart_no=chart_no,
                ordinal=ordinal,
                label=column.label,
                fy_start=column.fy_start,
                fy_end=column.fy_end,
                basis=column.basis,
                x0=round(column.x0, BOX_DIGITS),
                x1=round(column.x1, BOX_DIGITS),
            )
        )
    for ordinal, tick in enumerate(chart.region.axis.ticks):
        records.fiscal_ticks.append(
            FiscalTick(
                edition_id=edition_id,
                page_no=page_no,
                chart_no=chart_no,
                ordinal=ordinal,
                label=tick.label,
                start_pos=round(tick.start, POSITION_DIGITS),
                end_pos=round(tick.end, POSITION_DIGITS),
                x0=round(tick.x0, BOX_DIGITS),
                x1=round(tick.x1, BOX_DIGITS),
            )
        )
    ledger.claim("fiscal_columns", chart_id, chart.region.axis.label_lines)
    ledger.claim("charts", chart_id, [*chart.header_lines, *chart.title_lines])
    section_ids = _add_sections(records, chart, chart_no, page_no, trail, ledger)
    row_ids = _add_rows(records, chart, chart_no, page_no, ledger)
    ledger.claim("charts", chart_id, chart.label_lines)
    _add_items(records, chart, chart_no, page_no, section_ids, row_ids, ledger)


def _add_sections(
    records: EditionRecords, chart: ChartReading, chart_no: int, page_no: int, trail: list[Step], ledger: Ledger
) -> dict[HeadingReading, str]:
    edition_id = records.edition.edition_id
    first = sum(s.page_no == page_no for s in records.sections)
    ids = {}
    for i, heading in enumerate(chart.headings):
        section_id = f"{edition_id}:p{page_no}:s{first + i}"
        trail.append(Step(heading.label, section_id, heading.rank))
        records.sections.append(
            Section(
                edition_id=edition_id,
                page_no=page_no,
                section_id=section_id,
                parent_id=None,
                chart_no=chart_no,
                ordinal=first + i,
                level=heading.level,
                marker=heading.marker,
                title=heading.title,
                path=[],
                text_raw=raw_text(heading.lines),
                **_box(heading.box),
            )
        )
        ledger.claim("sections", section_id, heading.lines)
        ids[heading] = section_id
    return ids


def _add_rows(
    records: EditionRecords, chart: ChartReading, chart_no: int, page_no: int, ledger: Ledger
) -> dict[RowReading, str]:
    edition_id = records.edition.edition_id
    first = sum(r.page_no == page_no for r in records.table_rows)
    ids = {}
    for i, row in enumerate(chart.rows):
        row_id = f"{edition_id}:p{page_no}:r{first + i}"
        records.table_rows.append(
            TableRow(
                edition_id=edition_id,
                page_no=page_no,
                row_id=row_id,
                chart_no=chart_no,
                ordinal=first + i,
                group_label=row.group,
                name=row.name,
                done_text=row.done,
                owner_text=row.owner,
                owners=list(row.owners),
                attributes=[Attribute(name=name, text=text) for name, text in row.attributes],
                text_raw=raw_text(row.lines),
                **_box(row.box),
            )
        )
        ledger.claim("table_rows", row_id, row.lines)
        ids[row] = row_id
    return ids


def _add_items(
    records: EditionRecords,
    chart: ChartReading,
    chart_no: int,
    page_no: int,
    section_ids: Mapping[HeadingReading, str],
    row_ids: Mapping[RowReading, str],
    ledger: Ledger,
) -> None:
    edition_id = records.edition.edition_id
    first = sum(i.page_no == page_no for i in records.schedule_items)
    lanes = build_lanes([item.box for item in chart.items])
    lane_of = {chart.items[i].number: n for n, lane in enumerate(lanes) for i in lane.items}
    doubts = doubts_of(chart, recognised="recognised" in ledger.layout.warnings)
    order = sorted(chart.items, key=lambda item: (lane_of[item.number], item.box.x0, item.box.y0))
    ids = {item.number: f"{edition_id}:p{page_no}:i{first + n}" for n, item in enumerate(order)}
    for item in order:
        placement = item.placement
        records.schedule_items.append(
            _schedule_item(
                item,
                chart,
                doubts(item),
                _Where(
                    edition_id=edition_id,
                    page_no=page_no,
                    chart_no=chart_no,
                    item_id=ids[item.number],
                    section_id=section_ids[placement.heading] if placement.heading is not None else None,
                    row_id=row_ids[placement.row] if placement.row is not None else None,
                    parent_item_id=ids.get(item.parent) if item.parent is not None else None,
                    lane=lane_of[item.number],
                ),
            )
        )
        ledger.claim("schedule_items", ids[item.number], [*item.lines, *item.owner_lines])


class _Where(TypedDict):
    """Where an item stands among the records."""

    edition_id: str
    page_no: int
    chart_no: int
    item_id: str
    section_id: str | None
    row_id: str | None
    parent_item_id: str | None
    lane: int


def _schedule_item(item: ItemReading, chart: ChartReading, doubts: Sequence[Doubt], where: _Where) -> ScheduleItem:
    # Text, years and place are separate readings: all must hold for the record to be right.
    placed = item.placement.confidence if where["section_id"] or where["row_id"] else 1.0
    return ScheduleItem(
        **where,
        kind=item.kind,
        category=item.category,
        text=item.text,
        text_raw=item.text_raw,
        fy_start=item.years.fy_start,
        fy_end=item.years.fy_end,
        start_pos=round(item.years.start, POSITION_DIGITS),
        end_pos=round(item.years.end, POSITION_DIGITS),
        open_end=item.years.open_end,
        owners=list(item.owners),
        shape=item.form,
        confidence=round(item.confidence * chart.confidence * placed * math.prod(d.part for d in doubts), 3),
        section_confidence=round(item.placement.confidence, 3),
        evidence="; ".join([item.placement.evidence, *(f"doubt: {d.reason}" for d in doubts)]),
        **_box(item.box),
    )


def _box(box: BBox) -> _Box:
    # Cells of a broken grid may come turned round.
    x0, x1 = sorted((round(box.x0, BOX_DIGITS), round(box.x1, BOX_DIGITS)))
    y0, y1 = sorted((round(box.y0, BOX_DIGITS), round(box.y1, BOX_DIGITS)))
    return {"x0": x0, "y0": y0, "x1": x1, "y1": y1}
