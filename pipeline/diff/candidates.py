# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pairs of items worth comparing, so that large editions need not compare everything with everything."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from koteihyo.pipeline.diff.entries import Entry

Key = TypeVar("Key", bound=Hashable)

# Items compared with one item by shared words; and with one that says exactly the same (stock phrases).
_BY_WORDS = 12
_BY_TEXT = 40
# Words that stand in more items than this tell nothing and would make the search slow.
_COMMON = 400


def candidate_pairs(old: Sequence[Entry], new: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """Index pairs that could be the same measure, each once, in order; both editions in reading order."""
    by_text = _positions(new, lambda e: [e.key])
    by_text_and_place = _positions(new, lambda e: [(e.key, e.place)])
    by_place = _positions(new, lambda e: [e.place] if e.place else [])
    by_word = _positions(new, lambda e: e.words)
    weights = {word: math.log(1 + len(new) / len(holders)) for word, holders in by_word.items()}
    orders = [entry.order for entry in new]
    for i, entry in enumerate(old):
        found: set[int] = set()
        for positions in (
            by_text_and_place.get((entry.key, entry.place), []),
            by_text.get(entry.key, []),
            by_place.get(entry.place, []),
        ):
            found.update(_nearest(entry.order, positions, orders))
        shared: defaultdict[int, float] = defaultdict(float)
        for word in sorted(entry.words):
            holders = by_word.get(word, [])
            if len(holders) <= _COMMON:
                for j in holders:
                    # Long items share words with everything: what counts is the share of the longer one.
                    shared[j] += weights[word] / max(len(entry.words), len(new[j].words))
        best = heapq.nsmallest(_BY_WORDS, ((-weight, j) for j, weight in shared.items()))
        found.update(j for _weight, j in best)
        yield from ((i, j) for j in sorted(found))


def _positions(entries: Sequence[Entry], keys: Callable[[Entry], Iterable[Key]]) -> dict[Key, list[int]]:
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for position, entry in enumerate(entries):
        for key in keys(entry):
            found[key].append(position)
    return dict(found)


def _nearest(order: float, positions: Sequence[int], orders: Sequence[float]) -> Sequence[int]:
    """The positions nearest in order: in a large edition a stock phrase stands in a thousand items."""
    if len(positions) <= _BY_TEXT:
        return positions
    middle = bisect_left(positions, order, key=lambda j: orders[j])
    window = positions[max(middle - _BY_TEXT, 0) : middle + _BY_TEXT]
    return sorted(window, key=lambda j: (abs(orders[j] - order), j))[:_BY_TEXT]
