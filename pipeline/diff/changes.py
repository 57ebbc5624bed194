# SPDX-License-Identifier: AGPL-3.0-or-later
"""The changes between two editions, one row each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from koteihyo.normalize.text.characters import compare_key
from koteihyo.pipeline.diff.entries import Entry, Place, Years, entries_of
from koteihyo.pipeline.diff.matching import Matching, match_entries
from koteihyo.pipeline.diff.pieces import wholes_of
from koteihyo.pipeline.diff.places import PlaceMap
from koteihyo.pipeline.diff.rows import row_changes
from koteihyo.pipeline.diff.similarity import Similarity, text_similarity
from koteihyo.pipeline.diff.spans import SpanChange, ended_before, span_change
from koteihyo.pipeline.diff.wording import changed_numbers, word_diff
from koteihyo.schema.changes import ChangeType, EditionChange, RowChange
from koteihyo.schema.records import Edition, EditionRecords


@dataclass(frozen=True)
class Comparison:
    """Two editions and what changed from one to the other."""

    old: Edition
    new: Edition
    changes: list[EditionChange]
    """In the reading order of the newer edition; what is gone stands where it stood among its neighbours."""
    matches: list[tuple[str, str]]
    """(older item's id, newer item's id) of each measure that both have."""
    row_changes: list[RowChange]
    """Cells beside the years that differ, of the table rows that both editions have."""
    unchanged: int
    """Measures that both have and that nothing happened to."""


def compare_editions(old: EditionRecords, new: EditionRecords) -> Comparison:
    """Matches the items of two editions and says what changed."""
    entries_old, entries_new = entries_of(old), entries_of(new)
    matching = match_entries(entries_old, entries_new, Similarity())
    places = PlaceMap(old, new, matching.pairs)
    ids = (old.edition.edition_id, new.edition.edition_id)
    changes: list[EditionChange] = []
    unchanged = 0
    for before, after in matching.pairs:
        found = list(_changes_of(ids, before, after, places))
        changes += found
        unchanged += not found
    split = wholes_of(matching.fresh, matching.pairs)
    merged = wholes_of(matching.gone, ((after, before) for before, after in matching.pairs))
    later_years = _later_years(matching, entries_new)
    for before in matching.gone:
        expired = ended_before(before, later_years(before))
        into = merged.get(before.item.item_id)
        changes.append(
            _change(
                ids,
                ChangeType.EXPIRED if expired else ChangeType.REMOVED,
                before,
                None,
                merged_into_item_id=into.item.item_id if into else None,
            )
        )
    for after in matching.fresh:
        whole = split.get(after.item.item_id)
        changes.append(
            _change(ids, ChangeType.ADDED, None, after, split_from_item_id=whole.item.item_id if whole else None)
        )
    at = _reading_order(entries_old, entries_new, matching)
    changes.sort(key=lambda c: at[c.new_item_id or c.old_item_id or ""])
    return Comparison(
        old=old.edition,
        new=new.edition,
        changes=changes,
        row_changes=row_changes(old, new, matching.pairs),
        matches=[(before.item.item_id, after.item.item_id) for before, after in matching.pairs],
        unchanged=unchanged,
    )


def _changes_of(ids: tuple[str, str], before: Entry, after: Entry, places: PlaceMap) -> Iterator[EditionChange]:
    if places.moved(before, after):
        yield _change(ids, ChangeType.MOVED, before, after)
    if before.key != after.key:
        dropped, put_in = changed_numbers(before.item.text, after.item.text)
        yield _change(
            ids,
            ChangeType.REWORDED,
            before,
            after,
            word_diff=word_diff(before.item.text, after.item.text),
            old_numbers=dropped,
            new_numbers=put_in,
        )
    if _recategorized(before.item.category, after.item.category):
        yield _change(ids, ChangeType.RECATEGORIZED, before, after)
    span = span_change(before, after)
    if span is not None:
        yield _change(ids, ChangeType(span.type), before, after, span)


def _recategorized(old: str | None, new: str | None) -> bool:
    # An edition without a legend says nothing of what its items are.
    return old is not None and new is not None and compare_key(old) != compare_key(new)


def _change(
    ids: tuple[str, str],
    change_type: ChangeType,
    before: Entry | None,
    after: Entry | None,
    span: SpanChange | None = None,
    **details: Any,
) -> EditionChange:
    present = after or before
    if present is None:
        raise ValueError("a change is about an item")
    return EditionChange(
        old_edition_id=ids[0],
        new_edition_id=ids[1],
        change_id=f"{ids[0]}--{ids[1]}:{change_type}:{(before or present).item.item_id}",
        change_type=change_type,
        kind=present.item.kind,
        similarity=round(text_similarity(before, after), 4) if before and after else 0.0,
        owners=list(present.owners),
        start_years=span.start_years if span else None,
        end_years=span.end_years if span else None,
        **_side("old", before),
        **_side("new", after),
        **details,
    )


def _side(side: str, entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {}
    values = {
        "item_id": entry.item.item_id,
        "text": entry.item.text,
        "category": entry.item.category,
        "fy_start": entry.item.fy_start,
        "fy_end": entry.item.fy_end,
        "chapter": entry.chapter,
        "path": list(entry.path),
        "row": entry.row_name,
        "page_no": entry.item.page_no,
    }
    return {f"{side}_{name}": value for name, value in values.items()}


def _reading_order(old: list[Entry], new: list[Entry], matching: Matching) -> dict[str, float]:
    """Item id → position in the newer edition; of an item that is gone, after the one that came before it."""
    at = {entry.item.item_id: float(position) for position, entry in enumerate(new)}
    partners = {before.item.item_id: after for before, after in matching.pairs}
    last_at = -1.0
    last_in: dict[Place, float] = {}
    for before in old:
        after = partners.get(before.item.item_id)
        if after is None:
            at[before.item.item_id] = last_in.get(before.place, last_at) + 0.5
        elif after.place == before.place:
            last_at = last_in[before.place] = at[after.item.item_id]
    return at


def _later_years(matching: Matching, new: list[Entry]) -> Callable[[Entry], Years]:
    """Which years the newer chart shows in whose place an item would stand: where its neighbours are now."""
    by_chart: defaultdict[tuple[int, int], Counter[Years]] = defaultdict(Counter)
    for before, after in matching.pairs:
        by_chart[_chart(before)][after.years] += 1
    everywhere = Counter(entry.years for entry in new)

    def years(entry: Entry) -> Years:
        votes = by_chart.get(_chart(entry)) or everywhere
        return max(votes.items(), key=lambda v: (v[1], str(v[0])), default=(Years(None, None), 0))[0]

    return years


def _chart(entry: Entry) -> tuple[int, int]:
    return entry.item.page_no, entry.item.chart_no
