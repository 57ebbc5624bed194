# SPDX-License-Identifier: AGPL-3.0-or-later
"""Applies corrections by hand to the records of an edition; each is recorded, and one that finds nothing is said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from koteihyo.normalize.text.characters import compare_key
from koteihyo.schema.corrections import Addition, Change, Correction
from koteihyo.schema.records import EditionRecords, Finding, ScheduleItem, Section

# A value that a person has set is as sure as it gets.
CONFIDENCE = 1.0


def correct(records: EditionRecords, corrections: Sequence[Correction]) -> EditionRecords:
    """The records with the corrections applied in order."""
    items = list(records.schedule_items)
    findings = list(records.findings)
    for number, correction in enumerate(corrections):
        problem = _apply(records, items, correction, number)
        if problem is not None:
            findings.append(_unused(records.edition.edition_id, number, correction, problem))
    return records.model_copy(update={"schedule_items": items, "findings": findings})


def _apply(records: EditionRecords, items: list[ScheduleItem], correction: Correction, number: int) -> str | None:
    """Changes `items`; what is wrong when the correction does not apply."""
    if correction.add is not None:
        return _add(records, items, correction, correction.add, number)
    matches = [i for i, item in enumerate(items) if _is_meant(item, correction)]
    if len(matches) != 1:
        return "該当する項目がない" if not matches else f"該当する項目が{len(matches)}件ある（years で区別する）"
    at = matches[0]
    if correction.drop:
        dropped = items.pop(at)
        for i, item in enumerate(items):
            if item.parent_item_id == dropped.item_id:
                items[i] = item.model_copy(update={"parent_item_id": dropped.parent_item_id})
        return None
    assert correction.set is not None
    update = _update(records, items[at], correction.set)
    if update is None:
        return f"見出し「{correction.set.section}」がない"
    before = {name: getattr(items[at], name) for name in update}
    items[at] = items[at].model_copy(
        update={
            **update,
            "confidence": CONFIDENCE,
            "corrected_by": _signature(correction),
            "original": json.dumps(before, ensure_ascii=False, sort_keys=True, default=str),
        }
    )
    return None


def _is_meant(item: ScheduleItem, correction: Correction) -> bool:
    return (
        item.page_no == correction.page
        and compare_key(item.text) == compare_key(correction.text or "")
        and (correction.years is None or (item.fy_start, item.fy_end) == correction.years)
    )


def _update(records: EditionRecords, item: ScheduleItem, change: Change) -> dict[str, Any] | None:
    """The new values of an item; None when its new heading does not exist."""
    update: dict[str, Any] = {}
    if change.text is not None:
        update["text"] = change.text
    if change.kind is not None:
        update["kind"] = change.kind
    start = item.fy_start if change.fy_start is None else change.fy_start
    end = item.fy_end if change.fy_end is None else change.fy_end
    if (start, end) != (item.fy_start, item.fy_end) and start is not None and end is not None:
        # A person knows years, not positions: the item then fills its years.
        update |= {"fy_start": start, "fy_end": max(start, end), "start_pos": float(start), "end_pos": end + 1.0}
    if change.section is not None:
        section = _section(records, item.page_no, change.section)
        if section is None:
            return None
        update |= {"section_id": section.section_id, "section_confidence": CONFIDENCE}
    return update


def _add(
    records: EditionRecords, items: list[ScheduleItem], correction: Correction, addition: Addition, number: int
) -> str | None:
    chart = next((c for c in records.charts if (c.page_no, c.chart_no) == (correction.page, addition.chart)), None)
    if chart is None:
        return "このページに工程表がない"
    section = _section(records, correction.page, addition.section) if addition.section else None
    if addition.section and section is None:
        return f"見出し「{addition.section}」がない"
    items.append(
        ScheduleItem(
            edition_id=records.edition.edition_id,
            page_no=correction.page,
            item_id=f"{records.edition.edition_id}:p{correction.page}:a{number}",
            chart_no=addition.chart,
            section_id=section.section_id if section else None,
            kind=addition.kind,
            text=addition.text,
            text_raw="",
            fy_start=addition.fy_start,
            fy_end=max(addition.fy_start, addition.fy_end),
            start_pos=float(addition.fy_start),
            end_pos=float(max(addition.fy_start, addition.fy_end) + 1),
            confidence=CONFIDENCE,
            evidence="correction",
            corrected_by=_signature(correction),
            original="{}",
            x0=chart.x0,
            y0=chart.y0,
            x1=chart.x1,
            y1=chart.y1,
        )
    )
    return None


def _section(records: EditionRecords, page_no: int, label: str) -> Section | None:
    """The heading of that name on the page, or the last one before it."""
    named = [
        s for s in records.sections if s.page_no <= page_no and compare_key(s.marker + s.title) == compare_key(label)
    ]
    return named[-1] if named else None


def _signature(correction: Correction) -> str:
    return f"{correction.by}: {correction.reason}"


def _unused(edition_id: str, number: int, correction: Correction, problem: str) -> Finding:
    return Finding(
        edition_id=edition_id,
        page_no=correction.page,
        finding_id=f"{edition_id}:p{correction.page}:u{number}",
        kind="correction_unused",
        severity="warning",
        message=f"訂正 {number + 1} は適用されなかった: {problem}",
        text=correction.text or (correction.add.text if correction.add else ""),
        x0=0,
        y0=0,
        x1=0,
        y1=0,
    )
