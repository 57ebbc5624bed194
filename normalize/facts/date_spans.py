# SPDX-License-Identifier: AGPL-3.0-or-later
"""First and last day of one matched date expression, its year found from what stands around it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from koteihyo.normalize.facts.date_parts import Span, decade, in_month, months, part_of_year
from koteihyo.normalize.text.era import ERA_BASE, fiscal_year_of, parse_number
from koteihyo.schema.facts import Precision

FIRST_YEAR, LAST_YEAR = 1868, 2150

_UNIT_AHEAD = re.compile("年度?")


@dataclass(frozen=True)
class Anchor:
    """What an incomplete expression counts from."""

    fiscal_years: tuple[int, int] | None = None
    current: int | None = None
    before: Span | None = None


def resolve(match: re.Match[str], anchor: Anchor) -> Span | None:
    """The span of a match of `EXPRESSION`; None when it names no possible date."""
    g = match.groupdict()
    try:
        if g["decade"]:
            return decade(int(g["decade"]), g["decade_part"])
        if g["era1"] or g["fy1"] or g["west1"] or g["short1"]:
            return _full(g, _unit_ahead(match))
        if g["relative"]:
            return _relative(match.group(), g, anchor)
        if g["bare_fy"]:
            return _bare_fiscal_year(g, anchor)
        if g["month_m"]:
            return _bare_month(g, anchor)
        if g["far_year"]:
            return _far_year(g["far_year"], anchor.before)
        return part_of_year(_known_fiscal_year(anchor, last=False), True, g, "_p")
    except (ValueError, OverflowError):
        return None


def _full(g: dict[str, str | None], unit_ahead: str | None) -> Span | None:
    year, era = _year(g, "1")
    unit = g["unit1"] or g["unit2"] or g["unit3"]
    other_notation = g["era2"] or g["west2"] or g["era3"] or g["west3"]
    if not unit and g["bare_era"] is None:
        # 2026～2030年度: the unit stands at the other end.
        unit = unit_ahead
    elif not unit and not (g["smonth"] or g["fy1"] or g["era1"] or other_notation or g["month"] or g["part"]):
        # A bare 2026 is a number or a name.
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if g["smonth"]:
        return in_month(year, int(g["smonth"]), g["sday"], None, era)
    if g["month"]:
        month = parse_number(g["month"]) or 0
        # 令和4年度3月 is in the next calendar year.
        calendar_year = year + 1 if unit == "年度" and month < 4 else year
        return in_month(calendar_year, month, g["day"], g["third"], era)
    fiscal = unit == "年度" or unit == "FY" or (unit is None and bool(g["fy1"] or g["era1"]))
    edge = "末" if g["edge_after"] or g["inner_edge"] else None
    return part_of_year(year, fiscal, g, "", era, edge)


def _relative(text: str, g: dict[str, str | None], anchor: Anchor) -> Span:
    word = g["relative"] or ""
    fiscal = "年度" in word
    year: int | None
    if word.startswith(("翌", "同")):
        previous = _year_of(anchor.before, fiscal)
        year = None if previous is None else previous + (1 if word[0] == "翌" else 0)
    elif word in ("年度", "当該年度", "年"):
        known = anchor.before if anchor.before and anchor.before.first else None
        year = _year_of(known, fiscal) if known else _known_fiscal_year(anchor, last="末" in text)
    else:
        step = {"来": 1, "再": 2, "昨": -1, "前": -1}.get(word[0], 0)
        year = None if anchor.current is None else anchor.current + step
    if g["month_r"]:
        month = parse_number(g["month_r"]) or 0
        if year is None:
            return Span(None, None, Precision.MONTH)
        return in_month(year + 1 if fiscal and month < 4 else year, month, g["day_r"], g["third_r"], None)
    return part_of_year(year, fiscal, g, "_r")


def _bare_fiscal_year(g: dict[str, str | None], anchor: Anchor) -> Span | None:
    number = parse_number(g["bare_fy"] or "") or 0
    if not 1 <= number <= 64:
        return None
    before = anchor.before
    # Without a date before it, 5年度 is of the era we live in.
    era = before.era if before and before.era else "令和"
    year = ERA_BASE[era] + number
    if before and before.first and before.era is None and _short_year(number, before.first) < year:
        year = _short_year(number, before.first)
    return part_of_year(year, True, g, "_b", era)


def _short_year(number: int, before: dt.date) -> int:
    """2024～25年度: two figures of a western year that is not before the first; else a year far away."""
    year = before.year // 100 * 100 + number
    return year if year > before.year else LAST_YEAR


def _far_year(written: str, before: Span | None) -> Span | None:
    """The far end of 令和3～5年."""
    if before is None or before.first is None:
        return None
    number = parse_number(written) or 0
    year = ERA_BASE[before.era] + number if before.era else _short_year(number, before.first)
    return months(year, False, 0, 12, Precision.YEAR, before.era, False)


def _unit_ahead(match: re.Match[str]) -> str | None:
    """The unit at the other end of a range: 2026～2030年度."""
    ahead = _UNIT_AHEAD.search(match.string, match.end())
    return ahead.group() if ahead else None


def _bare_month(g: dict[str, str | None], anchor: Anchor) -> Span | None:
    month = parse_number(g["month_m"] or "") or 0
    if not 1 <= month <= 12:
        return None
    before = anchor.before
    if before and before.last and before.first and before.precision in (Precision.DAY, Precision.MONTH):
        # 令和2年7月、10月; 令和4年11月～2月 runs into the next year.
        year = before.first.year + (1 if month < before.first.month else 0)
    else:
        fiscal_year = _year_of(before, True) if before and before.by_fiscal_year else None
        if fiscal_year is None:
            fiscal_year = _known_fiscal_year(anchor, last=False)
        if fiscal_year is None:
            return Span(None, None, Precision.DAY if g["day_m"] else Precision.MONTH)
        year = fiscal_year + (1 if month < 4 else 0)
    return in_month(year, month, g["day_m"], g["third_m"], before.era if before else None)


def _known_fiscal_year(anchor: Anchor, *, last: bool) -> int | None:
    """The one fiscal year that the bar covers; for the end of a year, the bar's last."""
    if anchor.fiscal_years is None:
        return None
    start, end = anchor.fiscal_years
    return end if start == end or last else None


def _year_of(span: Span | None, fiscal: bool) -> int | None:
    if span is None or span.first is None:
        return None
    return fiscal_year_of(span.first) if fiscal else span.first.year


def _year(g: dict[str, str | None], n: str) -> tuple[int, str | None]:
    era, west, short, fy = g[f"era{n}"], g[f"west{n}"], g[f"short{n}"], g[f"fynum{n}"]
    if era:
        return ERA_BASE[era] + (parse_number(g[f"num{n}"] or "") or 0), era
    if fy or short:
        digits = fy or short or ""
        return int(digits) + (2000 if len(digits) == 2 else 0), None
    return parse_number(west or "") or 0, None
