# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an archive is made from: the files of a folder, of a list, or of a prefix in object storage, and how to get one."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from koteihyo.pipeline.archive.storage import is_object_url
from koteihyo.pipeline.sources.discover import id_from_stem, printable
from koteihyo.pipeline.sources.download import FetchLimits, download, is_allowed
from koteihyo.schema.errors import DocumentError, NetworkError, UsageError

UNKNOWN_SIZE = -1
ASKED_AT_ONCE = 16
ANSWER_SECONDS = 30.0
BLOCK = 1 << 20
# Failures that say nothing of the document: the next run tries again.
PASSING = frozenset({"not_found", "network", "changed"})


@dataclass(frozen=True, slots=True)
class Input:
    """One input. `stamp` changes when the file does, as far as can be told without reading it."""

    source: str
    size: int
    stamp: str

    @property
    def name(self) -> str:
        """The file's name."""
        if "://" not in self.source:
            return Path(self.source).name
        path = unquote(urlsplit(self.source).path) if is_web(self.source) else self.source
        return path.rstrip("/").rpartition("/")[2] or "document"


def is_web(source: str) -> bool:
    """Whether an input is to be downloaded from a web server."""
    return source.startswith(("https://", "http://"))


def list_inputs(place: str) -> Iterator[Input]:
    """The inputs of a folder (with all below it), of a prefix, or of a text file with a path or address a line.

    Raises:
        UsageError: there is no such place.
        NetworkError: object storage does not answer.
    """
    if is_object_url(place):
        from koteihyo.pipeline.archive.objects import list_objects

        return list_objects(place)
    path = Path(place).absolute()
    if path.is_dir():
        return _of_folder(path)
    if not path.is_file():
        raise UsageError(f"{place}: is no folder, list or prefix; name one as SOURCE")
    return _of_list(path)


def _of_folder(folder: Path) -> Iterator[Input]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(".pdf"):
                yield _of_file(Path(parent, name))


def _of_file(path: Path) -> Input:
    try:
        found = path.stat()
    except OSError:
        return Input(str(path), UNKNOWN_SIZE, "")
    if not stat.S_ISREG(found.st_mode):
        return Input(str(path), UNKNOWN_SIZE, "")
    return Input(str(path), found.st_size, f"{found.st_size}:{found.st_mtime_ns}")


def _of_list(path: Path) -> Iterator[Input]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: is no list of paths and addresses in UTF-8 ({error})") from error
    wanted = list(dict.fromkeys(line.strip() for line in lines if line.strip() and not line.startswith("#")))
    web = [line for line in wanted if is_web(line)]
    yield from _of_web(web)
    objects = [line for line in wanted if is_object_url(line)]
    if objects:
        from koteihyo.pipeline.archive.objects import describe_objects

        yield from describe_objects(objects)
    rest = set(web) | set(objects)
    yield from (_of_file(path.parent / line) for line in wanted if line not in rest)


def _of_web(urls: list[str]) -> Iterator[Input]:
    if not urls:
        return
    from concurrent.futures import ThreadPoolExecutor

    import httpx

    with (
        httpx.Client(timeout=ANSWER_SECONDS, headers={"User-Agent": "koteihyo"}) as client,
        ThreadPoolExecutor(ASKED_AT_ONCE) as threads,
    ):

        def ask(url: str) -> Input:
            if not is_allowed(url, allow_http=True):
                return Input(url, UNKNOWN_SIZE, "")
            try:
                answer = client.head(url, headers={"Accept-Encoding": "identity"}).raise_for_status().headers
            except (httpx.HTTPError, httpx.InvalidURL):
                # Downloading it will say what is wrong, or that only this question was.
                return Input(url, UNKNOWN_SIZE, "")
            length = answer.get("content-length", "")
            size = int(length) if length.isdecimal() else UNKNOWN_SIZE
            return Input(url, size, f"{size}:{answer.get('etag') or answer.get('last-modified', '')}")

        yield from threads.map(ask, urls)


@dataclass(frozen=True)
class Fetched:
    """A file that can be read on this machine."""

    path: Path
    sha256: str
    size: int


def fetch(wanted: Input, folder: Path, max_size: int) -> Fetched:
    """Gets an input: a local file is read where it lies, anything else is brought into `folder`.

    Raises:
        DocumentError: it is not there, is too large, has changed, or cannot be had; the reason says which.
    """
    if wanted.size > max_size:
        message = f"{printable(wanted.name)}: {wanted.size >> 20} MiB, more than the limit of {max_size >> 20} MiB"
        raise DocumentError(f"{message}; raise --max-size", reason="too_large")
    if "://" not in wanted.source:
        return _local(wanted, max_size)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{id_from_stem(Path(wanted.name).stem)}.pdf"
    if is_web(wanted.source):
        _download(wanted, path, max_size)
    else:
        from koteihyo.pipeline.archive.objects import fetch_object

        fetch_object(wanted, path)
    sha256, size = _hashed(path)
    return Fetched(path, sha256, size)


def _local(wanted: Input, max_size: int) -> Fetched:
    path, name = Path(wanted.source), printable(wanted.name)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DocumentError(f"{name}: is not a file; rename or remove it", reason="not_a_file")
        if path.stat().st_size > max_size:
            raise DocumentError(f"{name}: more than {max_size >> 20} MiB; raise --max-size", reason="too_large")
        return Fetched(path, *_hashed(path))
    except OSError as error:
        raise DocumentError(f"{name}: cannot be opened ({error.strerror})", reason="not_found") from error


def _hashed(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def _download(wanted: Input, path: Path, max_size: int) -> None:
    if not is_allowed(wanted.source, allow_http=True):
        raise DocumentError(f"{wanted.source}: is not https; refused", reason="network")
    try:
        with path.open("w+b") as file:
            download(wanted.source, file, FetchLimits(max_size=max_size), trusted=False, allow_http=True)
    except NetworkError as error:
        raise DocumentError(str(error), reason="network") from error
