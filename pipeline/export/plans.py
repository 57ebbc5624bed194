# SPDX-License-Identifier: AGPL-3.0-or-later
"""The editions and the pairs of editions that a workbook draws."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from koteihyo.pipeline.diff.stored import load_compared
from koteihyo.pipeline.query.connection import connect
from koteihyo.pipeline.store.stored import chosen_editions, database_path, load_table
from koteihyo.schema.changes import EditionChange
from koteihyo.schema.records import EditionRecords, Note


def drawn_editions(out: Path, editions: Sequence[str]) -> list[EditionRecords]:
    """The editions that hold a chart, oldest first; only some of them when they are named.

    Raises:
        StoreError: nothing was stored yet, or a file is damaged.
    """
    loaded = [
        load_compared(out, edition).model_copy(update={"notes": load_table(out, edition, Note)})
        for edition in chosen_editions(out, editions)
    ]
    return [records for records in loaded if records.schedule_items]


def stored_changes(out: Path, editions: Sequence[str]) -> list[list[EditionChange]]:
    """The stored changes of each pair of editions, in their order; of named ones only pairs of which both are named.

    Raises:
        StoreError: nothing was stored yet.
    """
    with connect(database_path(out)) as connection:
        cursor = connection.execute("SELECT * FROM edition_changes")
        names = [column[0] for column in cursor.description or []]
        rows = [EditionChange.model_validate(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    pairs = groupby(rows, key=lambda change: (change.old_edition_id, change.new_edition_id))
    return [list(changes) for pair, changes in pairs if not editions or set(pair) <= set(editions)]
