# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a measure stands in another section or row, or only its heading changed, or the reading wavers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from koteihyo.pipeline.diff.entries import Entry, Place, heading_places
from koteihyo.pipeline.diff.similarity import PLACE_ALIKE, Similarity
from koteihyo.schema.records import EditionRecords

# Headings this close in reading order share a seam, where an item's place is most often misread.
_NEIGHBOURS = 2
# At a seam a change of place counts only when both readings are surer than this. About one item in forty moves between
# two editions; below this, misreadings are more frequent than that (see section_confidence).
_SURE = 0.92


class PlaceMap:
    """Decides whether an item stands where it stood."""

    def __init__(self, old: EditionRecords, new: EditionRecords, pairs: Iterable[tuple[Entry, Entry]]) -> None:
        self._similarity = Similarity()
        self._orders = [_positions(heading_places(records)) for records in (old, new)]
        self._renamed = self._renamings(pairs)

    def moved(self, before: Entry, after: Entry) -> bool:
        """True when the item stands in another section or row; unknown places say nothing."""
        old, new = before.place, after.place
        if old == new or self._renamed.get(old) == new or not _comparable(old, new):
            return False
        alike = self._similarity.place(old, new)
        # A title both editions have is another heading, however alike: 港湾業務のデジタル化, 警察業務のデジタル化.
        if alike >= (1.0 if self._stayed(old) and self._stayed(new) else PLACE_ALIKE):
            return False
        sure = before.item.section_confidence * after.item.section_confidence >= _SURE
        return sure or not self._share_a_seam(old, new)

    def _renamings(self, pairs: Iterable[tuple[Entry, Entry]]) -> dict[Place, Place]:
        votes: defaultdict[Place, Counter[Place]] = defaultdict(Counter)
        for before, after in pairs:
            votes[before.place][after.place] += 1
        renamed = {}
        for place, counts in votes.items():
            # A place that is gone and whose items now stand, most of them, in a place that is new was renamed. One
            # item does not tell a renaming from a move.
            target, count = min(counts.items(), key=lambda c: (-c[1], c[0].titles, c[0].row))
            gone, fresh = not self._known(1, place), not self._known(0, target)
            if gone and fresh and count >= 2 and 2 * count > counts.total():
                renamed[place] = target
        return renamed

    def _known(self, edition: int, place: Place) -> bool:
        return _name(place) in self._orders[edition]

    def _stayed(self, place: Place) -> bool:
        return self._known(0, place) and self._known(1, place)

    def _share_a_seam(self, old: Place, new: Place) -> bool:
        return any(
            abs(a - b) <= _NEIGHBOURS
            for positions in self._orders
            for a in positions.get(_name(old), ())
            for b in positions.get(_name(new), ())
        )


def _name(place: Place) -> str:
    # The innermost heading: how many of those above it are printed depends on the page.
    return place.row or (place.titles[-1] if place.titles else "")


def _positions(places: Sequence[Place]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for position, place in enumerate(places):
        found[_name(place)].append(position)
    return dict(found)


def _comparable(old: Place, new: Place) -> bool:
    return bool(old.titles and new.titles) or bool(old.row and new.row)
