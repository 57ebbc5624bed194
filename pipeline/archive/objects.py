# SPDX-License-Identifier: AGPL-3.0-or-later
"""Object storage (Amazon S3, Google Cloud Storage, Azure Blob Storage and what speaks like them) through obstore.

Addresses, keys and regions of accounts come from the environment, as the library documents them. A request that fails
is tried again by the library; what comes short, though nothing failed, is noticed here.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from koteihyo.pipeline.archive.inputs import UNKNOWN_SIZE, Input
from koteihyo.pipeline.sources.discover import printable
from koteihyo.schema.errors import DocumentError, NetworkError, StoreError, UsageError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

# The library tries a request again this often; then the whole call is tried again, as after an answer that came short.
REQUEST_RETRIES, CALL_TRIES = 8, 6
# Seconds.
FIRST_BACKOFF = 0.1
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
# Larger files are sent in parts.
PART_BYTES = 16 << 20

T = TypeVar("T")


class _Short(Exception):
    """An answer without all of its bytes."""


def open_objects(url: str) -> Objects:
    """The storage at a prefix.

    Raises:
        UsageError: the library is not installed, or the address makes no sense to it.
    """
    return Objects(url.rstrip("/"))


class Objects:
    """Storage at a prefix; see `koteihyo.pipeline.archive.storage.Storage`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._store = _store(url)

    def put(self, name: str, data: bytes) -> None:
        """See `Storage`."""
        import obstore

        def send() -> None:
            obstore.put(self._store, name, data, chunk_size=PART_BYTES)
            if obstore.head(self._store, name)["size"] != len(data):
                raise _Short

        self._tried(name, "written", send)

    def get(self, name: str) -> bytes:
        """See `Storage`."""
        import obstore

        def receive() -> bytes:
            size = obstore.head(self._store, name)["size"]
            data = bytes(obstore.get(self._store, name).bytes())
            if len(data) != size:
                raise _Short
            return data

        return self._tried(name, "read", receive)

    def names(self, folder: str) -> list[str]:
        """See `Storage`."""
        return self._tried(folder, "listed", lambda: sorted(one["path"] for one in _listed(self._store, folder)))

    def remove(self, names: Iterable[str]) -> None:
        """See `Storage`."""
        import obstore

        wanted = list(names)
        if wanted:

            def remove() -> None:
                try:
                    obstore.delete(self._store, wanted)
                except FileNotFoundError:
                    # S3 does not mind; where the others do, those after it are still to go.
                    for name in wanted:
                        with suppress(FileNotFoundError):
                            obstore.delete(self._store, name)

            self._tried(wanted[0], "removed", remove)

    def _tried(self, name: str, what: str, call: Callable[[], T]) -> T:
        try:
            return _tried(call)
        except FileNotFoundError as error:
            raise StoreError(f"{self.url}/{name}: is not there; run again") from error
        except _Failed as error:
            raise StoreError(f"{self.url}/{name}: cannot be {what} ({error}); run again") from error


class _Failed(Exception):
    """What is still wrong after many tries."""


def _tried(call: Callable[[], T]) -> T:
    """The answer of a call that is tried some times.

    Raises:
        FileNotFoundError: there is no such object.
    """
    from obstore.exceptions import BaseError

    problem = "an answer came short"
    for number in range(CALL_TRIES):
        if number:
            time.sleep(min(LONGEST_PAUSE, FIRST_PAUSE * 2**number))
        try:
            return call()
        except FileNotFoundError:
            raise
        except _Short:
            problem = "an answer came short"
        except (BaseError, OSError) as error:
            problem = f"{type(error).__name__}: {_first_line(error)}"
    raise _Failed(problem)


def list_objects(url: str) -> Iterator[Input]:
    """The PDFs under a prefix.

    Raises:
        NetworkError: object storage does not answer.
    """
    store, prefix = _store(url.rstrip("/")), url.rstrip("/")
    try:
        found = _tried(lambda: [one for one in _listed(store, "") if one["path"].lower().endswith(".pdf")])
    except (FileNotFoundError, _Failed) as error:
        raise NetworkError(f"{url}: cannot be listed ({error}); look after the address and the keys") from error
    return (_input(f"{prefix}/{one['path']}", one) for one in sorted(found, key=lambda one: str(one["path"])))


def describe_objects(urls: Sequence[str]) -> Iterator[Input]:
    """Objects named one by one."""
    import obstore

    by_bucket: defaultdict[str, list[str]] = defaultdict(list)
    for url in urls:
        by_bucket[_split(url)[0]].append(url)
    for bucket, of_bucket in by_bucket.items():
        store = _store(bucket)
        for url in of_bucket:
            try:
                yield _input(url, _tried(partial(obstore.head, store, _split(url)[1])))
            except (FileNotFoundError, _Failed):
                # Getting it will say what is wrong.
                yield Input(url, UNKNOWN_SIZE, "")


def fetch_object(wanted: Input, path: Path) -> None:
    """Brings an object into a file.

    Raises:
        DocumentError: it is not there, it is another one than was listed, or it cannot be had.
    """
    import obstore

    bucket, key = _split(wanted.source)
    store, name = _store(bucket), printable(wanted.name)

    def receive() -> None:
        size = 0
        with path.open("wb") as file:
            for block in obstore.get(store, key):
                size += file.write(block)
        expected = obstore.head(store, key)["size"]
        if size != expected:
            raise _Short

    try:
        _tried(receive)
    except FileNotFoundError as error:
        raise DocumentError(f"{name}: is not there any more; run again without it", reason="not_found") from error
    except _Failed as error:
        raise DocumentError(
            f"{name}: cannot be had from object storage ({error}); run again", reason="network"
        ) from error
    if wanted.size not in (UNKNOWN_SIZE, path.stat().st_size):
        raise DocumentError(f"{name}: changed while it was read; run again", reason="changed")


def _input(url: str, described: Any) -> Input:
    size = int(described["size"])
    return Input(url, size, f"{size}:{described['e_tag'] or described['last_modified'].isoformat()}")


def _split(url: str) -> tuple[str, str]:
    """(bucket with its scheme, key)."""
    scheme, _, rest = url.partition("://")
    bucket, _, key = rest.partition("/")
    return f"{scheme}://{bucket}", key


def _listed(store: ObjectStore, folder: str) -> Iterator[Any]:
    import obstore

    for found in obstore.list(store, folder or None):
        yield from found


@cache
def _store(url: str) -> ObjectStore:
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ImportError as error:
        raise UsageError(f"{url}: object storage needs obstore: pip install 'koteihyo[archive]'") from error
    try:
        backoff = {"init_backoff": timedelta(seconds=FIRST_BACKOFF), "max_backoff": timedelta(seconds=5), "base": 2}
        retries = {"max_retries": REQUEST_RETRIES, "backoff": backoff}
        return from_url(url, retry_config=retries)
    except (BaseError, ValueError) as error:
        raise UsageError(f"{url}: makes no sense as an address of object storage ({_first_line(error)})") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
