# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stage of a measure (検討, 実証, 運用開始 …) by the head of its text; the rules are in data/phases.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from koteihyo.normalize.text.tokens import Token, tokenize
from koteihyo.schema.facts import Phase

# Words without a meaning of their own: particles, auxiliaries, signs.
_EMPTY = ("助詞", "助動詞", "補助記号", "空白", "接続詞")
_BRACKETS = re.compile(r"[（(\[［〔【][^（）()\[\]［］〔〕【】]*[）)\]］〕】]")
_NOTE_MARK = re.compile(r"※\s*[0-9０-９]*")
_DO = "為る"
Words = tuple[str, ...]


@dataclass(frozen=True)
class _Rules:
    phrases: dict[Words, Phase]
    plain: frozenset[str]
    weak: dict[str, Phase]
    longest: int


def phase_of(text: str) -> Phase | None:
    """The stage that a text names at its end; None when it names none."""
    plain = _NOTE_MARK.sub("", _BRACKETS.sub("", text)).strip()
    # A text that is nothing but brackets is a heading.
    if not plain or plain.startswith(("＜", "<")):
        return None
    rules = _rules()
    words = _content(tokenize(plain, "A"))
    fallback: Phase | None = None
    end = len(words)
    while end:
        phase = _ending(words[:end], rules)
        if phase is not None:
            return phase
        word = words[end - 1]
        if word in rules.weak:
            fallback = fallback or rules.weak[word]
        elif word not in rules.plain:
            break
        end -= 1
    if fallback is None and "引き続き" in plain:
        return Phase.CONTINUATION
    return fallback


def _ending(words: Words, rules: _Rules) -> Phase | None:
    """Phase of the longest phrase that the words end with."""
    for length in range(min(rules.longest, len(words)), 0, -1):
        phase = rules.phrases.get(words[-length:])
        if phase is not None:
            return phase
    return None


def _content(tokens: Sequence[Token]) -> Words:
    return tuple(t.normalized for t in tokens if not t.pos.startswith(_EMPTY) and t.normalized != _DO)


def _phrase(text: str) -> Words:
    return _content(tokenize(text, "A"))


@cache
def _rules() -> _Rules:
    data = tomllib.loads(files("koteihyo.normalize.data").joinpath("phases.toml").read_text(encoding="utf-8"))
    phrases = {_phrase(text): Phase(phase) for phase, texts in data["phases"].items() for text in texts}
    plain = frozenset(word for text in data["carriers"]["plain"] for word in _phrase(text))
    weak = {_phrase(text)[-1]: Phase(phase) for text, phase in data["carriers"]["weak"].items()}
    return _Rules(phrases, plain, weak, max(map(len, phrases)))
