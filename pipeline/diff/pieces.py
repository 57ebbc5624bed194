# SPDX-License-Identifier: AGPL-3.0-or-later
"""Measures that were split in two or merged into one, where the texts say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from pipeline.diff.entries import Entry
from pipeline.diff.similarity import PLACE_ALIKE, Similarity

# Shorter texts (運用開始) stand in many others by chance.
_SHORTEST = 8
# How much of the part's text must stand in the whole one's, in one stretch.
_CONTAINED = 90.0


def wholes_of(parts: Iterable[Entry], pairs: Sequence[tuple[Entry, Entry]], similarity: Similarity) -> dict[str, Entry]:
    """Part's item id → the matched item whose text held it.

    Args:
        parts: Items without a partner.
        pairs: (the item on the other side, its partner on the parts' side), both matched.
        similarity: Remembers places.
    """
    reworded = [(whole, partner) for whole, partner in pairs if whole.key != partner.key and len(whole.key) > _SHORTEST]
    found = {}
    for part in parts:
        if len(part.key) < _SHORTEST:
            continue
        holders = [
            (fuzz.partial_ratio(part.key, whole.key), whole)
            for whole, partner in reworded
            # The partner holds less than the whole did: the part is what it lost.
            if len(part.key) < len(whole.key)
            and len(partner.key) < len(whole.key)
            and similarity.place(whole.place, part.place) >= PLACE_ALIKE
            and fuzz.partial_ratio(part.key, whole.key) >= _CONTAINED
            and fuzz.partial_ratio(part.key, partner.key) < _CONTAINED
        ]
        if holders:
            found[part.item.item_id] = max(holders, key=lambda h: (h[0], -h[1].order))[1]
    return found
