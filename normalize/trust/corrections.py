# SPDX-License-Identifier: AGPL-3.0-or-later
"""Applies corrections by hand to the records of an edition; each is recorded, and one that finds nothing is said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from koteihyo.normalize.text.characters import compare_key
from koteihyo.schema.corrections import Addition, Change, Correction, Heading
from koteihyo.schema.findings import Box, Finding, FindingKind, Severity, Spot, make_finding
from koteihyo.schema.records import EditionRecords, ScheduleItem, Section, TableRow

# A value that a person has set is as sure as it gets.
CONFIDENCE = 1.0
# How far outside a box a point still is in it, PDF points: people write down whole ones.
NEAR = 1.0

R = TypeVar("R", Section, TableRow)


@dataclass
class _Corrected:
    """The tables that corrections change, and those that they look things up in."""

    records: EditionRecords
    items: list[ScheduleItem]
    findings: list[Finding]


def correct(records: EditionRecords, corrections: Sequence[Correction], invalid: Sequence[str] = ()) -> EditionRecords:
    """The records with the corrections applied in order; `invalid` says which others make no sense, and why."""
    state = _Corrected(records, list(records.schedule_items), list(records.findings))
    for number, correction in enumerate(corrections):
        problem = _apply(state, correction, number)
        if problem is not None:
            state.findings.append(_unused(records.edition.edition_id, number, correction, problem))
    state.findings += [_invalid(records.edition.edition_id, i, problem) for i, problem in enumerate(invalid)]
    return records.model_copy(update={"schedule_items": state.items, "findings": state.findings})


def _apply(state: _Corrected, correction: Correction, number: int) -> str | None:
    """Changes the tables; what is wrong when the correction does not apply."""
    if correction.add is not None:
        return _add(state, correction, correction.add, number)
    if correction.ignore:
        return None if _settle(state, correction) else "該当する所見がない"
    matches = [i for i, item in enumerate(state.items) if _is_meant(item, correction)]
    if len(matches) != 1:
        return "該当する項目がない" if not matches else f"該当する項目が{len(matches)}件ある（years か at で区別する）"
    at = matches[0]
    if correction.drop:
        _drop(state.items, at)
        return None
    change = correction.set or Change()
    update = _update(state.records, state.items[at], change)
    if isinstance(update, str):
        return update
    before = {name: getattr(state.items[at], name) for name in update}
    # What an earlier correction replaced is what was read.
    before |= json.loads(state.items[at].original or "{}")
    state.items[at] = state.items[at].model_copy(
        update={
            **update,
            "confidence": CONFIDENCE,
            "corrected_by": _signature(correction),
            "original": json.dumps(before, ensure_ascii=False, sort_keys=True, default=str),
        }
    )
    return None


def _drop(items: list[ScheduleItem], at: int) -> None:
    dropped = items.pop(at)
    for i, item in enumerate(items):
        if item.parent_item_id == dropped.item_id:
            items[i] = item.model_copy(update={"parent_item_id": dropped.parent_item_id})


def _is_meant(item: ScheduleItem, correction: Correction) -> bool:
    return (
        item.page_no == correction.page
        and compare_key(item.text) == compare_key(correction.text or "")
        and (correction.years is None or (item.fy_start, item.fy_end) == correction.years)
        and (correction.at is None or _holds(item.box, correction.at))
    )


def _holds(box: Box | None, point: tuple[float, float]) -> bool:
    x, y = point
    return box is not None and box[0] - NEAR <= x <= box[2] + NEAR and box[1] - NEAR <= y <= box[3] + NEAR


def _update(records: EditionRecords, item: ScheduleItem, change: Change) -> dict[str, Any] | str:
    """The new values of an item; or what is wrong: its new heading or row does not exist."""
    update: dict[str, Any] = {
        name: value
        for name in ("text", "kind", "owners")
        if (value := getattr(change, name)) is not None and value != getattr(item, name)
    }
    start = item.fy_start if change.fy_start is None else change.fy_start
    end = item.fy_end if change.fy_end is None else change.fy_end
    if (start, end) != (item.fy_start, item.fy_end) and start is not None and end is not None:
        if end < start:
            return f"年度が逆になる（{start}～{end}）。fy_start と fy_end の両方を書く"
        # A person knows years, not positions: the item then fills its years.
        update |= {"fy_start": start, "fy_end": end, "start_pos": float(start), "end_pos": end + 1.0}
    if change.section is not None:
        section = _named(records.sections, item.page_no, change.section)
        if section is None:
            return f"見出し「{_label(change.section)}」がない"
        update |= {"section_id": section.section_id, "section_confidence": CONFIDENCE}
    elif change.takes_away("section") and item.section_id is not None:
        update |= {"section_id": None, "section_confidence": CONFIDENCE}
    if change.row is not None:
        row = _named((r for r in records.table_rows if r.page_no == item.page_no), item.page_no, change.row)
        if row is None:
            return f"表の行「{_label(change.row)}」がない"
        update |= {"row_id": row.row_id, "section_confidence": CONFIDENCE}
    elif change.takes_away("row") and item.row_id is not None:
        update |= {"row_id": None, "section_confidence": CONFIDENCE}
    return update


def _add(state: _Corrected, correction: Correction, addition: Addition, number: int) -> str | None:
    records = state.records
    chart = next((c for c in records.charts if (c.page_no, c.chart_no) == (correction.page, addition.chart)), None)
    if chart is None:
        return "このページに工程表がない"
    section = _named(records.sections, correction.page, addition.section) if addition.section else None
    if addition.section and section is None:
        return f"見出し「{_label(addition.section)}」がない"
    rows = [r for r in records.table_rows if r.page_no == correction.page]
    row = _named(rows, correction.page, addition.row) if addition.row else None
    if addition.row and row is None:
        return f"表の行「{_label(addition.row)}」がない"
    known = {item.item_id for item in state.items}
    names = (f"{records.edition.edition_id}:p{correction.page}:a{n}" for n in count(number))
    # Text that was in no record is now in one; it stands where it was found.
    found = _settle(state, correction)
    x0, y0, x1, y1 = addition.box or (found.box if found else None) or chart.box
    state.items.append(
        ScheduleItem(
            edition_id=records.edition.edition_id,
            page_no=correction.page,
            item_id=next(name for name in names if name not in known),
            chart_no=addition.chart,
            section_id=section.section_id if section else None,
            row_id=row.row_id if row else None,
            kind=addition.kind,
            text=addition.text,
            text_raw="",
            fy_start=addition.fy_start,
            fy_end=addition.fy_end,
            start_pos=float(addition.fy_start),
            end_pos=float(addition.fy_end + 1),
            confidence=CONFIDENCE,
            evidence="correction",
            corrected_by=_signature(correction),
            original="{}",
            x0=x0,
            y0=y0,
            x1=x1,
            y1=y1,
        )
    )
    return None


def _settle(state: _Corrected, correction: Correction) -> Finding | None:
    """The finding whose text a correction names, which nobody needs to look at any more; None when there is none."""
    text = compare_key(correction.add.text if correction.add else correction.text or "")
    for i, finding in enumerate(state.findings):
        if finding.page_no != correction.page or not finding.text or compare_key(finding.text) != text:
            continue
        if correction.at is None or _holds(finding.box, correction.at):
            message = f"{finding.message}（確認済み：{_signature(correction)}）"
            state.findings[i] = finding.model_copy(update={"severity": Severity.INFO, "message": message})
            return finding
    return None


def _named(rows: Iterable[R], page_no: int, name: Heading) -> R | None:
    """The heading or row of that name on the page, or the last one before it."""
    wanted = [compare_key(part) for part in ([name] if isinstance(name, str) else name)]
    named = [row for row in rows if row.page_no <= page_no and _parts(row, isinstance(name, str)) == wanted]
    return named[-1] if named else None


def _parts(row: Section | TableRow, label: bool) -> list[str]:
    if isinstance(row, Section):
        parts = [row.marker + row.title] if label else row.path
    else:
        parts = [row.name] if label else [part for part in (row.group_label, row.name) if part]
    return [compare_key(part) for part in parts]


def _label(name: Heading) -> str:
    return name if isinstance(name, str) else " › ".join(name)


def _signature(correction: Correction) -> str:
    return f"{correction.by}: {correction.reason}"


def _unused(edition_id: str, number: int, correction: Correction, problem: str) -> Finding:
    spot = Spot(correction.text or (correction.add.text if correction.add else ""))
    kind = FindingKind.CORRECTION_UNUSED
    return make_finding(kind, edition_id, correction.page, f"u{number}", spot, correction=number + 1, problem=problem)


def _invalid(edition_id: str, number: int, problem: str) -> Finding:
    return make_finding(FindingKind.CORRECTION_INVALID, edition_id, 1, f"v{number}", problem=problem)
