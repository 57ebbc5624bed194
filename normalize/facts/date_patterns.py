# SPDX-License-Identifier: AGPL-3.0-or-later
"""The grammar of date expressions, over text whose figures and letters are narrow."""

from __future__ import annotations

import re

_WAVE = "~～〜∼"
_DASH = _WAVE + "–—―−‐ー─-"
_KANJI = "〇○零一二三四五六七八九十百千"
# A small number: 4, 04, 十五, 元.
_N = rf"(?:\d{{1,2}}|元|[{_KANJI}]{{1,4}})"
_WESTERN = rf"(?:(?:19|20|21)\d\d|[一二][〇○零一二三四五六七八九]{{3}}|二千[{_KANJI}]{{1,3}})"
_ERA_NAME = "令和|平成|昭和|大正|明治"
_UNIT = r"(?:年度|年|FY)"
# H3 is a rocket and S3 a satellite: an era's letter needs a unit, a month, an end or a range beside it.
_LETTER = (
    rf"(?<![A-Za-z0-9])[RHST](?=\.?\s?(?:\d{{1,2}}|元)(?:\s?年|[./]\d{{1,2}}(?!\d)|\s?[{_WAVE}]|末|まで|以降|頃))"
    rf"|(?<![A-Za-z0-9])R(?=\d{{1,2}}(?:$|[\s、。,)）(（・]))"
)
# A year without its unit is one only before the other end of a range: 2026～2030年度.
_RANGE_AHEAD = rf"(?=\s*(?:[{_DASH}]|から|及び|、|・)\s*(?:{_ERA_NAME}|[RHS](?=\d))?\s*(?:\d{{4}}|{_N})\s*年)"


def _year(n: str) -> str:
    """One notation of a year, with groups era, number, west and unit named after `n`."""
    return (
        rf"(?:西暦\s?)?(?:(?P<era{n}>{_ERA_NAME}|{_LETTER})\s?\.?\s?(?P<num{n}>{_N})"
        rf"|(?P<fy{n}>FY)\s?'?(?P<fynum{n}>\d{{4}}|\d{{2}})(?!\d)"
        rf"|(?<![\d.,])(?P<west{n}>{_WESTERN})(?!\d|,\d)"
        rf"|'(?P<short{n}>\d\d)(?=年))"
    )


_PART = (
    r"(?P<part>第?\s?(?P<q>[1-4一二三四])\s?四半期|(?<![A-Za-z0-9])Q(?P<q2>[1-4])(?!\d)|(?P<q3>[1-4])Q(?![A-Za-z])"
    r"|(?:の)?(?P<half>上半期|下半期|上期|下期|前半|後半)|(?:の)?(?P<season>春|夏|秋|冬)(?:季|期)?(?:頃|ごろ)?(?!(?!以)[一-龥々])"
    r"|(?:の)?(?P<edge>年度初め|年度当初|年度末|年末|当初|初頭|初旬|初め|はじめ|早期|早々|前半|半ば|中頃|中盤|後半|末))"
)
_DAYS = r"(?:上旬|中旬|下旬|初旬|初め|はじめ|初頭|前半|後半|半ば|中頃|末日|末)"
_DAY = rf"(?:\s?(?P<day>{_N})\s?日(?!間)|の?(?P<third>{_DAYS}))"
_MONTH_END = rf"(?=\s?[{_WAVE}]\s?{_N}\s?月)"
_MONTH = rf"(?:(?P<month>{_N})\s?(?:月(?!額|面|次|曜|間|数|当|平均)|{_MONTH_END})(?:分)?{_DAY}?)"
_SLASH = r"[./-](?P<smonth>1[0-2]|0?[1-9])(?![\d%])(?:[./-](?P<sday>3[01]|[12]\d|0?[1-9])(?!\d))?"
_BRACKETED = rf"\s?[(（]\s?{_year('2')}\s?(?P<unit2>{_UNIT})?\s?[)）]"
_FULL = (
    rf"{_year('1')}(?:{_SLASH}|(?:{_BRACKETED})?\s?(?:(?P<unit1>{_UNIT})|{_RANGE_AHEAD}|(?<=[)）])|(?P<bare_era>)(?!\d))"
    rf"(?:\s?[(（]\s?{_year('3')}\s?(?P<unit3>{_UNIT})?(?P<inner_edge>末)?\s?[)）])?"
    rf"(?:\s?の?{_MONTH}|\s?{_PART}|(?P<within>度?(?:中|内)(?![央核心長期間容部]))|(?P<edge_after>末))?)"
)


