# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the texts of an edition for what they say: phase, dates, targets, organisations and words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from koteihyo.normalize.facts.dates import DateMention, find_dates
from koteihyo.normalize.facts.organizations import OrganizationMention, find_organizations, owner_organizations
from koteihyo.normalize.facts.phases import phase_of
from koteihyo.normalize.facts.targets import TargetMention, find_targets
from koteihyo.normalize.facts.words import word_records
from koteihyo.normalize.text.era import fiscal_year_of
from koteihyo.schema.facts import ItemDate, ItemOrganization, ItemTarget, OrganizationRole, RowDate, RowTarget
from koteihyo.schema.records import EditionRecords, ItemKind, ScheduleItem, TableRow


def with_facts(records: EditionRecords) -> EditionRecords:
    """The records with phases, dates, targets, organisations and words filled in."""
    published = records.edition.published_on
    current = fiscal_year_of(published) if published else None
    rows = {row.row_id: row for row in records.table_rows}
    items: list[ScheduleItem] = []
    dates: list[ItemDate] = []
    targets: list[ItemTarget] = []
    organizations: list[ItemOrganization] = []
    for item in records.schedule_items:
        phase = None if item.kind in (ItemKind.HEADING, ItemKind.CALLOUT) else phase_of(item.text)
        items.append(item.model_copy(update={"phase": phase}))
        item_dates, item_targets = _numbers(item, current)
        dates += item_dates
        targets += item_targets
        organizations += _organizations(item, rows.get(item.row_id or ""))
    cells = [_cell_numbers(row, current) for row in records.table_rows]
    return records.model_copy(
        update={
            "schedule_items": items,
            "item_dates": dates,
            "item_targets": targets,
            "item_organizations": organizations,
            "row_dates": [date for found, _targets in cells for date in found],
            "row_targets": [target for _dates, found in cells for target in found],
            "tokens": word_records(records),
        }
    )


def _numbers(item: ScheduleItem, current: int | None) -> tuple[list[ItemDate], list[ItemTarget]]:
    fiscal_years = None
    if item.fy_start is not None and item.fy_end is not None:
        fiscal_years = (item.fy_start, item.fy_end)
    found = find_dates(item.text, fiscal_years=fiscal_years, current=current)
    key: dict[str, Any] = {"edition_id": item.edition_id, "item_id": item.item_id}
    dates = [ItemDate(**key, ordinal=n, **_date(date)) for n, date in enumerate(found)]
    targets = [ItemTarget(**key, ordinal=n, **_target(t)) for n, t in enumerate(find_targets(item.text, found))]
    return dates, targets


def _cell_numbers(row: TableRow, current: int | None) -> tuple[list[RowDate], list[RowTarget]]:
    """The dates and figures of the cells beside the years; where a cell names no measure, its column's header does."""
    dates: list[RowDate] = []
    targets: list[RowTarget] = []
    for cell in row.attributes:
        found = find_dates(cell.text, fiscal_years=None, current=current)
        key: dict[str, Any] = {"edition_id": row.edition_id, "row_id": row.row_id, "attribute": cell.name}
        dates += [RowDate(**key, ordinal=len(dates) + n, **_date(date)) for n, date in enumerate(found)]
        aims = find_targets(cell.text, found)
        targets += [RowTarget(**key, ordinal=len(targets) + n, **_target(aim)) for n, aim in enumerate(aims)]
    return dates, targets


def _date(date: DateMention) -> dict[str, Any]:
    return {
        "date_from": date.date_from,
        "date_to": date.date_to,
        "precision": date.precision,
        "approximate": date.approximate,
        "role": date.role,
        "text": date.text,
        "char_start": date.start,
        "char_end": date.end,
    }


def _target(target: TargetMention) -> dict[str, Any]:
    return {
        "value": target.value,
        "unit": target.unit,
        "comparator": target.comparator,
        "approximate": target.approximate,
        "measure": target.measure,
        "deadline": target.deadline,
        "text": target.text,
        "char_start": target.start,
        "char_end": target.end,
    }


def _organizations(item: ScheduleItem, row: TableRow | None) -> Iterator[ItemOrganization]:
    """Owners first; an owner that the text names too is not listed again."""
    # A row's owner cell is broken anywhere; only its joined text holds whole names.
    owners = owner_organizations([row.owner_text] if row and row.owner_text else item.owners)
    seen: set[tuple[str, str | None]] = set()
    tagged: Iterable[tuple[OrganizationMention, OrganizationRole]] = chain(
        ((mention, OrganizationRole.OWNER) for mention in owners),
        ((mention, OrganizationRole.MENTIONED) for mention in find_organizations(item.text)),
    )
    owner_names = {mention.name for mention in owners}
    for mention, role in tagged:
        identity = (mention.name, mention.unit)
        if identity in seen or (role is OrganizationRole.MENTIONED and mention.name in owner_names):
            continue
        yield ItemOrganization(
            edition_id=item.edition_id,
            item_id=item.item_id,
            ordinal=len(seen),
            organization=mention.name,
            unit=mention.unit,
            role=role,
            text=mention.text,
        )
        seen.add(identity)
