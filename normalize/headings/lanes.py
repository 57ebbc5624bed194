# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parts headings that closely set lines were taken for one of, where each line stands beside a bar of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Line
from koteihyo.normalize.reading import HeadingReading
from koteihyo.normalize.text.characters import normalize_text

# Lengths in line heights: a line is level with its bar within this; a bar of one line is at most so high.
LEVEL = 0.5
BAR_HEIGHT = 2.5
# A line shorter than the longest of its column by more than this was not wrapped.
SHORT_LINE = 2.0


def part_by_lanes(headings: Sequence[HeadingReading], bars: Sequence[BBox]) -> list[HeadingReading]:
    """The headings, those without rules around them cut where each line has a bar of its own and none was wrapped."""
    longest: dict[int, float] = {}
    for heading in headings:
        for line in heading.lines:
            longest[heading.column] = max(longest.get(heading.column, 0.0), line.box.width)
    shared = [h for h in headings if sum(other.band == h.band for other in headings) > 1]
    result: list[HeadingReading] = []
    for heading in headings:
        if heading in shared and not heading.marker and _have_lanes(heading.lines, bars, longest[heading.column]):
            result += [replace(heading, title=normalize_text(ln.text), lines=(ln,), box=ln.box) for ln in heading.lines]
        else:
            result.append(heading)
    return result


def _have_lanes(lines: Sequence[Line], bars: Sequence[BBox], longest: float) -> bool:
    if len(lines) < 2 or any(ln.box.width > longest - SHORT_LINE * ln.size for ln in lines[:-1]):
        return False
    lanes = [_lane(line, bars) for line in lines]
    found = [lane for lane in lanes if lane is not None]
    apart = all(a.y1 <= b.y0 for a, b in pairwise(found))
    return len(found) == len(lines) and apart


def _lane(line: Line, bars: Sequence[BBox]) -> BBox | None:
    level = [b for b in bars if abs(b.cy - line.box.cy) <= LEVEL * line.size and b.height <= BAR_HEIGHT * line.size]
    return min(level, key=lambda b: abs(b.cy - line.box.cy), default=None)
