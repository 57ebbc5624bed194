# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the texts of an edition say: dates, targets, organisations, and the words themselves."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from koteihyo.schema.record import Record

_ITEM = ("item_id", "schedule_items")
_ROW = ("row_id", "table_rows")
_SPAN_CHECK = "char_start < char_end"


class Precision(StrEnum):
    """The unit that a date is named in."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    FISCAL_YEAR = "fiscal_year"
    DECADE = "decade"


class DateRole(StrEnum):
    """What a date is to the measure."""

    START = "start"
    DEADLINE = "deadline"
    POINT = "point"
    PERIOD = "period"
    REFERENCE = "reference"


class Comparator(StrEnum):
    """How a number relates to what is measured."""

    EQUAL = "="
    AT_LEAST = ">="
    MORE = ">"
    AT_MOST = "<="
    LESS = "<"


class OrganizationRole(StrEnum):
    """How an organisation is tied to an item."""

    OWNER = "owner"
    MENTIONED = "mentioned"


class Phase(StrEnum):
    """The stage of a measure, by the head of its text."""

    STUDY = "検討"
    LEGISLATION = "法整備"
    DEVELOPMENT = "設計・開発"
    TRIAL = "実証"
    BUILDING = "整備・構築"
    LAUNCH = "運用開始"
    OPERATION = "本格運用"
    EXPANSION = "展開・拡大"
    CONTINUATION = "継続"
    REVIEW = "見直し"


class _OfItem(Record):
    edition_id: str = Field(description="The edition the row was read from.")
    item_id: str = Field(description="The schedule item whose text says it.")
    ordinal: int = Field(ge=0, description="Order within the item, from 0.")


class _OfRow(Record):
    edition_id: str = Field(description="The edition the row was read from.")
    row_id: str = Field(description="The table row whose cell says it.")
    attribute: str = Field(description="The header of the cell's column: KPI, 目標値, 備考 …")
    ordinal: int = Field(ge=0, description="Order within the row, from 0.")


class _DateSaid(Record):
    date_from: dt.date | None = Field(
        default=None,
        description="First day of the time named; NULL when its year is not known (年度内 over two years).",
    )
    date_to: dt.date | None = Field(
        default=None, description="Last day of the time named: 令和４年度まで gives 2023-03-31."
    )
    precision: Precision = Field(
        description="Unit it is named in: day, month, quarter, half, year, fiscal_year, decade."
    )
    approximate: bool = Field(description="True with 頃, 目途, 早ければ, 早期 and the like.")
    role: DateRole = Field(
        description="start (～, から, 以降), deadline (まで), period (from … to), reference (of a law, a meeting, "
        "a base year) or point."
    )
    text: str = Field(description="The words, as in the text.")
    char_start: int = Field(ge=0, description="Offset of the first character in the text.")
    char_end: int = Field(ge=0, description="Offset after the last character.")


class _TargetSaid(Record):
    value: float = Field(description="The number; ３割 is 30 with the unit %, 9万 is 90000.")
    unit: str = Field(description="Its unit: %, 世帯, 法人, 団体 …")
    comparator: Comparator = Field(description="=, >= (以上), > (超), <= (以内, 以下) or < (未満).")
    approximate: bool = Field(description="True with 約, 程度, 前後 and the like.")
    measure: str | None = Field(default=None, description="What is measured, in the text's words.")
    deadline: dt.date | None = Field(default=None, description="Last day of the date that stands with it, if any.")
    text: str = Field(description="The words, as in the text.")
    char_start: int = Field(ge=0, description="Offset of the first character in the text.")
    char_end: int = Field(ge=0, description="Offset after the last character.")


class ItemDate(_DateSaid, _OfItem):
    """One date named in a schedule item's text (令和４年９月, 2027年度末まで, 2020年代早期 …)."""

    TABLE: ClassVar[str] = "item_dates"
    KEY: ClassVar[tuple[str, ...]] = ("item_id", "ordinal")
    CHECKS: ClassVar[tuple[str, ...]] = (
        _SPAN_CHECK,
        "(date_from IS NULL) = (date_to IS NULL)",
        "date_from IS NULL OR date_from <= date_to",
    )
    REFERENCES: ClassVar[tuple[tuple[str, str], ...]] = (_ITEM,)


