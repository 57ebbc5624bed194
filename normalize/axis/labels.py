# SPDX-License-Identifier: AGPL-3.0-or-later
"""Year labels of column headers: western, 令和/平成, both, `R4`, `FY2024`, ranges, decades and open ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from koteihyo.normalize.text.characters import KEPT_TEXTS, narrow
from koteihyo.normalize.text.era import ERA_BASE, parse_number
from koteihyo.schema.records import Basis

FIRST_YEAR, LAST_YEAR = 1950, 2150
DECADE = 10

_TILDE = "~～〜∼"
_DASH = r"\-‐‑‒–—―−ー─" + _TILDE
_ARROW = "→⇒➡▶►"
_KANJI = "一二三四五六七八九十"
_YEAR = re.compile(
    r"(?P<fy>[FC]Y\s*['’]?\s*(?P<fyyear>\d{4}|\d{2}))(?!\d)"
    rf"|(?P<era>令和|㋿|平成|昭和|[令平](?=\s*(?:\d|元))|(?<![A-Za-z])[RHS](?=\s*\.?\s*(?:\d|元)))\s*\.?\s*(?P<eyear>\d{{1,2}}|元|[{_KANJI}]{{1,3}})(?!\d)"
    r"\s*(?P<eunit>年度|年)?"
    r"|(?<![\d.,])(?P<west>(?:19|20|21)\d{2})(?![\d,.]\d|\d)\s*(?P<wunit>年度|年代|年|[FC]Y)?"
    r"|(?<!\d)['’‘′](?P<short>\d{2})(?!\d)\s*(?P<sunit>年度|年)?"
    r"|(?<![\d.,])(?P<bare>\d{1,2}|元)\s*(?P<bunit>年度|年(?![度目間後前以]))",
    re.IGNORECASE,
)
_OPEN = re.compile(
    rf"以降|以後|以遠|onwards?|beyond|[{_TILDE}{_ARROW}+]\s*[)]?\s*$|\d\s*(?:年度|年代|年)?\s*[{_DASH}{_ARROW}]\s*(?:[()]|$)",
    re.I,
)
# A range that only names its end: it begins after the column before.
# A year that words are said of (2019年5月：) is a date on a time line, not a column.
_EVENT = re.compile(r"[:：]\s*$")
_UNTIL = re.compile(rf"^\s*[(]?\s*[{_TILDE}{_DASH}]|まで|迄|^\s*(?:by|until)\b", re.I)
# Half of a decade: 2030年代前半.
_HALF_DECADE = re.compile(r"\s*([前後])半")
_RANGE = re.compile(rf"\s*[)]?\s*(?:年度|年)?\s*(?:[{_DASH}{_ARROW}]|から|to)\s*[(]?\s*", re.I)
# The end of a range with its unit left out: 2026～30, R6-8.
_RANGE_END = re.compile(rf"\s*(?:[{_DASH}]|から)\s*(\d{{1,2}})(?!\d)\s*(年度|年)?")
_SHORT_ERAS = {"㋿": "令和", "令": "令和", "平": "平成"}
# Circled figures of two digits; those of one have a narrow form of one character.
_CIRCLED = "⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CIRCLED_FIGURES = {ord(ch): str(number) for number, ch in enumerate(_CIRCLED, 10)}
_BARE_NUMBER = re.compile(r"\s*[(]?\s*(\d{1,2})\s*[)]?\s*")
# What may stand in a header cell beside its years: units, brackets, quarters, months, marks of openness.
_HEADER_EXTRAS = re.compile(
    rf"[\s()\[\]【】〔〕<>＜＞〈〉・/.,、:;'’+{_DASH}{_ARROW}]|年度|年代|年|以降|以後|以遠|頃|ごろ|末|まで|迄|から|予定|計画|目標"
    r"|現在|前半|後半|上期|下期|上半期|下半期|実績|見込み?|西暦|和暦|元|以|降|後|[短中長]+期|第?\d+期|の姿|目途|めど|\d年目|FY|CY|onwards?|beyond",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class YearLabel:
    """Years that a header cell names."""

    start: int
    end: int | None
    """None when the column is open-ended."""
    purity: float
    """Part of the cell's characters that belong to the year label: 1 for a plain header, small for prose."""
    basis: Basis = Basis.FISCAL_YEAR
    until: bool = False
    """Whether only the end is named (～2030年): the column begins after the one before it."""
    bare: bool = False
    """Whether `start` is a number without an era (6年度): the columns beside it or the page tell the year."""


@dataclass(frozen=True)
class YearMention:
    """One year found in a text: the year it names (None for a bare 5年度), its unit as written, and where."""

    year: int | None
    bare: int | None
    unit: str
    start: int
    end: int


@lru_cache(maxsize=KEPT_TEXTS)
def figures(text: str) -> str:
    """The text with full-width and circled figures as plain ones: 令和⑩年 is 令和10年. It may grow longer."""
    return narrow(text).translate(_CIRCLED_FIGURES)


def find_years(text: str) -> list[YearMention]:
    """Every year written in a text, in order. Offsets are into `text`."""
    return list(_mentions(text))


