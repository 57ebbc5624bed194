# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs worker processes, several at a time, and judges how each of them ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from koteihyo.pipeline.run.allowance import next_try
from koteihyo.pipeline.run.jobs import Failure, Limits, Progress, Request, Result
from koteihyo.pipeline.run.worker import memory_failure
from koteihyo.pipeline.sources.discover import printable
from koteihyo.schema.errors import StoreError

POLL_SECONDS = 0.02
OnProgress = Callable[[str, Progress], None]
"""Called with an edition's id and the page its worker is at."""


@dataclass
class _Running:
    request: Request
    folder: Path
    process: subprocess.Popen[bytes]
    deadline: float


def read_all(
    requests: Sequence[Request], root: Path, parallel: int, on_progress: OnProgress | None = None
) -> Iterator[tuple[Request, Path, Result]]:
    """Reads every document in a process of its own, `parallel` of them at a time, and yields them as they end.

    A result with a summary has its Parquet files in the folder that comes with it, under `root`.

    Raises:
        StoreError: a worker could not write its files.
    """
    waiting = list(enumerate(requests))[::-1]
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < parallel:
                number, request = waiting.pop()
                folder = root / str(number)
                folder.mkdir(parents=True)
                running.append(_start(request, folder))
            for worker in list(running):
                if on_progress is not None and (progress := Progress.load(worker.folder)):
                    on_progress(worker.request.edition.edition_id, progress)
                result = _result(worker)
                if result is None:
                    continue
                running.remove(worker)
                if result.store_error is not None:
                    raise StoreError(result.store_error)
                again = next_try(worker.request, result, Progress.load(worker.folder))
                if again is not None:
                    folder = worker.folder.with_name(f"{worker.folder.name}+")
                    folder.mkdir()
                    running.append(_start(again, folder))
                    continue
                yield worker.request, worker.folder, result
            time.sleep(POLL_SECONDS)
    finally:
        for worker in running:
            _kill(worker)


def _start(request: Request, folder: Path) -> _Running:
    request.save(folder)
    environment = {
        **os.environ,
        # The order of sets of strings must not show in the rows.
        "PYTHONHASHSEED": "0",
        # The workers are the parallelism; threads inside one would only reserve memory against its limit.
        "POLARS_MAX_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    with (folder / "stderr").open("wb") as errors:
        process = subprocess.Popen(
            # -P: a file in the user's folder must not be taken for one of our modules.
            [sys.executable, "-P", "-m", "koteihyo.pipeline.run.worker", str(folder.absolute())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment,
            start_new_session=True,
        )
    return _Running(request, folder, process, time.monotonic() + request.limits.clock)


def _result(worker: _Running) -> Result | None:
    """How the worker ended; None while it works."""
    limits, name = worker.request.limits, printable(worker.request.pdf.name)
    status = worker.process.poll()
    if status is None:
        if time.monotonic() < worker.deadline:
            return None
        _kill(worker)
        return _failed("timeout", _over_time(name, f"{limits.clock:g} s", worker))
    _kill(worker)
    result = Result.load(worker.folder)
    if result is not None:
        return result
    errors = (worker.folder / "stderr").read_text(encoding="utf-8", errors="replace")
    if -status == signal.SIGXCPU:
        return _failed("timeout", _over_time(name, f"{limits.timeout:g} s of computing", worker))
    if "MemoryError" in errors or "memory allocation of" in errors or "bad_alloc" in errors:
        return Result(failure=memory_failure(name, limits.memory))
    how = f"killed by signal {-status}" if status < 0 else f"exit status {status}"
    last = errors.strip().splitlines()[-1:]
    detail = f": {last[0]}" if last else ""
    return _failed("crashed", f"{name}: the reader crashed{_place(worker)} ({how}{detail}); please report this file")


def _over_time(name: str, limit: str, worker: _Running) -> str:
    return f"{name}: not read within {limit} (stopped{_place(worker)}); raise --timeout"


def _failed(reason: str, message: str) -> Result:
    return Result(failure=Failure(reason=reason, message=message))


def _place(worker: _Running) -> str:
    progress = Progress.load(worker.folder)
    if progress and progress.pages_read:
        return " after the last page"
    return f" on page {progress.page_no} of {progress.page_count}" if progress else " before the first page"


def _kill(worker: _Running) -> None:
    worker.process.kill()
    worker.process.wait()
    if worker.process.stdin is not None:
        worker.process.stdin.close()


def too_large(name: str, size: int, limits: Limits) -> Failure | None:
    """The failure of a file over the size limit, before any process is started for it."""
    if size <= limits.max_size:
        return None
    message = f"{name}: {size >> 20} MiB, more than the limit of {limits.max_size >> 20} MiB; raise --max-size"
    return Failure(reason="too_large", message=message)
