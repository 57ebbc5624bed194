# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the legends of a page, and takes them out of what its charts are read from.

A legend stands outside the charts; inside one it is told from bars by its title (凡例), by a frame of its own, or by
standing below the last row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Color, Form, Line, PageLayout, Shape
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.layout.edges import is_paper
from koteihyo.normalize.layout.margins import is_note_start
from koteihyo.normalize.legends.model import Entry, Legend, ink_of
from koteihyo.normalize.legends.prose import prose_entries
from koteihyo.normalize.legends.signs import TITLE, alone, sign_entries
from koteihyo.normalize.legends.swatches import groups_of, is_spoken, swatches_around, swatches_beside
from koteihyo.normalize.text.characters import fold

# A title stands this close to its legend, in line heights.
TITLE_REACH = 4.0
# A frame is at most so many times as large as what it holds.
FRAME_AREA = 4.0


def find_legends(layout: PageLayout, regions: Sequence[Region]) -> list[Legend]:
    """The legends of a page with charts, each of entries that stand together; empty when there is none."""
    em = layout.line_height
    lines = [ln for ln in layout.lines if not ln.is_blank]
    titles = [ln for ln in lines if TITLE.fullmatch(fold(ln.text))]
    beside, pieces = swatches_beside(layout.shapes, [ln for ln in lines if ln not in titles], em)
    place = _Place(layout, regions, titles, em)
    found = [group for group in groups_of(beside, em) if place.is_legend(group)]
    found += [[e] for e in beside if not any(e in g for g in found) and place.is_single(e)]
    taken = {s for group in found for e in group if (s := e.shape) is not None}
    around = [e for e in swatches_around(layout.shapes, lines, em) if e.shape not in taken]
    found += [group for group in groups_of(around, em, inner=True) if place.is_inner_legend(group)]
    legends = [_legend(group, place) for group in found]
    outside = [ln for ln in pieces if not any(r.box.contains_point(ln.box.cx, ln.box.cy) for r in regions)]
    used = [
        sign for ln in lines if any(r.body.contains_point(ln.box.cx, ln.box.cy) for r in regions) if (sign := alone(ln))
    ]
    inside = [s for s in layout.shapes if any(r.body.contains_point(s.box.cx, s.box.cy) for r in regions)]
    fills = [s.fill for s in inside if s.fill is not None and not is_paper(s.fill)]
    told = [*sign_entries(outside, used), *prose_entries(outside, _text_colors(layout, regions), fills)]
    if not told:
        return legends
    legend = _legend(told, place)
    notes = [ln for ln in outside if is_note_start(ln.text)]
    # A note is a note, even when it says what signs mean.
    rest = tuple(ln for ln in legend.lines if not any(abs(ln.box.cy - n.box.cy) <= 0.3 * n.size for n in notes))
    return [*legends, replace(legend, lines=rest)]


def _text_colors(layout: PageLayout, regions: Sequence[Region]) -> list[Color]:
    """The colours of the words under the years."""
    inside = [ln for ln in layout.lines if any(r.body.contains_point(ln.box.cx, ln.box.cy) for r in regions)]
    return [g.color for ln in inside for g in ln.inked[:1]]


def without_legends(layout: PageLayout, legends: Sequence[Legend]) -> PageLayout:
    """The page without its legends' lines and shapes."""
    if not legends:
        return layout
    glyphs = {g for legend in legends for ln in legend.lines for g in ln.glyphs}
    shapes = {s for legend in legends for s in legend.shapes}
    lines = []
    for line in layout.lines:
        rest = tuple(g for g in line.glyphs if g not in glyphs)
        lines.append(line if len(rest) == len(line.glyphs) else Line(rest, line.direction))
    return replace(
        layout,
        lines=tuple(ln for ln in lines if ln.glyphs and not ln.is_blank),
        shapes=tuple(s for s in layout.shapes if s not in shapes),
    )


def legends_of(region: Region, regions: Sequence[Region], legends: Sequence[Legend]) -> list[Legend]:
    """The legends of one chart: those nearer to it than to the page's other charts, or else all."""
    own = [
        legend for legend in legends
        if min(regions, key=lambda other: _apart(legend.box, other.box)) is region
    ]  # fmt: skip
    return own or list(legends)


