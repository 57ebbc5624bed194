# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records of a chart's time axis: its years, and what is finer than a year."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from koteihyo.schema.places import OnPage


class Basis(StrEnum):
    """What kind of year a column is: April to March, or January to December."""

    FISCAL_YEAR = "fiscal_year"
    CALENDAR_YEAR = "calendar_year"


class FiscalColumn(OnPage):
    """One year column of a chart. 2022.0 is the left edge of the column 2022: 1 April 2022, or 1 January by `basis`."""

    TABLE: ClassVar[str] = "fiscal_columns"
    KEY: ClassVar[tuple[str, ...]] = ("edition_id", "page_no", "chart_no", "ordinal")
    CHECKS: ClassVar[tuple[str, ...]] = ("x0 < x1", "fy_end IS NULL OR fy_end >= fy_start")

    chart_no: int = Field(ge=0, description="The chart the column belongs to.")
    ordinal: int = Field(ge=0, description="Number of the column, 0 at the left.")
    label: str = Field(description="Header text, normalised.")
    fy_start: int = Field(description="First fiscal year of the column.")
    fy_end: int | None = Field(default=None, description="Last fiscal year; NULL when open-ended (以降, ～).")
    basis: Basis = Field(
        default=Basis.FISCAL_YEAR,
        description="fiscal_year (年度) or calendar_year (2021年); a bare year counts as fiscal.",
    )
    x0: float = Field(description="Left edge, PDF points.")
    x1: float = Field(description="Right edge, PDF points.")


class FiscalTick(OnPage):
    """One column finer than a year: a month, quarter or half. The years stay in fiscal_columns."""

    TABLE: ClassVar[str] = "fiscal_ticks"
    KEY: ClassVar[tuple[str, ...]] = ("edition_id", "page_no", "chart_no", "ordinal")
    CHECKS: ClassVar[tuple[str, ...]] = ("x0 < x1", "start_pos < end_pos")

    chart_no: int = Field(ge=0, description="The chart the column belongs to.")
    ordinal: int = Field(ge=0, description="Number of the column, 0 at the left.")
    label: str = Field(description="Header text, normalised.")
    start_pos: float = Field(description="Left edge as fiscal-year coordinate (2022.25 = 1 July 2022).")
    end_pos: float = Field(description="Right edge as fiscal-year coordinate.")
    x0: float = Field(description="Left edge, PDF points.")
    x1: float = Field(description="Right edge, PDF points.")
