# SPDX-License-Identifier: AGPL-3.0-or-later
"""Year labels of header cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koteihyo.normalize.axis.labels import find_years, parse_year_label

LABELS = {
    "2021年度\n（令和３年度）": (2021, 2021),
    "令和\n5年度\n(2023年度)": (2023, 2023),
    "令和\n15年度以\n降": (2033, None),
    "2023年度～\n(令和５年度～)": (2023, None),
    "令和６年度": (2024, 2024),
    "令和元年度": (2019, 2019),
    "平成31年度・令和元年度": (2019, 2019),
    "R4": (2022, 2022),
    "H30": (2018, 2018),
    "FY2024": (2024, 2024),
    "FY24": (2024, 2024),
    "2024\n(R6)": (2024, 2024),
    "2026～2030年度": (2026, 2030),
    "令和６～８年度": (2024, 2026),
    "２０２５年度以降": (2025, None),
    "’24年度": (2024, 2024),
    "’24年": (2024, 2024),
    "2021FY": (2021, 2021),
    "FY 2024": (2024, 2024),
    "2030年代": (2030, 2039),
    "2026年～2030年": (2026, 2030),
    "2026～30年度": (2026, 2030),
    "2026-30": (2026, 2030),
    "R6～8": (2024, 2026),
    "令和４年度（2022年度）\n～令和８年度（2026年度）": (2022, 2026),
    "令和六年度": (2024, 2024),
    "令和十年度": (2028, 2028),
    "令和６\n年度": (2024, 2024),
    "2024\n年度": (2024, 2024),
    "Ｒ６": (2024, 2024),
    "Ｒ⑥": (2024, 2024),
    "㋿6年度": (2024, 2024),
    "（R6）": (2024, 2024),
    "2028年度～": (2028, None),
    "2028年度→": (2028, None),
    "2031年度以降": (2031, None),
    "2030年頃": (2030, 2030),
    "短期（2024～2026年度）": (2024, 2026),
    "R6年度（1年目）": (2024, 2024),
}


@pytest.mark.parametrize(("text", "years"), LABELS.items())
def test_header_labels(text: str, years: tuple[int, int | None]) -> None:
    label = parse_year_label(text)
    assert label is not None
    assert (label.start, label.end, label.until, label.bare) == (*years, False, False)


@pytest.mark.parametrize("text", ["～2030年", "～2030年度", "2030年まで", "〜2030"])
def test_a_range_without_a_beginning(text: str) -> None:
    label = parse_year_label(text)
    assert label is not None
    assert (label.start, label.end, label.until) == (2030, 2030, True)


@pytest.mark.parametrize("text", ["6年度", "６年度", "6年"])
def test_a_number_without_an_era(text: str) -> None:
    label = parse_year_label(text)
    assert label is not None
    assert (label.start, label.bare) == (6, True)


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("2021年", "calendar_year"),
        ("2030年代", "calendar_year"),
        ("令和６年", "calendar_year"),
        ("2021年度", "fiscal_year"),
        ("2024", "fiscal_year"),
        ("R7", "fiscal_year"),
        ("2024年度（令和６年）", "fiscal_year"),
        ("FY2024", "fiscal_year"),
        ("CY2024", "calendar_year"),
    ],
)
def test_the_kind_of_year(text: str, basis: str) -> None:
    label = parse_year_label(text)
    assert label is not None
    assert label.basis == basis


@pytest.mark.parametrize("text", ["年度", "5年後", "2,023", "SIP3", "DX推進", "12", "R", "FY", "3.2022"])
def test_what_is_no_year_label(text: str) -> None:
    assert parse_year_label(text) is None


@given(st.integers(2019, 2060))
def test_western_and_era_forms_agree(year: int) -> None:
    forms = [
        f"{year}年度",
        f"令和{year - 2018}年度",
        f"R{year - 2018}",
        f"FY{year}",
        f"{year}年度（令和{year - 2018}年度）",
    ]
    labels = [parse_year_label(form) for form in forms]
    assert {(label.start, label.end) for label in labels if label} == {(year, year)}
    assert None not in labels


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    parse_year_label(text)
    for mention in find_years(text):
        assert 0 <= mention.start < mention.end <= len(text)
