# SPDX-License-Identifier: AGPL-3.0-or-later
"""One worker process as the run sees it: started, given documents one after the other, and judged when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_from_bytes

from koteihyo.pipeline.run.jobs import Failure, Progress, Request, Result
from koteihyo.pipeline.run.worker import memory_failure
from koteihyo.pipeline.sources.discover import printable
from koteihyo.schema.errors import cannot_start

# A worker that has read this many documents is replaced: what a library may leak stays small.
DOCUMENTS_EACH = 200
# One that holds on to more memory than this after a document is replaced; 180 MiB are the program and its dictionary.
RESIDENT_MOST = 640 << 20


@dataclass
class Job:
    """A document, or a part of one, that is to be read, and the folder for its files."""

    request: Request
    folder: Path
    document: SplitDocument | None = None
    """The document whose part it is, or whose parts it joins."""
    alone: bool = False
    """Whether it is read by one worker, however long it is."""


@dataclass(eq=False)
class SplitDocument:
    """A document that is read in parts."""

    request: Request
    folder: Path
    parts: list[Path]
    left: int
    """Parts that are not read yet."""


@dataclass
class Worker:
    """A process that reads documents. `job` is the one it is at; None while it waits."""

    process: subprocess.Popen[bytes]
    errors: Path
    job: Job | None = None
    deadline: float = 0.0
    errors_before: int = 0
    given: int = field(default=0)

    def give(self, job: Job) -> None:
        """Hands over a document; its time on the clock runs from here."""
        assert self.process.stdin is not None
        job.request.save(job.folder)
        self.job, self.given = job, self.given + 1
        self.deadline = time.monotonic() + job.request.limits.clock
        self.errors_before = self.errors.stat().st_size
        try:
            self.process.stdin.write(quote_from_bytes(os.fsencode(job.folder.absolute())).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            # It died while it waited: judged like one that dies at work.
            return

    @property
    def pipe(self) -> int:
        """What can be waited for: a byte comes when a document is done, the end when the process is gone."""
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    def listen(self) -> None:
        """Empties the pipe. Call it when something is there."""
        os.read(self.pipe, 64)

    def take(self) -> Result | None:
        """How its document ended; None while it works. A process that is in trouble is ended with it."""
        assert self.job is not None
        result = Result.load(self.job.folder)
        if result is None:
            status = self.process.poll()
            if status is not None:
                result = self._judged(self.job, status)
            elif time.monotonic() >= self.deadline:
                result = _timeout(self.job, f"{self.job.request.limits.clock:g} s")
            else:
                return None
        self.job = None
        in_trouble = result.failure is not None or result.store_error is not None
        if in_trouble or self.given >= DOCUMENTS_EACH or result.resident > RESIDENT_MOST:
            self.end()
        return result

    @property
    def is_alive(self) -> bool:
        """Whether it can be given another document."""
        return self.process.poll() is None

    def end(self) -> None:
        """Ends the process, whatever it is at."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            try:
                stream.close()
            except BrokenPipeError:
                # A document that it could not be told of any more.
                continue

    def _judged(self, job: Job, status: int) -> Result:
        """What became of a document whose worker is gone."""
        # It may have ended just after its result.
        result = Result.load(job.folder)
        if result is not None:
            return result
        if -status == signal.SIGXCPU:
            return _timeout(job, f"{job.request.limits.timeout:g} s of computing")
        limits, name = job.request.limits, printable(job.request.pdf.name)
        errors = self.errors.read_bytes()[self.errors_before :].decode("utf-8", errors="replace")
        if "MemoryError" in errors or "memory allocation of" in errors or "bad_alloc" in errors:
            return Result(failure=memory_failure(name, limits.memory))
        how = f"killed by signal {-status}" if status < 0 else f"exit status {status}"
        last = errors.strip().splitlines()[-1:]
        detail = f": {last[0]}" if last else ""
        return _failed("crashed", f"{name}: the reader crashed{_place(job)} ({how}{detail}); please report this file")


def start_worker(errors: Path) -> Worker:
    """Starts a process; what it says on standard error goes to the file `errors`.

    Raises:
        KoteihyoError: the system does not let us.
    """
    environment = {
        **os.environ,
        # The order of sets of strings must not show in the rows.
        "PYTHONHASHSEED": "0",
        # The workers are the parallelism; threads inside one would only reserve memory against its limit.
        "POLARS_MAX_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    with errors.open("wb") as stream:
        try:
            process = subprocess.Popen(
                # -P: a file in the user's folder must not be taken for one of our modules.
                [sys.executable, "-P", "-m", "koteihyo.pipeline.run.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise cannot_start(error) from error
    return Worker(process, errors)


def _timeout(job: Job, limit: str) -> Result:
    name = printable(job.request.pdf.name)
    return _failed("timeout", f"{name}: not read within {limit} (stopped{_place(job)}); raise --timeout")


def _failed(reason: str, message: str) -> Result:
    return Result(failure=Failure(reason=reason, message=message))


def _place(job: Job) -> str:
    progress = Progress.load(job.folder)
    if progress and progress.pages_read:
        return " after the last page"
    return f" on page {progress.page_no} of {progress.page_count}" if progress else " before the first page"
