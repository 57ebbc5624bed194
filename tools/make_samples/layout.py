# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where everything stands on a page, in points from the top left; truth and drawing both follow from this."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from tools.make_samples.plan import Edition, Item, Page, Row, Section

WIDTH, HEIGHT = 841.89, 595.28
LEFT, RIGHT = 24.0, 818.0
HEADER_TOP, CHART_TOP, CHART_BOTTOM = 41.0, 68.0, 556.0
CHART_LEFT = 152.0
NAME_LEFT, DONE_LEFT, CARD_LEFT, OWNER_LEFT = 42.0, 134.0, 238.0, 720.0
FONT_SIZE = 8.0
LINE = 10.4
LANE_PADDING, LANE_GAP, BAND_PADDING = 7.0, 4.0, 6.0
BAR_INSET = 2.0
NEVER_FIRST, NEVER_LAST = "、。）］・～％」ー＞", "（［「＜▲"

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Column:
    """A year's column with its header cell."""

    year: int
    label: str
    open_ended: bool
    box: Box


@dataclass(frozen=True)
class PlacedItem:
    """An item with its lines of text, its box and the number of its lane."""

    item: Item
    lines: list[str]
    box: Box
    lane: int


@dataclass(frozen=True)
class PlacedSection:
    """A heading's lines and box, the band of the chart beside it, and the items in that band."""

    section: Section
    path: list[str]
    lines: list[str]
    box: Box
    band: tuple[float, float]
    items: list[PlacedItem] = field(default_factory=list)


@dataclass(frozen=True)
class PlacedRow:
    """A row of the card table."""

    row: Row
    band: tuple[float, float]
    items: list[PlacedItem]


@dataclass(frozen=True)
class PlacedPage:
    """One laid out page."""

    page: Page
    columns: list[Column]
    sections: list[PlacedSection]
    rows: list[PlacedRow]
    notes: list[tuple[str, Box]]
    bottom: float


def wareki(year: int) -> str:
    """The Reiwa year as the ministries print it: one digit full width, two digits half width."""
    number = str(year - 2018)
    return chr(ord("０") + int(number)) if len(number) == 1 else number


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """Roughly what the text measures in the sample's font."""
    return sum(size if unicodedata.east_asian_width(c) in "FWA" else size * 0.6 for c in text)


