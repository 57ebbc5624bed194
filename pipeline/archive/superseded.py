# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of batches that newer readings take the place of, and the plans that take them out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from koteihyo.pipeline.archive.inputs import PASSING
from koteihyo.pipeline.archive.merge import MergePlan, Part
from koteihyo.schema.archive import Document

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Superseded:
    """Stored rows of inputs that are read again."""

    stored: Mapping[str, tuple[str, str | None, str]] = field(default_factory=dict)
    """Source → its batch, its edition and its status."""
    holders: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Edition → all inputs that are this edition."""

    def replaced_by(self, rows: Iterable[Document]) -> set[str]:
        """The inputs of some rows whose stored rows they take the place of."""
        return {row.source for row in rows if row.source in self.stored and not self._is_passing(row)}

    def passing_in(self, rows: Iterable[Document]) -> set[str]:
        """The inputs of some rows that could not be had this time, and keep the rows of their last good reading."""
        return {row.source for row in rows if row.source in self.stored and self._is_passing(row)}

    def _is_passing(self, row: Document) -> bool:
        return row.reason in PASSING and self.stored[row.source][2] != "failed"

    def rewritten(self, sources: Collection[str]) -> list[MergePlan]:
        """Each batch that holds rows of these inputs, to be made again without them."""
        of_batch = defaultdict(set)
        for source in sources:
            batch, edition, _status = self.stored[source]
            of_batch[batch].add((source, edition))
        plans = []
        for batch, rows in sorted(of_batch.items()):
            editions = {edition for _source, edition in rows if edition is not None}
            gone = sorted(edition for edition in editions if set(self.holders[edition]) <= set(sources))
            names = tuple(sorted(source for source, _edition in rows))
            part = Part(name=batch, is_piece=False, without_sources=names, without_editions=tuple(gone))
            plans.append(MergePlan(parts=(part,)))
        return plans


def superseded(stored: pl.DataFrame, again: pl.DataFrame) -> Superseded:
    """What is stored of inputs that are, or were, read `again` (their column is `source`)."""
    old = stored.join(again, on="source", how="semi").select("source", "batch", "edition_id", "status")
    rows = {source: (batch, edition, status) for source, batch, edition, status in old.iter_rows()}
    editions = old.select("edition_id").drop_nulls().unique()
    holders: dict[str, set[str]] = defaultdict(set)
    for edition, source in (
        stored.join(editions, on="edition_id", how="semi").select("edition_id", "source").iter_rows()
    ):
        holders[edition].add(source)
    return Superseded(rows, holders)
