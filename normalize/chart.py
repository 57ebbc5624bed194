# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads one chart of a page: its items, and the headings or table rows that they belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Line, PageLayout
from koteihyo.normalize.axis.columns import Axis
from koteihyo.normalize.axis.extent import ARROW_FORMS, Region
from koteihyo.normalize.bars.items import DraftItem, read_items, years_of
from koteihyo.normalize.headings.assignment import Affinity, assign
from koteihyo.normalize.headings.card_rows import find_card_header, group_label_lines, is_card_table, read_rows
from koteihyo.normalize.headings.groups import nest_in_groups
from koteihyo.normalize.headings.left_column import order_by_band, read_headings
from koteihyo.normalize.headings.strips import give_owners, group_headings, owner_cells, strip_headings
from koteihyo.normalize.headings.vocabulary import SharedVocabulary
from koteihyo.normalize.layout.margins import is_note_start
from koteihyo.normalize.reading import ChartReading, HeadingReading, ItemReading, Placement, RowReading
from koteihyo.normalize.tables.reader import read_table_chart
from koteihyo.normalize.text.characters import narrow, normalize_text
from koteihyo.schema.records import ItemKind

# A chart whose texts are figures to this part is a statistic, not a plan.
NUMERIC_PART = 0.5
_NUMERIC = re.compile(r"[\s0-9.,%()+\-±▲△~～約億万千百円人件台社校自治体年度月%／/:]+|[-–—―ー]+|[○◎×△●]")
# A chart without column lines and arrows is a plan when this part of its bars covers several years.
PERIODS_PART = 0.3
# So many bars without any text are a plan where headings or table rows say what they are for.
SILENT_BARS = 3
# A subtitle stands over its bars within this many line heights.
SUBTITLE_REACH = 3.0
# Confidence of the row that an item stands in.
ROW_CONFIDENCE = 0.97
# Confidence of years in an era that nothing on the page names.
ASSUMED_ERA = 0.8


def read_chart(layout: PageLayout, region: Region, lines: list[Line]) -> tuple[ChartReading, list[Line]]:
    """(a chart, lines of the page that are not in it) from the page's lines."""
    table = _read_table(layout, region, lines)
    if table is not None:
        return table
    axis, em = region.axis, region.axis.em
    labels = {g for ln in axis.label_lines for g in ln.glyphs}
    header, left, right, body, rest = [], [], [], [], []
    for line in lines:
        box = line.box
        inside_x = region.box.x0 - em <= box.cx <= region.box.x1 + em
        if any(g in labels for g in line.glyphs) or (
            inside_x and axis.header.y0 - 0.3 * em <= box.cy <= axis.header.y1
        ):
            header.append(line)
        elif not (inside_x and region.body.y0 <= box.cy <= region.body.y1):
            rest.append(line)
        elif box.cx < region.body.x0:
            left.append(line)
        elif box.cx > region.body.x1:
            right.append(line)
        else:
            body.append(line)
    if not region.ruled_bottom:
        body, below = _cut_below(body, region, layout)
        rest += below
    side_header = [ln for ln in header if not any(g in labels for g in ln.glyphs)]
    card = find_card_header(layout, region, side_header)
    items, empty = read_items(layout, region, body)
    # Text in a bar that reaches into a side column is the bar's.
    used = {ln for item in items for ln in item.lines}
    left = [ln for ln in left if ln not in used]
    vertical = _vertical_heading(left)
    headings: list[HeadingReading] = []
    rows: list[RowReading] = []
    group_lines: list[Line] = []
    is_card = is_card_table(card, left)
    groups: list[HeadingReading] = []
    if is_card and card is not None:
        rows = read_rows(layout, region, card, [*left, *right])
        group_lines = group_label_lines(rows, region, left)
    else:
        headings = nest_in_groups(read_headings(layout, region, lines_without(left, vertical)), layout, region)
        groups = group_headings(layout, vertical, max(1, min((h.level for h in headings), default=2) - 1))
        if groups:
            headings = order_by_band([*groups, *headings], em)
        if not headings:
            headings, items = strip_headings(region, items)
        if card is not None:
            give_owners(items, owner_cells(layout, card, right))
    placed = _placed(items, headings, rows, region)
    labels_beside = [*group_lines, *([] if is_card else vertical)]
    recorded = [ln for item in items for ln in item.owner_lines] + labels_beside
    recorded += [ln for h in headings for ln in h.lines] + [ln for r in rows for ln in r.lines]
    side_lines = lines_without([*left, *right], recorded)
    chart = ChartReading(
        region,
        tuple(placed),
        tuple(headings),
        tuple(rows),
        is_card,
        heading=_vertical_text(vertical) if vertical and not is_card and not groups else None,
        header_lines=tuple(header),
        label_lines=tuple(labels_beside),
        side_lines=tuple(side_lines),
        empty_shapes=tuple(empty),
        confidence=ASSUMED_ERA if axis.assumed_era else 1.0,
    )
    return chart, [*rest, *side_lines]


