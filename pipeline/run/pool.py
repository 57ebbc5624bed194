# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives documents to worker processes, several at a time, and takes what they make of them."""

from __future__ import annotations

import selectors
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from koteihyo.pipeline.run.allowance import next_try
from koteihyo.pipeline.run.jobs import Failure, Limits, Progress, Request, Result
from koteihyo.pipeline.run.parts import split
from koteihyo.pipeline.run.process import Job, SplitDocument, Worker, start_worker
from koteihyo.schema.errors import StoreError

# Between two looks at progress and deadlines; a document that is done is taken at once.
POLL_SECONDS = 0.1
# A document of so many pages is read by several workers, if they have nothing else to do.
SPLIT_FROM = 24
OnProgress = Callable[[str, Progress], None]
"""Called with an edition's id and the page its worker is at."""


@dataclass
class Crew:
    """Worker processes that live on from one call of `read_all` to the next, and the folder of what they complain of."""

    folder: Path
    workers: list[Worker] = field(default_factory=list)
    started: int = 0

    def start(self) -> Worker:
        """Starts one more worker."""
        worker = start_worker(self.folder / f"worker-{self.started}.log")
        self.started += 1
        self.workers.append(worker)
        return worker

    def end(self, *, all_of_them: bool = True) -> None:
        """Ends the workers, or only those that are at work."""
        for worker in self.workers:
            if all_of_them or worker.job is not None:
                worker.end()


def read_all(
    requests: Sequence[Request],
    root: Path,
    parallel: int,
    on_progress: OnProgress | None = None,
    crew: Crew | None = None,
) -> Iterator[tuple[Request, Path, Result]]:
    """Reads every document in a worker process, `parallel` of them at a time, and yields them as they end.

    A worker reads many documents, one after the other. It is replaced after some number of them, and at the first that
    is not read as it should be. A long document is read by several workers when they have nothing else to do; its rows
    are the same. A result with a summary has its Parquet files in the folder that comes with it, under `root`.

    Workers of a `crew` that is given live on; whoever gives it ends them.

    Raises:
        StoreError: a worker could not write its files.
    """
    waiting = [Job(request, root / str(number)) for number, request in enumerate(requests)][::-1]
    own = crew or Crew(root)
    workers = own.workers
    try:
        while waiting or any(worker.job is not None for worker in workers):
            workers[:] = [worker for worker in workers if worker.job is not None or worker.is_alive]
            while waiting and (len(workers) < parallel or any(worker.job is None for worker in workers)):
                job = waiting.pop()
                job.folder.mkdir(parents=True)
                worker = next((worker for worker in workers if worker.job is None), None)
                if worker is None:
                    worker = own.start()
                if _is_for_all(job, len(waiting), parallel):
                    job.request = job.request.model_copy(update={"split_from": SPLIT_FROM})
                worker.give(job)
            _wait(workers)
            for job, result in _ended(workers, on_progress):
                if result.store_error is not None:
                    raise StoreError(result.store_error)
                if result.pages:
                    waiting += _parts(job, result.pages, parallel)
                elif job.document is not None and (result.summary is None or job.request.part is not None):
                    waiting += _after_part(job, result, waiting)
                elif (again := next_try(job.request, result, Progress.load(job.folder))) is not None:
                    waiting.append(Job(again, job.folder.with_name(f"{job.folder.name}+")))
                else:
                    yield job.request, job.folder, result
    finally:
        own.end(all_of_them=crew is None)


def _is_for_all(job: Job, waiting: int, parallel: int) -> bool:
    """Whether workers would have nothing to do while one reads this document."""
    return job.document is None and not job.alone and job.request.may_be_split and waiting + 1 < parallel


def _parts(job: Job, pages: int, parallel: int) -> list[Job]:
    """The parts of a long document, the last one first."""
    request = job.request.model_copy(update={"split_from": 0})
    parts = split(pages, parallel)
    folders = [job.folder.with_name(f"{job.folder.name}.{number}") for number in range(len(parts))]
    document = SplitDocument(request, job.folder, folders, len(parts))
    jobs = zip(parts, folders, strict=True)
    return [Job(request.model_copy(update={"part": part}), folder, document) for part, folder in jobs][::-1]


def _after_part(job: Job, result: Result, waiting: list[Job]) -> list[Job]:
    """What is to be done after a part of a document: its parts joined, or all of it read by one worker after all."""
    document = job.document
    assert document is not None
    if document.left < 0:
        # Another of its parts has failed.
        return []
    if result.failure is not None or result.whole:
        document.left = -1
        waiting[:] = [other for other in waiting if other.document is not document]
        return [Job(document.request, document.folder.with_name(f"{document.folder.name}.all"), alone=True)]
    document.left -= 1
    if document.left:
        return []
    request = document.request.model_copy(update={"parts": tuple(document.parts)})
    return [Job(request, document.folder.with_name(f"{document.folder.name}.joined"), document)]


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
