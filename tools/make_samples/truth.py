# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person would read from the sample editions, as JSON."""

from __future__ import annotations

import math
import re
from typing import Any

from tools.make_samples.edits import Change, years
from tools.make_samples.layout import HEIGHT, LEFT, RIGHT, WIDTH, Box, PlacedItem, PlacedPage
from tools.make_samples.plan import Edition, Item

OWNERS = re.compile(r"［([^［］]*)］$")


def edition_truth(edition: Edition, pages: list[PlacedPage]) -> dict[str, Any]:
    """The whole edition: its cover, which is page 1, and its other pages."""
    cover = {"page": 1, "kind": "cover", "chapter": "", "printed_page": None, "width": WIDTH, "height": HEIGHT}
    cover |= {"axis": [], "sections": [], "items": [], "notes": []}
    found = [cover, *(_page(number, page) for number, page in enumerate(pages, 2))]
    return {"edition": edition.edition_id, "source": "fictional", "pages": found}


def changes_truth(unchanged: int, changes: list[Change]) -> dict[str, Any]:
    """The changes between the two editions."""
    return {
        "unchanged": unchanged,
        "changes": [
            {
                "change": change.change,
                "old": _flat(change.old),
                "new": _flat(change.new),
                "old_span": list(years(change.old)) if change.old else None,
                "new_span": list(years(change.new)) if change.new else None,
                "borderline": False,
            }
            for change in changes
        ],
    }


def _flat(item: Item | None) -> str | None:
    return item.text.replace("\n", "") if item else None


def _box(box: Box) -> list[float]:
    return [round(v, 2) for v in box]


def _page(number: int, page: PlacedPage) -> dict[str, Any]:
    ids = {" ".join(s.path): f"s{n}" for n, s in enumerate(page.sections, 1)}
    sections = [
        {
            "id": ids[" ".join(s.path)],
            "level": s.section.level,
            "marker": s.section.marker,
            "text": s.section.title,
            "parent": ids.get(" ".join(s.path[:-1])),
            "path": s.path,
            "bbox": _box(s.box),
            "band": [round(v, 2) for v in s.band],
        }
        for s in page.sections
    ]
    items = [_item(i, ids[" ".join(s.path)], s.path) for s in page.sections for i in s.items]
    rows: list[dict[str, Any]] = []
    for n, placed in enumerate(page.rows, 1):
        row = placed.row
        cells: dict[str, Any] = {"id": f"r{n}", "group": row.group, "name": row.name, "done": row.done}
        cells["owner"] = row.owner.replace("\n", "")
        path = [row.group, row.name]
        held = [_item(i, f"r{n}", path) | {"row": f"r{n}"} for i in placed.items]
        rows.append(cells | {"bbox": _box((LEFT, placed.band[0], RIGHT, placed.band[1])), "items": held})
    for n, item in enumerate(items + [i for row in rows for i in row["items"]], 1):
        item["id"] = f"i{n}"
    return {
        "page": number,
        "kind": "card_table" if rows else "roadmap",
        "chapter": page.page.chapter,
        "printed_page": page.page.printed_page,
        "width": WIDTH,
        "height": HEIGHT,
        "axis": [_axis(page, n) for n in range(len(page.columns))],
        "sections": sections,
        "items": items,
        "notes": [{"text": text, "text_flat": text, "bbox": _box(box)} for text, box in page.notes],
        **({"rows": rows} if rows else {}),
    }


def _axis(page: PlacedPage, ordinal: int) -> dict[str, Any]:
    column = page.columns[ordinal]
    x0, y0, x1, y1 = _box(column.box)
    end = None if column.open_ended else column.year
    return {"label": column.label, "start": column.year, "end": end, "open_ended": column.open_ended} | {
        "x0": x0, "x1": x1, "y0": y0, "y1": y1,
    }  # fmt: skip


def _item(placed: PlacedItem, section: str, path: list[str]) -> dict[str, Any]:
    item = placed.item
    first, last = years(item)
    owners = OWNERS.search(item.text)
    found = {
        "id": "",
        "section": section,
        "section_path": path,
        "kind": item.kind,
        "text": "\n".join(placed.lines),
        "text_flat": _flat(item),
        "start": item.start,
        "end": item.end,
        "open_end": False,
        "lane": placed.lane,
        "bbox": _box(placed.box),
        "shape": item.shape or None,
        "fy_start": first,
        "fy_end": last,
        "fy_borderline": False,
    }
    if item.kind == "bar":
        found["owners"] = owners[1].removesuffix("等").split("、") if owners else []
    if item.kind == "marker":
        found["fy_marker"] = math.floor(item.start)
    return found