def _read_table(layout: PageLayout, region: Region, lines: list[Line]) -> tuple[ChartReading, list[Line]] | None:
    """The chart as a ruled table with columns of its own beside the years, if it is one."""
    body = [ln for ln in lines if region.body.contains_point(ln.box.cx, ln.box.cy)]
    return read_table_chart(layout, region, lines, lambda: read_items(layout, region, body)[0])


def _placed(
    items: Sequence[DraftItem], headings: Sequence[HeadingReading], rows: Sequence[RowReading], region: Region
) -> list[ItemReading]:
    """The items with their years and with the heading or row that each belongs to."""
    em = region.axis.em
    boxes = [_lane_box(item, items, em) for item in items]
    placements = assign(headings, boxes, em, _affinity(headings, items))
    numbers = {item: i for i, item in enumerate(items)}
    result = []
    for item, placement in zip(items, placements, strict=True):
        row = _row_of(item, rows)
        result.append(
            ItemReading(
                numbers[item],
                item.kind,
                item.text,
                item.text_raw,
                tuple(item.lines),
                item.box,
                item.reach,
                years_of(item.kind, item.reach, region.axis),
                item.form,
                owners=tuple(item.owners),
                owner_lines=tuple(item.owner_lines),
                parent=numbers.get(item.parent) if item.parent else None,
                confidence=item.confidence,
                placement=placement if row is None else Placement(placement.heading, row, ROW_CONFIDENCE, "row"),
            )
        )
    return result


def _vertical_heading(lines: Sequence[Line]) -> list[Line]:
    """The chart heading written from top to bottom, with the figures that are set upright in it."""
    vertical = [ln for ln in lines if ln.direction is not Direction.HORIZONTAL]
    return vertical + [
        ln
        for ln in lines
        if ln.direction is Direction.HORIZONTAL
        and len(ln.text.strip()) <= 3
        and any(v.box.x0 - 0.5 * v.size <= ln.box.cx <= v.box.x1 + 0.5 * v.size for v in vertical)
    ]


def _vertical_text(lines: Sequence[Line]) -> str:
    columns: list[list[Line]] = []
    for line in sorted(lines, key=lambda ln: -ln.box.cx):
        if columns and abs(columns[-1][0].box.cx - line.box.cx) <= line.size:
            columns[-1].append(line)
        else:
            columns.append([line])
    ordered = [ln for column in columns for ln in sorted(column, key=lambda ln: ln.box.y0)]
    return normalize_text("　".join(ln.text.strip() for ln in ordered))


