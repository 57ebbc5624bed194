# SPDX-License-Identifier: AGPL-3.0-or-later
"""Decides which heading each lane of items belongs to: one decision for a whole band, explained and with its margin.

Headings and lanes are both ordered from top to bottom and do not cross, so the best assignment is the cheapest
partition of the lanes into consecutive groups, one for each heading, found by dynamic programming. The cost of a group
is how far its heading is from where headings are set: at the top of their lanes or at the middle.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox, union
from koteihyo.normalize.reading import UNPLACED, HeadingReading, Placement

# Boxes that overlap vertically by this part of the smaller one's height are in one lane.
SAME_LANE = 0.4
# Costs, in units of one line height of misalignment.
EMPTY_LEAF = 3.0
PARENT_WITH_ITEMS = 0.3
OUTSIDE = 0.8
BESIDE_ANOTHER = 0.7
SPLIT_CLOSE_LANES = 0.6
VOCABULARY = 3.0
# A heading set this close under another, in line heights, may have been pushed down by it.
PUSHED_GAP = 1.6
PUSHED = 0.4
# Confidence of a decision by a hair: measured on editions with ground truth, four of five and more are right.
NO_MARGIN = 0.8
# Margin, in the same units, at which the remaining doubt falls to about a third.
MARGIN_SCALE = 1.2
# How a page's headings may be set, and what each heading costs then.
MIXED_ALIGNMENT = 0.5
_ALIGNMENTS = (
    (frozenset({"top"}), 0.0),
    (frozenset({"middle"}), 0.0),
    (frozenset({"top", "middle"}), MIXED_ALIGNMENT),
)
# A heading alone in its ruled cell leaves no choice.
CERTAIN = 0.99

Affinity = Callable[[int, int], float]
"""Shared vocabulary, 0 to 1, of a heading and an item, both by index."""


@dataclass(frozen=True)
class Lane:
    """Items side by side: indices into the page's boxes."""

    items: tuple[int, ...]
    box: BBox


def build_lanes(boxes: Sequence[BBox]) -> list[Lane]:
    """Groups boxes that overlap vertically, from the top."""
    order = sorted(range(len(boxes)), key=lambda i: (boxes[i].cy, boxes[i].x0))
    lanes: list[list[int]] = []
    for i in order:
        for lane in reversed(lanes[-4:]):
            if any(
                boxes[i].y_overlap(boxes[j]) >= SAME_LANE * max(min(boxes[i].height, boxes[j].height), 0.1)
                for j in lane
            ):
                lane.append(i)
                break
        else:
            lanes.append([i])
    result = [Lane(tuple(lane), union(boxes[i] for i in lane)) for lane in lanes]
    return sorted(result, key=lambda lane: (lane.box.cy, lane.box.y0))


def assign(
    headings: Sequence[HeadingReading], boxes: Sequence[BBox], em: float, affinity: Affinity | None = None
) -> list[Placement]:
    """The placement of each box, in the order of `boxes`."""
    result: list[Placement] = [UNPLACED] * len(boxes)
    if not headings:
        return result
    bands = sorted({h.band for h in headings})
    groups: dict[tuple[float, float], list[int]] = {band: [] for band in bands}
    outside: list[int] = []
    for i, box in enumerate(boxes):
        band = _band_of(box, bands)
        if band is None:
            outside.append(i)
        else:
            groups[band].append(i)
    for band, members in groups.items():
        inside = [h for h in range(len(headings)) if headings[h].band == band]
        # Of headings in nested sub-columns the inner ones hold the items.
        innermost = max(headings[h].column for h in inside)
        chosen = [h for h in inside if headings[h].column == innermost]
        for i, placement in zip(
            members, _solve(headings, chosen, [boxes[i] for i in members], em, affinity, members), strict=True
        ):
            result[i] = placement
    for i in outside:
        above = [h for h in range(len(headings)) if headings[h].band[0] <= boxes[i].cy]
        if above:
            result[i] = Placement(headings[above[-1]], confidence=0.6, evidence="order")
    return result


