# SPDX-License-Identifier: AGPL-3.0-or-later
"""Labels of columns finer than a year: months, quarters and half-years, alone or with their year."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

from koteihyo.normalize.axis.labels import figures, find_years
from koteihyo.normalize.text.characters import KEPT_TEXTS
from koteihyo.normalize.text.era import ERA_BASE, parse_number

MONTHS_A_YEAR = 12

_TILDE_DASH = r"[-‐‑‒–—―−ー─~～〜∼]"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_ENGLISH = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAME = r"(?P<{}>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?\.?"
_JAPANESE = re.compile(
    rf"(?P<first>{_MONTH})月?(?:{_TILDE_DASH}|から)(?P<last>{_MONTH})月(?:期|末)?|(?P<only>{_MONTH})月(?:期|末|頃|ごろ)?"
)
_ENGLISH_MONTHS = re.compile(rf"{_NAME.format('first')}(?:{_TILDE_DASH}{_NAME.format('last')})?", re.I)
_QUARTER = re.compile(r"第?([1-4一二三四])四半期|第?([1-4])Q|Q([1-4])|第([1-4])クォーター", re.I)
_ROMAN = re.compile(r"第?(?:(I|Ⅰ)|(II|Ⅱ)|(III|Ⅲ)|(IV|Ⅳ))(?:期|四半期|Q)?")
_HALF = re.compile(
    r"年?度?(?:(?P<a>上(?:半)?期|前[期半]|前半期|上半年|[1H]H|H1)|(?P<b>下(?:半)?期|後[期半]|後半期|下半年|2H|H2))",
    re.I,
)
_BARE = re.compile(rf"({_MONTH})")
# 2024/4, 2024.04, R6.4, '24/4, 24-04: the year in figures and the month, without their units.
_NUMERIC = re.compile(
    r"(?:(?:(?P<west>(?:19|20|21)\d\d)|['’‘′]?(?P<short>[2-9]\d))[-–/.]|(?P<era>令和|平成|R|H)\.?(?P<eyear>\d{1,2}|元)[/.])"
    rf"(?P<month>{_MONTH})月?",
    re.I,
)
_ENGLISH_DATE = re.compile(
    rf"(?:{_NAME.format('before')}[-,/']*(?P<year>(?:19|20|21)\d\d|['’‘′]?\d\d)"
    rf"|(?P<year2>(?:19|20|21)\d\d)[-,/']*{_NAME.format('after')})",
    re.I,
)
# What may stand between a year and its part, or around them.
_LOOSE = re.compile(r"[\s()\[\]【】〔〕<>＜＞〈〉/・,、'’]")


class Unit(IntEnum):
    """What a part is; its value is the number of months in one."""

    MONTH = 1
    QUARTER = 3
    HALF = 6


@dataclass(frozen=True)
class Part:
    """One label. A month's number is that of the calendar, a quarter's or half's counts from the year's beginning."""

    unit: Unit
    number: int
    months: int | None = None
    """Its length, where the label says it: 4-6月 are three."""
    year: int | None = None
    """The year that the label names itself."""
    fiscal: bool | None = None
    """Whether that year is named as fiscal (年度) or calendar (年); None when it is a bare number."""
    bare: bool = False
    """Whether it is a number alone: a month or (in Roman figures) a quarter only beside others."""


@lru_cache(maxsize=KEPT_TEXTS)
def parse_part(text: str) -> Part | None:
    """The months, quarter or half that a label names; None where it says more than that, or less.

    `4月`, `4～6月`, `第1四半期`, `Q1`, `上期`, `Apr`, `第1四半期(4-6月)`; with a year: `2024年4月`, `2024/4`, `R6.4`,
    `Apr 2024`, `2024年度上期`, `FY24 Q1`.
    """
    plain = figures(text)
    return _dated(plain) or _undated(_bared(plain)) or _with_year(plain)


def _bared(text: str) -> str:
    return _LOOSE.sub("", text).strip("~～〜")


def _undated(plain: str) -> Part | None:
    if match := _JAPANESE.fullmatch(plain):
        return _months(match["first"] or match["only"], match["last"])
    if match := _ENGLISH_MONTHS.fullmatch(plain):
        return _months(_english(match["first"]), match["last"] and _english(match["last"]))
    if match := _BARE.fullmatch(plain):
        return Part(Unit.MONTH, int(match[1]), bare=True)
    if match := _ROMAN.fullmatch(plain):
        return Part(Unit.QUARTER, match.lastindex or 1, Unit.QUARTER.value, bare=True)
    # Where months explain a quarter, they say which ones it means.
    inner = next(iter(_JAPANESE.finditer(plain)), None) or next(iter(_ENGLISH_MONTHS.finditer(plain)), None)
    rest = plain.replace(inner.group(), "", 1) if inner else plain
    for pattern, unit in ((_QUARTER, Unit.QUARTER), (_HALF, Unit.HALF)):
        if match := pattern.fullmatch(rest):
            explained = _undated(inner.group()) if inner else None
            return explained if inner else Part(unit, _number(match, unit), unit.value)
    return None


def _number(match: re.Match[str], unit: Unit) -> int:
    if unit is Unit.HALF:
        return 1 if match["a"] else 2
    return parse_number(next(g for g in match.groups() if g)) or 1


def _months(first: str | int, last: str | int | None) -> Part:
    begin = int(first)
    length = (int(last) - begin) % MONTHS_A_YEAR + 1 if last else None
    return Part(Unit.MONTH, begin, length)


def _english(name: str) -> int:
    return _ENGLISH.index(name[:3].lower()) + 1


def _dated(text: str) -> Part | None:
    """A year and a month in figures or in English."""
    plain = re.sub(r"[\s()\[\]]", "", text)
    if match := _NUMERIC.fullmatch(plain):
        if match["west"] or match["short"]:
            year = int(match["west"] or f"20{match['short']}")
        else:
            year = ERA_BASE[match["era"].upper()] + (parse_number(match["eyear"]) or 0)
        return Part(Unit.MONTH, int(match["month"]), year=year, fiscal=False)
    if match := _ENGLISH_DATE.fullmatch(plain):
        digits = re.sub(r"\D", "", match["year"] or match["year2"])
        name = match["before"] or match["after"]
        return Part(Unit.MONTH, _english(name), year=int(digits) + (2000 if len(digits) == 2 else 0), fiscal=False)
    return None


def _with_year(text: str) -> Part | None:
    """A year in words and its part: 2024年度上期, 令和6年4～6月, FY24 Q1, Q1 FY24."""
    plain = re.sub(r"\s*\n\s*", "", text)
    mentions = [m for m in find_years(plain) if m.year is not None]
    if not mentions or len({m.year for m in mentions}) > 1 or any(m.unit == "年代" for m in mentions):
        return None
    for mention in reversed(mentions):
        plain = f"{plain[: mention.start]}{plain[mention.end :]}"
    rest = _undated(_bared(plain))
    if rest is None or rest.bare:
        return None
    units = {m.unit for m in mentions}
    fiscal = True if units & {"年度", "FY"} else False if units & {"年", "CY"} else None
    # A month belongs to the calendar year beside it, unless the year is named as fiscal.
    if fiscal is None and rest.unit is Unit.MONTH:
        fiscal = False
    return replace(rest, year=mentions[0].year, fiscal=fiscal)
