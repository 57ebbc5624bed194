# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets aside characters that are painted twice: fake bold and drop shadows."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from koteihyo.extract.placed import Floats, Ints, PlacedGlyphs

# A doubled glyph (fake bold, drop shadow) is offset by a small part of its size; real neighbours by half of it or more.
DOUBLE_OFFSET = 0.22
# The second painting covers most of the first; the next letter of a word, however narrow, stands beside it.
DOUBLE_OVERLAP = 0.5


def drop_doubles(placed: PlacedGlyphs) -> tuple[PlacedGlyphs, PlacedGlyphs]:
    """Splits glyphs into (kept, doubled): the same character painted again at almost the same place, any font."""
    sizes, boxes = placed.sizes, placed.boxes
    limits = np.minimum(DOUBLE_OFFSET * sizes[:, None], DOUBLE_OVERLAP * (boxes[:, 2:] - boxes[:, :2]))
    suspects = _with_company(placed, limits)
    doubled = np.zeros(len(placed), np.bool_)
    seen: dict[tuple[str, int, int], list[tuple[float, float]]] = defaultdict(list)
    steps = np.maximum(sizes[suspects], 1.0)
    places = zip(
        suspects.tolist(),
        placed.chars[suspects].tolist(),
        boxes[suspects, :2].tolist(),
        limits[suspects].tolist(),
        steps.tolist(),
        strict=True,
    )
    for i, char, (x, y), (limit_x, limit_y), step in places:
        column, row = int(x // step), int(y // step)
        doubled[i] = any(
            abs(other_x - x) <= limit_x and abs(other_y - y) <= limit_y
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other_x, other_y in seen.get((char, column + dx, row + dy), ())
        )
        if not doubled[i]:
            seen[char, column, row].append((x, y))
    return placed.take(~doubled), placed.take(doubled)


def _with_company(placed: PlacedGlyphs, limits: Floats) -> Ints:
    """Places of the characters that have the same character nearby: only they can be doubled.

    Two that are closer than half a cell share a cell of the grid, or of one that is moved by half a cell.
    """
    inked = np.flatnonzero(~placed.blank)
    if len(inked) < 2:
        return inked[:0]
    # Slightly more than twice the limit, for rounding.
    cell = 2.001 * max(float(limits[inked].max()), 0.0) + 1e-3
    x, y = (placed.boxes[inked, :2] / cell).T
    codes = placed.codes[inked]
    found = np.zeros(len(inked), np.bool_)
    for shift_x in (0.0, 0.5):
        for shift_y in (0.0, 0.5):
            columns, rows = np.floor(x + shift_x), np.floor(y + shift_y)
            order = np.lexsort((rows, columns, codes))
            same = np.ones(len(order) - 1, np.bool_)
            for keys in (rows, columns, codes):
                same &= keys[order[1:]] == keys[order[:-1]]
            found[order[1:][same]] = True
            found[order[:-1][same]] = True
    return inked[found]
