# SPDX-License-Identifier: AGPL-3.0-or-later
"""One run at a time writes to a target."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from koteihyo.pipeline.archive.storage import Folder, Storage
from koteihyo.pipeline.store.lock import locked


@contextmanager
def held(storage: Storage, wait: float) -> Iterator[None]:
    """Holds a target.

    Raises:
        LockedError: another run still holds it after `wait` seconds.
        StoreError: the target cannot be written.
    """
    if isinstance(storage, Folder):
        with locked(storage.root, wait):
            yield
        return
    from koteihyo.pipeline.archive.lease import leased

    with leased(storage, wait):
        yield
