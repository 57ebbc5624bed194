# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers that a text promises or counts: 99.85％, 約９万世帯, 100万法人, ３割削減 and the like."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.normalize.facts.dates import DateMention
from koteihyo.normalize.text.characters import narrow
from koteihyo.normalize.text.era import parse_number
from koteihyo.schema.facts import Comparator, DateRole

_KANJI = "一二三四五六七八九十百千"
_LARGE = {"千": 1_000, "百万": 1_000_000, "万": 10_000, "億": 100_000_000, "兆": 10**12}
_NUMBER = (
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<large>百万|千(?!葉)|万|億|兆)?(?P<rest>\d[\d,]*[万千]?|\d[\d,]*)?"
    rf"|(?P<kanji>(?:[{_KANJI}]{{0,6}}[万億兆])?[{_KANJI}]{{1,6}}|[{_KANJI}]{{1,6}}[万億兆])"
)
# Longest first within a family; what plans count. Not 号, 章, 版, 期, 次, 世代, 歳: those name, they do not measure.
_UNITS = (
    "パーセントポイント|%ポイント|パーセント|%|ポイント|割(?!合|り当|当|引|振)|分の1|"
    "世帯|法人|団体|自治体|地方公共団体|市区町村|市町村|区市町村|都道府県|道府県|市(?!場|民|町)|町村|か国|カ国|ヶ国|ヵ国|箇国|国|地域|圏域|拠点|"
    "人(?!材|口|工)|名|社(?!会)|企業|事業者|事業所|事業|施設|医療機関|病院|薬局|店舗|機関|校|学校|大学|学級|教室|"
    "件|手続|言語|品目|地点|業務|システム|サービス|項目|種類|機種|分野|課題|プロジェクト|事例|モデル|地区|区域|路線|港湾|空港|駅|"
    "箇所|か所|カ所|ヶ所|ヵ所|か所|台|基(?!準|盤|本|づ|金|幹|礎)|機(?!能|関|構)|両|隻|棟|戸|局|枚|回(?!線|収|路)|回線|口座|アカウント|倍|"
    "円|ドル|ユーロ|トン|t(?![a-zA-Z])|kg|km2|km²|㎢|平方キロメートル|km|キロメートル|㎡|ha|ヘクタール|"
    "(?:G|M|k)?W(?:h)?(?![a-zA-Z])|(?:T|G|M|k)bps|(?:T|G|M|k)B(?![a-zA-Z])|時間(?!帯|外)|分(?!の|野|析|間隔|類|担|科|散|割)|営業日|日間|日以内|週間|か月間|秒"
)
_LEAD = r"(?P<lead>約|およそ|おおよそ|概ね|おおむね|最大で?|最低でも|最低で?|少なくとも|累計で?|計|延べ|のべ|毎年|年間|全国|各)?\s?"
_TAIL = (
    r"(?P<about>程度|前後|ほど|弱|強(?!化))?\s?"
    r"(?P<tail>以上|を?超え?(?:る|て)?(?!速|高)|以下|以内|未満|を下回る|を上回る)?\s?(?P<change>の?(?:削減|低減|減少|縮減|短縮|増加|向上|減(?!税)|増(?!進|強)))?"
)
_EXPRESSION = re.compile(rf"(?<![\d.,]){_LEAD}(?:{_NUMBER})\s?(?P<unit>{_UNITS}){_TAIL}")
# 第３回, 5か年, 1人1台, 全47都道府県 is a count but 3次元 is a name.
_ORDINAL = re.compile(r"(?:第|[A-Za-z#＃No.\-–][.\s]?|[A-Za-z])$")
_PER_HEAD = re.compile(r"1人(?:当た|あた|につき|に?1台|ひとり|1アカウント|1口座)|(?:一人|1人)[一1]|(?<=1人)1台")
_DELIMITER = "、。，．,（）()「」『』【】<>＜＞・:：;／/※ 　"
_MEASURE_BEFORE = re.compile(rf"([^{_DELIMITER}]{{1,24}}?)(?:を|は|が|の|に|で|も|:|：|\s)*$")
_MEASURE_AFTER = re.compile(rf"^(?:以上|以下|超|程度|前後)*の([^{_DELIMITER}をがはにで]{{2,20}})")
_PARTICLE = re.compile(
    r"^.*(?:において|により|ように|ために|までに|に向けて|について|として|にかかる|以降に|に|を|は|が|で|と(?!も))(?=[^ぁ-ん])"
)


@dataclass(frozen=True)
class TargetMention:
    """One number with its unit. Offsets are into the text."""

    value: float
    unit: str
    comparator: Comparator
    approximate: bool
    measure: str | None
    deadline: dt.date | None
    text: str
    start: int
    end: int


