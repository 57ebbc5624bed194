# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps an engine busy: hands out work, a little more than there are hands, and hands out again what was lost."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from typing import Any

from koteihyo.pipeline.archive.chunk import Chunk, HandedIn, read_chunk
from koteihyo.pipeline.archive.engines import Engine
from koteihyo.pipeline.archive.merge import Batch, MergePlan, merge
from koteihyo.pipeline.run.jobs import Limits
from koteihyo.schema.errors import KoteihyoError, StoreError

Job = Chunk | MergePlan
Done = HandedIn | Batch

# Handed out for each hand: one that it works on, and the next.
AHEAD = 2
TICK_SECONDS = 1.0
# A machine that is lost costs no document its chance: the marks in the storage count that, not these.
MOST_LOSSES = 100
MOST_FAILURES = 3
FAILURE_PAUSE = 2.0


@dataclass
class Work:
    """Work at an engine. `tick` is called about once a second; `lost` with what must be handed out again, and why."""

    engine: Engine
    target: str
    limits: Limits
    tick: Callable[[], None]
    lost: Callable[[Job, BaseException], None]
    _running: dict[Future[Any], Job] = field(default_factory=dict)
    _losses: dict[str, int] = field(default_factory=dict)

    def run(self, jobs: Iterable[Job], done: Callable[[Job, Done], Iterable[Job]]) -> None:
        """Does all jobs, and those that `done` gives for each that is done.

        Raises:
            KoteihyoError: a job failed again and again, by no fault of a machine.
        """
        coming, urgent = iter(jobs), deque[Job]()
        more = True
        while more or urgent or self._running:
            room = max(1, self.engine.slots()) * AHEAD - len(self._running)
            for _ in range(room):
                job = urgent.popleft() if urgent else next(coming, None)
                if job is None:
                    more = False
                    break
                self._hand_out(job)
            finished, _rest = wait(self._running, timeout=TICK_SECONDS, return_when=FIRST_COMPLETED)
            for future in finished:
                job = self._running.pop(future)
                error = CancelledError() if future.cancelled() else future.exception()
                if error is None:
                    urgent.extend(done(job, future.result()))
                else:
                    self._judge(job, error)
                    urgent.append(job)
            self.tick()

    def _hand_out(self, job: Job) -> None:
        if isinstance(job, Chunk):
            future: Future[Any] = self.engine.executor.submit(read_chunk, self.target, job, self.limits)
        else:
            future = self.engine.executor.submit(merge, self.target, job)
        self._running[future] = job

    def _judge(self, job: Job, error: BaseException) -> None:
        """Whether a job that failed may be handed out again."""
        times = self._losses[job.id] = self._losses.get(job.id, 0) + 1
        if isinstance(error, self.engine.losses):
            if times >= MOST_LOSSES:
                raise StoreError(f"work was lost {times} times ({error}); look after the engine") from error
        elif times >= MOST_FAILURES or not isinstance(error, KoteihyoError):
            raise error
        else:
            time.sleep(FAILURE_PAUSE)
        self.lost(job, error)
