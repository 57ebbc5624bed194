# SPDX-License-Identifier: AGPL-3.0-or-later
"""Measures that were split in two or merged into one, where the texts say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz

from koteihyo.pipeline.diff.entries import Entry

# Shorter texts (運用開始) stand in many others by chance.
_SHORTEST = 8
# How much of the part's text must stand in the whole one's, in one stretch.
_CONTAINED = 90.0


def wholes_of(parts: Iterable[Entry], pairs: Iterable[tuple[Entry, Entry]]) -> dict[str, Entry]:
    """Part's item id → the matched item whose text held it.

    Args:
        parts: Items without a partner.
        pairs: (the item on the other side, its partner on the parts' side), both matched.
    """
    shortened: defaultdict[tuple[str, ...], list[tuple[Entry, Entry]]] = defaultdict(list)
    for whole, partner in pairs:
        # The partner holds less than the whole did: the part can be what it lost.
        if len(partner.key) < len(whole.key):
            shortened[_spot(whole)].append((whole, partner))
    found = {}
    for part in parts:
        holders = [
            (fuzz.partial_ratio(part.key, whole.key), whole)
            for whole, partner in shortened[_spot(part)]
            if _SHORTEST <= len(part.key) < len(whole.key)
            and fuzz.partial_ratio(part.key, whole.key) >= _CONTAINED
            and fuzz.partial_ratio(part.key, partner.key) < _CONTAINED
        ]
        if holders:
            found[part.item.item_id] = max(holders, key=lambda h: (h[0], -h[1].order))[1]
    return found


def _spot(entry: Entry) -> tuple[str, ...]:
    return (*entry.place.titles[-1:], entry.place.row)