def _renamed(pattern: str, suffix: str) -> str:
    """The pattern with its groups under other names, so that it can stand in a second place."""
    return re.sub(r"\(\?P<(\w+)>", rf"(?P<\1{suffix}>", pattern)


_DECADE = r"(?<!\d)(?P<decade>(?:19|20|21)\d0)年代(?:の)?(?P<decade_part>早期|初頭|前半|半ば|中頃|中盤|後半|末)?"
_BARE_FY = (
    rf"(?<![\d.,{_KANJI}A-Za-z第])(?P<bare_fy>\d{{1,2}}|[{_KANJI}]{{1,3}})年度"
    rf"(?:\s?{_renamed(_PART, '_b')}|(?P<within_b>中|内))?(?!間|目|以内)"
)
_RELATIVE = (
    r"(?P<relative>今年度|本年度|当年度|来年度|翌年度|昨年度|前年度|同年度|再来年度|今年|本年|来年|翌年|同年|昨年|(?<!毎)(?<!各)(?<![\d今本来翌昨前同])(?:当該)?年度(?=内|中|末|当初|初め|前半|後半|早期|上半期|下半期)"
    r"|(?<![\d今本来翌昨前同万千百十人枚件])年(?=内(?!容|外)|末(?!調整|年始)))"
    rf"(?:\s?の?{_renamed(_MONTH, '_r')}|\s?{_renamed(_PART, '_r')}|(?P<within_r>中|内))?(?!以来|並み|比)"
)
_BARE_MONTH = rf"(?<![\d.,{_KANJI}か箇カヶケ毎数A-Za-z/第]){_renamed(_MONTH, '_m')}"
_BARE_PART = (
    r"(?<![\d年])(?P<bare_part>(?:第\s?(?P<q_p>[1-4一二三四])\s?四半期"
    r"|(?<![A-Za-z0-9])(?:Q(?P<q2_p>[1-4])|(?P<q3_p>[1-4])Q)(?![A-Za-z0-9])"
    r"|(?P<half_p>上半期|下半期|上期|下期)))"
)

# 令和3～5年: a year without its era is one only at the far end of a range.
_FAR_YEAR = rf"(?<=[{_WAVE}])(?P<far_year>\d{{1,2}}|[{_KANJI}]{{1,3}})年(?!度|間|以)"

EXPRESSION = re.compile("|".join((_DECADE, _FULL, _RELATIVE, _BARE_FY, _BARE_MONTH, _BARE_PART, _FAR_YEAR)))
"""One date expression without the words that give its role."""

RANGE_SIGN = re.compile(rf"\s?(?:頃|ごろ)?\s?(?:[{_DASH}]|から)\s?")
"""What joins two expressions into a period."""

AFTER = re.compile(
    r"(?:\s?\(?\s?(?P<about>頃|ごろ|前後|程度|目途|めど|目処|をめど|を目途|を目処))?(?:に)?\s?(?:"
    r"(?P<deadline>末?\s?まで|迄|を?期限|以前|以内)"
    rf"|(?P<start>[{_WAVE}]|から|より(?!も)|以降|以後|開始|スタート|に?開始)"
    r"|(?P<state>比|(?:末|度)?(?:時点|現在)|実績|に?(?:策定|公表|締結)済)"
    r"|(?P<event>の?[一-龥々]{0,4}(?:閣議決定|決定|成立|公布|改正|制定|開催)(?!予定)"
    r"|の?[一-龥々ァ-ヶー]{0,12}(?:委員会|審議会|閣議|会議)(?:決定)?)"
    r"|(?<=頃|ろ|途|ど|処|後|度))"
)
"""Words after an expression that say what it is."""

BEFORE = re.compile(
    rf"(?:(?P<deadline>(?<![\w)）])[{_WAVE}]\s?|遅くとも\s?|^[{_WAVE}]\s?)|(?P<early>早ければ\s?|最速で?\s?|早くて\s?)"
    r"|(?P<about>およそ|おおむね|概ね|約)\s?)$"
)
"""Words before an expression that say what it is."""

APPROXIMATE = re.compile(r"頃|ごろ|前後|程度|目途|めど|目処|早ければ|最速|早くて|およそ|おおむね|概ね|約|早期|見込")
"""Words that make a date approximate."""
