# SPDX-License-Identifier: AGPL-3.0-or-later
"""A lock in object storage: an object that its owner renews; who stops renewing it has lost it after a while."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from koteihyo.schema.errors import LockedError, StoreError

if TYPE_CHECKING:
    from koteihyo.pipeline.archive.storage import Storage

LEASE_FILE = ".archive/lease"
# A killed run holds the target for this long, seconds.
HELD_SECONDS = 30.0
RENEWED_EACH = 8.0
POLL_SECONDS = 1.0


@contextmanager
def leased(storage: Storage, wait: float) -> Iterator[None]:
    """Holds a prefix of object storage.

    A run that was killed holds it for half a minute more: this much is waited for in any case.

    Raises:
        LockedError: another run still renews it after `wait` seconds.
    """
    lease = _Lease(storage)
    lease.acquire(max(wait, HELD_SECONDS + RENEWED_EACH))
    stop = threading.Event()
    renewal = threading.Thread(target=lease.keep, args=(stop,), daemon=True)
    renewal.start()
    try:
        yield
    finally:
        stop.set()
        renewal.join()
        storage.remove([LEASE_FILE])


class _Lease:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._me = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"

    def acquire(self, wait: float) -> None:
        deadline = time.monotonic() + wait
        seen, since = "", time.monotonic()
        while True:
            found = self._read()
            if found is None or (found == seen and time.monotonic() - since >= HELD_SECONDS):
                self._write()
                # Of two that write at once the last one has it: both look again when both have written.
                time.sleep(2 * POLL_SECONDS)
                now = self._read()
                if now is not None and now.startswith(self._me):
                    return
                continue
            if found != seen:
                # Its owner lives, or lived when it wrote this. No clock but this one is asked.
                seen, since = found, time.monotonic()
            if time.monotonic() >= deadline:
                owner = found.split(" ")[0]
                raise LockedError(f"{self._storage.url}: another run ({owner}) is writing here; give --wait SECONDS")
            time.sleep(POLL_SECONDS)

    def keep(self, stop: threading.Event) -> None:
        """Renews the lease until it is stopped."""
        while not stop.wait(RENEWED_EACH):
            with suppress(StoreError):
                self._write()

    def _write(self) -> None:
        self._storage.put(LEASE_FILE, json.dumps({"owner": self._me, "renewed": uuid.uuid4().hex}).encode())

    def _read(self) -> str | None:
        if LEASE_FILE not in self._storage.names(".archive"):
            return None
        try:
            told: dict[str, Any] = json.loads(self._storage.get(LEASE_FILE))
        except StoreError:
            return None
        return f"{told['owner']} {told['renewed']}"
