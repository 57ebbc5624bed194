# SPDX-License-Identifier: AGPL-3.0-or-later
"""Follows measures through a chain of editions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from koteihyo.pipeline.diff.changes import Comparison
from koteihyo.schema.changes import ChangeType, EditionChange, ItemLineage
from koteihyo.schema.records import ScheduleItem


def is_delay(change: EditionChange) -> bool:
    """True when a measure was put off: it starts or ends later, and not because the chart did."""
    later = max(change.start_years or 0, change.end_years or 0) > 0
    return change.change_type is ChangeType.RESCHEDULED and later


def follow(chain: Sequence[Comparison], items: Sequence[ScheduleItem]) -> list[ItemLineage]:
    """One row for each measure of a chain.

    Args:
        chain: Comparisons of neighbouring editions, oldest first.
        items: The items of all editions of the chain, the oldest edition's first.
    """
    by_id = {item.item_id: item for item in items}
    successor = {old: new for comparison in chain for old, new in comparison.matches}
    changes: defaultdict[str, list[EditionChange]] = defaultdict(list)
    for comparison in chain:
        for change in comparison.changes:
            if change.old_item_id is not None:
                changes[change.old_item_id].append(change)
    continued = set(successor.values())
    lineages = []
    for item in items:
        if item.item_id in continued:
            continue
        steps = [item.item_id]
        while steps[-1] in successor:
            steps.append(successor[steps[-1]])
        lineages.append(_lineage([by_id[s] for s in steps], [c for s in steps for c in changes[s]]))
    return lineages


def _lineage(steps: Sequence[ScheduleItem], changes: Sequence[EditionChange]) -> ItemLineage:
    gone = [c for c in changes if c.new_item_id is None]
    return ItemLineage(
        lineage_id=steps[0].item_id,
        edition_ids=[item.edition_id for item in steps],
        item_ids=[item.item_id for item in steps],
        first_seen=steps[0].edition_id,
        last_seen=steps[-1].edition_id,
        ended=gone[0].change_type if gone else None,
        delays=sum(map(is_delay, changes)),
        delay_years=sum(c.end_years or 0 for c in changes if c.change_type is ChangeType.RESCHEDULED),
        rewordings=sum(c.change_type is ChangeType.REWORDED for c in changes),
        first_text=steps[0].text,
        last_text=steps[-1].text,
    )
