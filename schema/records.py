# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records read from one edition. Boxes are PDF points from the top left of the page as a person sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from koteihyo.schema.axes import Basis as Basis
from koteihyo.schema.axes import FiscalColumn as FiscalColumn
from koteihyo.schema.axes import FiscalTick as FiscalTick
from koteihyo.schema.facts import ItemDate, ItemOrganization, ItemTarget, Phase, RowDate, RowTarget, Token
from koteihyo.schema.findings import Finding as Finding
from koteihyo.schema.places import Boxed, OnPage
from koteihyo.schema.record import Record

_BOX_CHECK = "x0 <= x1 AND y0 <= y1"
_CONFIDENCE_CHECK = "confidence BETWEEN 0 AND 1"


class PageKind(StrEnum):
    """What a page is."""

    COVER = "cover"
    ROADMAP = "roadmap"
    CARD_TABLE = "card_table"
    PROSE = "prose"
    OTHER = "other"


class ItemKind(StrEnum):
    """What a schedule item is."""

    BAR = "bar"
    MARK = "mark"
    """A run of adjacent year cells of one row with the same mark, ○ ● ◎ △ …"""
    MARKER = "marker"
    LABEL = "label"
    HEADING = "heading"
    CALLOUT = "callout"


class Attribute(BaseModel):
    """One cell of a table row beside the years, under the header of its column."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    text: str


class Edition(Record):
    """One published PDF of a roadmap (工程表の一つの版)."""

    TABLE: ClassVar[str] = "editions"
    KEY: ClassVar[tuple[str, ...]] = ("edition_id",)

    edition_id: str = Field(description="Short name of the edition, e.g. 2022-06.")
    title: str = Field(description="Title, as registered or as found on the cover.")
    published_on: dt.date | None = Field(default=None, description="Date of publication, if registered.")
    source_url: str | None = Field(default=None, description="Where the PDF was published, if registered.")
    source_sha256: str = Field(description="SHA-256 of the PDF that was read.")
    source_file: str = Field(description="File name of the PDF that was read.")
    page_count: int = Field(ge=0, description="Number of physical pages.")
    reader_version: str = Field(default="", description="Versions of koteihyo and of its PDF reader.")


class Page(OnPage):
    """One physical page."""

    TABLE: ClassVar[str] = "pages"
    KEY: ClassVar[tuple[str, ...]] = ("edition_id", "page_no")

    printed_page: str | None = Field(default=None, description="Page number printed on the page.")
    kind: PageKind = Field(description="cover, roadmap, card_table, prose or other.")
    chapter: str | None = Field(default=None, description="Running title at the head of the page.")
    width: float = Field(description="Width as viewed, PDF points.")
    height: float = Field(description="Height as viewed, PDF points.")
    glyph_count: int = Field(default=0, ge=0, description="Glyphs on the page, white space left out.")
    glyphs_in_records: int = Field(
        default=0, ge=0, description="Glyphs that are in a record; the others are in findings."
    )
    confidence: float | None = Field(
        default=None, ge=0, le=1, description="How sure the page's kind is; NULL, for nothing measures it yet."
    )


class Chart(Boxed):
    """One chart with its own fiscal-year columns; a page can hold several."""

    TABLE: ClassVar[str] = "charts"
    KEY: ClassVar[tuple[str, ...]] = ("edition_id", "page_no", "chart_no")
    CHECKS: ClassVar[tuple[str, ...]] = (_BOX_CHECK,)

    chart_no: int = Field(ge=0, description="Number of the chart on its page, 0 at the top.")
    title: str | None = Field(default=None, description="Title printed over the chart.")
    heading: str | None = Field(default=None, description="Heading printed along the chart's left side.")
    continued_from_page: int | None = Field(
        default=None, description="The page whose year header holds here; NULL when the chart has its own."
    )
    confidence: float = Field(default=1.0, ge=0, le=1, description="How sure it is that this is a roadmap chart.")


class Section(Boxed):
    """One heading printed on a page; a heading printed again on the next page is a row there too."""

    TABLE: ClassVar[str] = "sections"
    KEY: ClassVar[tuple[str, ...]] = ("section_id",)
    CHECKS: ClassVar[tuple[str, ...]] = (_BOX_CHECK, _CONFIDENCE_CHECK)

    section_id: str = Field(description="Id of the heading, the same in every run.")
    parent_id: str | None = Field(default=None, description="The heading above it, which may be on an earlier page.")
    chart_no: int = Field(default=0, ge=0, description="The chart the heading belongs to.")
    ordinal: int = Field(ge=0, description="Order on the page, from 0.")
    level: int = Field(ge=1, description="Depth by its marker: 1 for １．, 2 for （１）, 3 for ①, 4 for ・ or none.")
    marker: str = Field(description="１．, （１）, ①, ・ or empty.")
    title: str = Field(description="Heading without its marker, normalised.")
    path: list[str] = Field(description="Marker+title from the outermost heading to this one.")
    text_raw: str = Field(default="", description="Text as in the PDF.")
    confidence: float | None = Field(
        default=None, ge=0, le=1, description="How sure the reading is; NULL, for nothing measures it yet."
    )


class ScheduleItem(Boxed):
    """One entry of a chart: bar, run of marks, marker, label, heading or callout."""

    TABLE: ClassVar[str] = "schedule_items"
    KEY: ClassVar[tuple[str, ...]] = ("item_id",)
    CHECKS: ClassVar[tuple[str, ...]] = (
        _BOX_CHECK,
        _CONFIDENCE_CHECK,
        "fy_start IS NULL OR fy_end IS NULL OR fy_start <= fy_end",
        "start_pos IS NULL OR end_pos IS NULL OR start_pos <= end_pos",
        "section_confidence BETWEEN 0 AND 1",
    )
    REFERENCES: ClassVar[tuple[tuple[str, str], ...]] = (
        ("section_id", "sections"),
        ("row_id", "table_rows"),
        ("parent_item_id", "schedule_items"),
    )

    item_id: str = Field(description="Id of the item, the same in every run.")
    chart_no: int = Field(ge=0, description="The chart the item stands in.")
    section_id: str | None = Field(default=None, description="The heading it belongs to; NULL when there is none.")
    row_id: str | None = Field(default=None, description="The table row it stands in (card tables).")
    parent_item_id: str | None = Field(default=None, description="The bar in whose area it lies.")
    kind: ItemKind = Field(description="bar, mark, marker, label, heading or callout.")
    text: str = Field(
        description="Text, normalised, without line breaks, with any trailing [ministry]; empty for a bar without text."
    )
    text_raw: str = Field(description="Text as in the PDF, with line breaks.")
    fy_start: int | None = Field(default=None, description="First fiscal year it covers.")
    fy_end: int | None = Field(default=None, description="Last fiscal year it covers.")
    start_pos: float | None = Field(
        default=None, description="Left end as fiscal-year coordinate (2022.5 = 1 Oct 2022)."
    )
    end_pos: float | None = Field(default=None, description="Right end as fiscal-year coordinate.")
    open_end: bool = Field(
        default=False, description="True when it runs past the chart's last column or into an open one."
    )
    owners: list[str] = Field(
        default_factory=list, description="Ministries in charge, from the trailing [ ], without 等."
    )
    category: str | None = Field(
        default=None, description="What the chart's legend says of the item's colour or mark; NULL without a legend."
    )
    phase: Phase | None = Field(
        default=None, description="Stage by the text's head (検討, 実証, 運用開始 …); NULL when unclear."
    )
    lane: int = Field(default=0, ge=0, description="Horizontal lane of the chart, 0 at the top.")
    shape: str = Field(
        default="none", description="Form of the shape it was read from (pentagon, rect, cell, triangle, none …)."
    )
    confidence: float = Field(ge=0, le=1, description="How sure text, years and place are, taken together.")
    section_confidence: float = Field(default=1.0, ge=0, le=1, description="How sure the section (or row) is.")
    evidence: str = Field(default="", description="What the section was decided by, e.g. band+order.")
    corrected_by: str | None = Field(default=None, description="Who corrected it by hand, and why; NULL when as read.")
    original: str | None = Field(default=None, description="The values that a correction replaced, as JSON.")


class TableRow(Boxed):
    """One row of a ruled table with columns beside the years (担当課, KPI, 実施済みの事項 …)."""

    TABLE: ClassVar[str] = "table_rows"
    KEY: ClassVar[tuple[str, ...]] = ("row_id",)
    CHECKS: ClassVar[tuple[str, ...]] = (_BOX_CHECK,)

    row_id: str = Field(description="Id of the row, the same in every run.")
    chart_no: int = Field(default=0, ge=0, description="The chart the row stands in.")
    ordinal: int = Field(ge=0, description="Order on the page, from 0.")
    group_label: str | None = Field(default=None, description="Label of the row group, often written vertically.")
    name: str = Field(description="What the row is about.")
    done_text: str | None = Field(default=None, description="実施済みの事項: what was done before the chart begins.")
    owner_text: str | None = Field(default=None, description="主担当部局, 担当課, 所管 …, lines joined.")
    owners: list[str] = Field(default_factory=list, description="主担当部局, its parts: ministry, bureau, division.")
    attributes: list[Attribute] = Field(
        default_factory=list,
        description="Every column that is neither year nor group nor name, by its header, in order; empty cells too.",
    )
    text_raw: str = Field(default="", description="Text of all its cells as in the PDF.")
    confidence: float | None = Field(
        default=None, ge=0, le=1, description="How sure the reading is; NULL, for nothing measures it yet."
    )


class Note(Boxed):
    """One note (※…)."""

    TABLE: ClassVar[str] = "notes"
    KEY: ClassVar[tuple[str, ...]] = ("note_id",)
    CHECKS: ClassVar[tuple[str, ...]] = (_BOX_CHECK,)

    note_id: str = Field(description="Id of the note, the same in every run.")
    chart_no: int | None = Field(default=None, description="The chart it stands under, if any.")
    text: str = Field(description="Text with its ※, normalised, without line breaks.")
    text_raw: str = Field(default="", description="Text as in the PDF.")
    confidence: float | None = Field(
        default=None, ge=0, le=1, description="How sure the reading is; NULL, for nothing measures it yet."
    )


class Paragraph(Boxed):
    """A passage of text outside the charts: prose, lists and tables beside a roadmap, or a page without one."""

    TABLE: ClassVar[str] = "paragraphs"
    KEY: ClassVar[tuple[str, ...]] = ("paragraph_id",)
    CHECKS: ClassVar[tuple[str, ...]] = (_BOX_CHECK,)

    paragraph_id: str = Field(description="Id of the passage, the same in every run.")
    ordinal: int = Field(ge=0, description="Order on the page, from 0.")
    text: str = Field(description="Text, normalised, without line breaks.")
    text_raw: str = Field(description="Text as in the PDF, with line breaks.")
    confidence: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="How sure it is that the lines belong together; NULL, for nothing measures it yet.",
    )


class Block(Boxed):
    """One text line of a page and the record its glyphs went to: where each value comes from."""

    TABLE: ClassVar[str] = "blocks"
    KEY: ClassVar[tuple[str, ...]] = ("edition_id", "page_no", "block_no")
    CHECKS: ClassVar[tuple[str, ...]] = ("glyph_count > 0",)

    block_no: int = Field(ge=0, description="Number of the block on its page.")
    record_table: str = Field(description="Table of the record that holds the glyphs (findings when none does).")
    record_id: str = Field(description="Id of that record.")
    text_raw: str = Field(description="Text as in the PDF.")
    glyph_count: int = Field(description="Glyphs in it, white space left out.")


class EditionRecords(Record):
    """Everything read from one edition: a list of records for each table. Not itself a table.

    What stands here is what there is: `schema.catalog` takes its tables, and their order, from these fields.
    """

    TABLE: ClassVar[str] = ""
    KEY: ClassVar[tuple[str, ...]] = ()

    edition: Edition
    pages: list[Page] = Field(default_factory=list)
    charts: list[Chart] = Field(default_factory=list)
    fiscal_columns: list[FiscalColumn] = Field(default_factory=list)
    fiscal_ticks: list[FiscalTick] = Field(default_factory=list)
    sections: list[Section] = Field(default_factory=list)
    table_rows: list[TableRow] = Field(default_factory=list)
    schedule_items: list[ScheduleItem] = Field(default_factory=list)
    notes: list[Note] = Field(default_factory=list)
    paragraphs: list[Paragraph] = Field(default_factory=list)
    blocks: list[Block] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)
    item_dates: list[ItemDate] = Field(default_factory=list)
    item_targets: list[ItemTarget] = Field(default_factory=list)
    item_organizations: list[ItemOrganization] = Field(default_factory=list)
    row_dates: list[RowDate] = Field(default_factory=list)
    row_targets: list[RowTarget] = Field(default_factory=list)
    tokens: Sequence[Token] = Field(default_factory=list)