def _lane_box(item: DraftItem, items: Sequence[DraftItem], em: float) -> BBox:
    """The box by which an item is put in a lane, with the text beside its shape; a subtitle goes with the bars under it."""
    if item.kind is ItemKind.MARKER:
        return item.reach
    if item.kind is ItemKind.HEADING:
        below = [
            other.box
            for other in items
            if other.kind is ItemKind.BAR and 0 <= other.box.y0 - item.box.y1 <= SUBTITLE_REACH * em
        ]
        if below:
            return union([item.box, min(below, key=lambda b: b.y0)])
    return union([item.box, *(ln.box for ln in item.lines)])


def _affinity(headings: Sequence[HeadingReading], items: Sequence[DraftItem]) -> Affinity | None:
    """Shared vocabulary, where there is a choice to make: the dictionary is not loaded for nothing."""
    bands = [h.band for h in headings]
    if len(set(bands)) == len(bands):
        return None
    return SharedVocabulary([h.title for h in headings], [item.text for item in items])


def _cut_below(body: list[Line], region: Region, layout: PageLayout) -> tuple[list[Line], list[Line]]:
    """Where nothing is drawn under a chart, notes and prose begin at the first ※ line below its last bar."""
    em = region.axis.em
    last = max(
        (s.box.y1 for s in layout.shapes if s.form in ARROW_FORMS and s.box.y1 <= region.body.y1 + em),
        default=region.body.y1,
    )
    starts = [ln.box.y0 for ln in body if ln.box.y0 >= last and is_note_start(ln.text)]
    if not starts:
        return body, []
    cut = min(starts) - 0.1 * em
    return [ln for ln in body if ln.box.y0 < cut], [ln for ln in body if ln.box.y0 >= cut]


def _row_of(item: DraftItem, rows: Sequence[RowReading]) -> RowReading | None:
    y = item.reach.cy
    return next((row for row in rows if row.box.y0 <= y <= row.box.y1), None)


def is_roadmap(chart: ChartReading) -> bool:
    """Whether year columns hold a plan: bars or words, not figures, and columns that are more than a time line."""
    if chart.is_card and any(item.kind is ItemKind.MARK or not item.text for item in chart.items):
        # Marks and shaded cells in the rows of a table are a plan, whatever else stands there.
        return True
    texts = [item.text for item in chart.items if item.text]
    beside = bool(chart.headings or chart.rows)
    silent = [item for item in chart.items if item.kind is ItemKind.BAR and not item.text]
    if not texts and not (beside and len(silent) >= SILENT_BARS):
        return False
    # One box under the years of a statistic or a history is a remark.
    if len(texts) == 1 and not beside:
        return False
    figures = sum(bool(_NUMERIC.fullmatch(narrow(t))) for t in texts)
    if texts and figures >= NUMERIC_PART * len(texts):
        return False
    # An arrow without text may be the arrow of time itself; it counts where nothing else is drawn.
    bars = [item for item in chart.items if item.kind is ItemKind.BAR and item.text] or silent
    arrows = any(b.form in {f.value for f in ARROW_FORMS} for b in bars)
    # Dates in boxes side by side look like columns whose years skip; arrows and periods tell a plan from a history.
    plain = not chart.region.axis.boundary_rules or _skips(chart.region.axis)
    if plain and not arrows and not _has_periods(bars):
        return False
    # Words alone are a plan where they stand under numbered headings.
    return bool(bars) or any(h.marker for h in chart.headings)


def _skips(axis: Axis) -> bool:
    return any(after.fy_start - (before.fy_end or before.fy_start) > 1 for before, after in pairwise(axis.columns))


def _has_periods(bars: Sequence[ItemReading]) -> bool:
    """Whether bars stand for periods of several years; on a time line of events each box is of one year."""
    long = sum(bar.years.fy_start < bar.years.fy_end for bar in bars)
    return bool(bars) and long >= PERIODS_PART * len(bars)


def lines_without(lines: Sequence[Line], taken: Sequence[Line]) -> list[Line]:
    """Lines none of whose glyphs are taken."""
    glyphs = {g for ln in taken for g in ln.glyphs}
    return [ln for ln in lines if not any(g in glyphs for g in ln.glyphs)]
