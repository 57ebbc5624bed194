# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counts of a run: for the line of progress, the log and the report."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from koteihyo.pipeline.archive.merge import Batch
from koteihyo.schema.archive import Document, Status


@dataclass
class Tally:
    """What a run has done so far. Times in seconds."""

    inputs: int = 0
    to_read: int = 0
    read: int = 0
    plans: int = 0
    pages: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    """By reason."""
    partial: int = 0
    """Documents of which pages were left out."""
    lost: int = 0
    """Times that work was lost with a machine, or failed, and was handed out again."""
    stored: int = 0
    """Documents in the data set."""
    stored_plans: int = 0
    batches: int = 0
    bytes: int = 0
    """Of all its files."""
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None

    def begin(self, inputs: int, to_read: int) -> None:
        """Notes what there is to do; the clock runs from here."""
        self.inputs, self.to_read, self.began = inputs, to_read, time.monotonic()

    def add(self, rows: Iterable[Document]) -> None:
        """Counts documents that were read."""
        for row in rows:
            self.read += 1
            self.plans += row.status is Status.PLAN
            self.pages += row.pages or 0
            self.partial += bool(row.pages_not_read)
            if row.reason is not None:
                self.failures[row.reason] += 1

    def end(self, batches: Iterable[Batch]) -> None:
        """Counts the data set as it is at the end."""
        self.ended = time.monotonic()
        for batch in batches:
            self.stored += batch.documents
            self.stored_plans += batch.plans
            self.batches += 1
            self.bytes += batch.size

    @property
    def seconds(self) -> float:
        """Since the beginning of the readings."""
        return (self.ended or time.monotonic()) - self.began

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.read / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Until all is read, at the rate so far; None before there is one."""
        return (self.to_read - self.read) / self.rate if self.rate else None

    def line(self) -> str:
        """How far the run is, on one line."""
        reasons = ", ".join(f"{reason} {count}" for reason, count in self.failures.most_common())
        parts = [
            f"{self.read:,} of {self.to_read:,} documents",
            f"{self.pages:,} pages",
            f"{self.plans:,} plans",
            f"{self.failures.total():,} failed{f' ({reasons})' if reasons else ''}",
            f"{self.rate:.1f}/s",
        ]
        if self.seconds_left is not None and self.read < self.to_read:
            parts.append(f"{_span(self.seconds_left)} left")
        return ", ".join(parts)

    def described(self) -> dict[str, object]:
        """All counts, for machines."""
        return {
            "inputs": self.inputs,
            "unchanged": self.inputs - self.to_read,
            "read": self.read,
            "plans": self.plans,
            "no_plan": self.read - self.plans - self.failures.total(),
            "failed": dict(self.failures.most_common()),
            "partial": self.partial,
            "pages": self.pages,
            "lost": self.lost,
            "seconds": round(self.seconds, 1),
            "documents_a_second": round(self.rate, 2),
            "data_set": {
                "documents": self.stored,
                "plans": self.stored_plans,
                "batches": self.batches,
                "bytes": self.bytes,
            },
        }

    def to_json(self) -> str:
        """The report as a file's text."""
        return json.dumps(self.described(), ensure_ascii=False, indent=1) + "\n"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
