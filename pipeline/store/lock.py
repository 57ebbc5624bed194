# SPDX-License-Identifier: AGPL-3.0-or-later
"""One writer at a time: a lock on the output folder that dies with its owner."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from koteihyo.schema.errors import LockedError, cannot_write

LOCK_FILE = ".lock"
POLL_SECONDS = 0.05


@contextmanager
def locked(out: Path, wait: float = 0.0) -> Iterator[None]:
    """Holds the output folder, which is made if it is missing.

    The kernel frees the lock when the process ends in any way, so a killed run never blocks the next one.

    Raises:
        LockedError: another run still holds it after `wait` seconds.
        StoreError: the folder cannot be made or written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise cannot_write(out, error) from error
    try:
        _acquire(descriptor, out, time.monotonic() + wait)
        with suppress(OSError):
            # For the message of whoever finds the folder locked; without it the lock holds too.
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, out: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                owner = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
                raise LockedError(
                    f"{out}: another run{f' (process {owner})' if owner else ''} is writing here; "
                    "wait until it ends, or give --wait SECONDS"
                ) from None
            time.sleep(POLL_SECONDS)
        except OSError as error:
            raise cannot_write(out, error, "Its file system must know locks") from error
