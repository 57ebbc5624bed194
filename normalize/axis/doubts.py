# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page shows of time that became no axis, or an axis that rests on a guess: it is said, never passed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from koteihyo.extract.geometry import BBox
from koteihyo.normalize.axis.model import Axis
from koteihyo.schema.findings import FindingKind


@dataclass(frozen=True)
class Doubt:
    """One finding about a header; `values` are what the words of its kind leave open."""

    kind: FindingKind
    text: str
    box: BBox
    values: Mapping[str, object] = field(default_factory=dict)


def axis_doubts(axes: Sequence[Axis]) -> list[Doubt]:
    """What the years of axes rest on, where their headers do not name them."""
    doubts = []
    for axis in axes:
        first = axis.columns[0]
        if axis.assumed_era:
            values = {"label": first.label, "year": first.fy_start}
            doubts.append(Doubt(FindingKind.ASSUMED_ERA, first.label, axis.header, values))
        if axis.year_line is not None:
            title = axis.year_line.text.strip()
            values = {"title": title, "year": first.fy_start}
            doubts.append(Doubt(FindingKind.ASSUMED_YEAR, title, axis.header, values))
    return doubts


def rejected_axis(axis: Axis) -> Doubt:
    """What is said of years over something that was not taken for a plan."""
    text = " ".join(column.label for column in axis.columns)
    return Doubt(FindingKind.NO_PLAN, text, axis.header)


def two_years(axis: Axis) -> Doubt:
    """What is said of two years over arrows whose columns nothing parts: where each begins is not known."""
    return Doubt(FindingKind.TWO_YEARS, " ".join(column.label for column in axis.columns), axis.header)
