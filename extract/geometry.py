# SPDX-License-Identifier: AGPL-3.0-or-later
"""Boxes and intervals. Units are PDF points, origin at the top left of the page as viewed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class BBox(NamedTuple):
    """A rectangle with x0 <= x1 and y0 <= y1."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Horizontal size."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Vertical size."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height

    @property
    def cx(self) -> float:
        """Horizontal centre."""
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        """Vertical centre."""
        return (self.y0 + self.y1) / 2

    def contains_point(self, x: float, y: float, margin: float = 0.0) -> bool:
        """Whether the point lies inside, or at most `margin` outside."""
        return self.x0 - margin <= x <= self.x1 + margin and self.y0 - margin <= y <= self.y1 + margin

    def contains(self, other: BBox, margin: float = 0.0) -> bool:
        """Whether `other` lies inside, or sticks out by at most `margin` on any side."""
        return (
            self.x0 - margin <= other.x0
            and self.y0 - margin <= other.y0
            and other.x1 <= self.x1 + margin
            and other.y1 <= self.y1 + margin
        )

    def x_overlap(self, other: BBox) -> float:
        """Length of the common horizontal extent, negative when apart."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)

    def y_overlap(self, other: BBox) -> float:
        """Length of the common vertical extent, negative when apart."""
        return min(self.y1, other.y1) - max(self.y0, other.y0)

    def intersection_area(self, other: BBox) -> float:
        """Area of the common part."""
        return max(0.0, self.x_overlap(other)) * max(0.0, self.y_overlap(other))

    def near(self, other: BBox, tolerance: float) -> bool:
        """Whether every edge agrees within `tolerance`."""
        return all(abs(a - b) <= tolerance for a, b in zip(self, other, strict=True))

    def grown(self, margin: float) -> BBox:
        """The box with every edge moved out by `margin`."""
        return BBox(self.x0 - margin, self.y0 - margin, self.x1 + margin, self.y1 + margin)


def union(boxes: Iterable[BBox]) -> BBox:
    """The smallest box around all of them.

    Raises:
        ValueError: there is no box.
    """
    items = list(boxes)
    if not items:
        raise ValueError("union of no boxes")
    lefts, tops, rights, bottoms = zip(*items, strict=True)
    return BBox(min(lefts), min(tops), max(rights), max(bottoms))


def bounding(points: Iterable[tuple[float, float]]) -> BBox:
    """The smallest box around the points."""
    xs, ys = zip(*points, strict=True)
    return BBox(min(xs), min(ys), max(xs), max(ys))
