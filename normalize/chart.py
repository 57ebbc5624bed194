# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads one chart of a page: the list of passes that do it, in their order, and what they come to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from koteihyo.extract.model import Glyph, Line
from koteihyo.normalize.areas import AREAS, END, part_by_area, release_below
from koteihyo.normalize.axis.extent import ARROW_FORMS
from koteihyo.normalize.axis.model import Axis
from koteihyo.normalize.bars.beside import caption_bars
from koteihyo.normalize.bars.captions import bridge_texts, caption_marks, cut_between_marks
from koteihyo.normalize.bars.carried import join_carried
from koteihyo.normalize.bars.items import keep_free_texts, make_items, set_asides_apart
from koteihyo.normalize.bars.leaders import caption_by_leaders
from koteihyo.normalize.bars.mark_runs import run_marks
from koteihyo.normalize.bars.placing import (
    cut_at_bars,
    follow_tips,
    lift_text_boxes,
    place_texts,
    rejoin_owners,
    release_remarks,
    take_boxed,
)
from koteihyo.normalize.bars.shapes import choose_shapes, nest
from koteihyo.normalize.claims import Area, Claims, Holder, Printed
from koteihyo.normalize.headings.passes import (
    CHART_LABEL,
    find_side_columns,
    give_owners,
    place_items,
    read_left_headings,
    read_right_headings,
    read_strips,
    read_table_rows,
    read_tabs,
)
from koteihyo.normalize.reading import CarriedTable, ChartReading, ItemReading
from koteihyo.normalize.scene import Pass, Scene, run
from koteihyo.normalize.tables.reader import read_table_chart
from koteihyo.normalize.text.characters import narrow, normalize_text
from koteihyo.schema.records import ItemKind

PASSES: tuple[Pass, ...] = (
    Pass("areas", "a line means what its place says: a year, a heading, or something of the plan", part_by_area, AREAS),
    Pass("end", "notes follow a chart without a frame, and nothing drawn parts them from it", release_below, END),
    Pass("side columns", "the header names columns beside the years, and they say what rows are", find_side_columns),
    Pass("shapes", "what is drawn under the years is a bar, a mark, or the ground they lie on", choose_shapes),
    Pass("nesting", "a bar in a bar is a part of what that one says", nest),
    Pass("cut at bars", "texts of neighbouring bars are painted as one line", cut_at_bars),
    Pass("cut at marks", "captions of marks side by side touch", cut_between_marks),
    Pass("mark captions", "a mark has no room for text, so that it stands beside it", caption_marks),
    Pass("boxed signs", "a box drawn around a sign and its text makes them a remark", take_boxed),
    Pass("asides", "a sign begins a milestone and 注 a note, wherever they stand", set_asides_apart),
    Pass("bar texts", "a bar says what is written in it", place_texts),
    Pass("past the tip", "a long text runs on past its arrow's tip", follow_tips),
    Pass("bracketed owners", "ministries in brackets follow the text that they are in charge of", rejoin_owners),
    Pass("text boxes", "text on an arrow may stand in a box of its own", lift_text_boxes),
    Pass("remarks", "a bar around others has its text before them; what comes after comments on them", release_remarks),
    Pass("broken lines", "an arrow line is broken for the text in its middle", bridge_texts),
    Pass("bar captions", "lines and thin bars have no room for text, so that it stands at them", caption_bars),
    Pass("leaders", "a leader joins a text to what it is about", caption_by_leaders),
    Pass("free texts", "words under the years are part of the plan, even on no shape", keep_free_texts),
    Pass("items", "what has text, or looks like a bar, is an item", make_items),
    Pass("carried on", "arrows of their own in the next cells say that a word goes on", join_carried),
    Pass("mark runs", "equal signs in cells that follow one another say one thing", run_marks),
    Pass("rows", "a table of cards has a row for each thing", read_table_rows),
    Pass("left headings", "a plan's sections stand left of the years", read_left_headings),
    Pass(
        "right headings",
        "where nothing stands left of the years, the sections stand right of them",
        read_right_headings,
    ),
    Pass("tabs", "a frame around bars has its title on a tab", read_tabs),
    Pass("strips", "without a column of headings, sections are strips across the chart", read_strips),
    Pass("owner cells", "a column of ministries speaks for the items beside it", give_owners),
    Pass("placing", "an item belongs to the heading or row that it stands beside", place_items),
)
"""How a chart is read. The order is the rule: each pass sees what the ones before it have left."""

# A chart whose texts are figures to this part is a statistic, not a plan.
NUMERIC_PART = 0.5
_NUMERIC = re.compile(r"[\s0-9.,%()+\-±▲△~～約億万千百円人件台社校自治体年度月%／/:]+|[-–—―ー]+|[○◎×△●]")
# Figures beside words in this part of a table's rows are what the plan costs or aims at.
WORDED_ROWS = 0.5
_DENIALS = ("×", "✕")
# A chart without column lines and arrows is a plan when this part of its bars covers several years.
PERIODS_PART = 0.3
# So many bars without any text are a plan where headings or table rows say what they are for.
SILENT_BARS = 3
# Confidence of years in an era that nothing on the page names.
ASSUMED_ERA = 0.8
# Confidence of months whose year only a title over them names.
ASSUMED_YEAR = 0.9


