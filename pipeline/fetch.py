# SPDX-License-Identifier: AGPL-3.0-or-later
"""Downloads registered editions: over HTTPS, checked against their sha256, moved into place in one step."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.registry import LOCAL_HOSTS, Registration
from schema.errors import ChecksumError, NetworkError, StoreError, UsageError

if TYPE_CHECKING:
    import httpx

Progress = Callable[[int, int | None], None]
"""Called with the bytes received so far and the total, if the server says it."""

CHUNK = 1 << 16
PARTIAL_SUFFIX = ".part"


@dataclass(frozen=True)
class FetchLimits:
    """What a download may cost. Times in seconds, size in bytes."""

    max_size: int = 300 * (1 << 20)
    connect_timeout: float = 15.0
    read_timeout: float = 30.0
    total_timeout: float = 900.0
    retries: int = 3
    backoff: float = 1.0
    max_redirects: int = 5


@dataclass(frozen=True)
class Fetched:
    """What became of one edition: `status` is fetched or unchanged."""

    edition_id: str
    file: Path
    status: str
    size: int


class _Retry(Exception):
    """A failure that may pass: the next try resumes where this one stopped."""


def fetch_edition(
    registration: Registration,
    raw: Path,
    *,
    limits: FetchLimits | None = None,
    allow_http: bool = False,
    on_progress: Progress | None = None,
) -> Fetched:
    """Downloads one edition into `raw`; a file that has the registered sha256 already is left alone.

    A broken download is kept as `<file>.part` and resumed by the next try.

    Raises:
        UsageError: the edition has no source_url, or it is not https.
        NetworkError: the server cannot be reached, stalls, refuses, or sends too much.
        ChecksumError: the bytes are not the registered ones; the old file is kept.
        StoreError: the file cannot be written.
    """
    limits = limits or FetchLimits()
    if registration.source_url is None:
        raise UsageError(f"{registration.id}: has no source_url; put its PDF into {raw} by hand")
    _check_address(registration.source_url, allow_http)
    target = raw / registration.file
    if registration.sha256 and target.is_file() and _sha256(target) == registration.sha256:
        return Fetched(registration.id, target, "unchanged", target.stat().st_size)
    partial = target.with_name(target.name + PARTIAL_SUFFIX)
    try:
        raw.mkdir(parents=True, exist_ok=True)
        _download(registration, registration.source_url, partial, limits, allow_http, on_progress)
        _verify(registration, partial)
        os.replace(partial, target)
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror}); free space or change --raw") from error
    return Fetched(registration.id, target, "fetched", target.stat().st_size)


def _download(
    registration: Registration,
    url: str,
    partial: Path,
    limits: FetchLimits,
    allow_http: bool,
    on_progress: Progress | None,
) -> None:
    import httpx

    timeout = httpx.Timeout(limits.read_timeout, connect=limits.connect_timeout)
    deadline = time.monotonic() + limits.total_timeout
    problem = ""
    with httpx.Client(timeout=timeout, follow_redirects=False, headers={"User-Agent": "koteihyo"}) as client:
        for attempt in range(limits.retries + 1):
            if attempt:
                time.sleep(min(limits.backoff * 2 ** (attempt - 1), max(0.0, deadline - time.monotonic())))
            if time.monotonic() >= deadline:
                break
            try:
                _attempt(client, registration, url, partial, limits, allow_http, deadline, on_progress)
            except _Retry as error:
                problem = str(error)
            except httpx.HTTPError as error:
                problem = f"{type(error).__name__}: {error}"
            else:
                return
    raise NetworkError(
        f"{registration.id}: {url} could not be downloaded ({problem or 'out of time'}); try again later, "
        f"or put the PDF into {partial.parent} by hand"
    )


def _attempt(
    client: httpx.Client,
    registration: Registration,
    url: str,
    partial: Path,
    limits: FetchLimits,
    allow_http: bool,
    deadline: float,
    on_progress: Progress | None,
) -> None:
    have = partial.stat().st_size if partial.exists() else 0
    # Without encoding, the bytes counted are the file's own.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    address = url
    for _hop in range(limits.max_redirects + 1):
        with client.stream("GET", address, headers=headers) as response:
            if response.is_redirect:
                address = str(response.url.join(response.headers.get("location", "")))
                _check_address(address, allow_http)
                continue
            if response.status_code == 416:
                # The part is longer than the file: it belongs to another version.
                partial.unlink(missing_ok=True)
                raise _Retry("the server refused to resume")
            if response.status_code in (408, 429) or response.status_code >= 500:
                raise _Retry(f"HTTP {response.status_code}")
            if response.status_code not in (200, 206):
                raise NetworkError(
                    f"{registration.id}: {address} answered HTTP {response.status_code}; the address may have changed: "
                    "look for the document on the ministry's site and correct source_url"
                )
            resumed = response.status_code == 206 and _range_start(response) == have
            if response.status_code == 206 and not resumed:
                partial.unlink(missing_ok=True)
                raise _Retry("the server resumed at another place")
            _receive(registration, response, partial, have if resumed else 0, limits, deadline, on_progress)
            return
    raise NetworkError(f"{registration.id}: {url} redirects more than {limits.max_redirects} times; correct source_url")


def _receive(
    registration: Registration,
    response: httpx.Response,
    partial: Path,
    start: int,
    limits: FetchLimits,
    deadline: float,
    on_progress: Progress | None,
) -> None:
    length = response.headers.get("content-length", "")
    total = start + int(length) if length.isdigit() else None
    if total is not None and total > limits.max_size:
        raise _too_large(registration, limits)
    received = start
    with partial.open("ab" if start else "wb") as file:
        for chunk in response.iter_raw(CHUNK):
            received += len(chunk)
            if received > limits.max_size:
                raise _too_large(registration, limits)
            if time.monotonic() > deadline:
                raise _Retry("out of time")
            file.write(chunk)
            if on_progress is not None:
                on_progress(received, total)
        file.flush()
        os.fsync(file.fileno())
    if total is not None and received < total:
        raise _Retry(f"the connection ended after {received} of {total} bytes")
    if received == 0:
        raise _Retry("the server sent nothing")


def _too_large(registration: Registration, limits: FetchLimits) -> NetworkError:
    return NetworkError(
        f"{registration.id}: larger than the limit of {limits.max_size // (1 << 20)} MiB; raise it with --max-size"
    )


def _range_start(response: httpx.Response) -> int | None:
    value = response.headers.get("content-range", "")
    start = value.removeprefix("bytes ").split("-")[0]
    return int(start) if start.isdigit() else None


def _verify(registration: Registration, partial: Path) -> None:
    digest = _sha256(partial)
    with partial.open("rb") as file:
        is_pdf = b"%PDF-" in file.read(1024)
    if registration.sha256 and digest != registration.sha256:
        partial.unlink()
        raise ChecksumError(
            f"{registration.id}: {registration.source_url} gave another file (sha256 {digest}) than the registered one "
            f"({registration.sha256}); the old file is kept. If the ministry replaced it, register the new edition"
        )
    if not is_pdf:
        partial.unlink()
        raise ChecksumError(
            f"{registration.id}: {registration.source_url} gave something that is not a PDF; it was dropped"
        )


def _check_address(url: str, allow_http: bool) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return
    if parts.scheme == "http" and allow_http and parts.hostname in LOCAL_HOSTS:
        return
    raise UsageError(f"{url}: refused; downloads use https (http only for localhost, with --allow-http-localhost)")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