def _band_of(box: BBox, bands: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """The narrowest band that holds the box's centre."""
    holding = [b for b in bands if b[0] <= box.cy <= b[1]]
    return min(holding, key=lambda b: b[1] - b[0], default=None)


def _solve(
    headings: Sequence[HeadingReading],
    chosen: Sequence[int],
    boxes: Sequence[BBox],
    em: float,
    affinity: Affinity | None,
    members: Sequence[int],
) -> list[Placement]:
    if len(chosen) == 1:
        return [Placement(headings[chosen[0]], confidence=CERTAIN, evidence="band")] * len(boxes)
    lanes = build_lanes(boxes)
    n, m = len(chosen), len(lanes)
    shared = _shared_words(headings, chosen, lanes, members, affinity)
    gaps = [_gap_cost(lanes, k, em) for k in range(m + 1)]
    # A page sets its headings at the top of their lanes or at the middle; doing both by turns is less likely.
    best = [[math.inf] * n for _ in range(m)]
    for alignments, surcharge in _ALIGNMENTS:
        cost = [
            [
                [_group_cost(headings, chosen, i, lanes[a:b], em, alignments) - VOCABULARY * sum(shared[i][a:b])
                 if b >= a else math.inf for b in range(m + 1)]
                for a in range(m + 1)
            ]
            for i in range(n)
        ]  # fmt: skip
        for k, totals in enumerate(_lane_totals(cost, gaps)):
            best[k] = [min(old, new + surcharge * n) for old, new in zip(best[k], totals, strict=True)]
    placements: list[Placement] = [UNPLACED] * len(boxes)
    for k, row in enumerate(lanes):
        ranked = sorted(range(n), key=lambda i: best[k][i])
        margin = best[k][ranked[1]] - best[k][ranked[0]]
        confidence = 1 - (1 - NO_MARGIN) * math.exp(-margin / MARGIN_SCALE)
        evidence = f"band+order, margin {margin:.1f}"
        for j in row.items:
            placements[j] = Placement(
                headings[chosen[ranked[0]]], confidence=min(confidence, CERTAIN), evidence=evidence
            )
    return placements


def _lane_totals(cost: Sequence[Sequence[Sequence[float]]], gaps: Sequence[float]) -> list[list[float]]:
    """For each lane and heading, the cost of the cheapest whole solution with that lane under that heading."""
    n, m = len(cost), len(gaps) - 1
    forward = [[math.inf] * (m + 1) for _ in range(n + 1)]
    forward[0][0] = 0.0
    for i in range(n):
        for a in range(m + 1):
            for b in range(a, m + 1):
                step = forward[i][a] + cost[i][a][b] + (gaps[b] if b > a else 0.0)
                forward[i + 1][b] = min(forward[i + 1][b], step)
    backward = [[math.inf] * (m + 1) for _ in range(n + 1)]
    backward[n][m] = 0.0
    for i in range(n - 1, -1, -1):
        for a in range(m + 1):
            backward[i][a] = min(
                cost[i][a][b] + (gaps[b] if b > a else 0.0) + backward[i + 1][b] for b in range(a, m + 1)
            )
    best = [[math.inf] * n for _ in range(m)]
    for i in range(n):
        for a in range(m + 1):
            for b in range(a + 1, m + 1):
                total = forward[i][a] + cost[i][a][b] + gaps[b] + backward[i + 1][b]
                for lane in range(a, b):
                    best[lane][i] = min(best[lane][i], total)
    return best


def _group_cost(
    headings: Sequence[HeadingReading],
    chosen: Sequence[int],
    i: int,
    lanes: Sequence[Lane],
    em: float,
    alignments: frozenset[str],
) -> float:
    heading = headings[chosen[i]]
    if not lanes:
        return 0.0 if _is_parent(headings, chosen, i) else EMPTY_LEAF
    top, bottom = lanes[0].box.y0, max(lane.box.y1 for lane in lanes)
    first = heading.lines[0].box
    at_top = min(abs(heading.box.y0 - top), abs(first.cy - lanes[0].box.cy), abs(heading.box.cy - lanes[0].box.cy))
    at_middle = abs(heading.box.cy - (top + bottom) / 2)
    distances = {"top": at_top, "middle": at_middle}
    miss = min(distances[name] for name in alignments) / em + (
        PARENT_WITH_ITEMS if _is_parent(headings, chosen, i) else 0.0
    )
    if heading.box.y0 >= top and _is_pushed(headings, chosen, i, em):
        miss = min(miss, PUSHED)
    beside = sum(
        lane.box.y0 <= headings[other].box.cy <= lane.box.y1
        for lane in lanes
        for k, other in enumerate(chosen)
        if k != i and not _is_pushed(headings, chosen, k, em)
    )
    beyond = max(top - heading.box.y1, heading.box.y0 - bottom, 0.0) / em
    if i > 0:
        # What stands above the heading before this one is not this one's, unless that one was pushed down by another.
        before = i - 1
        while _is_pushed(headings, chosen, before, em):
            before -= 1
        beyond = max(beyond, (headings[chosen[before]].box.y0 - lanes[0].box.cy) / em)
    return miss / (1 + 0.15 * miss) + OUTSIDE * beyond + BESIDE_ANOTHER * beside


def _shared_words(
    headings: Sequence[HeadingReading],
    chosen: Sequence[int],
    lanes: Sequence[Lane],
    members: Sequence[int],
    affinity: Affinity | None,
) -> list[list[float]]:
    """Affinity of each heading and lane. A parent never lacks its first child's words."""
    if affinity is None:
        return [[0.0] * len(lanes) for _ in chosen]
    own = [[max(affinity(h, members[j]) for j in lane.items) for lane in lanes] for h in chosen]
    for i in range(len(chosen) - 2, -1, -1):
        if _is_parent(headings, chosen, i):
            own[i] = [max(mine, child) for mine, child in zip(own[i], own[i + 1], strict=True)]
    return own


def _is_pushed(headings: Sequence[HeadingReading], chosen: Sequence[int], i: int, em: float) -> bool:
    """Whether the heading above may have pushed this one down: in a running column they follow closely."""
    return i > 0 and headings[chosen[i]].box.y0 - headings[chosen[i - 1]].box.y1 <= PUSHED_GAP * em


def _is_parent(headings: Sequence[HeadingReading], chosen: Sequence[int], i: int) -> bool:
    """Whether the next heading of the band is nested in this one."""
    return i + 1 < len(chosen) and headings[chosen[i + 1]].rank > headings[chosen[i]].rank


def _gap_cost(lanes: Sequence[Lane], k: int, em: float) -> float:
    """Cost of a boundary before lane k: bars of one section are set closer than those of two."""
    if k in (0, len(lanes)):
        return 0.0
    gap = lanes[k].box.y0 - lanes[k - 1].box.y1
    return SPLIT_CLOSE_LANES / (1.0 + max(gap, 0.0) / em) + (OUTSIDE if gap < -0.3 * em else 0.0)