def wrap(text: str, width: float, size: float = FONT_SIZE) -> list[str]:
    """Lines of at most that width, none of which starts or ends with a sign that may not stand there."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for char in paragraph:
            full = text_width(line + char, size) > width - size
            inside_number = char.isdigit() and line[-1:].isdigit()
            if line and full and char not in NEVER_FIRST and line[-1] not in NEVER_LAST and not inside_number:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines


def place_page(edition: Edition, page: Page) -> PlacedPage:
    """Lay out a page of the edition, with its notes below the chart."""
    bottom = CHART_BOTTOM - 11.0 * max(0, len(page.notes) - 1)
    notes = [
        (n, (26.0, y, 26.0 + text_width(n, 7), y + 9.0)) for i, n in enumerate(page.notes) if (y := bottom + 3 + 11 * i)
    ]
    if page.rows:
        columns = _columns(edition.card_years, CARD_LEFT, OWNER_LEFT, open_ended=True)
        return PlacedPage(page, columns, [], _rows(page, columns, bottom), notes, bottom)
    columns = _columns(edition.years, CHART_LEFT, RIGHT, open_ended=False)
    return PlacedPage(page, columns, _sections(page, columns, bottom), [], notes, bottom)


def _columns(years: list[int], left: float, right: float, *, open_ended: bool) -> list[Column]:
    step = (right - left) / len(years)
    found = []
    for n, year in enumerate(years):
        last = open_ended and year == years[-1]
        tilde = "～" if last else ""
        text = f"{year}年度{tilde}\n（令和{wareki(year)}年度{tilde}）"
        found.append(Column(year, text, last, (left + n * step, HEADER_TOP, left + (n + 1) * step, CHART_TOP)))
    return found


def _x(columns: list[Column], time: float) -> float:
    left, right = columns[0].box[0], columns[-1].box[2]
    return left + (time - columns[0].year) * (right - left) / len(columns)


def _lane_lines(lane: list[Item], columns: list[Column]) -> list[list[str]]:
    """The lines of each item's text; only a bar's text has to fit a width."""
    found = []
    for item in lane:
        room = _x(columns, item.end) - _x(columns, item.start) - 14 if item.kind == "bar" else 1000.0
        found.append(wrap(item.text, room))
    return found


def _lane_height(lane: list[Item], columns: list[Column]) -> float:
    lines = max(len(text) for text in _lane_lines(lane, columns))
    arrow = any(item.shape == "rightArrow" for item in lane)
    return lines * LINE + (LANE_PADDING if any(i.kind == "bar" for i in lane) else 0.0) + (5.0 if arrow else 0.0)


def _place_lanes(lanes: list[list[Item]], columns: list[Column], band: tuple[float, float]) -> list[PlacedItem]:
    heights = [_lane_height(lane, columns) for lane in lanes]
    spare = (band[1] - band[0] - sum(heights)) / (len(lanes) + 1)
    found, top = [], band[0]
    for number, (lane, height) in enumerate(zip(lanes, heights, strict=True)):
        top += spare
        for item, lines in zip(lane, _lane_lines(lane, columns), strict=True):
            x0, x1 = _x(columns, item.start) + BAR_INSET, _x(columns, item.end) - BAR_INSET
            if item.kind == "marker":
                x0 = _x(columns, item.start) - FONT_SIZE / 2
            if item.kind != "bar":
                x1 = x0 + text_width(lines[0])
            found.append(PlacedItem(item, lines, (x0, top, x1, top + height), number))
        top += height
    return found


def _bands(natural: list[float], growing: list[bool], bottom: float) -> list[tuple[float, float]]:
    """One band below the other down to the chart's bottom; those with items share the room that is left."""
    spare = bottom - CHART_TOP - sum(natural)
    if spare < 0:
        raise ValueError(f"the page is {-spare:.0f} pt too short for its content")
    share = spare / sum(growing)
    found, top = [], CHART_TOP
    for height, grows in zip(natural, growing, strict=True):
        end = top + height + (share if grows else 0.0)
        found.append((top, end))
        top = end
    return found


def _lanes_height(lanes: list[list[Item]], columns: list[Column]) -> float:
    return sum(_lane_height(lane, columns) + LANE_GAP for lane in lanes) + BAND_PADDING


def _sections(page: Page, columns: list[Column], bottom: float) -> list[PlacedSection]:
    printed = [s for s in page.sections if s.printed]
    texts = [wrap(s.marker + s.title, CHART_LEFT - LEFT - 2 - 3 * s.level) for s in printed]
    natural = [
        max(len(lines) * LINE + BAND_PADDING, _lanes_height(s.lanes, columns) if s.lanes else 0.0)
        for s, lines in zip(printed, texts, strict=True)
    ]
    bands = iter(zip(texts, _bands(natural, [bool(s.lanes) for s in printed], bottom), strict=True))
    found: list[PlacedSection] = []
    open_sections: list[Section] = []
    for section in page.sections:
        open_sections = [s for s in open_sections if s.level < section.level] + [section]
        if not section.printed:
            continue
        lines, band = next(bands)
        left = LEFT + 3 * section.level
        box = (left, band[0] + 3, left + max(map(text_width, lines)), band[0] + 3 + len(lines) * LINE)
        path = [s.marker + s.title for s in open_sections]
        found.append(PlacedSection(section, path, lines, box, band, _place_lanes(section.lanes, columns, band)))
    return found


def _rows(page: Page, columns: list[Column], bottom: float) -> list[PlacedRow]:
    natural = [max(_lanes_height(r.lanes, columns), len(r.owner.split("\n")) * LINE + BAND_PADDING) for r in page.rows]
    bands = _bands(natural, [True] * len(natural), bottom)
    pairs = zip(page.rows, bands, strict=True)
    return [PlacedRow(row, band, _place_lanes(row.lanes, columns, band)) for row, band in pairs]
