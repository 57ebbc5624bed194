# SPDX-License-Identifier: AGPL-3.0-or-later
"""First and last day of one matched date expression."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from normalize.era import ERA_BASE, fiscal_year_of, parse_number
from schema.facts import Precision

FIRST_YEAR, LAST_YEAR = 1868, 2150

# (first month, months) of a fiscal year's or a calendar year's part, counted from its first month.
_EDGES = {
    "初": (0, 3),
    "は": (0, 3),
    "当": (0, 3),
    "早": (0, 6),
    "前": (0, 6),
    "半": (4, 4),
    "中": (4, 4),
    "後": (6, 6),
}
_SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 2)}
_DECADE_YEARS = {"早": (0, 3), "初": (0, 2), "前": (0, 4), "半": (4, 6), "中": (4, 6), "後": (5, 9), "末": (9, 9)}
_THIRDS = {"上": (1, 10), "中旬": (11, 20), "下": (21, 31), "初": (1, 10), "は": (1, 10), "前": (1, 15), "後": (16, 31)}
_MIDDLE, _END = (11, 20), (21, 31)
_UNIT_AHEAD = re.compile("年度?")


@dataclass(frozen=True)
class Span:
    """The time an expression names. `first` and `last` are None when its year is not known."""

    first: dt.date | None
    last: dt.date | None
    precision: Precision
    approximate: bool = False
    era: str | None = None
    """Era it was written in; a following 6年度 is of the same."""
    by_fiscal_year: bool = False


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
            return _decade(int(g["decade"]), g["decade_part"])
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
        return _part_of_year(_known_fiscal_year(anchor, last=False), True, g, "_p")
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
        return _in_month(year, int(g["smonth"]), g["sday"], None, era)
    if g["month"]:
        month = parse_number(g["month"]) or 0
        # 令和4年度3月 is in the next calendar year.
        calendar_year = year + 1 if unit == "年度" and month < 4 else year
        return _in_month(calendar_year, month, g["day"], g["third"], era)
    fiscal = unit == "年度" or unit == "FY" or (unit is None and bool(g["fy1"] or g["era1"]))
    edge = "末" if g["edge_after"] or g["inner_edge"] else None
    return _part_of_year(year, fiscal, g, "", era, edge)


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
        return _in_month(year + 1 if fiscal and month < 4 else year, month, g["day_r"], g["third_r"], None)
    return _part_of_year(year, fiscal, g, "_r")


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
    return _part_of_year(year, True, g, "_b", era)


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
    return _months(year, False, 0, 12, Precision.YEAR, before.era, False)


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
    return _in_month(year, month, g["day_m"], g["third_m"], before.era if before else None)


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


def _part_of_year(
    year: int | None,
    fiscal: bool,
    g: dict[str, str | None],
    suffix: str,
    era: str | None = None,
    edge: str | None = None,
) -> Span:
    """A year or the part of it that the groups name: quarter, half, season, beginning, end."""

    def get(name: str) -> str | None:
        return g.get(name + suffix)

    quarter = get("q") or get("q2") or get("q3")
    half, season = get("half"), get("season")
    edge = edge or get("edge")
    whole = Precision.FISCAL_YEAR if fiscal else Precision.YEAR
    if quarter:
        number = parse_number(quarter) or 1
        return _months(year, True, (number - 1) * 3, 3, Precision.QUARTER, era, fiscal)
    if half:
        return _months(year, fiscal, 6 if half[0] in "下後" else 0, 6, Precision.HALF, era, fiscal)
    if season:
        first, last = _SEASONS[season]
        start_year = None if year is None else year + (1 if fiscal and first < 4 else 0)
        if start_year is None:
            return Span(None, None, Precision.QUARTER, True, era, fiscal)
        end_year = start_year + (1 if last < first else 0)
        return Span(dt.date(start_year, first, 1), _last_day(end_year, last), Precision.QUARTER, True, era, fiscal)
    if edge and edge.removeprefix("年度").removeprefix("年")[:1] == "末":
        return _months(year, fiscal, 11, 1, Precision.MONTH, era, fiscal)
    if edge:
        first, count = _EDGES[edge.removeprefix("年度")[0]]
        span = _months(year, fiscal, first, count, Precision.QUARTER if count < 6 else Precision.HALF, era, fiscal)
        return Span(span.first, span.last, span.precision, True, era, fiscal)
    return _months(year, fiscal, 0, 12, whole, era, fiscal)


def _months(
    year: int | None, from_april: bool, skip: int, count: int, precision: Precision, era: str | None, fiscal: bool
) -> Span:
    if year is None:
        return Span(None, None, precision, False, era, fiscal)
    index = (3 if from_april else 0) + skip
    first = dt.date(year + index // 12, index % 12 + 1, 1)
    index += count - 1
    return Span(first, _last_day(year + index // 12, index % 12 + 1), precision, False, era, fiscal)


def _in_month(year: int, month: int, day: str | None, third: str | None, era: str | None) -> Span:
    """A day, a third of a month, or the whole month."""
    if day:
        date = dt.date(year, month, parse_number(day) or 0)
        return Span(date, date, Precision.DAY, False, era)
    last = _last_day(year, month)
    if not third:
        return Span(dt.date(year, month, 1), last, Precision.MONTH, False, era)
    if third == "末日":
        return Span(last, last, Precision.DAY, False, era)
    if third[0] == "末":
        start, end = _END
    elif third.startswith(("中頃", "半ば")):
        start, end = _MIDDLE
    else:
        start, end = _THIRDS.get(third, _THIRDS.get(third[0], _MIDDLE))
    return Span(
        dt.date(year, month, start), min(last, dt.date(year, month, min(end, last.day))), Precision.MONTH, False, era
    )


def _decade(year: int, part: str | None) -> Span:
    first, last = _DECADE_YEARS[part[0]] if part else (0, 9)
    approximate = part is not None and part[0] not in "前後"
    return Span(dt.date(year + first, 1, 1), dt.date(year + last, 12, 31), Precision.DECADE, approximate)


def _last_day(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
