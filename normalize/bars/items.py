# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes schedule items of a chart's bars, marks and free text: kind, text, years, owners, parent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Form, Glyph, Line, Shape
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.axis.model import Axis
from koteihyo.normalize.bars.textless import textless_bars
from koteihyo.normalize.claims import Bar, Claims, Mark, Passage
from koteihyo.normalize.layout.blocks import MARK_SIGNS, Block, group_blocks, is_subtitle, part_at_rules, starts_aside
from koteihyo.normalize.layout.order import raw_text, reading_order
from koteihyo.normalize.layout.thin_bars import is_thin
from koteihyo.normalize.reading import ItemReading, Years
from koteihyo.normalize.scene import Scene
from koteihyo.normalize.text.characters import fold, normalize_text
from koteihyo.schema.records import ItemKind

# A bar's edge this close to the axis's end, as a part of the last column, reaches it.
OPEN_END_SLACK = 0.15
# Confidence of bars without text: a line with heads is hardly anything else, a coloured box may be an ornament.
SILENT_LINE, SILENT_BOX = 0.95, 0.75
# Confidence of a text that stands at a line: nothing but its place says that it is the line's.
AT_LINE = 0.97
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
    at_end = end >= axis.end - OPEN_END_SLACK
    open_end = at_end and (final.fy_end is None or reach.x1 > final.x1 + 0.02 * (final.x1 - final.x0))
    return Years(first, last, start, max(start, end), open_end)


def set_asides_apart(_scene: Scene, claims: Claims) -> Claims:
    """Milestones with a sign and notes, with the lines that go on with them, are texts of their own, even in a bar."""
    aside = [ln for ln in claims.free if starts_aside(ln.text)]
    plain = [ln for ln in claims.free if not starts_aside(ln.text)]
    blocks = group_blocks([*aside, *[ln for ln in plain if _follows_aside(ln, aside)]])
    return _with_passages(claims, [b for b in blocks if starts_aside(b.lines[0].text)], "begins with a sign or 注")


def keep_free_texts(scene: Scene, claims: Claims) -> Claims:
    """Lines that nothing else has, grouped into passages; a rule between two rows of a table parts them."""
    level = [r for r in scene.rulings if not r.vertical and not r.dashed]
    return _with_passages(claims, part_at_rules(group_blocks(claims.free), level), "stands on no shape")


def _with_passages(claims: Claims, blocks: Sequence[Block], why: str) -> Claims:
    passages = [Passage(block.lines, block.box) for block in blocks]
    given = claims.give_each((line, passage, why) for passage in passages for line in passage.lines)
    return replace(given, passages=(*claims.passages, *passages))


def make_items(scene: Scene, claims: Claims) -> Claims:
    """An item of each bar and mark that says something, and of each passage; the other shapes are empty."""
    silent = set(textless_bars(scene, claims))
    items: list[ItemReading] = []
    empty: list[Shape] = []
    number: dict[Bar, int] = {}
    for bar in claims.bars:
        lines = claims.lines_of(bar)
        if lines or bar in silent:
            number[bar] = len(items)
            items.append(_bar_item(bar, lines, scene) if lines else _textless_item(bar))
        else:
            empty.append(bar.shape)
    items = [replace(items[n], parent=_numbered_around(bar, claims, number)) for bar, n in number.items()]
    for passage in claims.passages:
        item = _passage_item(passage, scene)
        items.append(replace(item, parent=_parent_at(item.box, number)))
    for mark in claims.marks:
        lines = claims.lines_of(mark)
        # A disc without a caption is an ornament.
        if not lines and not (mark.is_milestone and mark.shape.form is not Form.ELLIPSE):
            empty.append(mark.shape)
            continue
        item = _mark_item(mark, lines)
        items.append(replace(item, parent=_parent_at(item.reach, number)))
    axis = scene.region.axis
    made = (replace(item, number=n, years=years_of(item.kind, item.reach, axis)) for n, item in enumerate(items))
    return replace(claims, items=tuple(made), empty_shapes=tuple(empty))


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


_UNKNOWN = Years(0, 0, 0.0, 0.0)


