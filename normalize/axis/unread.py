# SPDX-License-Identifier: AGPL-3.0-or-later
"""Headers of time that no axis is made of: years from top to bottom, years by name only, days and weeks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Form, Line, PageLayout
from koteihyo.normalize.axis.doubts import Doubt
from koteihyo.normalize.axis.header import HeaderCell, header_cells
from koteihyo.normalize.axis.under import POINTING
from koteihyo.normalize.text.characters import narrow
from koteihyo.schema.findings import FindingKind, Severity

# So many years from top to bottom, or words of time in a row, look like the header of a chart.
MIN_DOWN = 3
MIN_WORDS = 3
MIN_DAYS = 4
MIN_INITIALS = 6
# Words of one header overlap in height by this part, labels in a column in width.
SAME_ROW = 0.5
# Drawn bars beside or under such a header make it one that is missed: so many of them.
MIN_BARS = 2
# A bar is this many times as wide as high, or the other way round where years run down.
OBLONG = 1.5
WHITE = 0.97

_RELATIVE = re.compile(
    r"(?:今|本|来|次|翌|再来|翌々|初|昨|前|当)年度?|第?\d{1,2}年(?:目|次|度目|後)|第\d{1,2}年度|(?:\d|[一二三四五])年次?目|[短中長]期(?:的?(?:な)?(?:取組|目標|課題)?)?"
    r"|short(?:[- ]?term)?|mid(?:[- ]?term)?|long(?:[- ]?term)?|year\d|phase\d|フェーズ\d|ステップ\d",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])|(?:(?:1[0-2]|[1-9])月)?(?:3[01]|[12]\d|[1-9])日|第\d{1,2}週|\d{1,2}w|w\d{1,2}|week\d{1,2}",
    re.IGNORECASE,
)
# Months by their first letters: A M J J A S.
_INITIAL = re.compile(r"[JFMASOND]")
_AROUND = re.compile(r"[\s()\[\]【】〔〕]")


def unread_headers(layout: PageLayout, charts: Sequence[BBox]) -> list[Doubt]:
    """What looks like the header of a chart outside of the charts that were read."""
    words = [(_RELATIVE, MIN_WORDS), (_DAY, MIN_DAYS), (_INITIAL, MIN_INITIALS)]
    doubts = [*_years_down(layout), *(doubt for kind, least in words for doubt in _named(layout, kind, least))]
    return [d for d in doubts if not any(d.box.x_overlap(c) > 0 and d.box.y_overlap(c) > 0 for c in charts)]


def _years_down(layout: PageLayout) -> Iterator[Doubt]:
    """Columns of years, one under the other."""
    columns: list[list[HeaderCell]] = []
    cells = [c for c in header_cells(layout.lines) if not c.label.bare]
    for cell in sorted(cells, key=lambda c: c.box.y0):
        for column in columns:
            last = column[-1]
            level = last.box.x_overlap(cell.box) >= SAME_ROW * min(last.box.width, cell.box.width)
            if level and cell.label.start > last.label.start and cell.box.y0 >= last.box.y1:
                column.append(cell)
                break
        else:
            columns.append([cell])
    for column in columns:
        starts = [c.label.start for c in column]
        if len(column) >= MIN_DOWN and any(b - a == 1 for a, b in pairwise(starts)):
            box = union(c.box for c in column)
            beside = BBox(box.x1, box.y0, layout.width, box.y1 + box.height / len(column))
            text = " ".join(c.text for c in column)
            yield _doubt("年が上から下へ並ぶ表または図", text, box, _bars_in(layout, beside))


def _named(layout: PageLayout, pattern: re.Pattern[str], least: int) -> Iterator[Doubt]:
    """Rows of words of one kind."""
    words = [ln for ln in layout.lines if pattern.fullmatch(_AROUND.sub("", narrow(ln.text)))]
    rows: list[list[Line]] = []
    for line in sorted(words, key=lambda ln: ln.box.cy):
        for row in rows:
            if row[0].box.y_overlap(line.box) >= SAME_ROW * min(row[0].box.height, line.box.height):
                row.append(line)
                break
        else:
            rows.append([line])
    for row in rows:
        if len({ln.text.strip() for ln in row}) >= least:
            row.sort(key=lambda ln: ln.box.x0)
            box = union(ln.box for ln in row)
            below = BBox(box.x0, box.y1, box.x1, layout.height)
            text = " ".join(ln.text.strip() for ln in row)
            yield _doubt("年の分からない時期の見出し", text, box, _bars_in(layout, below))


def _bars_in(layout: PageLayout, box: BBox) -> bool:
    """Whether bars are drawn there."""
    bars = [
        s
        for s in layout.shapes
        if box.contains_point(s.box.cx, s.box.cy)
        and (
            s.form in POINTING
            or (
                s.form in (Form.RECT, Form.ROUND_RECT)
                and s.fill is not None
                and min(s.fill) < WHITE
                and max(s.box.width, s.box.height) >= OBLONG * min(s.box.width, s.box.height)
            )
        )
    ]
    return len(bars) >= MIN_BARS


def _doubt(what: str, text: str, box: BBox, drawn: bool) -> Doubt:
    drawn_there = "帯のような図形があるが、" if drawn else ""
    values = {"what": what, "drawn": drawn_there, "severity": Severity.WARNING if drawn else Severity.INFO}
    return Doubt(FindingKind.UNREAD_HEADER, text, box, values)
