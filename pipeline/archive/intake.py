# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pieces that wait until there are enough of them for a batch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from koteihyo.pipeline.archive.merge import Batch, MergePlan, Part
from koteihyo.pipeline.archive.plan import CHUNK_DOCUMENTS
from koteihyo.pipeline.archive.superseded import Superseded
from koteihyo.schema.archive import Document, Status


@dataclass(frozen=True)
class BatchSize:
    """When a batch is full. Readers like files of some megabytes; whoever makes one holds its pieces in memory."""

    plans: int = 300
    documents: int = 5000


@dataclass
class Intake:
    """Takes pieces as they are handed in and says what to merge."""

    size: BatchSize
    superseded: Superseded
    late: list[Part] = field(default_factory=list)
    """Pieces with rows that take the place of stored ones: they wait until those are gone."""
    replaced: set[str] = field(default_factory=set)
    _waiting: list[Part] = field(default_factory=list)
    _plans: int = 0
    _documents: int = 0

    def take(self, piece: str, rows: Iterable[Document], seen: Collection[str] = ()) -> list[MergePlan]:
        """Takes a piece, without the rows of inputs that were `seen` in another; the merge that is due with it, if any."""
        listed = list(rows)
        without = {row.source for row in listed if row.source in seen} | self.superseded.passing_in(listed)
        kept = [row for row in listed if row.source not in without]
        editions = {row.edition_id for row in listed if row.edition_id} - {row.edition_id for row in kept}
        part = Part(
            name=piece, without_sources=tuple(sorted(without)), without_editions=tuple(sorted(map(str, editions)))
        )
        replaced = self.superseded.replaced_by(kept)
        if replaced:
            self.replaced |= replaced
            self.late.append(part)
            return []
        self._waiting.append(part)
        self._documents += len(kept)
        self._plans += sum(row.status is Status.PLAN for row in kept)
        is_full = self._plans >= self.size.plans or self._documents >= self.size.documents
        return self.rest() if is_full else []

    def rest(self, batches: Mapping[str, Batch] | None = None) -> list[MergePlan]:
        """The merge of what waits, with those of some batches that are far from full."""
        small: list[Batch] = []
        for batch in (batches or {}).values():
            if self._is_small(batch) and sum(other.documents for other in small) < self.size.documents:
                small.append(batch)
        if not self._waiting and len(small) < 2:
            return []
        parts = (*self._waiting, *(Part(name=batch.id, is_piece=False) for batch in small))
        self._waiting, self._plans, self._documents = [], 0, 0
        return [MergePlan(parts=parts)]

    def late_merges(self) -> list[MergePlan]:
        """The merges of pieces that waited for stored rows to go."""
        step = max(1, self.size.plans // CHUNK_DOCUMENTS)
        return [MergePlan(parts=tuple(self.late[at : at + step])) for at in range(0, len(self.late), step)]

    def _is_small(self, batch: Batch) -> bool:
        return 2 * batch.plans < self.size.plans and 2 * batch.documents < self.size.documents
