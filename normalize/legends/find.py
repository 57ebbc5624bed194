# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the legend of a page: swatches of several colours with a short text each, or marks and what they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Color, Line, PageLayout, Shape
from koteihyo.normalize.tables.edges import is_paper
from koteihyo.normalize.text.characters import fold, normalize_text

# Swatches are of one size within this part, PDF points apart at most this many line heights from their text.
SAME_SIZE = 0.25
TEXT_GAP = 1.5
# A swatch is at most this many line heights wide and high.
MAX_WIDTH, MAX_HEIGHT = 6.0, 2.5
# Colours this close in every channel are one: what producers round and blend.
SAME_COLOR = 0.04
MAX_TEXT = 24
_COLONS = "：:＝=…・ 　"

_MARKS = "○◯〇●◎△▲▽▼□■◇◆☆★×"
_MARK_ENTRY = re.compile(rf"([{_MARKS}])\s*[：:＝=…は]\s*([^{_MARKS}：:]+)")
_TITLE = re.compile(r"[\s【〔［\[(（<＜]*凡\s*例[\s】〕］\])）>＞：:]*")


@dataclass(frozen=True, eq=False)
class Legend:
    """What colours and marks mean, and what of the page the legend is made of."""

    colors: tuple[tuple[Color, str], ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    lines: tuple[Line, ...] = ()
    shapes: tuple[Shape, ...] = ()

    def of_color(self, color: Color | None) -> str | None:
        """The words for a colour; None when the legend has no such colour."""
        if color is None:
            return None
        apart = [(_distance(color, other), text) for other, text in self.colors]
        nearest = min(apart, default=None)
        return nearest[1] if nearest is not None and nearest[0] <= SAME_COLOR else None

    def of_mark(self, mark: str) -> str | None:
        """The words for a mark."""
        return next((text for other, text in self.marks if _same_mark(other, mark)), None)


def find_legend(layout: PageLayout, around: Sequence[BBox]) -> Legend:
    """The legend of a page, looked for outside of the bodies of its charts; empty when there is none."""
    em = layout.line_height
    outside = [
        ln for ln in layout.lines if not ln.is_blank and not any(b.contains_point(ln.box.cx, ln.box.cy) for b in around)
    ]
    pairs = _swatches(layout, around, outside, em)
    marks, mark_lines = _mark_entries(outside)
    lines = [*(ln for _s, ln in pairs), *mark_lines]
    if lines:
        lines += [ln for ln in outside if _TITLE.fullmatch(fold(ln.text))]
    colors = tuple((s.fill, normalize_text(ln.text).lstrip(_COLONS)) for s, ln in pairs if s.fill is not None)
    return Legend(colors, tuple(marks), tuple(lines), tuple(s for s, _ln in pairs))


def _swatches(layout: PageLayout, around: Sequence[BBox], lines: Sequence[Line], em: float) -> list[tuple[Shape, Line]]:
    small = [
        s
        for s in layout.shapes
        if s.fill is not None
        and not is_paper(s.fill)
        and s.box.width <= MAX_WIDTH * em
        and 0.4 * em <= s.box.height <= MAX_HEIGHT * em
        and not any(b.contains_point(s.box.cx, s.box.cy) for b in around)
    ]
    pairs = [(s, ln) for s in small if (ln := _text_of(s, lines)) is not None]
    best: list[tuple[Shape, Line]] = []
    for first, _line in pairs:
        group = [p for p in pairs if _like(first.box, p[0].box)]
        if len(group) > len(best):
            best = group
    different = {tuple(round(v, 1) for v in s.fill or ()) for s, _ln in best}
    texts = {normalize_text(ln.text) for _s, ln in best}
    return best if len(best) >= 2 and len(different) == len(best) == len(texts) else []


def _text_of(shape: Shape, lines: Sequence[Line]) -> Line | None:
    """The short text right of a swatch."""
    beside = [
        ln
        for ln in lines
        if abs(ln.box.cy - shape.box.cy) <= 0.5 * ln.size
        and -0.3 * ln.size <= ln.box.x0 - shape.box.x1 <= TEXT_GAP * ln.size
        and len(ln.text.strip()) <= MAX_TEXT
    ]
    return min(beside, key=lambda ln: ln.box.x0, default=None)


def _like(a: BBox, b: BBox) -> bool:
    """Whether two swatches are of one size and in one row or column."""
    same = abs(a.width - b.width) <= SAME_SIZE * a.width and abs(a.height - b.height) <= SAME_SIZE * a.height
    return same and (abs(a.cy - b.cy) <= 0.5 * a.height or abs(a.cx - b.cx) <= 0.5 * a.width)


def _mark_entries(lines: Sequence[Line]) -> tuple[list[tuple[str, str]], list[Line]]:
    found, used = [], []
    for line in lines:
        entries = [(m, normalize_text(t)) for m, t in _MARK_ENTRY.findall(fold(line.text))]
        if entries and (len(entries) >= 2 or fold(line.text).strip()[:1] in _MARKS):
            found += entries
            used.append(line)
    return (found, used) if len(found) >= 2 else ([], [])


def _same_mark(a: str, b: str) -> bool:
    circles = "○◯〇"
    return a == b or (a in circles and b in circles)


def _distance(a: Color, b: Color) -> float:
    return max((abs(x - y) for x, y in zip(a, b, strict=True)), default=1.0) if len(a) == len(b) else 1.0
