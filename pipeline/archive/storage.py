# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the files of an archive lie: a folder, or a prefix in object storage. A file is there whole or not at all."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from koteihyo.schema.errors import StoreError, UsageError, cannot_write

OBJECT_SCHEMES = ("s3", "s3a", "gs", "az", "abfs", "abfss")


class Storage(Protocol):
    """Files by name; a name is a relative path with slashes."""

    url: str

    def put(self, name: str, data: bytes) -> None:
        """Writes a file in one step, and makes sure of it.

        Raises:
            StoreError: it cannot be written.
        """

    def get(self, name: str) -> bytes:
        """A file's contents.

        Raises:
            StoreError: it is missing or cannot be read.
        """

    def names(self, folder: str) -> list[str]:
        """The names of all files in a folder and below it, in order; none when there is no such folder."""

    def remove(self, names: Iterable[str]) -> None:
        """Removes files; those that are not there are no failure."""


def is_object_url(place: str) -> bool:
    """Whether a place is in object storage."""
    return place.partition("://")[0] in OBJECT_SCHEMES and "://" in place


def open_storage(place: str) -> Storage:
    """The storage at a path or an address.

    Raises:
        UsageError: the address is of no known kind, or the library for it is not installed.
    """
    if is_object_url(place):
        from koteihyo.pipeline.archive.objects import open_objects

        return open_objects(place)
    if "://" in place:
        raise UsageError(f"{place}: cannot be written to; name a folder, or a prefix of {', '.join(OBJECT_SCHEMES)}")
    return Folder(Path(place))


class Folder:
    """Storage in the file system, also one that many machines share."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.url = str(self.root)

    def put(self, name: str, data: bytes) -> None:
        """See `Storage`."""
        path = self.root / name
        draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise cannot_write(path, error) from error

    def get(self, name: str) -> bytes:
        """See `Storage`."""
        try:
            return (self.root / name).read_bytes()
        except OSError as error:
            raise StoreError(f"{self.root / name}: cannot be read ({error.strerror}); run again") from error

    def names(self, folder: str) -> list[str]:
        """See `Storage`."""
        return sorted(self._below(folder))

    def _below(self, folder: str) -> Iterator[str]:
        for parent, _folders, files in os.walk(self.root / folder):
            here = Path(parent).relative_to(self.root).as_posix()
            # Drafts of writers that were killed.
            yield from (f"{here}/{file}" for file in files if not (file.startswith(".") and file.endswith(".tmp")))

    def remove(self, names: Iterable[str]) -> None:
        """See `Storage`."""
        for name in names:
            path = self.root / name
            path.unlink(missing_ok=True)
            with suppress(OSError):
                # Only an empty folder goes.
                path.parent.rmdir()

    def clear(self, folder: str) -> None:
        """Removes a folder with all that is in it, drafts too."""
        shutil.rmtree(self.root / folder, ignore_errors=True)
