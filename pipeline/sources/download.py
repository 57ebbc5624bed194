# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings the bytes of one address into a file: limits, retries, redirects, and going on where a try broke off."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from koteihyo.pipeline.sources.registry import LOCAL_HOSTS
from koteihyo.schema.errors import NetworkError

if TYPE_CHECKING:
    import httpx

Progress = Callable[[int, int | None], None]
"""Called with the bytes received so far and the total, if the server says it."""


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


class _Retry(Exception):
    """A failure that may pass: the next try goes on where this one stopped."""


@dataclass
class _Transfer:
    url: str
    file: BinaryIO
    limits: FetchLimits
    allow_http: bool
    on_progress: Progress | None
    deadline: float
    trusted: bool
    """What the file holds may be resumed without a validator, because its checksum is known."""
    validator: str | None = None
    """Strong ETag of the version that the file holds the beginning of."""


def is_allowed(url: str, allow_http: bool) -> bool:
    """Whether an address may be asked: https, or http on this machine when that was allowed."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and allow_http and host in LOCAL_HOSTS))


def download(
    url: str,
    file: BinaryIO,
    limits: FetchLimits,
    *,
    trusted: bool,
    allow_http: bool = False,
    on_progress: Progress | None = None,
) -> bool:
    """Fills `file`, going on behind what it holds if the server can; says whether the end was such a resumption.

    Raises:
        NetworkError: the server cannot be reached, stalls, refuses, or sends too much.
    """
    import httpx

    timeout = httpx.Timeout(limits.read_timeout, connect=limits.connect_timeout)
    deadline = time.monotonic() + limits.total_timeout
    transfer = _Transfer(url, file, limits, allow_http, on_progress, deadline, trusted)
    problem = "out of time"
    with httpx.Client(timeout=timeout, follow_redirects=False, headers={"User-Agent": "koteihyo"}) as client:
        for attempt in range(limits.retries + 1):
            if attempt:
                time.sleep(min(limits.backoff * 2 ** (attempt - 1), max(0.0, deadline - time.monotonic())))
            if time.monotonic() >= deadline:
                break
            try:
                return _attempt(client, transfer)
            except _Retry as error:
                problem = str(error)
            except httpx.HTTPError as error:
                problem = f"{type(error).__name__}: {error}"
            except httpx.InvalidURL as error:
                raise NetworkError(f"{url}: leads to an address that makes no sense ({error})") from error
    raise NetworkError(f"{url} could not be downloaded ({problem}); try again later, or get the PDF by hand")


def _attempt(client: httpx.Client, transfer: _Transfer) -> bool:
    have = transfer.file.seek(0, os.SEEK_END)
    if have and not (transfer.trusted or transfer.validator):
        # Nothing would tell the beginning of one version from the end of another.
        have = transfer.file.truncate(0)
    # Without encoding, the bytes counted are the file's own.
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
        if transfer.validator:
            headers["If-Range"] = transfer.validator
    address = transfer.url
    for _hop in range(transfer.limits.max_redirects + 1):
        with client.stream("GET", address, headers=headers) as response:
            if not response.is_redirect:
                resumed = _begins_at(response, transfer, have)
                _receive(response, transfer, have if resumed else 0)
                return resumed
            address = str(response.url.join(response.headers.get("location", "")))
        if not is_allowed(address, transfer.allow_http):
            raise NetworkError(f"{transfer.url}: leads to {address}, which is not https; refused")
    raise NetworkError(f"{transfer.url}: redirects more than {transfer.limits.max_redirects} times; correct source_url")


def _begins_at(response: httpx.Response, transfer: _Transfer, have: int) -> bool:
    """Whether the answer goes on behind `have` bytes; False when it is the whole file from its beginning."""
    status = response.status_code
    etag = response.headers.get("etag")
    if status == 200:
        transfer.validator = etag if etag and not etag.startswith("W/") else None
        return False
    other_version = transfer.validator is not None and etag not in (None, transfer.validator)
    if status == 416 or (status == 206 and (other_version or _range_start(response) != have)):
        # The part belongs to another version, or the server cannot count: begin anew.
        transfer.file.truncate(0)
        transfer.validator = None
        raise _Retry("the server cannot resume")
    if status == 206:
        return have > 0
    if status in (408, 429) or status >= 500:
        raise _Retry(f"HTTP {status}")
    raise NetworkError(
        f"{response.url} answered HTTP {status}; the address may have changed: "
        "look for the document on the ministry's site and correct source_url"
    )


def _receive(response: httpx.Response, transfer: _Transfer, start: int) -> None:
    length = response.headers.get("content-length", "")
    total = start + int(length) if length.isdecimal() else None
    _check_size(total or 0, transfer)
    transfer.file.truncate(start)
    transfer.file.seek(start)
    received = start
    # Whatever has arrived, however little: a server that trickles must not escape the deadline.
    for chunk in response.iter_raw():
        received += len(chunk)
        _check_size(received, transfer)
        if time.monotonic() > transfer.deadline:
            raise _Retry("out of time")
        transfer.file.write(chunk)
        if transfer.on_progress is not None:
            transfer.on_progress(received, total)
    transfer.file.flush()
    if total is not None and received < total:
        raise _Retry(f"the connection ended after {received} of {total} bytes")
    if received == 0:
        raise _Retry("the server sent nothing")


def _check_size(size: int, transfer: _Transfer) -> None:
    if size > transfer.limits.max_size:
        transfer.file.truncate(0)
        limit = transfer.limits.max_size // (1 << 20)
        raise NetworkError(f"{transfer.url}: larger than the limit of {limit} MiB; raise it with --max-size")


def _range_start(response: httpx.Response) -> int | None:
    start = response.headers.get("content-range", "").removeprefix("bytes ").split("-")[0]
    return int(start) if start.isdecimal() else None
