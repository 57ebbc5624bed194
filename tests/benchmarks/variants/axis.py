# SPDX-License-Identifier: AGPL-3.0-or-later
"""The header row and where a time stands on the page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.variants.canvas import LINE_FACTOR, Canvas, text_width
from tests.benchmarks.variants.layouts import GREY, Layout

SUB_LABELS = {
    "half": ["上期", "下期"],
    "quarter names": ["第１四半期", "第２四半期", "第３四半期", "第４四半期"],
    "quarter": ["Q1", "Q2", "Q3", "Q4"],
    "month": ["4", "5", "6", "7", "8", "9", "10", "11", "12", "1", "2", "3"],
}


@dataclass(frozen=True)
class Axis:
    """Columns from left to right; `span` is the plan's length in its own units."""

    edges: tuple[float, ...]
    first_year: int
    open_ended: bool
    span: float
    snap: float

    @property
    def count(self) -> int:
        """How many columns there are."""
        return len(self.edges) - 1

    def x(self, time: float, snap: bool = True) -> float:
        """Where a time of the plan stands."""
        column = time * self.count / self.span
        if snap:
            column = math.floor(column / self.snap + 0.5) * self.snap
        whole = min(int(column), self.count - 1)
        return self.edges[whole] + (column - whole) * (self.edges[whole + 1] - self.edges[whole])

    def position(self, x: float) -> float:
        """The fiscal-year coordinate of a place on the page."""
        for n in range(self.count):
            if x <= self.edges[n + 1] or n == self.count - 1:
                width = self.edges[n + 1] - self.edges[n]
                return self.first_year + n + max(0.0, min(1.0, (x - self.edges[n]) / width))
        raise AssertionError

    def years(self, x0: float, x1: float) -> dict[str, Any]:
        """First and last year of which a quarter or more is covered, and whether that was a close call."""
        cover = [
            max(0.0, min(x1, self.edges[n + 1]) - max(x0, self.edges[n])) / (self.edges[n + 1] - self.edges[n])
            for n in range(self.count)
        ]
        covered = [self.first_year + n for n in range(self.count) if cover[n] >= 0.25]
        centre = int(self.position((x0 + x1) / 2) - 1e-9)
        start, end = self.position(x0), self.position(x1)
        first, last = (covered[0], covered[-1]) if covered else (centre, centre)
        close = any(abs(c - 0.25) < 0.08 for c in cover)
        return {
            "start": round(start, 3),
            "end": round(end, 3),
            "fy_start": first,
            "fy_end": last,
            "fy_borderline": close,
            "open_end": self.open_ended and last == self.first_year + self.count - 1,
        }


def year_label(style: str, year: int, open_ended: bool) -> str:
    """A column's label."""
    wareki = year - 2018
    wide = "".join(chr(ord(c) + 0xFEE0) for c in str(wareki)) if wareki < 10 else str(wareki)
    tail = "～" if open_ended else ""
    if open_ended and style in ("three lines", "wareki western"):
        return f"令和\n{wide}年度\n以降" if style == "three lines" else f"令和{wide}年度以降"
    return {
        "western": f"{year}年度{tail}",
        "wareki": f"令和{wide}年度{tail}",
        "both": f"{year}年度{tail}\n（令和{wide}年度{tail}）",
        "three lines": f"令和\n{wide}年度\n({year}年度)",
        "western wareki": f"{year}（R{wareki}）{tail}",
        "wareki western": f"令和{wide}年度\n({year}年度)",
        "bare": f"{year}{tail}",
        "R": f"R{wareki}{tail}",
        "R nendo": f"R{wareki}年度{tail}",
        "R western": f"R{wareki}\n({year}){tail}",
        "FY": f"FY{year}{tail}",
        "lines three": f"{year}\n年度{tail}\n(R{wareki})",
    }[style]


def make_axis(layout: Layout, left: float, right: float) -> Axis:
    """The roadmap pages' columns between two edges."""
    weights = layout.widths or (1.0,) * layout.columns
    scale = (right - left) / sum(weights)
    edges = [left]
    for weight in weights:
        edges.append(edges[-1] + weight * scale)
    return Axis(tuple(edges), layout.first_year, layout.open_ended, 6.0, layout.snap)


def header_labels(layout: Layout, axis: Axis) -> list[str]:
    """All columns' labels."""
    last = axis.count - 1
    return [year_label(layout.header, axis.first_year + n, axis.open_ended and n == last) for n in range(axis.count)]


def draw_header(
    canvas: Canvas, layout: Layout, axis: Axis, top: float, others: list[tuple[float, float, str]]
) -> tuple[float, list[dict[str, Any]]]:
    """Draws the header (`others` are cells beside the years) and gives its bottom and the true axis."""
    labels = header_labels(layout, axis)
    narrowest = min(b - a for a, b in zip(axis.edges, axis.edges[1:], strict=False))
    widest = max(text_width(line, 1.0, canvas.font) for label in labels for line in label.split("\n"))
    size = min(layout.size * 1.1, (narrowest - 3) / widest)
    bottom = top + size * LINE_FACTOR * max(label.count("\n") + 1 for label in labels) + layout.size * 0.9
    end = bottom + (layout.size * 1.6 if layout.sub_columns else 0)
    line = layout.header_color if layout.header_fill else GREY
    truth = []
    for n, label in enumerate(labels):
        box = (axis.edges[n], top, axis.edges[n + 1], bottom)
        if layout.header_fill or layout.header_lines:
            canvas.rect(box, layout.header_fill, line if layout.header_lines else None, 0.5)
        canvas.text(box, label, size, color=layout.header_color, align="center")
        open_ended = axis.open_ended and n == axis.count - 1
        year = axis.first_year + n
        truth.append(
            {"label": label, "start": year, "end": None if open_ended else year, "open_ended": open_ended}
            | dict(zip(("x0", "y0", "x1", "y1"), (round(v, 2) for v in box), strict=True))
        )
        parts = SUB_LABELS.get(layout.sub_columns, [])
        for k, part in enumerate(parts):
            width = (box[2] - box[0]) / len(parts)
            cell = (box[0] + k * width, bottom, box[0] + (k + 1) * width, end)
            canvas.rect(cell, None, GREY, 0.4)
            canvas.text(cell, part, layout.size * 0.85, align="center")
    for x0, x1, label in others:
        if layout.header_fill or layout.header_lines:
            canvas.rect((x0, top, x1, end), layout.header_fill, line if layout.header_lines else None, 0.5)
        if label:
            canvas.text((x0, top, x1, end), label, min(size, layout.size), color=layout.header_color, align="center")
    return end, truth