def _item(kind: ItemKind, lines: Sequence[Line], box: BBox, reach: BBox, form: str, confidence: float) -> ItemReading:
    raw = raw_text(lines)
    text = normalize_text(raw)
    owners = find_owners(text) if kind is not ItemKind.MARKER else []
    return ItemReading(
        0, kind, text, raw, tuple(lines), box, reach, _UNKNOWN, form, owners=tuple(owners), confidence=confidence
    )


def _bar_item(bar: Bar, lines: Sequence[Line], scene: Scene) -> ItemReading:
    region = scene.region
    text = fold(raw_text(lines)).strip()
    kind = ItemKind.BAR
    if _is_callout(bar, region, text) or text[:1] in MARK_SIGNS:
        kind = ItemKind.CALLOUT
    elif is_subtitle(text) and bar.shape.fill is None and bar.shape.stroke is None:
        kind = ItemKind.HEADING
    inside = sum(_inked_in(bar.box, ln) for ln in lines)
    total = sum(ln.inked_count for ln in lines)
    fit = inside / max(total, 1)
    confidence = AT_LINE if is_thin(bar.shape, region.em) else 0.75 + 0.24 * fit
    return _item(kind, lines, bar.box, bar.box, bar.shape.form.value, confidence)


def _inked_in(box: BBox, line: Line) -> int:
    """How many of a line's glyphs have their middle in a box."""
    if box.contains(line.box):
        return line.inked_count
    return sum(box.contains_point(g.box.cx, g.box.cy) for g in line.inked)


def _textless_item(bar: Bar) -> ItemReading:
    confidence = SILENT_LINE if bar.shape.form is Form.ARROW_LINE else SILENT_BOX
    return _item(ItemKind.BAR, (), bar.box, bar.box, bar.shape.form.value, confidence)


def _is_callout(bar: Bar, region: Region, text: str) -> bool:
    """A block arrow that points up or down, a double arrow or an odd outline with a few words comments on bars."""
    narrow_box = bar.box.width <= CALLOUT_WIDTH * region.axis.pitch
    if bar.shape.form is Form.DOUBLE_ARROW:
        return narrow_box or len(text) <= 12
    if bar.shape.form is Form.POLYGON:
        return narrow_box
    if bar.shape.form is Form.BLOCK_ARROW and not bar.shape.points_right:
        return narrow_box
    return bar.shape.form is Form.ELLIPSE and narrow_box


def _passage_item(block: Passage, scene: Scene) -> ItemReading:
    region, lines = scene.region, block.lines
    text = fold("".join(ln.text for ln in lines)).strip()
    if text[:1] in MARK_SIGNS:
        sign = _first_inked(lines)
        return _item(ItemKind.MARKER, lines, block.box, sign.box, "none", 0.97)
    if is_subtitle(text):
        return _item(ItemKind.HEADING, lines, block.box, block.box, "none", 0.9)
    cell = scene.solid_grid.cell(block.box)
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


def _mark_item(mark: Mark, lines: Sequence[Line]) -> ItemReading:
    box = mark.shape.box
    if not lines:
        return _item(ItemKind.MARKER, (), box, box, Form.TRIANGLE.value, 0.8)
    kind = ItemKind.MARKER if mark.is_milestone else ItemKind.CALLOUT
    item = _item(kind, lines, box, box, mark.shape.form.value, 0.9)
    return replace(item, box=union([box, *(ln.box for ln in lines)]))


def _numbered_around(bar: Bar, claims: Claims, number: Mapping[Bar, int]) -> int | None:
    """The item of the nearest bar around a bar that is one."""
    at = claims.around.get(bar)
    while at is not None and at not in number:
        at = claims.around.get(at)
    return number[at] if at is not None else None


def _parent_at(box: BBox, number: Mapping[Bar, int]) -> int | None:
    """The item of the smallest bar that holds the box's centre."""
    holding = [bar for bar in number if bar.box.contains_point(box.cx, box.cy)]
    smallest = min(holding, key=lambda b: b.box.area, default=None)
    return number[smallest] if smallest is not None else None
