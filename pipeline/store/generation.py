# SPDX-License-Identifier: AGPL-3.0-or-later
"""Outputs as whole generations, switched by one atomic rename: a kill at any moment leaves the old or the new one.

OUT/.generations/7/<table>/<partition>/part-0.parquet, koteihyo.duckdb, manifest.json
OUT/.current            → .generations/7      the one link that is replaced
OUT/<table>             → .current/<table>    fixed links for people and programs
OUT/koteihyo.duckdb     → .current/koteihyo.duckdb
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from koteihyo.pipeline.store.fingerprint import sha256_file
from koteihyo.pipeline.store.manifest import MANIFEST_FILE, Manifest, Part, read_manifest
from koteihyo.schema.errors import StoreError

GENERATIONS = ".generations"
CURRENT = ".current"
DATABASE_FILE = "koteihyo.duckdb"
PART_FILE = "part-0.parquet"
STAMPS_FILE = "stamps.json"
BUILDING_PREFIX = "building-"
# The live generation and the one before it, for readers that opened it just before the switch.
KEPT = 2


@contextmanager
def store_errors(out: Path) -> Iterator[None]:
    """Turns failures of the file system into StoreError with what to do about them."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            f"{error.filename or out}: cannot be written ({reason}); free space on the disk, change the permissions "
            "or choose another folder with --out. The outputs are as they were before"
        ) from error


def current_generation(out: Path) -> tuple[Path, Manifest] | None:
    """Folder and manifest of the live generation; None when nothing usable was stored yet."""
    try:
        folder = out / os.readlink(out / CURRENT)
    except OSError:
        return None
    manifest = read_manifest(folder)
    return (folder, manifest) if manifest is not None else None


def part_path(folder: Path, table: str, label: str) -> Path:
    """The Parquet file of one table and partition."""
    return folder / table / label / PART_FILE


def damaged(folder: Path, manifest: Manifest, *, thorough: bool = False) -> set[str]:
    """Labels of the partitions, and the name of the DuckDB file, whose contents are not what was stored.

    A file with the size and time of change that it was stored with is taken for sound, unless `thorough`; any other
    is read and compared by its SHA-256.
    """
    stamps = _read_stamps(folder)
    wanted = {f"{table}/{label}/{PART_FILE}": (label, hash_) for label, part in manifest.parts.items()
              for table, hash_ in part.files.items()}  # fmt: skip
    wanted[DATABASE_FILE] = (DATABASE_FILE, stamps.get(DATABASE_FILE, ("", 0, 0))[0])
    return {
        label
        for name, (label, sha256) in wanted.items()
        if not _is_sound(folder / name, sha256, stamps.get(name), thorough=thorough)
    }


Stamp = tuple[str, int, int]
"""SHA-256, size and time of change (nanoseconds) of a stored file."""


def _is_sound(path: Path, sha256: str, stamp: Stamp | None, *, thorough: bool) -> bool:
    try:
        found = path.stat()
        if not thorough and stamp == (sha256, found.st_size, found.st_mtime_ns):
            return True
        return path.is_file() and sha256_file(path) == sha256
    except OSError:
        return False


