# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells documents without a plan from their text, for a fraction of what reading them costs.

A plan has a row of years. Where the text of a page has nothing like it, and the page shows nothing but text, there is
no plan on it; any other page is laid out and looked at as the reader looks at it. So no plan is missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from koteihyo.extract.document import SCAN_GLYPHS, Document
from koteihyo.normalize.axis.columns import find_headers
from koteihyo.normalize.axis.labels import find_years, header_purity, parse_bare_number
from koteihyo.schema.errors import DocumentError

if TYPE_CHECKING:
    from koteihyo.pipeline.run.reading import Watch

# A header cell has 0.6 of its characters in year notation; words that share its line leave it this part.
MIN_PURITY = 0.25
# A header has two cells at least, or three bare numbers; a line with three years may hold all of it.
MIN_CELLS = 2
MIN_NUMBERS = 3
MIN_YEARS_IN_LINE = 3


def without_plan(document: Document, watch: Watch | None = None) -> bool:
    """Whether certainly no page of a document holds a plan. False also where that cannot be told."""
    told = False
    for page_no in range(1, document.page_count + 1):
        if watch is not None and watch.page(page_no, document.page_count) is not None:
            return False
        try:
            found = document.glance(page_no)
            told = told or bool(found.lines)
            if found.is_all and not may_be_header(found.lines):
                continue
            if sum(map(len, found.lines)) <= SCAN_GLYPHS or find_headers(document.page(page_no)).axes:
                # Lettering in pictures is the reader's to read, once.
                return False
        except DocumentError:
            return False
    return told


def may_be_header(lines: Sequence[str]) -> bool:
    """Whether lines of text have what a row of years has: cells of year notation, or numbers on their own."""
    cells = numbers = 0
    for line in lines:
        years = len(find_years(line))
        if years >= MIN_YEARS_IN_LINE:
            return True
        cells += bool(years) and header_purity(line) >= MIN_PURITY
        numbers += parse_bare_number(line) is not None
    return cells >= MIN_CELLS or numbers >= MIN_NUMBERS