class _Place:
    """Where the charts of a page are, and what of it can be a legend."""

    def __init__(self, layout: PageLayout, regions: Sequence[Region], titles: Sequence[Line], em: float) -> None:
        self.layout, self.regions, self.titles, self.em = layout, regions, titles, em

    def is_legend(self, group: Sequence[Entry]) -> bool:
        """Whether swatches with words beside them are a legend."""
        box = union(e.box for e in group)
        inside = [r for r in self.regions if any(e.shape is not None and _is_in(r, e.shape.box) for e in group)]
        if not inside or self.title_of(box) is not None:
            return True
        if not self._recur(group):
            return False
        return self.frame_of(box) is not None or all(_is_in_corner(box, r) or self._is_below(box, r) for r in inside)

    def is_single(self, entry: Entry) -> bool:
        """Whether one swatch is a legend alone: its words begin with a colon, or a title stands over it."""
        spoken = is_spoken(entry.lines[0].text) or self.title_of(entry.box) is not None
        return spoken and self._recur([entry]) and all(
            not r.box.contains_point(entry.box.cx, entry.box.cy) or self._is_below(entry.box, r) for r in self.regions
        )  # fmt: skip

    def is_inner_legend(self, group: Sequence[Entry]) -> bool:
        """Whether boxes with words in them are a legend: above or below the charts, in inks that are drawn in one."""
        box = union(e.box for e in group)
        if self.title_of(box) is not None:
            return True
        clear = all(
            box.y1 <= r.axis.header.y0 or box.y0 >= r.box.y1 or self._is_below(box, r) or r.box.x_overlap(box) < 0
            for r in self.regions
        )
        return clear and self._recur(group)

    def title_of(self, box: BBox) -> Line | None:
        """The title 凡例 left of a legend or over it."""
        reach = TITLE_REACH * self.em
        for line in self.titles:
            over = -0.5 * self.em <= box.y0 - line.box.y1 <= reach and line.box.x_overlap(box.grown(reach)) > 0
            before = line.box.y_overlap(box) > 0 and -self.em <= box.x0 - line.box.x1 <= reach
            if over or before or box.contains_point(line.box.cx, line.box.cy):
                return line
        return None

    def frame_of(self, box: BBox) -> Shape | None:
        """The box drawn around a legend and nothing else."""
        title = self.title_of(box)
        whole = union([box, title.box]) if title is not None else box
        for shape in self.layout.shapes:
            if shape.form in (Form.RECT, Form.ROUND_RECT) and shape.box.contains(whole) and shape.box != whole:
                lines = [
                    ln for ln in self.layout.lines if not ln.is_blank and shape.box.contains_point(ln.box.cx, ln.box.cy)
                ]
                if shape.box.area <= FRAME_AREA * whole.area and all(whole.contains(ln.box, self.em) for ln in lines):
                    return shape
        return None

    def _recur(self, group: Sequence[Entry]) -> bool:
        """Whether charts have other shapes in the inks of most entries."""
        own = {e.shape for e in group}
        drawn = [
            ink_of(s) for s in self.layout.shapes
            if s not in own and any(r.body.contains_point(s.box.cx, s.box.cy) for r in self.regions)
        ]  # fmt: skip
        again = [e for e in group if e.ink is not None and any(e.ink.is_like(ink) for ink in drawn)]
        return 2 * len(again) > len(group)

    def _is_below(self, box: BBox, region: Region) -> bool:
        """Whether a box stands below the last row of a chart: where its rules end, or under all its other shapes."""
        ends = [
            r.end for r in self.layout.rulings
            if r.vertical and region.axis.x0 - self.em <= r.at <= region.axis.x1 + self.em
            and r.end > region.axis.header.y1 + self.em and r.length >= 3 * self.em
        ]  # fmt: skip
        if not ends:
            ends = [
                s.box.y1 for s in self.layout.shapes
                if region.body.contains_point(s.box.cx, s.box.cy) and not box.contains_point(s.box.cx, s.box.cy)
            ]  # fmt: skip
        return bool(ends) and box.y0 >= max(ends) - 0.5 * self.em


def _is_in(region: Region, box: BBox) -> bool:
    return region.box.contains_point(box.cx, box.cy)


def _is_in_corner(box: BBox, region: Region) -> bool:
    """Whether a box stands level with the years, beside them: in the header's corner."""
    body = region.body
    return box.y1 <= body.y0 + 1.0 and (box.x1 <= body.x0 or box.x0 >= body.x1)


def _legend(entries: Sequence[Entry], place: _Place) -> Legend:
    box = union(e.box for e in entries)
    title, frame = place.title_of(box), place.frame_of(box)
    lines = dict.fromkeys([*(ln for e in entries for ln in e.lines), *([title] if title is not None else [])])
    shapes = [e.shape for e in entries if e.shape is not None]
    return Legend(tuple(entries), tuple(lines), (*shapes, *([frame] if frame is not None and shapes else [])))


def _apart(a: BBox, b: BBox) -> float:
    return max(-a.x_overlap(b), 0.0) + max(-a.y_overlap(b), 0.0)
