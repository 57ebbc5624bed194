# SPDX-License-Identifier: AGPL-3.0-or-later
"""Year headers that stand under their chart: repeated at its foot, or there only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form, PageLayout, Shape
from koteihyo.normalize.axis.model import Axis
from koteihyo.normalize.text.characters import narrow

POINTING = frozenset({Form.PENTAGON, Form.CHEVRON, Form.BLOCK_ARROW, Form.ARROW_LINE, Form.DOUBLE_ARROW})
_BOXES = frozenset({Form.RECT, Form.ROUND_RECT})
# A bar is at least this part of a column wide, this many times as wide as high, and does not span all columns.
SHORTEST = 0.4
OBLONG = 1.5
LONGEST = 0.97
# A repeated header has its columns at the same place, up to this part of a column.
SAME_PLACE = 0.5
# A chart whose years stand only under it shows at least so many bars with words; the bars of a statistic stand upright.
MIN_BARS = 2
# Upper rows of a header are so many at most, each so many line heights high; they touch one another, PDF points, and the
# lowest one ends this close over the years' labels, line heights.
MAX_BANDS, BAND_HEIGHT, ABUTTING, OVER_LABELS = 2, 3.0, 1.5, 1.5
_WORD = re.compile(r"[^\W\d_]{2,}")


def place_headers(axes: Sequence[Axis], layout: PageLayout) -> list[Axis]:
    """The axes, those at a chart's foot joined with the ones at its head, and those without such marked `at_bottom`."""
    placed: list[Axis] = []
    for axis in axes:
        below = bars_between(layout, axis, axis.header.y1, _next_header(axis, axes, layout))
        twin = next((a for a in reversed(placed) if _repeats(a, axis)), None)
        if twin is not None and not below and bars_between(layout, twin, twin.header.y1, axis.header.y0):
            lines = (*twin.label_lines, *axis.label_lines)
            placed[placed.index(twin)] = replace(twin, label_lines=lines, footer=axis.header)
            continue
        top = max((a.header.y1 for a in placed if _shares_columns(a, axis)), default=0.0)
        above = bars_between(layout, axis, top, axis.header.y0)
        bands = _bands_on(axis, above, layout)
        worded = [s for s in above if s not in bands and has_words(s, layout)]
        if not below and len(worded) >= MIN_BARS:
            axis = replace(axis, at_bottom=True)
        placed.append(axis)
    return placed


def bars_between(layout: PageLayout, axis: Axis, top: float, bottom: float) -> list[Shape]:
    """Shapes under (or over) the years between two heights that look like bars."""
    width, slack = axis.x1 - axis.x0, 0.5 * axis.pitch
    return [
        s
        for s in layout.shapes
        if axis.x0 - slack <= s.box.x0
        and s.box.x1 <= axis.x1 + slack
        and top <= s.box.cy <= bottom
        and s.box.width >= SHORTEST * axis.pitch
        and (s.form in POINTING or (s.form in _BOXES and s.box.width <= LONGEST * width))
        and (s.form is Form.ARROW_LINE or s.box.width >= OBLONG * s.box.height)
    ]


def _bands_on(axis: Axis, shapes: Sequence[Shape], layout: PageLayout) -> list[Shape]:
    """Boxes that stand on the years like upper rows of one header (計画期間, 前期 …), where words stand under the years."""
    if not any(
        axis.x0 <= ln.box.cx <= axis.x1 and ln.box.y0 > axis.header.y1 for ln in layout.lines if not ln.is_blank
    ):
        return []
    bands: list[Shape] = []
    size = max(axis.em, layout.line_height)
    tops = [axis.header.y0]
    for shape in sorted(shapes, key=lambda s: -s.box.y1):
        near = ABUTTING if bands else OVER_LABELS * size
        low = shape.form is Form.RECT and shape.box.height <= BAND_HEIGHT * size
        if low and any(abs(shape.box.y1 - top) <= near for top in tops):
            bands.append(shape)
            tops.append(shape.box.y0)
    rows = {round(shape.box.y0) for shape in bands}
    return bands if len(rows) <= MAX_BANDS else []


def _next_header(axis: Axis, axes: Sequence[Axis], layout: PageLayout) -> float:
    below = [a.header.y0 for a in axes if a.header.y0 > axis.header.y1 and _shares_columns(a, axis)]
    return min(below, default=layout.height)


def _shares_columns(a: Axis, b: Axis) -> bool:
    return min(a.x1, b.x1) > max(a.x0, b.x0)


def _repeats(above: Axis, below: Axis) -> bool:
    slack = SAME_PLACE * above.pitch
    return (
        [(c.fy_start, c.fy_end) for c in above.columns] == [(c.fy_start, c.fy_end) for c in below.columns]
        and abs(above.x0 - below.x0) <= slack
        and abs(above.x1 - below.x1) <= slack
        and above.footer is None
        and below.header.y0 > above.header.y1
    )


def has_words(shape: Shape, layout: PageLayout) -> bool:
    """Whether words stand on a shape or right over it."""
    box = BBox(shape.box.x0, shape.box.y0 - shape.box.height, shape.box.x1, shape.box.y1)
    return any(_WORD.search(narrow(ln.text)) and box.contains_point(ln.box.cx, ln.box.cy) for ln in layout.lines)
