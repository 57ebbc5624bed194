# SPDX-License-Identifier: AGPL-3.0-or-later
"""The course of an archive run: what is there, what is to be read, the readings, the batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.pipeline.archive.chunk import Chunk, HandedIn
from koteihyo.pipeline.archive.dataset import DataSet, documents, forget, forget_chunks, open_data_set
from koteihyo.pipeline.archive.engines import Engine
from koteihyo.pipeline.archive.hold import held
from koteihyo.pipeline.archive.inputs import list_inputs
from koteihyo.pipeline.archive.intake import BatchSize, Intake
from koteihyo.pipeline.archive.merge import Batch, MergePlan
from koteihyo.pipeline.archive.plan import Again, Survey, survey
from koteihyo.pipeline.archive.storage import Storage, open_storage
from koteihyo.pipeline.archive.superseded import superseded
from koteihyo.pipeline.archive.tally import Tally
from koteihyo.pipeline.archive.work import Done, Job, Work
from koteihyo.pipeline.run.jobs import Limits
from koteihyo.pipeline.sources.registry import Registration, load_registry
from koteihyo.schema.archive import Document, Status

if TYPE_CHECKING:
    import polars as pl

REPORT_FILE = ".archive/report.json"
Tell = Callable[[str, Mapping[str, object]], None]
"""Called with the name of an event and what is to be said of it."""


@dataclass(frozen=True)
class Options:
    """What to read, where to, and how."""

    source: str
    to: str
    limits: Limits = field(default_factory=Limits)
    again: Again = field(default_factory=Again)
    size: BatchSize = field(default_factory=BatchSize)
    wait: float = 0.0
    """Seconds to wait for another run to end."""


def archive(options: Options, engine: Engine, tell: Tell) -> Tally:
    """Brings the data set up to date with the inputs.

    Raises:
        UsageError: there is no such source.
        LockedError: another run writes there.
        StoreError: the target does not work. What was done is kept; run again.
    """
    storage = open_storage(options.to)
    with held(storage, options.wait):
        return _Run(options, engine, tell, storage).run()


class _Run:
    def __init__(self, options: Options, engine: Engine, tell: Tell, storage: Storage) -> None:
        self._options, self._tell, self._storage = options, tell, storage
        self._work = Work(engine, storage.url, options.limits, self._tick, self._lost)
        self._tally = Tally()
        self._data = DataSet()

    def run(self) -> Tally:
        self._data = open_data_set(self._storage)
        self._work.run(self._data.open_merges, self._done)
        stored = documents(self._storage, self._data.batches)
        found = self._survey(stored)
        self._intake = self._make_intake(found, stored)
        del stored
        self._tell("planned", {"inputs": found.inputs, "to_read": found.todo.height})
        self._tally.begin(found.inputs, found.todo.height)
        self._work.run(self._jobs(found), self._done)
        self._finish()
        return self._tally

    def _survey(self, stored: pl.DataFrame) -> Survey:
        """What is to be read: neither stored nor waiting for its batch."""
        import polars as pl

        from koteihyo.pipeline.store.frames import to_frame

        waiting = to_frame(Document, [row for rows in self._data.waiting.values() for row in rows])
        waiting = waiting.unique("source").with_columns(batch=pl.lit("", pl.String))
        known = pl.concat([stored.join(waiting, on="source", how="anti"), waiting])
        inputs = list_inputs(self._options.source)
        return survey(inputs, known, self._options.again, _registered(self._options.source))

    def _make_intake(self, found: Survey, stored: pl.DataFrame) -> Intake:
        import polars as pl

        waiting = [row.source for rows in self._data.waiting.values() for row in rows]
        again = pl.concat([found.todo.select("source"), pl.DataFrame({"source": waiting}, {"source": pl.String})])
        return Intake(self._options.size, superseded(stored, again.unique()))

    def _jobs(self, found: Survey) -> Iterator[Job]:
        # A machine that was thought dead may have handed in what another one read too.
        seen: set[str] = set()
        for piece, rows in self._data.waiting.items():
            yield from self._planned(self._intake.take(piece, rows, seen))
            seen.update(row.source for row in rows)
        self._data.waiting.clear()
        yield from found.chunks(self._data.blame)

    def _done(self, job: Job, done: Done) -> Iterable[Job]:
        if isinstance(done, HandedIn):
            assert isinstance(job, Chunk)
            self._tally.add(done.rows)
            self._tell("read", {"piece": done.piece, "documents": len(done.rows)})
            for row in done.rows:
                if row.status is Status.FAILED:
                    self._tell("failed", {"source": row.source, "reason": row.reason, "message": row.message})
            return self._planned(self._intake.take(done.piece, done.rows))
        assert isinstance(job, MergePlan)
        self._settle(done, job)
        return []

    def _planned(self, plans: list[MergePlan]) -> list[MergePlan]:
        """Writes plans down before they are carried out, so that a later run carries out the same."""
        for plan in plans:
            self._storage.put(plan.name, plan.model_dump_json().encode())
        return plans

    def _settle(self, batch: Batch, plan: MergePlan) -> None:
        """Removes what a batch was made of."""
        self._data.batches[batch.id] = batch
        for replaced in batch.replaces:
            self._data.batches.pop(replaced, None)
        forget(self._storage, batch.replaces)
        self._storage.remove([*batch.pieces, plan.name])
        self._tell("batch", {"id": batch.id, "documents": batch.documents, "plans": batch.plans, "bytes": batch.size})

    def _finish(self) -> None:
        intake = self._intake
        for plans in (
            intake.superseded.rewritten(intake.replaced),
            intake.late_merges(),
            intake.rest(self._data.batches),
        ):
            self._work.run(self._planned(plans), self._done)
        forget_chunks(self._storage)
        self._tally.end(self._data.batches.values())
        self._storage.put(REPORT_FILE, self._tally.to_json().encode())
        self._tell("end", self._tally.described())

    def _tick(self) -> None:
        self._tell("tick", {"tally": self._tally})

    def _lost(self, job: Job, error: BaseException) -> None:
        self._tally.lost += 1
        self._tell("lost", {"work": job.id, "error": f"{type(error).__name__}: {error}"})


def _registered(source: str) -> Mapping[str, Registration]:
    """What a folder's register says of its files, by their paths."""
    folder = Path(source).absolute()
    if not folder.is_dir():
        return {}
    return {str(folder / registration.file): registration for registration in load_registry(folder).values()}
