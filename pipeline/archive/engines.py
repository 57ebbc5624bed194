# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who places the work: threads of this process, or a Dask cluster. Both take functions and give futures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor
from dataclasses import dataclass

from koteihyo.pipeline.archive.chunk import listen_to
from koteihyo.schema.errors import NetworkError, UsageError

CONNECT_SECONDS = 60


@dataclass(frozen=True)
class Engine:
    """An executor, and how many pieces of work it can do at the same time (now: machines come and go)."""

    executor: Executor
    slots: Callable[[], int]
    close: Callable[[], None]
    losses: tuple[type[BaseException], ...] = ()
    """What comes of a machine that died, and not of the work."""


def local_engine(jobs: int) -> Engine:
    """This machine: each thread looks after one worker process."""
    stop = threading.Event()
    executor = ThreadPoolExecutor(jobs, thread_name_prefix="archive", initializer=listen_to, initargs=(stop,))

    def close() -> None:
        stop.set()
        executor.shutdown(wait=False, cancel_futures=True)

    return Engine(executor, lambda: jobs, close)


def dask_engine(scheduler: str | None) -> Engine:
    """A running Dask cluster, by the address of its scheduler.

    Raises:
        UsageError: Dask is not installed, or no address is given.
        NetworkError: the scheduler does not answer.
    """
    try:
        from distributed import Client, KilledWorker
        from distributed.comm import CommClosedError
    except ImportError as error:
        raise UsageError("--engine dask needs Dask: pip install 'koteihyo[archive]'") from error
    if scheduler is None:
        raise UsageError("--engine dask needs the address of a scheduler: --scheduler tcp://HOST:8786")
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NetworkError(
            f"{scheduler}: no Dask scheduler answers ({error}); start one with `dask scheduler`"
        ) from error

    def slots() -> int:
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
        return sum(worker["nthreads"] for worker in workers)

    losses = (KilledWorker, CommClosedError, CancelledError)
    return Engine(client.get_executor(pure=False), slots, client.close, losses)
