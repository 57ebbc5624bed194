# SPDX-License-Identifier: AGPL-3.0-or-later
"""How alike two items are, in text, place, kind, span and order."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz import fuzz

from koteihyo.pipeline.diff.entries import Entry, Place

# Texts less alike than this are two measures even at one place. Rewordings between the editions with ground truth are
# 0.82 alike and more; of different measures under one heading, which share its vocabulary, 3 % are 0.65 alike and more,
# most of them steps of one project. Between the two, a plan's editors reword more than those of test data.
SAME_PLACE_GATE = 0.65
# At another place the text alone must tell. Of pairs of different measures, one in 2,300 (space plan) to 7,000 is this alike.
OTHER_PLACE_GATE = 0.8
# From this on two places are one, with a heading that was reworded or reads differently.
PLACE_ALIKE = 0.75

# The text decides; the rest chooses between equal texts, the place above all.
_TEXT, _PLACE, _SPAN, _KIND, _ORDER = 0.7, 0.2, 0.05, 0.03, 0.02


def text_similarity(old: Entry, new: Entry) -> float:
    """Similarity of two texts from 0 to 1: characters in order, and words in any order."""
    if old.key == new.key:
        return 1.0
    characters = fuzz.ratio(old.key, new.key) / 100
    shared = len(old.words & new.words)
    words = 2 * shared / (len(old.words) + len(new.words))
    # Below 1 whatever the rounding: only equal texts are the same.
    return min(0.6 * characters + 0.4 * words, 0.999)


@dataclass
class Similarity:
    """Scores pairs of one comparison, and remembers what it found about places."""

    _places: dict[tuple[Place, Place], float] = field(default_factory=dict)

    def place(self, old: Place, new: Place) -> float:
        """Similarity of two places from 0 to 1."""
        known = self._places.get((old, new))
        if known is None:
            known = self._places[old, new] = _place_similarity(old, new)
        return known

    def score(self, old: Entry, new: Entry) -> float | None:
        """How well two items match, from 0 to 1; None when they are not the same measure."""
        text = text_similarity(old, new)
        if text < SAME_PLACE_GATE:
            return None
        place = self.place(old.place, new.place)
        if text < OTHER_PLACE_GATE and place < PLACE_ALIKE:
            return None
        kind = 1.0 if old.item.kind == new.item.kind else 0.0
        order = 1 - abs(old.order - new.order)
        return _TEXT * text + _PLACE * place + _SPAN * _span_overlap(old, new) + _KIND * kind + _ORDER * order


def _place_similarity(old: Place, new: Place) -> float:
    if not old or not new:
        # Unknown is neither the same nor another.
        return 0.5
    if old == new:
        return 1.0
    if old.chart or new.chart:
        return fuzz.ratio(old.chart, new.chart) / 100 if old.chart and new.chart else 0.5
    parts = []
    if old.row or new.row:
        parts.append(fuzz.ratio(old.row, new.row) / 100 if old.row and new.row else 0.5)
    if old.titles or new.titles:
        parts.append(_path_similarity(old.titles, new.titles))
    return min(parts)


def _path_similarity(old: tuple[str, ...], new: tuple[str, ...]) -> float:
    if not old or not new:
        return 0.5
    last = fuzz.ratio(old[-1], new[-1]) / 100
    if is_subsequence(old, new) or is_subsequence(new, old):
        # One edition prints (or one page repeats) fewer of the headings above.
        return 1.0 if old[-1] == new[-1] else 0.5
    above_old, above_new = set(old[:-1]), set(new[:-1])
    above = len(above_old & above_new) / max(min(len(above_old), len(above_new)), 1) if above_old and above_new else 1.0
    return last * (0.7 + 0.3 * above)


def is_subsequence(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """True when all of `short` stands in `long`, in the same order."""
    rest = iter(long)
    return all(part in rest for part in short)


def _span_overlap(old: Entry, new: Entry) -> float:
    """Overlap of the two spans over their union, both cut to the years that both charts show."""
    a0, a1, b0, b1 = old.item.start_pos, old.item.end_pos, new.item.start_pos, new.item.end_pos
    if a0 is None or a1 is None or b0 is None or b1 is None:
        return 0.5
    if new.years.first is not None:
        a0, a1 = max(a0, new.years.first), max(a1, new.years.first)
    if old.years.last is not None:
        b0, b1 = min(b0, old.years.last + 1), min(b1, old.years.last + 1)
    union = max(a1, b1) - min(a0, b0)
    if union < 0.1:
        return 1.0
    return max(min(a1, b1) - max(a0, b0), 0.0) / union
