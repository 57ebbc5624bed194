# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pairs of items worth comparing, so that large editions need not compare everything with everything."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from pipeline.diff.entries import Entry

# Items compared with one item by shared words; and with one that says exactly the same (stock phrases).
_BY_WORDS = 12
_BY_TEXT = 40
# Words that stand in more items than this tell nothing and would make the search slow.
_COMMON = 400


def candidate_pairs(old: Sequence[Entry], new: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """Index pairs that could be the same measure, each once, in order."""
    by_text = _positions(new, lambda e: [e.key])
    by_place = _positions(new, lambda e: [repr(e.place)] if e.place else [])
    by_word = _positions(new, lambda e: e.words)
    weights = {word: math.log(1 + len(new) / len(found)) for word, found in by_word.items()}
    for i, entry in enumerate(old):
        found = set(_nearest(entry, new, by_text.get(entry.key, ()), _BY_TEXT))
        found.update(_nearest(entry, new, by_place.get(repr(entry.place), ()), _BY_TEXT) if entry.place else ())
        shared: defaultdict[int, float] = defaultdict(float)
        for word in sorted(entry.words):
            holders = by_word.get(word, ())
            if len(holders) <= _COMMON:
                for j in holders:
                    # Long items share words with everything: what counts is the share of the longer one.
                    shared[j] += weights[word] / max(len(entry.words), len(new[j].words))
        found.update(j for j, _weight in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))[:_BY_WORDS])
        yield from ((i, j) for j in sorted(found))


def _positions(entries: Sequence[Entry], keys: Callable[[Entry], Iterable[str]]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for position, entry in enumerate(entries):
        for key in keys(entry):
            found[key].append(position)
    return dict(found)


def _nearest(entry: Entry, new: Sequence[Entry], positions: Sequence[int], limit: int) -> Sequence[int]:
    """The positions nearest in order: in a large edition a stock phrase stands in a thousand items."""
    if len(positions) <= limit:
        return positions
    same_place = [j for j in positions if new[j].place == entry.place]
    rest = sorted(positions, key=lambda j: (abs(new[j].order - entry.order), j))
    return [*same_place[:limit], *rest[: max(limit - len(same_place), 0)]]
