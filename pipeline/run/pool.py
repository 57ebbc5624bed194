# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives documents to worker processes, several at a time, and takes what they make of them."""

from __future__ import annotations

import selectors
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from koteihyo.pipeline.run.allowance import next_try
from koteihyo.pipeline.run.jobs import Failure, Limits, Progress, Request, Result
from koteihyo.pipeline.run.process import Job, Worker, start_worker
from koteihyo.schema.errors import StoreError

# Between two looks at progress and deadlines; a document that is done is taken at once.
POLL_SECONDS = 0.1
OnProgress = Callable[[str, Progress], None]
"""Called with an edition's id and the page its worker is at."""


def read_all(
    requests: Sequence[Request], root: Path, parallel: int, on_progress: OnProgress | None = None
) -> Iterator[tuple[Request, Path, Result]]:
    """Reads every document in a worker process, `parallel` of them at a time, and yields them as they end.

    A worker reads many documents, one after the other. It is replaced after some number of them, and at the first that
    is not read as it should be. A result with a summary has its Parquet files in the folder that comes with it, under
    `root`.

    Raises:
        StoreError: a worker could not write its files.
    """
    waiting = [Job(request, root / str(number)) for number, request in enumerate(requests)][::-1]
    workers: list[Worker] = []
    started = 0
    try:
        while waiting or any(worker.job is not None for worker in workers):
            workers = [worker for worker in workers if worker.job is not None or worker.is_alive]
            while waiting and (len(workers) < parallel or any(worker.job is None for worker in workers)):
                job = waiting.pop()
                job.folder.mkdir(parents=True)
                worker = next((worker for worker in workers if worker.job is None), None)
                if worker is None:
                    worker = start_worker(root / f"worker-{started}.log")
                    started += 1
                    workers.append(worker)
                worker.give(job)
            _wait(workers)
            for job, result in _ended(workers, on_progress):
                if result.store_error is not None:
                    raise StoreError(result.store_error)
                again = next_try(job.request, result, Progress.load(job.folder))
                if again is not None:
                    waiting.append(Job(again, job.folder.with_name(f"{job.folder.name}+")))
                    continue
                yield job.request, job.folder, result
    finally:
        for worker in workers:
            worker.end()


def _wait(workers: Sequence[Worker]) -> None:
    """Waits until a worker is done or gone, but not longer than until the next look at progress."""
    with selectors.DefaultSelector() as selector:
        for worker in workers:
            if worker.job is not None:
                selector.register(worker.pipe, selectors.EVENT_READ, worker)
        for key, _events in selector.select(POLL_SECONDS):
            key.data.listen()


def _ended(workers: Sequence[Worker], on_progress: OnProgress | None) -> Iterator[tuple[Job, Result]]:
    """The documents that are done."""
    for worker in workers:
        job = worker.job
        if job is None:
            continue
        if on_progress is not None and (progress := Progress.load(job.folder)):
            on_progress(job.request.edition.edition_id, progress)
        result = worker.take()
        if result is not None:
            yield job, result


def too_large(name: str, size: int, limits: Limits) -> Failure | None:
    """The failure of a file over the size limit, before any process is started for it."""
    if size <= limits.max_size:
        return None
    message = f"{name}: {size >> 20} MiB, more than the limit of {limits.max_size >> 20} MiB; raise --max-size"
    return Failure(reason="too_large", message=message)