@lru_cache(maxsize=KEPT_TEXTS)
def _mentions(text: str) -> tuple[YearMention, ...]:
    mentions = []
    for match in _YEAR.finditer(narrow(text)):
        year, bare = _named(match)
        if year is None or FIRST_YEAR <= year <= LAST_YEAR:
            unit = match["eunit"] or match["wunit"] or match["sunit"] or match["bunit"] or (match["fy"] or "")[:2]
            mentions.append(YearMention(year, bare, unit.upper(), match.start(), match.end()))
    return tuple(mentions)


def _named(match: re.Match[str]) -> tuple[int | None, int | None]:
    """(the year, the bare number) of a mention."""
    if match["fyyear"]:
        return int(match["fyyear"]) + (2000 if len(match["fyyear"]) == 2 else 0), None
    if match["era"]:
        era = _SHORT_ERAS.get(match["era"], match["era"].upper())
        return ERA_BASE[era] + (parse_number(match["eyear"]) or 0), None
    if match["west"]:
        return int(match["west"]), None
    if match["short"]:
        return 2000 + int(match["short"]), None
    return None, parse_number(match["bare"])


@lru_cache(maxsize=KEPT_TEXTS)
def parse_year_label(text: str) -> YearLabel | None:
    """The years of one header cell, its lines joined; None when the cell is no year header.

    `2024年度(令和６年度)`, `R6`, `FY2024`, `2026～2030年度`, `2030年代`, `～2030年`, `令和15年度以降`, `2023年度～`.
    A bare `6年度` has `bare` set: its `start` is the number as written.
    """
    # A narrow cell breaks its label anywhere, even inside 以降.
    plain = re.sub(r"[\r\n]", "", figures(text))
    mentions = find_years(plain)
    known = [(m.year, m) for m in mentions if m.year is not None]
    if not known:
        return _bare_label(plain, mentions)
    start, end = _span(plain, known)
    is_range = end > start
    if not all(min(start, known[0][0]) <= year <= end for year, _mention in known):
        return None
    first = known[0][1]
    rest = plain[first.end :]
    if _EVENT.search(plain):
        return None
    until = not is_range and bool(_UNTIL.search(plain))
    is_open = not until and bool(_OPEN.search(plain)) and (not is_range or bool(re.search("以降|以後|以遠", rest)))
    return YearLabel(start, None if is_open else end, header_purity(plain), _basis(mentions), until)


def _span(plain: str, known: list[tuple[int, YearMention]]) -> tuple[int, int]:
    """First and last year: `令和5年度(2023年度)` names one year twice, only a range sign makes a range."""
    start, first = known[0]
    end = start
    if first.unit == "年代" and start % DECADE == 0:
        half = _HALF_DECADE.match(plain, first.end)
        start += DECADE // 2 if half and half[1] == "後" else 0
        end = start + DECADE // (2 if half else 1) - 1
    for (year, before), (later, after) in pairwise(known):
        if later > year and _RANGE.fullmatch(plain[before.end : after.start]):
            end = max(end, later)
    for year, mention in known:
        tail = _RANGE_END.match(plain, mention.end)
        if tail:
            # The number counts as the one before it: 2026～30 is western, 令和6～8 is of the era.
            number = _written_number(plain, mention)
            base = year - number if number < 100 else year // 100 * 100
            if base + int(tail[1]) > year:
                end = max(end, base + int(tail[1]))
    return start, end


def _basis(mentions: list[YearMention]) -> Basis:
    """Calendar years are named as such (2021年, 2030年代); a bare year counts as fiscal."""
    units = {m.unit for m in mentions}
    fiscal = not units & {"年", "年代", "CY"} or bool(units & {"年度", "FY"})
    return Basis.FISCAL_YEAR if fiscal else Basis.CALENDAR_YEAR


def _bare_label(plain: str, mentions: list[YearMention]) -> YearLabel | None:
    """`6年度` without an era."""
    if len(mentions) != 1 or not mentions[0].bare:
        return None
    number = mentions[0].bare
    return YearLabel(number, None if _OPEN.search(plain) else number, header_purity(plain), _basis(mentions), bare=True)


@lru_cache(maxsize=KEPT_TEXTS)
def parse_bare_number(text: str) -> YearLabel | None:
    """`24` alone in its cell: a year only where a band or a side cell says 年度; `bare` is set."""
    match = _BARE_NUMBER.fullmatch(figures(text))
    return YearLabel(int(match[1]), int(match[1]), 1.0, bare=True) if match and int(match[1]) > 0 else None


@lru_cache(maxsize=KEPT_TEXTS)
def header_purity(text: str) -> float:
    """Part of a text's characters that is year notation: 1 for 令和 or (2024年度), near 0 for prose."""
    plain = figures(text)
    rest = plain
    for mention in reversed(find_years(plain)):
        rest = rest[: mention.start] + rest[mention.end :]
    rest = _HEADER_EXTRAS.sub("", re.sub("令和|㋿|平成|昭和", "", rest))
    length = len(re.sub(r"\s", "", plain))
    return 1 - len(rest) / length if length else 0.0


def _written_number(text: str, mention: YearMention) -> int:
    """The year number as written: within its era, or the western year."""
    digits = re.search(rf"\d+|元|[{_KANJI}]+", text[mention.start : mention.end])
    return (parse_number(digits.group()) or 1) if digits else 1
