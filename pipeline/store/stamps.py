# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells sound stored files from damaged ones: at a glance by size and time of change, in doubt by what is in them."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from koteihyo.pipeline.store.fingerprint import sha256_file
from koteihyo.pipeline.store.layout import DATABASE_FILE, part_path
from koteihyo.pipeline.store.manifest import Manifest

STAMPS_FILE = "stamps.json"

Stamp = tuple[int, int]
"""Size and time of change (nanoseconds) of a stored file."""


class Stamps(BaseModel):
    """The stamps of a generation's files as they were stored."""

    model_config = ConfigDict(extra="forbid")

    database: Stamp = (0, 0)
    parts: dict[str, dict[str, Stamp]] = {}
    """Partition → table → stamp of its Parquet file."""

    def save(self, folder: Path) -> None:
        """Writes the stamps into a generation's folder, in one step."""
        draft = folder / f".{STAMPS_FILE}"
        draft.write_text(self.model_dump_json(), encoding="utf-8")
        os.replace(draft, folder / STAMPS_FILE)


def load_stamps(folder: Path) -> Stamps:
    """The stamps of a generation; none where the file is missing, damaged or of another version."""
    try:
        return Stamps.model_validate_json((folder / STAMPS_FILE).read_bytes())
    except (OSError, ValidationError):
        return Stamps()


def stamp(path: Path | str) -> Stamp | None:
    """The stamp of a file; None when there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116  a Path for each of tens of thousands of files takes longer than the call
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def damaged(folder: Path, manifest: Manifest, *, thorough: bool = False) -> set[str]:
    """Labels of the partitions, and the name of the DuckDB file, whose contents are not what was stored.

    A file with the stamp that it was stored with is taken for sound, unless `thorough`; any other is read: Parquet files
    are compared by their SHA-256, the blocks of the DuckDB file by their own checksums. What proves sound gets its new
    stamp (outputs that were copied), so that it is read once only.
    """
    stamps = load_stamps(folder)
    broken = {
        label for label in manifest.parts if not _is_sound_part(folder, manifest, label, stamps, thorough=thorough)
    }
    if not _is_sound_database(folder, manifest, stamps, thorough=thorough):
        broken.add(DATABASE_FILE)
    elif not broken and not thorough and stamp(folder / DATABASE_FILE) != stamps.database:
        _renew(folder, manifest)
    return broken


def is_damaged(folder: Path, manifest: Manifest, label: str) -> bool:
    """Whether one partition, or the DuckDB file by its name, is not what was stored; see `damaged`."""
    stamps = load_stamps(folder)
    if label == DATABASE_FILE:
        return not _is_sound_database(folder, manifest, stamps, thorough=False)
    return not _is_sound_part(folder, manifest, label, stamps, thorough=False)


def stamp_all(folder: Path, manifest: Manifest, known: Stamps, fresh: set[str]) -> Stamps:
    """The stamps of a generation that is about to be stored: what is not `fresh` is the same file as before."""
    parts = {}
    for label, part in manifest.parts.items():
        if label in fresh or label not in known.parts:
            parts[label] = {table: stamp(part_path(folder, table, label)) or (0, 0) for table in part.files}
        else:
            parts[label] = known.parts[label]
    return Stamps(database=stamp(folder / DATABASE_FILE) or (0, 0), parts=parts)


def _is_sound_part(folder: Path, manifest: Manifest, label: str, stamps: Stamps, *, thorough: bool) -> bool:
    root, known = str(folder), stamps.parts.get(label, {})
    for table, sha256 in manifest.parts[label].files.items():
        # A path as text: there may be tens of thousands of them.
        path = part_path(root, table, label)
        if not thorough and stamp(path) == known.get(table):
            continue
        if not _has_hash(Path(path), sha256):
            return False
    return True


def _is_sound_database(folder: Path, manifest: Manifest, stamps: Stamps, *, thorough: bool) -> bool:
    found = stamp(folder / DATABASE_FILE)
    if found is None or (found == stamps.database and not thorough):
        return found is not None
    from koteihyo.pipeline.store.database import is_readable

    return is_readable(folder / DATABASE_FILE, manifest.parts)


def _has_hash(path: Path, sha256: str) -> bool:
    try:
        return path.is_file() and sha256_file(path) == sha256
    except OSError:
        return False


def _renew(folder: Path, manifest: Manifest) -> None:
    try:
        stamp_all(folder, manifest, Stamps(), set()).save(folder)
    except OSError:
        # Outputs that cannot be written are read again at the next run.
        return
