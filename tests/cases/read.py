# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a case and says in words what came of it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koteihyo.extract.model import PageLayout
from koteihyo.normalize.edition import normalize_edition
from koteihyo.schema.records import Edition, EditionRecords, ScheduleItem
from tests.cases.page import make_page
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "data" / "rules"
NUMBERS = ROOT / "tests" / "data" / "numbers"
"""Cases that hold the numbers of the reader, found by `tests.mutate.search`."""
SAID = (
    "items",
    "sections",
    "rows",
    "columns",
    "notes",
    "chapter",
    "kind",
    "paragraphs",
    "titles",
    "findings",
    "positions",
    "categories",
    "boxes",
    "doubts",
)
"""What a case may say of a reading."""


DRAWN = ("texts", "shapes", "rules", "connectors")
"""What the cases of a file may have in common, in its table `base`."""


@dataclass(frozen=True)
class Case:
    """One reading of one case: a page and what must be read in it."""

    rule: str
    name: str
    page: PageLayout
    expected: Mapping[str, Any]
    before: PageLayout | None = None
    """The page before it."""


def cases_of(path: Path, page: Callable[[Mapping[str, Any]], PageLayout] = make_page) -> Iterator[Case]:
    """The cases of a file, one for each set of values."""
    for name, filled, expected in filled_cases(path):
        yield case_of(path.stem, name, filled, expected, page)


def case_of(
    rule: str,
    name: str,
    filled: Mapping[str, Any],
    expected: Mapping[str, Any],
    page: Callable[[Mapping[str, Any]], PageLayout] = make_page,
) -> Case:
    """A case of the words that describe its page."""
    before = page({**filled, **filled["before"]}) if "before" in filled else None
    return Case(rule, name, page(filled), expected, before)


def filled_cases(path: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Name, page and what must be read of each case of a file."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    base = content.get("base", {})
    for case in content["case"]:
        whole = {**base, **case, **{key: [*base[key], *case[key]] for key in DRAWN if key in base and key in case}}
        for values in case.get("at", [{}]):
            filled = {key: _filled(value, values) for key, value in whole.items() if key not in ("name", "at", *SAID)}
            expected = {key: value for key, value in {**case, **values}.items() if key in SAID}
            if "items" in expected:
                expected["items"] = [*base.get("items", []), *expected["items"]]
            shown = ", ".join(f"{key} = {value}" for key, value in values.items() if key not in SAID)
            yield (f"{case['name']} ({shown})" if shown else case["name"]), filled, expected


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return value.format_map(values)
    return [_filled(part, values) for part in value] if isinstance(value, list) else value


def read_case(case: Case) -> EditionRecords:
    """The records of a case's page."""
    edition = Edition(edition_id="case", title="case", source_sha256="", source_file="case.pdf", page_count=0)
    return normalize_edition([page for page in (case.before, case.page) if page is not None], edition)


def say(records: EditionRecords, what: str) -> Any:
    """One of the things that a case may say, as it was read."""
    return _SAY[what](records)


def _items(records: EditionRecords) -> list[str]:
    places = {s.section_id: s.marker + s.title for s in records.sections}
    places |= {r.row_id: r.name for r in records.table_rows}
    texts = {i.item_id: i.text for i in records.schedule_items}
    return sorted(_item(item, places, texts) for item in records.schedule_items)


def _item(item: ScheduleItem, places: Mapping[str, str], texts: Mapping[str, str]) -> str:
    words = [item.kind.value, f"{item.fy_start}-{item.fy_end}" if item.fy_start else "-", item.text or "(no text)"]
    place = item.section_id or item.row_id
    words += [f"@ {places[place]}"] if place else []
    words += [f"in {texts[item.parent_item_id]}"] if item.parent_item_id else []
    words += [f"by {'、'.join(item.owners)}"] if item.owners else []
    words += ["on and on"] if item.open_end else []
    return " ".join(words)


_SAY = {
    "items": _items,
    "sections": lambda r: [" > ".join(s.path) for s in r.sections],
    "rows": lambda r: [
        " | ".join(
            [t.group_label or "", t.name, t.done_text or "", t.owner_text or ""]
            + [f"{a.name}={a.text}" for a in t.attributes]
        )
        for t in r.table_rows
    ],
    "columns": lambda r: [f"{c.fy_start}-{c.fy_end or ''} {c.x0:.0f} {c.x1:.0f}" for c in r.fiscal_columns],
    "notes": lambda r: [n.text for n in r.notes],
    "chapter": lambda r: r.pages[-1].chapter or "",
    "kind": lambda r: r.pages[-1].kind.value,
    "paragraphs": lambda r: [p.text for p in r.paragraphs],
    "titles": lambda r: [c.title or "" for c in r.charts],
    "findings": lambda r: sorted(f.kind for f in r.findings),
    "positions": lambda r: sorted(
        f"{i.start_pos:.1f} {i.end_pos:.1f} {i.text}" for i in r.schedule_items if i.start_pos
    ),
    "categories": lambda r: sorted(f"{i.category} {i.text}" for i in r.schedule_items if i.category),
    "boxes": lambda r: sorted(
        f"{b.x0:.0f} {b.y0:.0f} {b.x1:.0f} {b.y1:.0f} {name}"
        for name, table in (
            ("chart", r.charts),
            ("item", r.schedule_items),
            ("row", r.table_rows),
            ("heading", r.sections),
        )
        for b in table
    ),
    "doubts": lambda r: sorted(
        f"{i.section_confidence:.2f} {i.evidence} {i.text}" for i in r.schedule_items if i.evidence
    ),
}
