# SPDX-License-Identifier: AGPL-3.0-or-later
"""Table rows that two editions have, and which of their cells beside the years differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from koteihyo.normalize.text.characters import compare_key
from koteihyo.pipeline.diff.entries import Entry, row_key
from koteihyo.pipeline.diff.wording import word_diff
from koteihyo.schema.changes import RowChange
from koteihyo.schema.records import EditionRecords, TableRow


def row_changes(old: EditionRecords, new: EditionRecords, pairs: Iterable[tuple[Entry, Entry]]) -> list[RowChange]:
    """The cells that differ, in the newer edition's reading order. `pairs` are the items that both editions have."""
    ids = (old.edition.edition_id, new.edition.edition_id)
    return [change for before, after in _same_rows(old, new, pairs) for change in _changes_of(ids, before, after)]


def _same_rows(
    old: EditionRecords, new: EditionRecords, pairs: Iterable[tuple[Entry, Entry]]
) -> list[tuple[TableRow, TableRow]]:
    """Rows of the same name and group; else those that most of a row's items now stand in."""
    by_key = {key: rows[0] for key, rows in _by_key(old).items() if len(rows) == 1}
    found = {rows[0].row_id: by_key[key] for key, rows in _by_key(new).items() if len(rows) == 1 and key in by_key}
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for before, after in pairs:
        if before.item.row_id and after.item.row_id:
            votes[after.item.row_id][before.item.row_id] += 1
    taken = {row.row_id for row in found.values()}
    old_rows = {row.row_id: row for row in old.table_rows}
    for row_id, counts in votes.items():
        partner, count = counts.most_common(1)[0]
        # One item does not tell a row that was renamed from an item that was moved.
        if row_id not in found and partner not in taken and count >= 2 and 2 * count > counts.total():
            found[row_id] = old_rows[partner]
            taken.add(partner)
    return [(found[row.row_id], row) for row in new.table_rows if row.row_id in found]


def _by_key(records: EditionRecords) -> dict[str, list[TableRow]]:
    rows: defaultdict[str, list[TableRow]] = defaultdict(list)
    for row in records.table_rows:
        rows[row_key(row)].append(row)
    return rows


def _changes_of(ids: tuple[str, str], before: TableRow, after: TableRow) -> Iterator[RowChange]:
    old, new = _cells(before), _cells(after)
    for column in dict.fromkeys([*new, *old]):
        was, now = old.get(column), new.get(column)
        if compare_key(was or "") == compare_key(now or ""):
            continue
        yield RowChange(
            old_edition_id=ids[0],
            new_edition_id=ids[1],
            change_id=f"{ids[0]}--{ids[1]}:{after.row_id}:{column}",
            old_row_id=before.row_id,
            new_row_id=after.row_id,
            group_label=after.group_label,
            name=after.name,
            column_name=column,
            old_text=was,
            new_text=now,
            word_diff=word_diff(was, now) if was and now else None,
            old_page_no=before.page_no,
            new_page_no=after.page_no,
        )


def _cells(row: TableRow) -> dict[str, str | None]:
    """Column → text. Of two columns with one header the later one is told apart by its number."""
    cells: dict[str, str | None] = {"name": row.name, "done_text": row.done_text, "owner_text": row.owner_text}
    for attribute in row.attributes:
        if attribute.text and attribute.text in (row.done_text, row.owner_text):
            continue  # The same cell under its own header.
        name, number = attribute.name, 1
        while name in cells:
            number += 1
            name = f"{attribute.name} ({number})"
        cells[name] = attribute.text
    return cells
