# SPDX-License-Identifier: AGPL-3.0-or-later
"""An edition as the browser gets it: plain mappings of columns, small enough for tens of thousands of items."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from koteihyo.pipeline.terminal import UNPRINTABLE
from koteihyo.schema.records import EditionRecords

Json = dict[str, Any]

_ITEM = (
    "page_no", "chart_no", "kind", "text", "fy_start", "fy_end", "start_pos", "end_pos", "open_end", "owners", "phase",
    "category", "lane", "confidence", "section_confidence", "evidence", "corrected_by", "original", "text_raw",
)  # fmt: skip
_PAGE = ("page_no", "printed_page", "kind", "chapter", "width", "height", "glyph_count", "glyphs_in_records")
_CHART = ("page_no", "chart_no", "title", "heading")
_COLUMN = ("page_no", "chart_no", "label", "fy_start", "fy_end", "x0", "x1")
_SECTION = ("page_no", "chart_no", "level", "marker", "title", "path")
_ROW = ("page_no", "chart_no", "group_label", "name", "done_text", "owner_text", "owners", "attributes")
_FINDING = ("page_no", "kind", "severity", "message", "text", "glyph_count")
_DATE = ("date_from", "date_to", "precision", "approximate", "role", "text")
_TARGET = ("value", "unit", "comparator", "approximate", "measure", "deadline", "text")
_ORGANIZATION = ("organization", "unit", "role")


def edition_contents(records: EditionRecords) -> Json:
    """Everything that the views of one edition show.

    Tables are mappings of column → values. Ids are without the edition's own, which every id begins with; references
    are places in the table referred to (`section`, `row`, `parent`), or null.
    """
    edition = records.edition
    sections = {s.section_id: i for i, s in enumerate(records.sections)}
    rows = {r.row_id: i for i, r in enumerate(records.table_rows)}
    items = {i.item_id: n for n, i in enumerate(records.schedule_items)}
    return {
        "edition": {
            "id": edition.edition_id,
            "title": clean(edition.title),
            "published_on": edition.published_on and edition.published_on.isoformat(),
            "source_url": edition.source_url,
            "source_file": clean(edition.source_file),
            "sha256": edition.source_sha256,
            "reader": clean(edition.reader_version),
        },
        "pages": _columns(records.pages, _PAGE),
        "charts": {**_columns(records.charts, _CHART), "box": _boxes(records.charts)},
        "columns": _columns(records.fiscal_columns, _COLUMN),
        "sections": {
            "id": [_short(s.section_id, edition.edition_id) for s in records.sections],
            **_columns(records.sections, _SECTION),
            "box": _boxes(records.sections),
        },
        "rows": {
            "id": [_short(r.row_id, edition.edition_id) for r in records.table_rows],
            **_columns(records.table_rows, _ROW),
            "box": _boxes(records.table_rows),
        },
        "items": {
            "id": [_short(i.item_id, edition.edition_id) for i in records.schedule_items],
            "section": [sections.get(i.section_id or "") for i in records.schedule_items],
            "row": [rows.get(i.row_id or "") for i in records.schedule_items],
            "parent": [items.get(i.parent_item_id or "") for i in records.schedule_items],
            **_columns(records.schedule_items, _ITEM),
            "box": _boxes(records.schedule_items),
        },
        "notes": {**_columns(records.notes, ("page_no", "text")), "box": _boxes(records.notes)},
        "findings": {
            "id": [_short(f.finding_id, edition.edition_id) for f in records.findings],
            **_columns(records.findings, _FINDING),
            "box": _boxes(records.findings),
        },
        "dates": _of_items(records.item_dates, items, _DATE),
        "targets": _of_items(records.item_targets, items, _TARGET),
        "organizations": _of_items(records.item_organizations, items, _ORGANIZATION),
    }


def clean(text: str) -> str:
    """A text without control, formatting and bidirectional characters, which could disguise what it says."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in UNPRINTABLE)


def short_id(record_id: str | None, edition_id: str) -> str | None:
    """An id without the edition's own at its beginning."""
    return None if record_id is None else _short(record_id, edition_id)


def _short(record_id: str, edition_id: str) -> str:
    return record_id.removeprefix(f"{edition_id}:")


def _columns(records: Sequence[BaseModel], names: Iterable[str]) -> Json:
    return {name: [plain(getattr(record, name)) for record in records] for name in names}


def _boxes(records: Iterable[Any]) -> list[list[float] | None]:
    return [None if r.x0 is None else [r.x0, r.y0, r.x1, r.y1] for r in records]


def _of_items(facts: Iterable[Any], items: dict[str, int], names: Sequence[str]) -> dict[int, list[Json]]:
    grouped: defaultdict[int, list[Json]] = defaultdict(list)
    for fact in facts:
        grouped[items[fact.item_id]].append({name: plain(getattr(fact, name)) for name in names})
    return dict(grouped)


def plain(value: Any) -> Any:
    """A record's value as JSON takes it, its texts cleaned."""
    if isinstance(value, str):
        return clean(str(value))
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, BaseModel):
        return {name: plain(part) for name, part in value}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