def read_region(scene: Scene, carried: CarriedTable | None = None) -> tuple[ChartReading, Claims]:
    """What stands at a chart's place, read as a ruled table with columns of its own if it is one, else by the passes.

    `carried` is what the table of the page before hands on, which may go on here.
    """
    drawn = PASSES[: 1 + [step.name for step in PASSES].index("items")]
    table = read_table_chart(scene.layout, scene.region, scene.lines, lambda: run(scene, drawn).items, carried)
    if table is not None:
        return table[0], _claims_of_table(scene, *table)
    claims = run(scene, PASSES)
    return read_chart(scene, claims), claims


_PAGE_BEFORE = Printed("the last row of the page before")


def _claims_of_table(scene: Scene, chart: ChartReading, rest: Sequence[Line]) -> Claims:
    """The claims that a table's reading comes to, each glyph once."""
    labels = Printed("label of a group of rows")
    given: list[tuple[Line, Holder, str]] = [(ln, Area.HEADER, "names years and columns") for ln in chart.header_lines]
    given += [(ln, row, "stands in its cells") for row in chart.rows for ln in row.lines]
    given += [(ln, labels, "several rows share it") for ln in chart.label_lines]
    given += [(ln, item, "stands in its cells") for item in chart.items for ln in (*item.lines, *item.owner_lines)]
    given += [(ln, _PAGE_BEFORE, "goes on there") for a in chart.amendments for ln in a.all_lines]
    given += [(ln, Area.PAGE, "cut at the edge of a cell") for ln in set(rest) - set(scene.lines)]
    taken: set[Glyph] = set()
    once = []
    for line, holder, why in given:
        if taken.isdisjoint(line.glyphs):
            taken.update(line.glyphs)
            once.append((line, holder, why))
    return replace(replace(Claims.start(scene.lines), by="table").give_each(once), by="")


def read_chart(scene: Scene, claims: Claims) -> ChartReading:
    """A chart, of the claims after the passes."""
    label_lines = [ln for ln, claim in claims.table.items() if isinstance(claim.holder, Printed)]
    owners = {ln for item in claims.items for ln in item.owner_lines}
    vertical = claims.lines_of(CHART_LABEL)
    return ChartReading(
        scene.region,
        claims.items,
        claims.headings,
        claims.rows,
        claims.is_card,
        heading=_vertical_text(vertical) if vertical else None,
        header_lines=claims.lines_of(Area.HEADER),
        label_lines=tuple(ln for ln in label_lines if ln not in owners),
        side_lines=(*claims.lines_of(Area.LEFT), *claims.lines_of(Area.RIGHT)),
        empty_shapes=claims.empty_shapes,
        confidence=_confidence(scene.region.axis),
    )


def _confidence(axis: Axis) -> float:
    """How sure the years of an axis are."""
    if axis.assumed_era:
        return ASSUMED_ERA
    return 1.0 if axis.year_line is None else ASSUMED_YEAR


def _vertical_text(lines: Sequence[Line]) -> str:
    columns: list[list[Line]] = []
    for line in sorted(lines, key=lambda ln: -ln.box.cx):
        if columns and abs(columns[-1][0].box.cx - line.box.cx) <= line.size:
            columns[-1].append(line)
        else:
            columns.append([line])
    ordered = [ln for column in columns for ln in sorted(column, key=lambda ln: ln.box.y0)]
    return normalize_text("　".join(ln.text.strip() for ln in ordered))


def is_roadmap(chart: ChartReading) -> bool:
    """Whether year columns hold a plan: bars or words, not figures, and columns that are more than a time line."""
    if chart.is_card and any(item.kind is ItemKind.MARK or not item.text for item in chart.items):
        # Marks and shaded cells in the rows of a table are a plan, whatever else stands there.
        return True
    if chart.headings and any(item.kind is ItemKind.MARK for item in chart.items):
        # So are marks beside headings, unless they say that something was or was not the case.
        return not any(item.text in _DENIALS for item in chart.items)
    texts = [item.text for item in chart.items if item.text]
    beside = bool(chart.headings or chart.rows)
    silent = [item for item in chart.items if item.kind is ItemKind.BAR and not item.text]
    if not texts and not (beside and len(silent) >= SILENT_BARS):
        return False
    # One box under the years of a statistic or a history is a remark.
    if len(texts) == 1 and not beside:
        return False
    figures = sum(_is_figure(t) for t in texts)
    if texts and figures >= NUMERIC_PART * len(texts) and not _has_worded_rows(chart):
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


def _is_figure(text: str) -> bool:
    return _NUMERIC.fullmatch(narrow(text)) is not None


def _has_worded_rows(chart: ChartReading) -> bool:
    """Whether a table says in words what is done in half of its rows, whatever else it says in figures: costs, say."""
    worded = {i.placement.row for i in chart.items if i.text and not _is_figure(i.text)} - {None}
    return len(worded) >= max(2, WORDED_ROWS * len(chart.rows))


def _skips(axis: Axis) -> bool:
    return any(after.fy_start - (before.fy_end or before.fy_start) > 1 for before, after in pairwise(axis.columns))


def _has_periods(bars: Sequence[ItemReading]) -> bool:
    """Whether bars stand for periods of several years; on a time line of events each box is of one year."""
    long = sum(bar.years.fy_start < bar.years.fy_end for bar in bars)
    return bool(bars) and long >= PERIODS_PART * len(bars)


def lines_without(lines: Sequence[Line], taken: Sequence[Line]) -> list[Line]:
    """Lines none of whose glyphs are taken."""
    glyphs = {g for ln in taken for g in ln.glyphs}
    return [ln for ln in lines if glyphs.isdisjoint(ln.glyphs)]
