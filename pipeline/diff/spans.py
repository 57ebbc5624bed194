# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the span of a measure changed, once the moving time axis is taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from koteihyo.pipeline.diff.entries import Entry, Years
from koteihyo.schema.records import ItemKind

# Two edges less than this part of a year apart are one edge: what differs is how a layout draws it (insets, arrow
# tips, line widths), even where it falls on two sides of the 25 % that count a column as covered.
EDGE_TOLERANCE = 0.15

# Other kinds comment on bars: their coordinates are positions on paper, not dates.
_DATED = (ItemKind.BAR, ItemKind.MARK, ItemKind.MARKER)


@dataclass(frozen=True)
class SpanChange:
    """By how many years start and end moved (later is positive), and whether only the chart did that."""

    type: Literal["rescheduled", "rolled"]
    start_years: int
    end_years: int


def span_change(old: Entry, new: Entry) -> SpanChange | None:
    """What happened to the span; None when nothing did, or when one of the items has none."""
    a, b = old.item, new.item
    if a.kind not in _DATED or b.kind not in _DATED:
        return None
    if a.fy_start is None or a.fy_end is None or b.fy_start is None or b.fy_end is None:
        return None
    # Each chart hides what lies before its first column, so only what both show can be compared.
    first = max((y for y in (old.years.first, new.years.first) if y is not None), default=None)
    start = _moved(
        _from(a.fy_start, first), _from(b.fy_start, first), _from(a.start_pos, first), _from(b.start_pos, first)
    )
    end = _moved(_from(a.fy_end, first), _from(b.fy_end, first), _from(a.end_pos, first), _from(b.end_pos, first))
    if not start and not end:
        return None
    if not start and _reaches_end(old) and _reaches_end(new) and old.years != new.years:
        return SpanChange("rolled", 0, end)
    return SpanChange("rescheduled", start, end)


def ended_before(old: Entry, years: Years) -> bool:
    """True when the item ended before the first fiscal year of a chart."""
    return old.item.fy_end is not None and years.first is not None and old.item.fy_end < years.first


def _from(value: float | None, first: int | None) -> float | None:
    return value if value is None or first is None else max(value, first)


def _moved(fy_old: float | None, fy_new: float | None, pos_old: float | None, pos_new: float | None) -> int:
    if fy_old is None or fy_new is None or fy_old == fy_new:
        return 0
    if pos_old is not None and pos_new is not None and abs(pos_old - pos_new) < EDGE_TOLERANCE:
        return 0
    return int(fy_new - fy_old)


def _reaches_end(entry: Entry) -> bool:
    if entry.item.kind not in (ItemKind.BAR, ItemKind.MARK):
        # A dated event does not last until the chart ends.
        return False
    return entry.years.last is not None and entry.item.fy_end is not None and entry.item.fy_end >= entry.years.last
