# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes schedule items of a chart's bars, marks and free text: kind, text, years, owners, parent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Form, Glyph, Line, PageLayout, Shape
from koteihyo.normalize.axis.columns import Axis
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.bars.beside import caption_bars
from koteihyo.normalize.bars.captions import bridge_texts, caption_marks, cut_between_marks, may_caption
from koteihyo.normalize.bars.leaders import caption_by_leaders
from koteihyo.normalize.bars.placing import (
    cut_at_bars,
    lift_text_boxes,
    place_lines,
    rejoin_owners,
    release_remarks,
    take_boxed,
)
from koteihyo.normalize.bars.shapes import Bar, Mark, choose_bars, nest
from koteihyo.normalize.bars.textless import textless_bars
from koteihyo.normalize.layout.blocks import MARK_SIGNS, Block, group_blocks, is_subtitle, starts_aside
from koteihyo.normalize.layout.cells import Grid
from koteihyo.normalize.layout.order import raw_text, reading_order
from koteihyo.normalize.layout.thin_bars import is_thin
from koteihyo.normalize.reading import Years
from koteihyo.normalize.text.characters import fold, normalize_text
from koteihyo.schema.records import ItemKind

# A bar's edge this close to the axis's end, as a part of the last column, reaches it.
OPEN_END_SLACK = 0.15
# Confidence of bars without text: a line with heads is hardly anything else, a coloured box may be an ornament.
SILENT_LINE, SILENT_BOX = 0.9, 0.75
# Confidence of a text that stands at a line: nothing but its place says that it is the line's.
AT_LINE = 0.95
# A mark this close after the edge between two years, PDF points, stands on it.
ON_EDGE = 0.1
# A block arrow or balloon narrower than this part of a column comments on bars rather than spanning years.
CALLOUT_WIDTH = 1.5
# A ruled cell fits its text: at most this many line heights taller.
CELL_PADDING = 5.0

_OWNERS = re.compile(r"[\[［〔【]([^\[\]［］〔〕【】]{2,})[\]］〕】]\s*$")
_OWNER_SPLIT = re.compile(r"[、，,・\s　/／]+")
_ORGANIZATION = re.compile(
    r"(?:省|庁|府|官房|委員会|本部|機構|局|課|室|部|院|会議|センター|大学|協会|財団|法人|研究所|事務局|会社|自治体|都道府県|市町村"
    r"|[A-Z]{3,})(?:等|ほか|他)?$"
)


@dataclass(eq=False)
class DraftItem:
    """An item before it has an id and a section. `reach` is the box that its years come from."""

    kind: ItemKind
    lines: list[Line]
    box: BBox
    reach: BBox
    form: str
    text: str
    text_raw: str
    owners: list[str] = field(default_factory=list)
    parent: DraftItem | None = None
    confidence: float = 1.0
    owner_lines: list[Line] = field(default_factory=list)
    """Lines of the owner column that speak for this item."""


def years_of(kind: ItemKind, reach: BBox, axis: Axis) -> Years:
    """When an item of a kind is, whose place on the axis is a box."""
    if kind is ItemKind.MARKER:
        # What stands on the edge between two years is due at the end of the first.
        year = axis.year_at(reach.cx - ON_EDGE)
        position = axis.position(reach.cx)
        return Years(year, year, position, position)
    first, last = axis.years(reach.x0, reach.x1)
    start, end = axis.position(reach.x0), axis.position(reach.x1)
    final = axis.columns[-1]
    at_end = end >= final.fy_start + final.span - OPEN_END_SLACK
    open_end = at_end and (final.fy_end is None or reach.x1 > final.x1 + 0.02 * (final.x1 - final.x0))
    return Years(first, last, start, max(start, end), open_end)


