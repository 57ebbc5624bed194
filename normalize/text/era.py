# SPDX-License-Identifier: AGPL-3.0-or-later
"""Era years (令和4年) ↔ western years and fiscal years, and the numerals they are written with."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

FISCAL_YEAR_MONTH = 4


@dataclass(frozen=True)
class Era:
    """One era: its name, its letter, and the day it began."""

    name: str
    letter: str
    began: dt.date

    @property
    def base(self) -> int:
        """The western year of its year 0."""
        return self.began.year - 1


# Newest first. Japan counts western dates from 1873; the first day of 明治 is given in that calendar.
ERAS = (
    Era("令和", "R", dt.date(2019, 5, 1)),
    Era("平成", "H", dt.date(1989, 1, 8)),
    Era("昭和", "S", dt.date(1926, 12, 25)),
    Era("大正", "T", dt.date(1912, 7, 30)),
    Era("明治", "M", dt.date(1868, 10, 23)),
)

ERA_BASE: dict[str, int] = {key: era.base for era in ERAS for key in (era.name, era.letter)}
"""Western year of each era's year 0, by name and by letter."""

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE_UNITS = {"万": 10**4, "億": 10**8, "兆": 10**12}


def western_year(era: str, number: int) -> int:
    """The western year of an era year: ("令和", 4) and ("R", 4) are 2022.

    Raises:
        ValueError: there is no such era, or the number is below 1.
    """
    base = ERA_BASE.get(unicodedata.normalize("NFKC", era).upper())
    if base is None or number < 1:
        raise ValueError(f"no year {era}{number}")
    return base + number


def era_year(day: dt.date) -> tuple[str, int]:
    """Era and year of a day: 30 April 2019 is 平成31, the day after is 令和1.

    Raises:
        ValueError: the day is before the first era known here.
    """
    for era in ERAS:
        if day >= era.began:
            return era.name, day.year - era.base
    raise ValueError(f"{day} is before {ERAS[-1].name}")


def era_names(year: int) -> list[str]:
    """Every era name of a western year, the newest first: 2019 is 令和元年 and 平成31年."""
    names = []
    for position, era in enumerate(ERAS):
        last = ERAS[position - 1].began.year if position else year
        if era.began.year <= year <= last:
            names.append(f"{era.name}{_ordinal(year - era.base)}年")
    return names


def era_fiscal_year(fiscal_year: int) -> str:
    """The era name of a fiscal year: 2022 is 令和4年度, and 2019, in which the era changed, 令和元年度."""
    # The name that the year ended with is the one in use: FY2019 令和元年度, FY1989 平成元年度.
    name, number = era_year(dt.date(fiscal_year, 12, 31))
    return f"{name}{_ordinal(number)}年度"


def fiscal_year_of(day: dt.date) -> int:
    """The fiscal year (April to March) that holds a day."""
    return day.year if day.month >= FISCAL_YEAR_MONTH else day.year - 1


def fiscal_year_span(fiscal_year: int) -> tuple[dt.date, dt.date]:
    """First and last day of a fiscal year."""
    return dt.date(fiscal_year, 4, 1), dt.date(fiscal_year + 1, 3, 31)


def parse_number(text: str) -> int | None:
    """A whole number in narrow, full-width or kanji figures (15, １５, 十五, 一五, 1万2千, 元), or None."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("，", "")
    if plain == "元":
        return 1
    if not plain:
        return None
    if plain.isascii():
        return int(plain) if plain.isdigit() else None
    total, section, digits = 0, 0, ""
    for char in plain:
        if char.isascii() and char.isdigit():
            digits += char
        elif char in _DIGITS:
            digits += str(_DIGITS[char])
        elif char in _SMALL_UNITS:
            section += (int(digits) if digits else 1) * _SMALL_UNITS[char]
            digits = ""
        elif char in _LARGE_UNITS:
            total += ((section + (int(digits) if digits else 0)) or 1) * _LARGE_UNITS[char]
            section, digits = 0, ""
        else:
            return None
    return total + section + (int(digits) if digits else 0)


def _ordinal(number: int) -> str:
    return "元" if number == 1 else str(number)
