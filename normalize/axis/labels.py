# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fiscal-year labels of column headers: western, 令和/平成, both, `R4`, `FY2024`, ranges and open ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from koteihyo.normalize.text.characters import narrow
from koteihyo.normalize.text.era import ERA_BASE

FIRST_YEAR, LAST_YEAR = 1950, 2150

_TILDE = "~～〜∼"
_DASH = "–—―−‐ー─" + _TILDE + "-"
_YEAR = re.compile(
    r"(?P<fy>FY\s*['’]?\s*(?P<fyyear>\d{4}|\d{2}))(?!\d)"
    r"|(?P<era>令和|平成|昭和|(?<![A-Za-z])[RHS](?=\s*\.?\s*(?:\d|元)))\s*\.?\s*(?P<eyear>\d{1,2}|元)(?!\d)\s*(?P<eunit>年度|年)?"
    r"|(?<![\d.,])(?P<west>(?:19|20|21)\d{2})(?![\d,.]\d|\d)\s*(?P<wunit>年度|年|FY)?"
    r"|(?<!\d)['’‘′](?P<short>\d{2})(?!\d)"
    r"|(?<![\d.,])(?P<bare>\d{1,2})\s*年度",
    re.IGNORECASE,
)
_OPEN = re.compile(rf"以降|以後|以遠|[{_TILDE}]\s*[)）]?\s*$")
_RANGE = re.compile(rf"\s*[)]?\s*(?:年度|年)?\s*(?:[{_DASH}]|から)\s*[(]?\s*")
# What may stand in a header cell beside its years: units, brackets, quarters, months, marks of openness.
_HEADER_EXTRAS = re.compile(
    rf"[\s()\[\]【】〔〕<>＜＞〈〉・/.,、:;'’{_DASH}]|年度|年|以降|以後|以遠|頃|末|まで|予定|計画|目標|現在|前半|後半|上期|下期|上半期|下半期|実績|見込み?|西暦|和暦|元|以|降|後"
)


@dataclass(frozen=True)
class YearLabel:
    """Fiscal years that a header cell names. `end` is None when the column is open-ended."""

    start: int
    end: int | None
    purity: float
    """Part of the cell's characters that belong to the year label: 1 for a plain header, small for prose."""


@dataclass(frozen=True)
class YearMention:
    """One year found in a text: the fiscal year it names (None for a bare 5年度), and where."""

    year: int | None
    bare: int | None
    start: int
    end: int


def find_years(text: str) -> list[YearMention]:
    """Every year written in a text, in order. Offsets are into `text`."""
    mentions = []
    for match in _YEAR.finditer(narrow(text)):
        year: int | None = None
        bare: int | None = None
        if match["fyyear"]:
            year = int(match["fyyear"]) + (2000 if len(match["fyyear"]) == 2 else 0)
        elif match["era"]:
            number = 1 if match["eyear"] == "元" else int(match["eyear"])
            year = ERA_BASE[match["era"].upper()] + number
        elif match["west"]:
            year = int(match["west"])
        elif match["short"]:
            year = 2000 + int(match["short"])
        else:
            bare = int(match["bare"])
        if year is None or FIRST_YEAR <= year <= LAST_YEAR:
            mentions.append(YearMention(year, bare, match.start(), match.end()))
    return mentions


def parse_year_label(text: str) -> YearLabel | None:
    """The fiscal years of one header cell, its lines joined; None when the cell is no year header.

    `2024年度(令和６年度)`, `R6`, `FY2024`, `2026～2030年度`, `令和15年度以降`, `2023年度～`.
    """
    # A narrow cell breaks its label anywhere, even inside 以降.
    plain = re.sub(r"[\r\n]", "", narrow(text))
    mentions = find_years(plain)
    if not mentions:
        return None
    years = [m.year for m in mentions if m.year is not None]
    if not years:
        return None
    # `令和5年度(2023年度)` names one year twice, `2026～2030年度` names two: only a range sign makes a range.
    start, end = years[0], years[0]
    known = [m for m in mentions if m.year is not None]
    for first, second in pairwise(known):
        if first.year is None or second.year is None:
            continue
        between = plain[first.end : second.start]
        if _RANGE.fullmatch(between) and second.year > first.year:
            end = max(end, second.year)
    tail = known[0]
    for first, second in pairwise(mentions):
        if first is tail and second.bare is not None and _RANGE.fullmatch(plain[first.end : second.start]):
            base = start - _era_number(plain, tail)
            end = max(end, base + second.bare)
    if not (set(years) <= set(range(start, end + 1))):
        return None
    is_open = end == start and bool(_OPEN.search(plain) or re.search(rf"\d\s*(?:年度|年)?\s*[{_TILDE}]", plain))
    return YearLabel(start, None if is_open else end, header_purity(plain))


def header_purity(text: str) -> float:
    """Part of a text's characters that is year notation: 1 for 令和 or (2024年度), near 0 for prose."""
    plain = narrow(text)
    rest = plain
    for mention in reversed(find_years(plain)):
        rest = rest[: mention.start] + rest[mention.end :]
    rest = _HEADER_EXTRAS.sub("", re.sub("令和|平成|昭和", "", rest))
    length = len(re.sub(r"\s", "", plain))
    return 1 - len(rest) / length if length else 0.0


def _era_number(text: str, mention: YearMention) -> int:
    """The year number within its era as written, or the western year's own number."""
    digits = re.search(r"\d+", text[mention.start : mention.end])
    number = int(digits.group()) if digits else 1
    return number if number < 100 else 0
