# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dates in text: a table of expressions with their values, and what an expression without a year counts from."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from koteihyo.normalize.facts.dates import DateMention, find_dates
from koteihyo.normalize.text.era import era_year
from koteihyo.schema.facts import DateRole
from tests.facts_tables import compare


def _written(date: DateMention) -> str:
    approximate = "yes" if date.approximate else "no"
    return f"{date.date_from or '~'}|{date.date_to or '~'}|{date.precision}|{approximate}|{date.role}"


def test_table_of_expressions() -> None:
    outcome = compare("dates.tsv", lambda text: [_written(date) for date in find_dates(text)])
    assert outcome.expected >= 130
    assert outcome.precision >= 0.97, outcome.wrong
    assert outcome.recall >= 0.97, outcome.wrong


def test_incomplete_dates_count_from_the_bar() -> None:
    [within] = find_dates("年度内に結論", fiscal_years=(2024, 2024))
    assert (within.date_from, within.date_to) == (dt.date(2024, 4, 1), dt.date(2025, 3, 31))
    [end] = find_dates("年度末まで", fiscal_years=(2023, 2025))
    assert end.date_to == dt.date(2026, 3, 31)
    [month] = find_dates("２月に公表", fiscal_years=(2024, 2024))
    assert month.date_from == dt.date(2025, 2, 1)
    [unknown] = find_dates("年度内に結論", fiscal_years=(2023, 2025))
    assert unknown.date_from is None


def test_this_year_counts_from_the_publication() -> None:
    this, following = find_dates("今年度に検討し、来年度から実施", current=2022)
    assert this.date_from == dt.date(2022, 4, 1)
    assert following.date_from == dt.date(2023, 4, 1)
    assert following.role is DateRole.START


def test_offsets_cut_the_words_out_of_the_text() -> None:
    text = "※①は令和３年10月～、その後2024年度末までに拡大"
    for date in find_dates(text):
        assert text[date.start : date.end] == date.text
    assert [date.text for date in find_dates(text)] == ["令和３年10月～", "2024年度末まで"]


@given(st.dates(dt.date(1926, 12, 25), dt.date(2099, 12, 31)), st.booleans())
def test_every_day_is_read_back(day: dt.date, by_era: bool) -> None:
    era, year = era_year(day)
    written = f"{era}{year}年{day.month}月{day.day}日" if by_era else f"{day.year}年{day.month}月{day.day}日"
    [date] = find_dates(f"公表（{written}）")
    assert (date.date_from, date.date_to, date.text) == (day, day, written)


@given(st.text(alphabet="令和平成RHFY年度月日末頃～〜-から（）()0123456789１２元〇一二三十千上下半期早期内中第四代/. "))
def test_no_text_breaks_it(text: str) -> None:
    for date in find_dates(text, fiscal_years=(2022, 2024), current=2022):
        assert text[date.start : date.end] == date.text
        assert (date.date_from is None) == (date.date_to is None)
        assert date.date_from is None or date.date_to is None or date.date_from <= date.date_to
