# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines of characters in columns: what is asked of every line is found for all of a page's at once."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Direction, Glyph, Line
from koteihyo.extract.placed import Floats, Ints, PlacedGlyphs


class PlacedLine(Line):
    """A line whose glyphs are objects only when they are asked for: on pages without a chart hardly any are."""

    def __init__(self, placed: PlacedGlyphs, places: Sequence[int], direction: Direction, **known: object) -> None:
        vars(self).update(known, direction=direction, _placed=placed, _places=places)

    @cached_property
    def glyphs(self) -> tuple[Glyph, ...]:
        """As those of any line."""
        return tuple(map(self._placed.objects.__getitem__, self._places))

    @cached_property
    def inked_sizes(self) -> list[float]:
        """As those of any line."""
        places = np.array(self._places)
        found: list[float] = self._placed.sizes[places][~self._placed.blank[places]].tolist()
        return found

    _placed: PlacedGlyphs
    _places: Sequence[int]


def placed_lines(placed: PlacedGlyphs, runs: Sequence[tuple[Ints, Direction]]) -> list[PlacedLine]:
    """A line for each run: the places of its characters, in reading order, and how it runs."""
    if not runs:
        return []
    order = np.concatenate([places for places, _direction in runs])
    starts = np.cumsum([0, *(len(places) for places, _direction in runs)])[:-1]
    sizes, seqnos, blank = placed.sizes[order], placed.seqnos[order], placed.blank[order]
    boxes, inked = _boxes(placed.boxes[order], starts, ~blank)
    smallest, largest = np.minimum.reduceat(sizes, starts).tolist(), np.maximum.reduceat(sizes, starts).tolist()
    first, last = np.minimum.reduceat(seqnos, starts).tolist(), np.maximum.reduceat(seqnos, starts).tolist()
    baselines, chars = placed.baselines[order].tolist(), placed.chars[order].tolist()
    lines, start = [], 0
    for i, (places, direction) in enumerate(runs):
        end = start + len(places)
        same = smallest[i] == largest[i]
        lines.append(
            PlacedLine(
                placed,
                places.tolist(),
                direction,
                text="".join(chars[start:end]),
                box=boxes[i],
                size=smallest[i] if same else statistics.median(sizes[start:end].tolist()),
                seqno=first[i],
                start_baseline=baselines[start],
                end_baseline=baselines[end - 1],
                inked_count=inked[i],
                painted_at_once=first[i] == last[i],
            )
        )
        start = end
    return lines


def _boxes(boxes: Floats, starts: Ints, inked: np.ndarray) -> tuple[list[BBox], list[int]]:
    """(the box of each line, white space left out where there is anything else; how many of its characters that is)."""
    counts = np.add.reduceat(inked.astype(np.int64), starts)
    seen = inked | np.repeat(counts == 0, np.diff([*starts, len(inked)]))
    edges = [
        reduce.reduceat(np.where(seen, boxes[:, edge], outside), starts).tolist()
        for edge, reduce, outside in (
            (0, np.minimum, np.inf),
            (1, np.minimum, np.inf),
            (2, np.maximum, -np.inf),
            (3, np.maximum, -np.inf),
        )
    ]
    return [BBox(*box) for box in zip(*edges, strict=True)], counts.tolist()
