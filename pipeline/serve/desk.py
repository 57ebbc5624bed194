# SPDX-License-Identifier: AGPL-3.0-or-later
"""The review desk: writes corrections down at once, shows them at once, and lets the tables follow."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from koteihyo.normalize.trust.corrections import correct
from koteihyo.pipeline.diff.stored import diff_stored
from koteihyo.pipeline.run.batch import Options, corrections_file, run
from koteihyo.pipeline.run.jobs import Limits
from koteihyo.pipeline.serve.live import Live
from koteihyo.pipeline.serve.told import changes, told
from koteihyo.pipeline.serve.wishes import Refused, Undo, Wish, as_correction
from koteihyo.pipeline.sources.corrections_file import append_entry, entries, remove_entry
from koteihyo.schema.corrections import Correction
from koteihyo.schema.errors import KoteihyoError
from koteihyo.schema.records import EditionRecords

# How long the tables may be held by another run before the desk says so, seconds.
PATIENCE = 120.0


@dataclass
class _Edition:
    """What the desk knows of one edition's corrections."""

    waiting: list[Correction] = field(default_factory=list)
    """Written and shown, not yet in the tables."""
    file_hash: str | None = None
    """The file as this desk last saw it."""
    problem: str | None = None
    """Why the tables did not follow."""


class Desk:
    """Corrections of all editions. Any thread may ask; wishes are heard one after the other."""

    def __init__(self, live: Live, raw: Path, out: Path, limits: Limits) -> None:
        self._live, self._raw, self._out, self._limits = live, raw, out, limits
        self._lock = threading.RLock()
        self._editions: defaultdict[str, _Edition] = defaultdict(_Edition)
        self._queue: list[str] = []
        self._wake = threading.Condition(self._lock)
        self._closing = False
        self._follower = threading.Thread(target=self._follow, daemon=True)
        self._follower.start()

    def close(self) -> None:
        """Lets the tables catch up with what was written, then ends."""
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._follower.join()

    def write(self, wish: Wish) -> dict[str, Any]:
        """Writes a correction into the edition's file; returns its key and what it changes.

        Raises:
            Refused: the wish cannot be fulfilled; nothing was written.
            KoteihyoError: the file cannot be read or written.
        """
        with self._lock:
            records = self._records(wish.edition)
            edition, path = self._editions[wish.edition], corrections_file(self._raw, wish.edition)
            correction, after = as_correction(wish, records)
            key = append_entry(path, correction)
            edition.file_hash = _hash(path)
            edition.waiting.append(correction)
            self._live.amend(wish.edition, after)
            self._ask_for(wish.edition)
            return {"key": key, "changes": changes(records, after)}

    def undo(self, wish: Undo) -> dict[str, Any]:
        """Takes a correction out of the edition's file; the tables follow.

        Raises:
            KoteihyoError: it is not there any more, or the file cannot be written.
        """
        with self._lock:
            self._records(wish.edition)
            edition, path = self._editions[wish.edition], corrections_file(self._raw, wish.edition)
            removed = remove_entry(path, wish.key)
            edition.file_hash = _hash(path)
            edition.waiting = [c for c in edition.waiting if c != _correction(removed)]
            self._ask_for(wish.edition)
            return {"removed": told(removed)}

    def state(self, edition_id: str) -> dict[str, Any]:
        """The corrections of an edition, newest first, and whether the tables have followed.

        Raises:
            KoteihyoError: there is no such edition, or its file cannot be understood.
        """
        with self._lock:
            records = self._records(edition_id)
            edition, path = self._editions[edition_id], corrections_file(self._raw, edition_id)
            unused = [f.message for f in records.findings if f.kind == "correction_unused"]
            return {
                "busy": edition_id in self._queue,
                "problem": edition.problem,
                "unused": unused,
                "entries": [told(entry) for entry in reversed(entries(path))],
            }

    def settle(self) -> None:
        """Waits until the tables have followed."""
        with self._wake:
            self._wake.wait_for(lambda: not self._queue)

    def _records(self, edition_id: str) -> EditionRecords:
        """The edition as it is shown now; what others wrote into its file is in the tables first."""
        edition, path = self._editions[edition_id], corrections_file(self._raw, edition_id)
        if self._live.records(edition_id) is None:
            del self._editions[edition_id]
            raise Refused("この版はありません。")
        if edition.file_hash is None:
            edition.file_hash = _hash(path)
        elif edition.file_hash != _hash(path):
            edition.file_hash = _hash(path)
            self._ask_for(edition_id)
            self._wake.wait_for(lambda: edition_id not in self._queue)
        records = self._live.records(edition_id)
        assert records is not None
        return records

    def _ask_for(self, edition_id: str) -> None:
        # Once more if it is being made just now: that one may have read the file too early.
        self._queue.append(edition_id)
        self._wake.notify_all()

    def _follow(self) -> None:
        """Brings the tables up to date, one edition after the other."""
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._queue or self._closing)
                if not self._queue:
                    return
                edition_id, asked = self._queue[0], self._queue.count(self._queue[0])
                written = list(self._editions[edition_id].waiting)
            problem = self._update(edition_id)
            with self._wake:
                edition = self._editions[edition_id]
                edition.problem = problem
                if problem is None:
                    edition.waiting = [c for c in edition.waiting if c not in written]
                self._live.forget()
                for shown in self._editions:
                    self._show_waiting(shown)
                for _ in range(min(asked, self._queue.count(edition_id))):
                    self._queue.remove(edition_id)
                self._wake.notify_all()

    def _update(self, edition_id: str) -> str | None:
        """Applies the edition's file to the tables; what went wrong."""
        options = Options(
            raw=self._raw, out=self._out, editions=(edition_id,), limits=self._limits, wait=PATIENCE, keep_readings=True
        )
        try:
            report = run(options)
            for outcome in report.failed:
                assert outcome.failure is not None
                return outcome.failure.message
            # What was made from the older rows went with them.
            for group in report.dropped:
                diff_stored(self._out, list(group), wait=PATIENCE)
        except KoteihyoError as error:
            return str(error)
        return None

    def _show_waiting(self, edition_id: str) -> None:
        records = self._live.records(edition_id)
        for correction in self._editions[edition_id].waiting:
            if records is None:
                return
            after = correct(records, [correction])
            # One that finds nothing is in the tables already.
            if len(after.findings) == len(records.findings):
                records = after
                self._live.amend(edition_id, records)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _correction(entry: Any) -> Correction:
    return Correction.model_validate(entry)
