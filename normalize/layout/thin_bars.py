# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bars that are not written in, arrow lines among them: on which side of them a chart sets their texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Direction, Form, Line, Shape


@dataclass(frozen=True)
class SlimSettings:
    """Bars that hold no text, and the texts at them."""

    thin_height: float = 0.8
    """A bar lower than this, in line heights, holds no text, and one shorter than this is no bar."""
    shortest: float = 2.0
    """A bar lower than this, in line heights, holds no text, and one shorter than this is no bar."""
    low_height: float = 2.5
    """A bar for one line of text is at most this high."""
    reach: float = 1.2
    """Its text stands this close to it, in line heights, and lies to this part within its years."""
    shared: float = 0.6
    """Its text stands this close to it, in line heights, and lies to this part within its years."""


SLIM = SlimSettings()


SIDES = ("above", "below", "right")


def is_thin(shape: Shape, em: float) -> bool:
    """Whether a bar cannot hold a line of text."""
    return shape.form is Form.ARROW_LINE or (
        shape.box.height <= SLIM.thin_height * em and shape.box.width >= SLIM.shortest * em and shape.fill is not None
    )


def is_low(shape: Shape, em: float) -> bool:
    """Whether a bar is as low as one line: empty, it can have its text at its right."""
    return SLIM.shortest * em <= shape.box.width and shape.box.height <= SLIM.low_height * em


def text_side(bar: BBox, line: Line) -> tuple[str, float] | None:
    """(side of a thin bar on which a text stands, how far from it), or None when it stands elsewhere."""
    box = line.box
    if line.direction is not Direction.HORIZONTAL:
        return None
    if bar.x_overlap(box) >= SLIM.shared * min(box.width, bar.width):
        side, gap = ("above", bar.cy - box.y1) if box.cy <= bar.cy else ("below", box.y0 - bar.cy)
    elif abs(box.cy - bar.cy) <= 0.5 * line.size:
        side, gap = "right", box.x0 - bar.x1
    else:
        return None
    return (side, abs(gap)) if -0.5 * line.size <= gap <= SLIM.reach * line.size else None


def usual_side(bars: Sequence[BBox], lines: Sequence[Line]) -> str | None:
    """The side on which most of the bars have their nearest text; above where as many say otherwise."""
    votes: Counter[str] = Counter()
    for bar in bars:
        found = [side for side in (text_side(bar, line) for line in lines) if side is not None]
        if found:
            votes[min(found, key=lambda side: (side[1], SIDES.index(side[0])))[0]] += 1
    return max(SIDES, key=lambda side: (votes[side], -SIDES.index(side))) if votes else None
