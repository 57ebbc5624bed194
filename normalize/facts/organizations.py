# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ministries, agencies and bodies named in texts and owner cells; the register is data/organizations.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from koteihyo.normalize.text.characters import narrow

# A bureau, division or office written directly after its ministry: 保険局医療介護連携政策課.
_UNIT = re.compile(
    r"\s?((?:[一-龥々ァ-ヶー・ぁ-んA-Za-z]{1,20}?(?:局|部|課|室|官|統括官|センター|本部|事務局)){1,4})(?=$|[\s、,()（）［\]\[］／/])"
)
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class OrganizationMention:
    """One organisation in a text: its canonical name, its unit, the words as written, and where."""

    name: str
    unit: str | None
    text: str
    start: int
    end: int


def find_organizations(text: str) -> list[OrganizationMention]:
    """Every organisation of the register in a text, in order; the longest name at a place wins."""
    names, pattern = _register()
    plain = narrow(text)
    result = []
    for match in pattern.finditer(plain):
        unit = _UNIT.match(plain, match.end())
        end = unit.end() if unit else match.end()
        result.append(
            OrganizationMention(
                name=names[match.group()],
                unit=text[unit.start(1) : unit.end(1)] if unit else None,
                text=text[match.start() : end],
                start=match.start(),
                end=end,
            )
        )
    return result


def owner_organizations(owners: Iterable[str]) -> list[OrganizationMention]:
    """Organisations of owner cells; a name that the register lacks stands for itself."""
    # 健康局健康課（医政局研究開発振興課、保険局…）: those in brackets share the task.
    parts = [part for owner in owners for part in re.split("[（(）)]|、", owner) if part.strip()]
    result: list[OrganizationMention] = []
    for part in parts:
        mentions = find_organizations(part)
        if mentions:
            result += mentions
        elif result and part[-1] not in "省庁府院":
            # A bureau or division without its ministry is of the one before it.
            last = result[-1]
            if last.unit is None:
                result.pop()
            result.append(OrganizationMention(last.name, part, part, 0, len(part)))
        else:
            result.append(OrganizationMention(part, None, part, 0, len(part)))
    return result


@cache
def _register() -> tuple[dict[str, str], re.Pattern[str]]:
    data = tomllib.loads(files("koteihyo.normalize.data").joinpath("organizations.toml").read_text(encoding="utf-8"))
    names: dict[str, str] = {}
    for entry in data["organization"]:
        for name in (entry["name"], *entry.get("aliases", [])):
            names[narrow(name)] = entry["name"]
    alternatives = []
    for name in sorted(names, key=len, reverse=True):
        # IPA is not a part of another Latin word.
        edge = ("(?<![A-Za-z])", "(?![A-Za-z])") if _LATIN.match(name) else ("", "")
        alternatives.append(edge[0] + re.escape(name) + edge[1])
    return names, re.compile("|".join(alternatives))
