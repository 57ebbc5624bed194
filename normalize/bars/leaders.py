# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives bars and marks without text the caption at the other end of a leader line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Line, PageLayout
from koteihyo.normalize.claims import Bar, Claims, Mark
from koteihyo.normalize.layout.blocks import group_blocks
from koteihyo.normalize.scene import Scene


@dataclass(frozen=True)
class LeaderSettings:
    """What a leader line is. Lengths in line heights."""

    touch: float = 0.7
    """A leader ends this close to what it joins."""
    longest: float = 8.0
    """An upright rule longer than this is no leader but part of a grid."""


LEADERS = LeaderSettings()


Point = tuple[float, float]


def caption_by_leaders(scene: Scene, claims: Claims) -> Claims:
    """The block of text that a leader joins to a bar or mark without text."""
    em = scene.em
    holders: list[Bar | Mark] = [*claims.bars, *claims.marks]
    empty = [holder for holder in holders if not claims.lines_of(holder)]
    blocks = group_blocks(claims.free)
    given: dict[Line, Bar | Mark] = {}
    captioned: set[Bar | Mark] = set()
    for ends in _leaders(scene.layout, em) if empty and blocks else ():
        for here, there in (ends, ends[::-1]):
            holder = next((h for h in empty if h not in captioned and _touches(h.shape.box, here, em)), None)
            text = next((b for b in blocks if _touches(b.box, there, em) and b.lines[0] not in given), None)
            if holder is not None and text is not None:
                captioned.add(holder)
                given.update(dict.fromkeys(text.lines, holder))
                break
    return claims.give_each((line, holder, "at the other end of its leader") for line, holder in given.items())


def _leaders(layout: PageLayout, em: float) -> Iterator[tuple[Point, Point]]:
    for connector in layout.connectors:
        yield connector.start, connector.end
    for rule in layout.rulings:
        if rule.vertical and em <= rule.length <= LEADERS.longest * em:
            yield (rule.at, rule.start), (rule.at, rule.end)


def _touches(box: BBox, point: Point, em: float) -> bool:
    return box.contains_point(*point, LEADERS.touch * em)
