# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stored tables, for the other commands: reading editions, and replacing tables made from several editions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from koteihyo.pipeline.store.database import build_database
from koteihyo.pipeline.store.fingerprint import database_key, schema_key
from koteihyo.pipeline.store.frames import read_table, write_table
from koteihyo.pipeline.store.generation import (
    CURRENT,
    DATABASE_FILE,
    add_part,
    adopt_part,
    building,
    commit,
    current_generation,
    damaged,
    part_path,
    store_errors,
)
from koteihyo.pipeline.store.lock import locked
from koteihyo.pipeline.store.manifest import CHAIN_LABEL, Manifest, edition_label, pair_label
from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES
from koteihyo.schema.errors import StoreError, UsageError
from koteihyo.schema.record import Record
from koteihyo.schema.records import Edition, EditionRecords

R = TypeVar("R", bound=Record)

ALL_TABLES = (*EDITION_TABLES, *PAIR_TABLES)


def database_path(out: Path) -> Path:
    """The DuckDB file.

    Raises:
        StoreError: nothing was stored in this folder yet, or the file is not as it was stored.
    """
    folder, manifest = _live(out)
    _check(out, folder, manifest.model_copy(update={"parts": {}}), DATABASE_FILE)
    return out / DATABASE_FILE


def stored_editions(out: Path) -> list[Edition]:
    """The stored editions, oldest first (by publication date, then by id).

    Raises:
        StoreError: nothing was stored in this folder yet.
    """
    folder, manifest = _live(out)
    editions = [
        edition
        for edition_id in manifest.editions
        for edition in read_table(part_path(folder, Edition.TABLE, edition_label(edition_id)), Edition)
    ]
    # Undated ones by their id among themselves, after the dated ones.
    return sorted(editions, key=lambda e: (e.published_on is None, str(e.published_on or ""), e.edition_id))


def load_edition(out: Path, edition_id: str) -> EditionRecords:
    """All records of one edition as they were stored.

    Raises:
        UsageError: there is no such edition.
        StoreError: nothing was stored yet, or a file is damaged.
    """
    folder = _edition_folder(out, edition_id)
    label = edition_label(edition_id)
    tables: dict[str, list[Record]] = {
        model.TABLE: read_table(part_path(folder, model.TABLE, label), model) for model in EDITION_TABLES
    }
    edition = tables.pop(Edition.TABLE)[0]
    return EditionRecords.model_validate({"edition": edition, **tables})


def load_table(out: Path, edition_id: str, model: type[R]) -> list[R]:
    """One table of one edition.

    Raises:
        UsageError: there is no such edition.
        StoreError: nothing was stored yet, or the file is damaged.
    """
    return read_table(part_path(_edition_folder(out, edition_id), model.TABLE, edition_label(edition_id)), model)


def write_pair_tables(
    out: Path, old: str, new: str, tables: Mapping[type[Record], Iterable[Record]], wait: float = 0.0
) -> None:
    """Replaces the rows of one pair of editions, as one atomic step.

    Args:
        out: The output folder.
        old: The older edition's id.
        new: The newer edition's id.
        tables: Model → records; every model must stand in `koteihyo.schema.catalog.PAIR_TABLES`.
        wait: Seconds to wait for another run to end.

    Raises:
        UsageError: one of the editions is not stored.
        LockedError: another run holds the folder.
        StoreError: the rows break a check or cannot be written.
    """
    _write_derived(out, pair_label(old, new), (old, new), tables, wait)


def write_chain_tables(
    out: Path, editions: Iterable[str], tables: Mapping[type[Record], Iterable[Record]], wait: float = 0.0
) -> None:
    """Replaces the rows of tables made from a whole chain of editions (item_lineage), as one atomic step.

    Raises:
        UsageError: one of the editions is not stored.
        LockedError: another run holds the folder.
        StoreError: the rows break a check or cannot be written.
    """
    _write_derived(out, CHAIN_LABEL, tuple(editions), tables, wait)


def commit_generation(out: Path, folder: Path, manifest: Manifest) -> None:
    """Builds the DuckDB file of a generation whose Parquet files are in place, and makes it the live one.

    Raises:
        StoreError: the rows break a check or cannot be written. The outputs are as before.
    """
    files = {
        model: [
            part_path(folder, model.TABLE, label)
            for label, part in sorted(manifest.parts.items())
            if model.TABLE in part.files
        ]
        for model in ALL_TABLES
    }
    build_database(folder / DATABASE_FILE, files)
    commit(out, folder, manifest, [model.TABLE for model in ALL_TABLES])


def _write_derived(
    out: Path,
    label: str,
    editions: tuple[str, ...],
    tables: Mapping[type[Record], Iterable[Record]],
    wait: float,
) -> None:
    with locked(out, wait):
        live, manifest = _live(out)
        missing = sorted(set(editions) - set(manifest.editions))
        if missing:
            raise UsageError(f"{out}: edition {', '.join(missing)} is not stored; run `koteihyo run` first")
        if label in manifest.parts and set(manifest.parts[label].editions) != set(editions) and label != CHAIN_LABEL:
            raise UsageError(f"{out}: {label} already names another pair; rename one of the editions")
        if manifest.schema_key != schema_key():
            raise StoreError(f"{out}: was stored by another version of koteihyo; run `koteihyo run` first")
        with building(out) as folder, store_errors(out):
            for other, part in manifest.parts.items():
                if other != label:
                    adopt_part(folder, other, part, live)
            files = {}
            for model, records in tables.items():
                files[model.TABLE] = folder / f"{model.TABLE}.parquet"
                write_table(files[model.TABLE], model, records)
            parts = {**manifest.parts, label: add_part(folder, label, editions, files)}
            commit_generation(out, folder, manifest.model_copy(update={"parts": parts, "database_key": database_key()}))


def _live(out: Path) -> tuple[Path, Manifest]:
    live = current_generation(out)
    if live is None:
        hint = "is damaged" if os.path.lexists(out / CURRENT) else "holds no tables yet"
        raise StoreError(f"{out}: {hint}; run `koteihyo run` first, or name the folder with --out")
    return live


def _edition_folder(out: Path, edition_id: str) -> Path:
    folder, manifest = _live(out)
    if edition_id not in manifest.editions:
        known = ", ".join(sorted(manifest.editions)) or "none"
        raise UsageError(f"{out}: edition {edition_id} is not stored; stored: {known}")
    label = edition_label(edition_id)
    _check(out, folder, manifest.model_copy(update={"parts": {label: manifest.parts[label]}}), label)
    return folder


def _check(out: Path, folder: Path, manifest: Manifest, label: str) -> None:
    """Refuses files that another program has changed or that a disk has lost, before anything is made of them."""
    if label in damaged(folder, manifest):
        raise StoreError(
            f"{out}: {label} is not as it was stored (overwritten, cut short, or changed by another program); "
            "make it again with `koteihyo run`"
        )
