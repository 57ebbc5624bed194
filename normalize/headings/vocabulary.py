# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much a heading and an item talk about the same thing: shared nouns, weighted by how rare they are on the page."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from koteihyo.normalize.text.tokens import tokenize

# Parts of speech that carry a subject; of these, figures and suffixes say nothing.
_SUBJECT = "名詞"
_EMPTY = frozenset({"数詞", "助数詞可能"})


def nouns(text: str) -> frozenset[str]:
    """Normalised forms of a text's nouns, short units (split mode A)."""
    return frozenset(
        token.normalized
        for token in tokenize(text, "A")
        if token.pos.startswith(_SUBJECT) and not any(part in _EMPTY for part in token.pos.split(","))
    )


class SharedVocabulary:
    """Affinity of headings and items of one chart, 0 to 1.

    A noun counts by its rarity among the headings and the items of the chart: what every heading says tells nothing.
    """

    def __init__(self, headings: Sequence[str], items: Sequence[str]) -> None:
        self._headings = [nouns(h) for h in headings]
        self._items = [nouns(t) for t in items]
        in_headings = Counter(t for h in self._headings for t in h)
        in_items = Counter(t for i in self._items for t in i)
        total = max(len(headings), 2)
        # A noun in one heading only is worth 1; in all of them, 0. One that runs through all items is worth little too.
        self._weight = {
            t: math.log(total / n) / math.log(total) / (1 + math.log1p(in_items[t] / max(len(items), 1) * 4))
            for t, n in in_headings.items()
        }

    def __call__(self, heading: int, item: int) -> float:
        """Weighted part of the heading's nouns that the item shares, saturating: two rare nouns say it all."""
        shared = self._headings[heading] & self._items[item]
        weight = sum(self._weight[t] for t in shared)
        return weight / (weight + 0.8) if weight else 0.0
