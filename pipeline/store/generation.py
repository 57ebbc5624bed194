# SPDX-License-Identifier: AGPL-3.0-or-later
"""Outputs as whole generations, switched by one atomic rename: a kill at any moment leaves the old or the new one.

OUT/.generations/7/<table>/<partition>/part-0.parquet, koteihyo.duckdb, manifest.json, stamps.json
OUT/.generations/6      the generation before, of which the next one is made
OUT/.current            → .generations/7      the one link that is replaced
OUT/<table>             → .current/<table>    fixed links for people and programs
OUT/koteihyo.duckdb     → .current/koteihyo.duckdb
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from koteihyo.pipeline.store.database import check_place
from koteihyo.pipeline.store.layout import DATABASE_FILE, part_path
from koteihyo.pipeline.store.manifest import MANIFEST_FILE, Manifest, Part, read_manifest
from koteihyo.pipeline.store.next_generation import Draft, assemble, copy_generation, take_spare
from koteihyo.pipeline.store.stamps import STAMPS_FILE
from koteihyo.schema.errors import StoreError, cannot_write
from koteihyo.schema.record import Record

GENERATIONS = ".generations"
CURRENT = ".current"
BUILDING_PREFIX = "building-"
# The live generation and the one before it, for readers that opened it just before the switch.
KEPT = 2
NEXT = ".next"
SPARE = ".spare"
# With so many new files one wait for the whole disk is shorter than one for each of them.
MANY = 500


@contextmanager
def store_errors(out: Path) -> Iterator[None]:
    """Turns failures of the file system into StoreError with what to do about them."""
    try:
        yield
    except OSError as error:
        raise cannot_write(error.filename or out, error, "The outputs are as they were before") from error


def current_generation(out: Path) -> tuple[Path, Manifest] | None:
    """Folder and manifest of the live generation; None when nothing usable was stored yet."""
    try:
        folder = out / os.readlink(out / CURRENT)
    except OSError:
        return None
    manifest = read_manifest(folder)
    return (folder, manifest) if manifest is not None else None


@contextmanager
def building(out: Path) -> Iterator[Path]:
    """A folder to build the next generation in; whatever is not committed is removed. Hold the lock.

    Raises:
        StoreError: the folder cannot be written, or DuckDB could not work in it.
    """
    check_place(out)
    root = out / GENERATIONS
    with store_errors(out):
        root.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(out)
        folder = Path(tempfile.mkdtemp(prefix=BUILDING_PREFIX, dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def add_part(folder: Path, label: str, editions: Iterable[str], files: dict[str, Path]) -> Part:
    """Moves freshly written Parquet files (table → file) into the folder of `building`."""
    hashes = {}
    for table, file in files.items():
        target = part_path(folder, table, label)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, target)
        hashes[table] = hashlib.sha256(target.read_bytes()).hexdigest()
    return Part(editions=tuple(editions), files=hashes)


def commit(
    out: Path,
    folder: Path,
    manifest: Manifest,
    fresh: Iterable[str],
    live: tuple[Path, Manifest] | None,
    models: Sequence[type[Record]],
) -> None:
    """Makes a generation of a manifest's partitions, and makes it the live one. Hold the lock.

    Args:
        out: The output folder.
        folder: The folder of `building`, in which the new Parquet files lie.
        manifest: What the generation is to hold.
        fresh: Labels of the partitions that are new in `folder`; all others are taken from the live generation.
        live: Folder and manifest of the live generation, without what is damaged in it.
        models: All tables there are.

    Raises:
        StoreError: the rows break a check or cannot be written (the outputs are as before), or something that is not
            ours stands where the links belong.
    """
    with store_errors(out):
        numbers = sorted(int(p.name) for p in _numbered(out))
        current = _live_number(out)
        older = [number for number in numbers if current is not None and number < current]
        draft = Draft(folder / NEXT, manifest, frozenset(fresh))
        draft.base = take_spare(out / GENERATIONS / str(older[-1]) if older else None, draft.folder)
        assemble(draft, live, folder, models).save(draft.folder)
        (draft.folder / MANIFEST_FILE).write_text(manifest.to_json(), encoding="utf-8")
        _make_durable(draft)
        number = 1 + max(numbers, default=0)
        target = out / GENERATIONS / str(number)
        os.rename(draft.folder, target)
        target.chmod(0o755)
        fsync(target.parent)
        # Links first: on the very first run they lead nowhere until the switch, so all tables appear at once.
        tables = [model.TABLE for model in models]
        wanted = {name: f"{CURRENT}/{name}" for name in (*tables, DATABASE_FILE)}
        for name, destination in wanted.items():
            _ensure_link(out, name, destination)
        _replace_link(out, CURRENT, f"{GENERATIONS}/{number}")
        _prune(out, number)
    if current is None:
        _provide_spare(out, folder, target, manifest, models)


def _provide_spare(out: Path, folder: Path, live: Path, manifest: Manifest, models: Sequence[type[Record]]) -> None:
    """A generation before the first, so that the second one costs what changed and not what is stored."""
    try:
        copy_generation(live, manifest, folder / SPARE, models)
        os.rename(folder / SPARE, out / GENERATIONS / str(int(live.name) - 1))
    except OSError:
        # The next commit does without.
        return


def _make_durable(draft: Draft) -> None:
    """Waits until all that is new in a draft is on the disk."""
    if len(draft.touched) > MANY:
        os.sync()
        return
    for path in draft.touched | {draft.folder, draft.folder / MANIFEST_FILE, draft.folder / STAMPS_FILE}:
        fsync(path)


def fsync(path: Path) -> None:
    """Waits until a file's contents, or a folder's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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


def _live_number(out: Path) -> int | None:
    try:
        name = Path(os.readlink(out / CURRENT)).name
    except OSError:
        return None
    return int(name) if name.isdecimal() else None


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
