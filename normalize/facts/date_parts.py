# SPDX-License-Identifier: AGPL-3.0-or-later
"""First and last day of a year, of a part of it, of a month or a decade, as texts name them."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from koteihyo.normalize.text.era import parse_number
from koteihyo.schema.facts import Precision

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


def part_of_year(
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
        return months(year, True, (number - 1) * 3, 3, Precision.QUARTER, era, fiscal)
    if half:
        return months(year, fiscal, 6 if half[0] in "下後" else 0, 6, Precision.HALF, era, fiscal)
    if season:
        first, last = _SEASONS[season]
        start_year = None if year is None else year + (1 if fiscal and first < 4 else 0)
        if start_year is None:
            return Span(None, None, Precision.QUARTER, True, era, fiscal)
        end_year = start_year + (1 if last < first else 0)
        return Span(dt.date(start_year, first, 1), _last_day(end_year, last), Precision.QUARTER, True, era, fiscal)
    if edge and edge.removeprefix("年度").removeprefix("年")[:1] == "末":
        return months(year, fiscal, 11, 1, Precision.MONTH, era, fiscal)
    if edge:
        first, count = _EDGES[edge.removeprefix("年度")[0]]
        span = months(year, fiscal, first, count, Precision.QUARTER if count < 6 else Precision.HALF, era, fiscal)
        return Span(span.first, span.last, span.precision, True, era, fiscal)
    return months(year, fiscal, 0, 12, whole, era, fiscal)


def months(
    year: int | None, from_april: bool, skip: int, count: int, precision: Precision, era: str | None, fiscal: bool
) -> Span:
    """Some months of a year, `skip` after its first; no days when the year is not known."""
    if year is None:
        return Span(None, None, precision, False, era, fiscal)
    index = (3 if from_april else 0) + skip
    first = dt.date(year + index // 12, index % 12 + 1, 1)
    index += count - 1
    return Span(first, _last_day(year + index // 12, index % 12 + 1), precision, False, era, fiscal)


def in_month(year: int, month: int, day: str | None, third: str | None, era: str | None) -> Span:
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


def decade(year: int, part: str | None) -> Span:
    """A decade, or the part of it that is named."""
    first, last = _DECADE_YEARS[part[0]] if part else (0, 9)
    approximate = part is not None and part[0] not in "前後"
    return Span(dt.date(year + first, 1, 1), dt.date(year + last, 12, 31), Precision.DECADE, approximate)


def _last_day(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
