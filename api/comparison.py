# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changed from one edition to the next."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.plan import Plan, read_plan
from koteihyo.schema.changes import ChangeType, EditionChange, RowChange
from koteihyo.schema.errors import UsageError
from koteihyo.schema.records import Edition

if TYPE_CHECKING:
    import polars as pl

    from koteihyo.pipeline.diff.changes import Comparison as Outcome


class Comparison:
    """Two editions of a plan and every change of an item between them.

    >>> import koteihyo
    >>> changes = koteihyo.compare("data/raw/sample-2024.pdf", "data/raw/sample-2025.pdf")
    >>> changes
    <Comparison sample-2024 → sample-2025: 65 changes, 19 unchanged>
    >>> [c.new_text for c in changes.of("added")][0]
    '▲事故発生時の報告義務の開始（令和８年４月）'
    """

    def __init__(self, outcome: Outcome) -> None:
        """Wraps the outcome of a comparison; use `koteihyo.compare` or `Dataset.diff`."""
        self._outcome = outcome

    def __repr__(self) -> str:
        pair = f"{self.old.edition_id} → {self.new.edition_id}"
        return f"<Comparison {pair}: {len(self.changes)} changes, {self.unchanged} unchanged>"

    @property
    def old(self) -> Edition:
        """The older edition."""
        return self._outcome.old

    @property
    def new(self) -> Edition:
        """The newer edition."""
        return self._outcome.new

    @property
    def changes(self) -> list[EditionChange]:
        """Every change in the reading order of the newer edition; an item can have several."""
        return self._outcome.changes

    @property
    def row_changes(self) -> list[RowChange]:
        """Cells beside the years that differ, of the table rows that both editions have."""
        return self._outcome.row_changes

    @property
    def unchanged(self) -> int:
        """Measures that both editions have and that nothing happened to."""
        return self._outcome.unchanged

    @property
    def counts(self) -> dict[str, int]:
        """How many changes there are of each type (added, removed, expired, reworded, moved, rescheduled …)."""
        found = Counter(change.change_type for change in self.changes)
        return {str(kind): found[kind] for kind in ChangeType}

    def of(self, *types: str) -> list[EditionChange]:
        """The changes of some types.

        Raises:
            UsageError: there is no such type.
        """
        unknown = set(types) - set(ChangeType)
        if unknown:
            raise UsageError(f"no such change: {', '.join(sorted(unknown))}; there are {', '.join(ChangeType)}")
        return [change for change in self.changes if change.change_type in types]

    def frame(self) -> pl.DataFrame:
        """The changes as a polars frame with the columns of the table `edition_changes`."""
        from koteihyo.pipeline.store.frames import to_frame

        return to_frame(EditionChange, self.changes)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a report for people (.md, .html), the rows (.csv) or an Atom feed (.atom).

        Raises:
            UsageError: the name ends in something else.
            StoreError: the file cannot be written.
        """
        from koteihyo.pipeline.report.files import write_csv, write_feed, write_report

        ending = Path(path).suffix.lower()
        if ending not in (".md", ".html", ".csv", ".atom"):
            raise UsageError(f"{os.fspath(path)}: name a file that ends in .md, .html, .csv or .atom")
        if ending == ".csv":
            write_csv(Path(path), self.changes)
        elif ending == ".atom":
            write_feed(Path(path), [self._outcome])
        else:
            write_report(Path(path), self._outcome)


def compare_plans(old: Plan | str | os.PathLike[str], new: Plan | str | os.PathLike[str]) -> Comparison:
    """What `koteihyo.compare` does.

    Raises:
        DocumentError: a PDF cannot be read.
        UsageError: both bear the same edition id.
    """
    from koteihyo.pipeline.diff.changes import compare_editions

    before, after = _plan(old), _plan(new)
    if before.edition.edition_id == after.edition.edition_id:
        raise UsageError(
            f"both editions are called {after.edition.edition_id}; read one with koteihyo.read(…, edition_id=…)"
        )
    return Comparison(compare_editions(before.records, after.records))


def _plan(source: Plan | str | os.PathLike[str]) -> Plan:
    if isinstance(source, Plan):
        return source
    from koteihyo.pipeline.run.jobs import Limits

    return read_plan(source, edition_id=None, corrections=(), limits=Limits(witness=False), isolated=False)