def read_items(layout: PageLayout, region: Region, lines: Sequence[Line]) -> tuple[list[DraftItem], list[Shape]]:
    """(items of a chart's body, bars without any text)."""
    bars, marks = choose_bars(layout.shapes, region, lines)
    nest(bars)
    cut = cut_at_bars(lines, bars)
    aside = [ln for ln in cut if starts_aside(ln.text)]
    plain = cut_between_marks([ln for ln in cut if not starts_aside(ln.text)], marks, region.axis.em)
    caption_marks(marks, may_caption(plain, bars), region.axis.em)
    captions = {ln for m in marks for ln in m.lines}
    plain = [ln for ln in plain if ln not in captions]
    boxed = take_boxed([*aside, *plain], bars, region.axis.em)
    aside, plain = [ln for ln in aside if ln not in boxed], [ln for ln in plain if ln not in boxed]
    blocks = group_blocks([*aside, *[ln for ln in plain if _follows_aside(ln, aside)]])
    special = [b for b in blocks if starts_aside(b.lines[0].text)]
    used = {ln for b in special for ln in b.lines}
    free = place_lines([ln for ln in [*aside, *plain] if ln not in used], bars)
    rejoin_owners(bars)
    bars = lift_text_boxes(bars)
    free = bridge_texts(bars, [*free, *release_remarks(bars)], layout.rulings, region.axis.em)
    free = caption_bars(bars, free, layout.rulings, region.axis)
    free = caption_by_leaders(bars, marks, free, layout, region.axis.em)
    drafts: dict[Bar, DraftItem] = {}
    items: list[DraftItem] = []
    empty: list[Shape] = []
    silent = textless_bars([bar for bar in bars if not bar.lines], bars, layout, region)
    for bar in bars:
        if bar.lines or bar in silent:
            drafts[bar] = _bar_item(bar, region) if bar.lines else _textless_item(bar)
            items.append(drafts[bar])
        else:
            empty.append(bar.shape)
    for bar in bars:
        if bar in drafts:
            drafts[bar].parent = _drafted_parent(bar.parent, drafts)
    grid = Grid(layout, solid_only=True)
    for block in [*special, *group_blocks(free)]:
        item = _block_item(block, region, grid)
        item.parent = _around(item.box, bars, drafts)
        items.append(item)
    for mark in marks:
        if not mark.lines and not mark.is_milestone:
            empty.append(mark.shape)
            continue
        item = _mark_item(mark)
        item.parent = _around(item.reach, bars, drafts)
        items.append(item)
    return items, empty


def _follows_aside(line: Line, aside: Sequence[Line]) -> bool:
    """Whether a line may be the continuation of a marker's or note's text: right under it, flush or centred."""
    return any(
        0 <= line.box.y0 - s.box.y0 <= 3.2 * s.size
        and (abs(line.box.x0 - s.box.x0) <= 1.6 * s.size or abs(line.box.cx - s.box.cx) <= 0.5 * s.size)
        and 0.85 <= line.size / s.size <= 1.15
        and line.glyphs[0].color == s.glyphs[0].color
        for s in aside
    )


def find_owners(text: str) -> list[str]:
    """Ministries of a trailing [ ]: `…推進［内閣府、文部科学省等］` gives 内閣府 and 文部科学省."""
    match = _OWNERS.search(text)
    if not match:
        return []
    parts = [p for p in _OWNER_SPLIT.split(match.group(1)) if p]
    if not parts or not any(_ORGANIZATION.search(p) for p in parts):
        return []
    cleaned = [re.sub(r"(?:等|ほか|他)$", "", p) for p in parts]
    return [p for p in cleaned if p]


def _item(kind: ItemKind, lines: list[Line], box: BBox, reach: BBox, form: str, confidence: float) -> DraftItem:
    raw = raw_text(lines)
    text = normalize_text(raw)
    owners = find_owners(text) if kind is not ItemKind.MARKER else []
    return DraftItem(kind, lines, box, reach, form, text, raw, owners, None, confidence)


