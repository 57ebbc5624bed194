# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a correction changed, and what a file of corrections says, told to people."""

from __future__ import annotations

from typing import Any

from koteihyo.pipeline.site.contents import clean, short_id
from koteihyo.pipeline.sources.corrections_file import entry_key
from koteihyo.schema.records import EditionRecords, ScheduleItem

_ACTIONS = ("set", "add", "drop", "accept", "ignore")


def changes(before: EditionRecords, after: EditionRecords) -> list[dict[str, object]]:
    """What is different, an item a row: its id, and name → [old, new] of its values."""
    edition = before.edition.edition_id
    was = {i.item_id: _shown(i, before) for i in before.schedule_items}
    now = {i.item_id: _shown(i, after) for i in after.schedule_items}
    result = []
    for item_id in {**was, **now}:
        old, new = was.get(item_id), now.get(item_id)
        if old == new:
            continue
        values = {name: [(old or {}).get(name), (new or {}).get(name)] for name in (new or old or {})}
        result.append(
            {
                "item": short_id(item_id, edition),
                "what": "added" if old is None else "removed" if new is None else "changed",
                "text": (new or old or {})["text"],
                "values": {name: pair for name, pair in values.items() if pair[0] != pair[1]},
            }
        )
    return result


def _shown(item: ScheduleItem, records: EditionRecords) -> dict[str, object]:
    """An item as it is told to people."""
    section = next((s for s in records.sections if s.section_id == item.section_id), None)
    row = next((r for r in records.table_rows if r.row_id == item.row_id), None)
    place = [
        *(section.path if section else []),
        *([part for part in (row.group_label, row.name) if part] if row else []),
    ]
    years = (
        ""
        if item.fy_start is None
        else f"{item.fy_start}"
        if item.fy_start == item.fy_end
        else f"{item.fy_start}～{item.fy_end}"
    )
    return {
        "text": clean(item.text),
        "years": years,
        "place": " › ".join(clean(part) for part in place),
        "owners": "、".join(clean(owner) for owner in item.owners),
        "kind": item.kind.value,
        "confidence": round(item.confidence, 2),
    }


def told(entry: Any) -> dict[str, Any]:
    """An entry of a file of corrections, whoever wrote it."""
    if not isinstance(entry, dict):
        return {"page": None, "text": str(entry)[:200], "action": "", "values": {}, "by": "", "reason": ""}
    action = next((name for name in _ACTIONS if entry.get(name)), "set")
    values = entry.get(action)
    values = values if isinstance(values, dict) else {}
    return {
        "key": entry_key(entry),
        "page": entry.get("page"),
        "text": clean(str(entry.get("text") or values.get("text") or "")),
        "action": action,
        "values": {name: value if value is None else clean(str(value)) for name, value in values.items()},
        "by": clean(str(entry.get("by", ""))),
        "reason": clean(str(entry.get("reason", ""))),
    }