class ItemTarget(_TargetSaid, _OfItem):
    """One number that a schedule item's text promises or counts (99.85％, 約９万世帯, 100万法人 …)."""

    TABLE: ClassVar[str] = "item_targets"
    KEY: ClassVar[tuple[str, ...]] = ("item_id", "ordinal")
    CHECKS: ClassVar[tuple[str, ...]] = (_SPAN_CHECK,)
    REFERENCES: ClassVar[tuple[tuple[str, str], ...]] = (_ITEM,)


class RowDate(_DateSaid, _OfRow):
    """One date named in a cell beside the years of a table row (目標年度, 完了予定, KPI …)."""

    TABLE: ClassVar[str] = "row_dates"
    KEY: ClassVar[tuple[str, ...]] = ("row_id", "ordinal")
    CHECKS: ClassVar[tuple[str, ...]] = ItemDate.CHECKS
    REFERENCES: ClassVar[tuple[tuple[str, str], ...]] = (_ROW,)


class RowTarget(_TargetSaid, _OfRow):
    """One number that a cell beside the years of a table row promises or counts (達成率80％, 年12回 …)."""

    TABLE: ClassVar[str] = "row_targets"
    KEY: ClassVar[tuple[str, ...]] = ("row_id", "ordinal")
    CHECKS: ClassVar[tuple[str, ...]] = (_SPAN_CHECK,)
    REFERENCES: ClassVar[tuple[tuple[str, str], ...]] = (_ROW,)


class ItemOrganization(_OfItem):
    """One organisation in charge of a schedule item, or named in its text."""

    TABLE: ClassVar[str] = "item_organizations"
    KEY: ClassVar[tuple[str, ...]] = ("item_id", "ordinal")
    REFERENCES: ClassVar[tuple[tuple[str, str], ...]] = (_ITEM,)

    organization: str = Field(description="Canonical name: デジタル庁, 総務省, 情報処理推進機構 …")
    unit: str | None = Field(
        default=None, description="Bureau or division as written after it (保険局医療介護連携政策課)."
    )
    role: OrganizationRole = Field(description="owner (in [ ] or in the owner cell) or mentioned.")
    text: str = Field(description="The words, as written.")


class Token(Record):
    """One word of a text, by Sudachi: short units (A), and long units (C) that hold several short ones."""

    TABLE: ClassVar[str] = "tokens"
    KEY: ClassVar[tuple[str, ...]] = ("edition_id", "record_table", "record_id", "unit", "position")
    CHECKS: ClassVar[tuple[str, ...]] = (_SPAN_CHECK, "unit IN ('A', 'C')")

    edition_id: str = Field(description="The edition the row was read from.")
    record_table: str = Field(description="Table of the record that holds the text.")
    record_id: str = Field(description="Id of that record.")
    page_no: int = Field(ge=1, description="Physical page number, from 1.")
    unit: str = Field(description="A: short unit; C: long unit of two or more short ones.")
    position: int = Field(ge=0, description="Number of the (first) short unit in the text, from 0.")
    surface: str = Field(description="The word as written.")
    normalized: str = Field(description="Sudachi's normalised form: one spelling for variants of a word.")
    dictionary: str = Field(description="Dictionary form.")
    pos: str = Field(description="Part of speech, its levels joined by commas.")
    reading: str = Field(description="Reading in katakana.")
    char_start: int = Field(ge=0, description="Offset of the first character in the text.")
    char_end: int = Field(ge=0, description="Offset after the last character.")