def _bar_item(bar: Bar, region: Region) -> DraftItem:
    text = fold(raw_text(bar.lines)).strip()
    kind = ItemKind.BAR
    if _is_callout(bar, region, text) or text[:1] in MARK_SIGNS:
        kind = ItemKind.CALLOUT
    elif is_subtitle(text) and bar.shape.fill is None and bar.shape.stroke is None:
        kind = ItemKind.HEADING
    inside = sum(
        bar.box.contains_point(g.box.cx, g.box.cy) for ln in bar.lines for g in ln.glyphs if not g.char.isspace()
    )
    total = sum(1 for ln in bar.lines for g in ln.glyphs if not g.char.isspace())
    fit = inside / max(total, 1)
    confidence = AT_LINE if is_thin(bar.shape, region.axis.em) else 0.75 + 0.24 * fit
    return _item(kind, list(bar.lines), bar.box, bar.box, bar.shape.form.value, confidence)


def _textless_item(bar: Bar) -> DraftItem:
    confidence = SILENT_LINE if bar.shape.form is Form.ARROW_LINE else SILENT_BOX
    return DraftItem(ItemKind.BAR, [], bar.box, bar.box, bar.shape.form.value, "", "", [], None, confidence)


def _is_callout(bar: Bar, region: Region, text: str) -> bool:
    """A block arrow that points up or down, a double arrow or an odd outline with a few words comments on bars."""
    column = (region.axis.x1 - region.axis.x0) / len(region.axis.columns)
    narrow_box = bar.box.width <= CALLOUT_WIDTH * column
    if bar.shape.form is Form.DOUBLE_ARROW:
        return narrow_box or len(text) <= 12
    if bar.shape.form is Form.POLYGON:
        return narrow_box
    if bar.shape.form is Form.BLOCK_ARROW and not bar.shape.points_right:
        return narrow_box
    return bar.shape.form is Form.ELLIPSE and narrow_box


def _block_item(block: Block, region: Region, grid: Grid) -> DraftItem:
    lines = list(block.lines)
    text = fold("".join(ln.text for ln in lines)).strip()
    if text[:1] in MARK_SIGNS:
        sign = _first_inked(lines)
        return _item(ItemKind.MARKER, lines, block.box, sign.box, "none", 0.97)
    if is_subtitle(text):
        return _item(ItemKind.HEADING, lines, block.box, block.box, "none", 0.9)
    cell = grid.cell(block.box)
    em = block.lines[0].size
    if (
        cell is not None
        and not starts_aside(text)
        and cell.x0 >= region.body.x0 - em
        and cell.x1 <= region.body.x1 + em
        and cell.y0 >= region.body.y0 - em
        and cell.height <= block.box.height + CELL_PADDING * em
    ):
        return _item(ItemKind.BAR, lines, cell, cell, "cell", 0.9)
    return _item(ItemKind.LABEL, lines, block.box, block.box, "none", 0.95)


def _first_inked(lines: Sequence[Line]) -> Glyph:
    first = reading_order(lines)[0][0]
    return next(g for g in first.glyphs if not g.char.isspace())


def _mark_item(mark: Mark) -> DraftItem:
    box = mark.shape.box
    if not mark.lines:
        return DraftItem(ItemKind.MARKER, [], box, box, Form.TRIANGLE.value, "", "", [], None, 0.8)
    kind = ItemKind.MARKER if mark.is_milestone else ItemKind.CALLOUT
    item = _item(kind, list(mark.lines), box, box, mark.shape.form.value, 0.9)
    item.box = union([box, *(ln.box for ln in mark.lines)])
    return item


def _drafted_parent(bar: Bar | None, drafts: dict[Bar, DraftItem]) -> DraftItem | None:
    while bar is not None:
        if bar in drafts:
            return drafts[bar]
        bar = bar.parent
    return None


def _around(box: BBox, bars: Sequence[Bar], drafts: dict[Bar, DraftItem]) -> DraftItem | None:
    """The item of the smallest bar that holds the box's centre."""
    holding = [b for b in bars if b in drafts and b.box.contains_point(box.cx, box.cy)]
    smallest = min(holding, key=lambda b: b.box.area, default=None)
    return drafts[smallest] if smallest is not None else None
