# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dates named in text: 令和４年９月, 2022年９月頃～, 令和９年度（2027年度）末まで, 2020年代早期, 年度内, 上半期 and the like.

Each expression is matched by one pattern (normalize/date_patterns.py), turned into its first and last day, and given
its role from the words around it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from koteihyo.normalize.facts.date_parts import Span
from koteihyo.normalize.facts.date_patterns import AFTER, APPROXIMATE, BEFORE, EXPRESSION, RANGE_SIGN
from koteihyo.normalize.facts.date_spans import Anchor, resolve
from koteihyo.normalize.text.characters import narrow
from koteihyo.schema.facts import DateRole, Precision

# ① and the like are marks before a date, not figures of it.
_CIRCLED = re.compile("[\u2460-\u2473\u3251-\u325f\u32b1-\u32bf]")


@dataclass(frozen=True)
class DateMention:
    """One date in a text. Offsets are into the text; both days are None when the year cannot be known."""

    date_from: dt.date | None
    date_to: dt.date | None
    precision: Precision
    approximate: bool
    role: DateRole
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class _Found:
    span: Span
    start: int
    end: int


def find_dates(
    text: str, *, fiscal_years: tuple[int, int] | None = None, current: int | None = None
) -> list[DateMention]:
    """Every date in a text, in order.

    Args:
        text: normalised text.
        fiscal_years: first and last fiscal year of the bar the text stands in; 年度内 means the one year it covers,
            年度末まで the end of its last.
        current: fiscal year of publication, which 今年度 and 来年度 count from.
    """
    plain = narrow(_CIRCLED.sub("・", text))
    found = list(_expressions(plain, fiscal_years, current))
    return [_mention(text, plain, group) for group in _ranges(plain, found)]


def _expressions(plain: str, fiscal_years: tuple[int, int] | None, current: int | None) -> Iterator[_Found]:
    anchor = Anchor(fiscal_years=fiscal_years, current=current)
    for match in EXPRESSION.finditer(plain):
        span = resolve(match, anchor)
        if span is None:
            continue
        anchor = replace(anchor, before=span)
        yield _Found(span, match.start(), match.end())


def _ranges(plain: str, found: list[_Found]) -> Iterator[tuple[_Found, ...]]:
    """Single expressions, and pairs that a range sign joins."""
    position = 0
    while position < len(found):
        first = found[position]
        if position + 1 < len(found):
            second = found[position + 1]
            if RANGE_SIGN.fullmatch(plain[first.end : second.start]) and _in_order(first.span, second.span):
                yield first, second
                position += 2
                continue
        yield (first,)
        position += 1


def _in_order(first: Span, second: Span) -> bool:
    if first.first is None or second.last is None:
        return first.first is None and second.first is None
    return first.first <= second.last


def _mention(text: str, plain: str, group: tuple[_Found, ...]) -> DateMention:
    first, last = group[0], group[-1]
    before = BEFORE.search(plain[: first.start])
    # What follows decides the role; brackets that close in between belong to the date's other notation.
    after = AFTER.match(plain, last.end)
    if after and after["event"] and last.span.precision is Precision.FISCAL_YEAR:
        # Laws and meetings of the past have a day or a year; 令和5年度開催 is a plan.
        after = None
    start = before.start() if before else first.start
    end = after.end() if after else last.end
    approximate = any(f.span.approximate for f in group) or bool(APPROXIMATE.search(plain[start:end]))
    return DateMention(
        date_from=first.span.first,
        date_to=last.span.last,
        precision=first.span.precision,
        approximate=approximate,
        role=_role(len(group) > 1, before, after),
        text=text[start:end],
        start=start,
        end=end,
    )


def _role(is_range: bool, before: re.Match[str] | None, after: re.Match[str] | None) -> DateRole:
    if after and (after["state"] or after["event"]):
        return DateRole.REFERENCE
    if is_range:
        return DateRole.PERIOD
    # 遅くとも令和5年度開始 is a deadline for the start, ～2025年 one without a word.
    if (after and after["deadline"]) or (before and before["deadline"]):
        return DateRole.DEADLINE
    if (after and after["start"]) or (before and before["early"]):
        return DateRole.START
    return DateRole.POINT
