# SPDX-License-Identifier: AGPL-3.0-or-later
"""Downloads registered editions: over HTTPS, checked against their sha256, moved into place in one step."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path

from koteihyo.pipeline.sources.download import FetchLimits, Progress, download, is_allowed
from koteihyo.pipeline.sources.registry import Registration
from koteihyo.pipeline.store.fingerprint import sha256_file
from koteihyo.schema.errors import ChecksumError, LockedError, NetworkError, UsageError, cannot_write

PARTIAL_SUFFIX = ".part"
DEFAULT_LIMITS = FetchLimits()


@dataclass(frozen=True)
class Fetched:
    """What became of one edition: `status` is fetched or unchanged."""

    edition_id: str
    file: Path
    status: str
    size: int


def fetch_edition(
    registration: Registration,
    raw: Path,
    *,
    limits: FetchLimits = DEFAULT_LIMITS,
    allow_http: bool = False,
    on_progress: Progress | None = None,
) -> Fetched:
    """Downloads one edition into `raw`; a file that has the registered sha256 already is left alone.

    A broken download is kept as `<file>.part`; the next call goes on from there when the sha256 is registered, and
    otherwise begins anew.

    Raises:
        UsageError: the edition has no source_url, or it is not https.
        NetworkError: the server cannot be reached, stalls, refuses, or sends too much.
        ChecksumError: the bytes are not the registered ones; the old file is kept.
        LockedError: the same edition is being downloaded at this moment.
        StoreError: the file cannot be written.
    """
    url = registration.source_url
    if url is None:
        raise UsageError(f"{registration.id}: has no source_url; put its PDF into {raw} by hand")
    if not is_allowed(url, allow_http):
        raise UsageError(f"{url}: refused; downloads use https (http only for localhost, with --allow-http-localhost)")
    target = raw / registration.file
    try:
        if registration.sha256 and target.is_file() and sha256_file(target) == registration.sha256:
            return Fetched(registration.id, target, "unchanged", target.stat().st_size)
        raw.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + PARTIAL_SUFFIX)
        with _held(partial) as file:
            if not registration.sha256:
                file.truncate(0)
            _fill(file, registration, url, limits, allow_http, on_progress)
            os.fsync(file.fileno())
            os.replace(partial, target)
    except NetworkError as error:
        raise NetworkError(f"{registration.id}: {error}") from error
    except OSError as error:
        raise cannot_write(target, error) from error
    return Fetched(registration.id, target, "fetched", target.stat().st_size)


@contextmanager
def _held(partial: Path) -> Iterator[BufferedRandom]:
    """The part, opened and locked, so that two downloads never write into one file."""
    with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Another download may have moved it into place just before the lock was free.
            mine = _is(file, partial)
        except BlockingIOError:
            mine = False
        if not mine:
            raise LockedError(f"{partial}: is being downloaded by another process; wait until it ends")
        try:
            yield file
        finally:
            if os.fstat(file.fileno()).st_size == 0 and _is(file, partial):
                partial.unlink()


def _is(file: BufferedRandom, path: Path) -> bool:
    return path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat())


def _fill(
    file: BufferedRandom,
    registration: Registration,
    url: str,
    limits: FetchLimits,
    allow_http: bool,
    on_progress: Progress | None,
) -> None:
    """Downloads until the bytes are the registered ones: once more from the beginning if a resumed file is not right."""
    trusted = registration.sha256 is not None
    for last in (False, True):
        resumed = download(url, file, limits, trusted=trusted, allow_http=allow_http, on_progress=on_progress)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        if registration.sha256 in (None, digest) or not resumed or last:
            break
        file.truncate(0)
    if registration.sha256 not in (None, digest):
        file.truncate(0)
        raise ChecksumError(
            f"{registration.id}: {url} gave another file (sha256 {digest}) than the registered one "
            f"({registration.sha256}); the old file is kept. If the ministry replaced it, register the new edition"
        )
    file.seek(0)
    if b"%PDF-" not in file.read(1024):
        file.truncate(0)
        raise ChecksumError(f"{registration.id}: {url} gave something that is not a PDF; it was dropped")