def find_targets(text: str, dates: Sequence[DateMention] = ()) -> list[TargetMention]:
    """Every measured number in a text, in order; numbers inside dates are left to them."""
    plain = narrow(re.sub("[\u2460-\u2473]", "・", text))
    taken = [(d.start, d.end) for d in dates]
    result = []
    for match in _EXPRESSION.finditer(plain):
        start = match.start("lead") if match["lead"] else match.start("number" if match["number"] else "kanji")
        if any(a < match.end("unit") and start < b for a, b in taken) or _is_name(plain, match, start):
            continue
        value = _value(match)
        if value is None:
            continue
        unit, factor = _unit(match["unit"])
        result.append(
            TargetMention(
                value=round(value * factor, 6),
                unit=unit,
                comparator=_comparator(match),
                approximate=bool(match["about"]) or (match["lead"] or "").startswith(("約", "およそ", "おお", "概")),
                measure=_measure(plain, start, match),
                deadline=_deadline(plain, start, match.end(), dates),
                text=text[start : match.end()],
                start=start,
                end=match.end(),
            )
        )
    return result


def _is_name(plain: str, match: re.Match[str], start: int) -> bool:
    before = plain[:start]
    if _ORDINAL.search(before[-3:]):
        return True
    if match["kanji"] and (
        not re.search("[割%世法団校社件台基倍円人名]", match["unit"]) or re.search(r"[一-龥]$", before)
    ):
        # 一部, 三者 and 十分 are words; a kanji number counts only before a plain counter.
        return True
    around = plain[max(0, start - 2) : match.end() + 4]
    return bool(_PER_HEAD.search(around)) and match["number"] == "1"


def _value(match: re.Match[str]) -> float | None:
    if match["kanji"]:
        number = parse_number(match["kanji"])
        return None if number is None else float(number)
    value = float(match["number"].replace(",", "")) * _LARGE.get(match["large"] or "", 1)
    if match["rest"]:
        rest = parse_number(match["rest"])
        value += rest or 0
    return value


def _unit(written: str) -> tuple[str, float]:
    """Unit in one spelling, and what the number is multiplied with."""
    if written == "割":
        return "%", 10.0
    if written == "分の1":
        return "分の1", 1.0
    if written in ("パーセント", "%"):
        return "%", 1.0
    if "ポイント" in written:
        return "ポイント", 1.0
    return re.sub("^(?:箇|[かカヶヵ])(?=国|所)", "か", written).replace("日以内", "日"), 1.0


def _comparator(match: re.Match[str]) -> Comparator:
    tail, lead = match["tail"] or "", match["lead"] or ""
    if tail.startswith(("以上",)) or lead.startswith(("最低", "少なく")):
        return Comparator.AT_LEAST
    if "超" in tail or "上回" in tail:
        return Comparator.MORE
    if tail in ("以下", "以内") or lead.startswith("最大") or match["unit"] == "日以内":
        return Comparator.AT_MOST
    if tail in ("未満", "を下回る"):
        return Comparator.LESS
    return Comparator.EQUAL


def _measure(plain: str, start: int, match: re.Match[str]) -> str | None:
    """What is measured: the noun before the number, or after its の; the change where one is named."""
    after = _MEASURE_AFTER.match(plain[match.end() :])
    noun: str | None = None
    before = _MEASURE_BEFORE.search(plain[:start])
    if match["change"] or not after:
        noun = _noun(before[1]) if before else None
    noun = noun or (after[1] if after else None)
    change = (match["change"] or "").removeprefix("の")
    return f"{noun or ''}{change}" or None


def _noun(phrase: str) -> str | None:
    noun = _PARTICLE.sub("", phrase)
    noun = re.sub(r"^(?:の|年度|年|末|まで|に)+", "", noun)
    # 10年に3回: a length of time is not what is counted.
    is_time = re.fullmatch(r"\d+(?:年|か月|月|日|時間|週間?)度?", noun)
    return noun if re.search("[一-龥ァ-ヶA-Za-z]", noun) and not is_time else None


def _deadline(plain: str, start: int, end: int, dates: Sequence[DateMention]) -> dt.date | None:
    """Last day of the nearest date of the same sentence that is no reference."""
    best: tuple[int, dt.date] | None = None
    for date in dates:
        if date.role is DateRole.REFERENCE or date.date_to is None:
            continue
        between = plain[date.end : start] if date.end <= start else plain[end : date.start]
        if "。" in between:
            continue
        # A date after the number belongs to it only when it stands close: 60%(令和7年度まで).
        distance = len(between) if date.end <= start else len(between) * 4
        if best is None or distance < best[0]:
            best = (distance, date.date_to)
    return best[1] if best and best[0] <= 160 else None
