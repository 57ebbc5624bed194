# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was changed in a text: words dropped and put in, numbers and dates that differ."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from koteihyo.normalize.text.characters import compare_key, narrow
from koteihyo.normalize.text.tokens import tokenize

_FIGURE = r"(?:[0-9]+(?:[.,][0-9]+)*|元(?=年))"
_NUMBER = re.compile(
    # An era or western date with its parts, or a number with the unit or counter after it.
    rf"(?:約)?(?:(?:令和|平成|昭和|[RHS](?=[0-9]))?{_FIGURE}年(?:度|代)?(?:{_FIGURE}月(?:{_FIGURE}日)?)?(?:末|初頭?|中)?"
    rf"|{_FIGURE}月(?:{_FIGURE}日)?"
    rf"|{_FIGURE}[兆億万千百]*(?:[%㎡㎞]|[ァ-ヶー一-龥]{{1,3}}|[A-Za-z]{{1,4}})?)"
)


@dataclass(frozen=True)
class Piece:
    """A stretch of a compared text."""

    op: Literal["same", "dropped", "new"]
    text: str


def word_pieces(old: str, new: str) -> list[Piece]:
    """Both texts as one sequence of stretches that stayed, were dropped or are new, cut at words."""
    a = [t.surface for t in tokenize(old, "A")]
    b = [t.surface for t in tokenize(new, "A")]
    # Full-width and narrow forms of one word are no change of wording.
    matcher = SequenceMatcher(None, [compare_key(w) for w in a], [compare_key(w) for w in b], autojunk=False)
    pieces = []
    for op, a0, a1, b0, b1 in matcher.get_opcodes():
        if op == "equal":
            pieces.append(Piece("same", "".join(b[b0:b1])))
            continue
        if a1 > a0:
            pieces.append(Piece("dropped", "".join(a[a0:a1])))
        if b1 > b0:
            pieces.append(Piece("new", "".join(b[b0:b1])))
    return pieces


def marked_sides(old: str, new: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Each text cut at words into (stretch, whether the other text lacks it); joined, they are the texts."""
    a = [t.surface for t in tokenize(old, "A")]
    b = [t.surface for t in tokenize(new, "A")]
    matcher = SequenceMatcher(None, [compare_key(w) for w in a], [compare_key(w) for w in b], autojunk=False)
    before, after = [], []
    for op, a0, a1, b0, b1 in matcher.get_opcodes():
        before.append(("".join(a[a0:a1]), op != "equal"))
        after.append(("".join(b[b0:b1]), op != "equal"))
    return before, after


def word_diff(old: str, new: str) -> str:
    """The changed text on one line, with [-dropped-] and {+new+} words marked."""
    marks = {"same": "{}", "dropped": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks[piece.op].format(piece.text) for piece in word_pieces(old, new))


def changed_numbers(old: str, new: str) -> tuple[list[str], list[str]]:
    """Numbers and dates that are only in the older text, and those only in the newer one, in their order."""
    a, b = _numbers(old), _numbers(new)
    return _without(a, b), _without(b, a)


def _numbers(text: str) -> list[str]:
    return [m.group() for m in _NUMBER.finditer(narrow(text))]


def _without(found: list[str], others: list[str]) -> list[str]:
    spare = Counter(others)
    kept = []
    for number in found:
        if spare[number]:
            spare[number] -= 1
        else:
            kept.append(number)
    return kept