def _read_stamps(folder: Path) -> dict[str, Stamp]:
    try:
        stamps = json.loads((folder / STAMPS_FILE).read_bytes())
        return {name: (str(sha256), int(size), int(time)) for name, (sha256, size, time) in stamps.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write_stamps(folder: Path, manifest: Manifest) -> None:
    hashes = {f"{table}/{label}/{PART_FILE}": hash_ for label, part in manifest.parts.items()
              for table, hash_ in part.files.items()}  # fmt: skip
    hashes[DATABASE_FILE] = sha256_file(folder / DATABASE_FILE)
    found = {name: (folder / name).stat() for name in hashes}
    stamps = {name: (hash_, found[name].st_size, found[name].st_mtime_ns) for name, hash_ in hashes.items()}
    (folder / STAMPS_FILE).write_text(json.dumps(stamps), encoding="utf-8")


@contextmanager
def building(out: Path) -> Iterator[Path]:
    """A folder to build the next generation in; whatever is not committed is removed. Hold the lock."""
    root = out / GENERATIONS
    with store_errors(out):
        root.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(out)
        folder = Path(tempfile.mkdtemp(prefix=BUILDING_PREFIX, dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def adopt_part(folder: Path, label: str, part: Part, source: Path) -> None:
    """Takes over the files of an unchanged partition from an older generation, without copying them."""
    for table in part.files:
        old, new = part_path(source, table, label), part_path(folder, table, label)
        new.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(old, new)
        except OSError:
            # File systems without hard links.
            shutil.copyfile(old, new)


def add_part(folder: Path, label: str, editions: Iterable[str], files: dict[str, Path]) -> Part:
    """Moves freshly written Parquet files (table → file) into the generation and makes them durable."""
    hashes = {}
    for table, file in files.items():
        target = part_path(folder, table, label)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, target)
        fsync(target)
        hashes[table] = hashlib.sha256(target.read_bytes()).hexdigest()
    return Part(editions=tuple(editions), files=hashes)


def commit(out: Path, folder: Path, manifest: Manifest, tables: Iterable[str]) -> Path:
    """Makes a built folder the live generation. Hold the lock.

    Raises:
        StoreError: something that is not ours stands where the links belong.
    """
    with store_errors(out):
        _write_stamps(folder, manifest)
        (folder / MANIFEST_FILE).write_text(manifest.to_json(), encoding="utf-8")
        for table in tables:
            (folder / table).mkdir(exist_ok=True)
        _fsync_tree(folder)
        number = 1 + max((int(p.name) for p in _numbered(out)), default=0)
        target = out / GENERATIONS / str(number)
        os.rename(folder, target)
        target.chmod(0o755)
        fsync(target.parent)
        # Links first: on the very first run they lead nowhere until the switch, so all tables appear at once.
        wanted = {name: f"{CURRENT}/{name}" for name in (*tables, DATABASE_FILE)}
        for name, destination in wanted.items():
            _ensure_link(out, name, destination)
        _replace_link(out, CURRENT, f"{GENERATIONS}/{number}")
        _prune(out, number)
    return target


def fsync(path: Path) -> None:
    """Waits until a file's contents, or a folder's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fsync_tree(folder: Path) -> None:
    for base, _, names in os.walk(folder):
        # Parquet files were made durable when they came in.
        for name in names:
            if not name.endswith(".parquet"):
                fsync(Path(base) / name)
        fsync(Path(base))


def _ensure_link(out: Path, name: str, destination: str) -> None:
    link = out / name
    if link.is_symlink():
        if os.readlink(link) != destination:
            _replace_link(out, name, destination)
    elif link.exists():
        raise StoreError(f"{link}: is in the way and was not made by koteihyo; move it or choose another --out")
    else:
        _replace_link(out, name, destination)


def _replace_link(out: Path, name: str, destination: str) -> None:
    """Points a link elsewhere in one step; a reader sees the old or the new destination."""
    temporary = out / f".new-link-{name}"
    temporary.unlink(missing_ok=True)
    os.symlink(destination, temporary)
    os.replace(temporary, out / name)
    fsync(out)


def _numbered(out: Path) -> list[Path]:
    return [p for p in (out / GENERATIONS).iterdir() if p.name.isdecimal() and p.is_dir()]


def _prune(out: Path, live: int) -> None:
    older = sorted((p for p in _numbered(out) if int(p.name) != live), key=lambda p: int(p.name), reverse=True)
    for folder in older[KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)
    for entry in out.iterdir():
        # Tables that this version does not have any more.
        if entry.is_symlink() and os.readlink(entry) == f"{CURRENT}/{entry.name}" and not entry.exists():
            entry.unlink()


def _remove_leftovers(out: Path) -> None:
    """Removes what a killed run left: half-built folders, and generations that were never switched to."""
    live = current_generation(out)
    for entry in (out / GENERATIONS).iterdir():
        abandoned = entry.name.startswith(BUILDING_PREFIX)
        unswitched = live is not None and entry.name.isdecimal() and int(entry.name) > int(live[0].name)
        if abandoned or unswitched:
            shutil.rmtree(entry, ignore_errors=True)
