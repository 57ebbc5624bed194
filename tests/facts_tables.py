# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of texts with the facts that must be read from them, and how many are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass
class Outcome:
    """Expected facts against read ones, over a whole table."""

    right: int = 0
    expected: int = 0
    read: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.read

    @property
    def recall(self) -> float:
        return self.right / self.expected


def rows(name: str) -> list[list[str]]:
    """Lines of a table, cut at tabs, without comments."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def compare(name: str, read: Callable[[str], list[str]]) -> Outcome:
    """Compares every text's facts, written as in the table."""
    outcome = Outcome()
    for text, facts in rows(name):
        expected = [] if facts == "none" else facts.split(" ")
        found = read(text)
        right = sum((Counter(expected) & Counter(found)).values())
        outcome.right += right
        outcome.expected += len(expected)
        outcome.read += len(found)
        if expected != found:
            outcome.wrong.append(f"{text}: expected {facts}, read {' '.join(found) or 'none'}")
    return outcome
