# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the next generation out of the one before the live one: only what changed since then is touched.

The live generation and the one before it hold nearly the same files. The older one is taken out of its place, so that
no path leads to it any more, and gets what changed. Programs that still have one of its files open keep that file:
Parquet files are replaced and never written to, and a DuckDB file that is open anywhere is left alone and copied from
the live one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from koteihyo.pipeline.store.database import update_database
from koteihyo.pipeline.store.layout import DATABASE_FILE, part_path
from koteihyo.pipeline.store.manifest import Manifest, Part, read_manifest
from koteihyo.pipeline.store.stamps import Stamps, load_stamps, stamp, stamp_all
from koteihyo.schema.errors import StoreError
from koteihyo.schema.record import Record


@dataclass
class Draft:
    """A generation that is being made in `folder`, and what must be on the disk before it may go live."""

    folder: Path
    manifest: Manifest
    fresh: frozenset[str]
    """Partitions whose files were just written."""
    base: Manifest | None = None
    """What the folder held before; None for a new one."""
    touched: set[Path] = field(default_factory=set)
    """Files and folders that are new or changed."""


def assemble(
    draft: Draft, live: tuple[Path, Manifest] | None, fresh_from: Path, models: Sequence[type[Record]]
) -> Stamps:
    """Puts everything into its place that the draft's manifest names, and says what stamps it has.

    Args:
        draft: The generation to make.
        live: Folder and manifest of the live generation, without what is damaged in it.
        fresh_from: Where the new Parquet files lie, in the layout of a generation.
        models: All tables there are.

    Raises:
        StoreError: the rows break a check or cannot be written.
        OSError: something cannot be written.
    """
    tables = {model.TABLE for model in models}
    for folder in draft.folder.iterdir():
        if folder.is_dir() and folder.name not in tables:
            # Tables that this version does not have any more.
            shutil.rmtree(folder)
    for table in tables:
        (draft.folder / table).mkdir(exist_ok=True)
        draft.touched.add(draft.folder / table)
    base = draft.base.parts if draft.base is not None else {}
    wanted = draft.manifest.parts
    for label, part in base.items():
        if label in draft.fresh or wanted.get(label) != part:
            _remove(draft.folder, label, part)
    for label, part in wanted.items():
        if label in draft.fresh:
            _move(draft, fresh_from, label, part)
        elif base.get(label) != part:
            assert live is not None
            _link(draft, live[0], label, part)
    _bring_database(draft, live, models)
    known = load_stamps(live[0]) if live is not None else Stamps()
    return stamp_all(draft.folder, draft.manifest, known, set(draft.fresh))


def take_spare(spare: Path | None, folder: Path) -> Manifest | None:
    """Makes an older generation the draft's folder; a new folder where there is none that can be used."""
    manifest = read_manifest(spare) if spare is not None else None
    if spare is None or manifest is None:
        folder.mkdir()
        return None
    os.rename(spare, folder)
    return manifest


def copy_generation(source: Path, manifest: Manifest, target: Path, models: Iterable[type[Record]]) -> None:
    """A second generation with the same contents, for the next one to be made of.

    Raises:
        OSError: it cannot be written.
    """
    target.mkdir()
    for model in models:
        (target / model.TABLE).mkdir()
    draft = Draft(target, manifest, frozenset())
    for label, part in manifest.parts.items():
        _link(draft, source, label, part)
    for file in (p for p in source.iterdir() if p.is_file()):
        # With its time of change: its stamp stays true.
        shutil.copy2(file, target / file.name)


def is_open_elsewhere(path: Path) -> bool:
    """Whether any program, this one included, has a file open; True where the system cannot tell."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return True
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return True
    try:
        # The kernel grants this only for a file that nobody else has open.
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _remove(folder: Path, label: str, part: Part) -> None:
    for table in part.files:
        shutil.rmtree(part_path(folder, table, label).parent, ignore_errors=True)


def _move(draft: Draft, source: Path, label: str, part: Part) -> None:
    for table in part.files:
        target = part_path(draft.folder, table, label)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(part_path(source, table, label), target)
        draft.touched |= {target, target.parent}


def _link(draft: Draft, source: Path, label: str, part: Part) -> None:
    for table in part.files:
        old, new = part_path(source, table, label), part_path(draft.folder, table, label)
        new.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        draft.touched.add(new.parent)
        try:
            os.link(old, new)
        except OSError:
            # File systems without hard links.
            shutil.copy2(old, new)
            draft.touched.add(new)


def _bring_database(draft: Draft, live: tuple[Path, Manifest] | None, models: Sequence[type[Record]]) -> None:
    """The DuckDB file of the draft: its own or the live one's brought up to date, else a new one."""
    path = draft.folder / DATABASE_FILE
    draft.touched.add(path)
    key = draft.manifest.database_key
    own = draft.base is not None and draft.base.database_key == key and _is_as_stored(draft.folder)
    if not own or is_open_elsewhere(path):
        path.unlink(missing_ok=True)
        if live is not None and live[1].database_key == key and _is_as_stored(live[0]):
            shutil.copyfile(live[0] / DATABASE_FILE, path)
    try:
        update_database(path, draft.folder, draft.manifest.parts, models)
    except StoreError as error:
        if error.__cause__ is None or not path.exists():
            raise
        # DuckDB could not do it: perhaps the older file is damaged where nobody looked.
        path.unlink()
        path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
        update_database(path, draft.folder, draft.manifest.parts, models)


def _is_as_stored(folder: Path) -> bool:
    return stamp(folder / DATABASE_FILE) == load_stamps(folder).database
