# SPDX-License-Identifier: AGPL-3.0-or-later
"""Eras: every boundary, both ways, and all ways of writing a number."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koteihyo.normalize.text.era import (
    ERAS,
    era_fiscal_year,
    era_names,
    era_year,
    fiscal_year_of,
    fiscal_year_span,
    parse_number,
    western_year,
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2019, 5, 1), ("令和", 1)),
        (dt.date(2019, 4, 30), ("平成", 31)),
        (dt.date(1989, 1, 8), ("平成", 1)),
        (dt.date(1989, 1, 7), ("昭和", 64)),
        (dt.date(1926, 12, 25), ("昭和", 1)),
        (dt.date(1926, 12, 24), ("大正", 15)),
        (dt.date(1912, 7, 30), ("大正", 1)),
        (dt.date(1912, 7, 29), ("明治", 45)),
        (dt.date(1868, 10, 23), ("明治", 1)),
    ],
)
def test_first_and_last_day_of_each_era(day: dt.date, expected: tuple[str, int]) -> None:
    assert era_year(day) == expected


def test_no_era_before_the_first() -> None:
    with pytest.raises(ValueError, match="明治"):
        era_year(dt.date(1868, 10, 22))


@pytest.mark.parametrize(
    ("era", "number", "year"),
    [("令和", 1, 2019), ("令和", 4, 2022), ("R", 15, 2033), ("平成", 31, 2019), ("h", 1, 1989), ("昭和", 64, 1989)]
    + [("Ｓ", 1, 1926), ("大正", 15, 1926), ("大正", 1, 1912), ("明治", 45, 1912), ("明治", 1, 1868)],
)
def test_western_year(era: str, number: int, year: int) -> None:
    assert western_year(era, number) == year


@pytest.mark.parametrize(("era", "number"), [("令和", 0), ("安永", 3), ("", 1)])
def test_no_such_year(era: str, number: int) -> None:
    with pytest.raises(ValueError, match="no year"):
        western_year(era, number)


@pytest.mark.parametrize(
    ("year", "names"),
    [
        (2022, ["令和4年"]),
        (2019, ["令和元年", "平成31年"]),
        (1989, ["平成元年", "昭和64年"]),
        (1926, ["昭和元年", "大正15年"]),
        (1912, ["大正元年", "明治45年"]),
        (1868, ["明治元年"]),
        (1867, []),
    ],
)
def test_names_of_a_year(year: int, names: list[str]) -> None:
    assert era_names(year) == names


@pytest.mark.parametrize(
    ("fiscal_year", "name"),
    [(2018, "平成30年度"), (2019, "令和元年度"), (2020, "令和2年度"), (1988, "昭和63年度"), (1989, "平成元年度")],
)
def test_fiscal_year_names(fiscal_year: int, name: str) -> None:
    assert era_fiscal_year(fiscal_year) == name


def test_fiscal_years_begin_in_april() -> None:
    assert fiscal_year_of(dt.date(2023, 3, 31)) == 2022
    assert fiscal_year_of(dt.date(2023, 4, 1)) == 2023
    assert fiscal_year_span(2023) == (dt.date(2023, 4, 1), dt.date(2024, 3, 31))


@pytest.mark.parametrize(
    ("text", "number"),
    [("4", 4), ("４", 4), ("元", 1), ("四", 4), ("十", 10), ("十五", 15), ("二十", 20), ("三十一", 31), ("一五", 15)]
    + [("二〇二二", 2022), ("二千二十二", 2022), ("百万", 10**6), ("9万", 90000), ("1億2,000万", 1_2000_0000)]
    + [("千五百", 1500), ("1千", 1000), ("", None), ("約", None), ("4.5", None), ("四X", None)],
)
def test_numbers(text: str, number: int | None) -> None:
    assert parse_number(text) == number


@given(st.dates(dt.date(1868, 10, 23), dt.date(2150, 12, 31)))
def test_era_and_back(day: dt.date) -> None:
    era, number = era_year(day)
    assert western_year(era, number) == day.year
    first, last = fiscal_year_span(fiscal_year_of(day))
    assert first <= day <= last


def test_eras_follow_each_other() -> None:
    for newer, older in zip(ERAS, ERAS[1:], strict=False):
        assert era_year(newer.began - dt.timedelta(days=1))[0] == older.name
