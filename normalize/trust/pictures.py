# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the pictures of a page that may hold a chart which nobody has read: they say so in a finding, with their box."""

from __future__ import annotations

from collections.abc import Sequence

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import PageLayout

# A picture worth a finding covers at least this part of the page; one that covers more than that is its background.
LARGE, BACKGROUND = 0.08, 0.9
# Producers cut a picture into tiles that meet within this, PDF points.
MEETING = 1.5
# Live text covers less than this part of a picture that holds words or bars of its own; a photograph is told by nobody.
WRITTEN = 0.04
# More pictures than this on a page are tiles of a drawing.
MAX_PICTURES = 400
_READ = frozenset({"recognised", "ocr_missing"})


def unread_pictures(layout: PageLayout) -> list[BBox]:
    """Boxes of large pictures without live text on them, tiles joined, from the top.

    A page that is a picture as a whole has findings of its own.
    """
    if _READ & set(layout.warnings) or len(layout.images) > MAX_PICTURES:
        return []
    page = BBox(0, 0, layout.width, layout.height)
    found = []
    for box in _joined([box for box in layout.images if box.intersection_area(page) > 0]):
        share = box.intersection_area(page) / page.area
        written = sum(ln.box.intersection_area(box) for ln in layout.lines if not ln.is_blank)
        if LARGE <= share <= BACKGROUND and written < WRITTEN * box.area:
            found.append(box)
    return sorted(found, key=lambda box: (box.y0, box.x0))


def _joined(boxes: Sequence[BBox]) -> list[BBox]:
    joined: list[BBox] = []
    for box in sorted(boxes, key=lambda b: (b.y0, b.x0)):
        tile = next((other for other in joined if _meets(other, box)), None)
        if tile is None:
            joined.append(box)
        else:
            joined[joined.index(tile)] = union([tile, box])
    return joined


def _meets(a: BBox, b: BBox) -> bool:
    """Whether two pictures are as wide or as high as one another and meet there."""
    below = abs(a.x0 - b.x0) <= MEETING and abs(a.x1 - b.x1) <= MEETING and abs(a.y1 - b.y0) <= MEETING
    beside = abs(a.y0 - b.y0) <= MEETING and abs(a.y1 - b.y1) <= MEETING and abs(a.x1 - b.x0) <= MEETING
    return below or beside
