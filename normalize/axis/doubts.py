# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page shows of time that became no axis, or an axis that rests on a guess: it is said, never passed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox
from koteihyo.normalize.axis.model import Axis


@dataclass(frozen=True)
class Doubt:
    """One finding about a header: `kind` and `severity` as in the table of findings, the message in Japanese."""

    kind: str
    severity: str
    message: str
    text: str
    box: BBox


def axis_doubts(axes: Sequence[Axis]) -> list[Doubt]:
    """What the years of axes rest on, where their headers do not name them."""
    doubts = []
    for axis in axes:
        first = axis.columns[0]
        if axis.assumed_era:
            message = f"年度の元号が書かれていない。「{first.label}」を{first.fy_start}年度とみなした"
            doubts.append(Doubt("assumed_era", "warning", message, first.label, axis.header))
        if axis.year_line is not None:
            title = axis.year_line.text.strip()
            message = f"見出しに年がない。「{title}」により{first.fy_start}年からとみなした"
            doubts.append(Doubt("assumed_year", "warning", message, title, axis.header))
    return doubts


def rejected_axis(axis: Axis) -> Doubt:
    """What is said of years over something that was not taken for a plan."""
    text = " ".join(column.label for column in axis.columns)
    message = "年の見出しがあるが、工程表とは読まなかった（数値の表・グラフ・沿革など）"
    return Doubt("no_plan", "info", message, text, axis.header)


def two_years(axis: Axis) -> Doubt:
    """What is said of two years over arrows whose columns nothing parts: where each begins is not known."""
    text = " ".join(column.label for column in axis.columns)
    message = "二つの年が並び、その下に矢印があるが、年の境が描かれていない。読んでいない"
    return Doubt("unread_header", "warning", message, text, axis.header)
