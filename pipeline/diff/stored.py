# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares stored editions and stores what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from koteihyo.pipeline.diff.changes import Comparison, compare_editions
from koteihyo.pipeline.diff.lineage import follow
from koteihyo.pipeline.store.stored import load_table, of_chain, of_pair, write_derived
from koteihyo.schema.changes import EditionChange, ItemLineage, RowChange
from koteihyo.schema.errors import UsageError
from koteihyo.schema.facts import ItemOrganization
from koteihyo.schema.records import Chart, Edition, EditionRecords, FiscalColumn, Page, ScheduleItem, Section, TableRow


@dataclass(frozen=True)
class Outcome:
    """What a comparison of stored editions found."""

    comparisons: list[Comparison]
    lineages: list[ItemLineage]
    """Empty for two editions: their changes say it all."""


def diff_stored(out: Path, editions: Sequence[str], wait: float = 0.0) -> Outcome:
    """Compares each edition with the next one, and replaces the rows of these pairs in the stored tables.

    With three or more editions, measures are also followed through all of them.

    Raises:
        UsageError: an edition is not stored, or comes twice in a chain.
        StoreError: nothing was stored yet, or the rows cannot be written.
        LockedError: another run holds the folder.
    """
    if len(editions) > 2 and len(set(editions)) < len(editions):
        raise UsageError("a chain names each edition once, oldest first")
    records = [load_compared(out, edition) for edition in editions]
    comparisons = [compare_editions(old, new) for old, new in pairwise(records)]
    derived = [
        of_pair(
            comparison.old.edition_id,
            comparison.new.edition_id,
            {EditionChange: comparison.changes, RowChange: comparison.row_changes},
        )
        for comparison in comparisons
    ]
    lineages: list[ItemLineage] = []
    if len(comparisons) > 1:
        lineages = follow(comparisons, [item for edition in records for item in edition.schedule_items])
        derived.append(of_chain(editions, {ItemLineage: lineages}))
    write_derived(out, derived, wait)
    return Outcome(comparisons, lineages)


def load_compared(out: Path, edition: str) -> EditionRecords:
    """What a comparison needs of a stored edition.

    Raises:
        UsageError: there is no such edition.
        StoreError: nothing was stored yet, or a file is damaged.
    """
    # Words, blocks and findings are most of an edition and no part of the comparison.
    return EditionRecords(
        edition=load_table(out, edition, Edition)[0],
        pages=load_table(out, edition, Page),
        charts=load_table(out, edition, Chart),
        fiscal_columns=load_table(out, edition, FiscalColumn),
        sections=load_table(out, edition, Section),
        table_rows=load_table(out, edition, TableRow),
        schedule_items=load_table(out, edition, ScheduleItem),
        item_organizations=load_table(out, edition, ItemOrganization),
    )
