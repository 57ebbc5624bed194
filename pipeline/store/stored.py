# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stored tables, for the other commands: reading editions, and replacing tables made from several editions."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from koteihyo.pipeline.store.fingerprint import database_key, schema_key
from koteihyo.pipeline.store.frames import read_table, write_table
from koteihyo.pipeline.store.generation import CURRENT, add_part, building, commit, current_generation, store_errors
from koteihyo.pipeline.store.layout import DATABASE_FILE, part_path
from koteihyo.pipeline.store.lock import locked
from koteihyo.pipeline.store.manifest import CHAIN_LABEL, Manifest, edition_label, pair_label
from koteihyo.pipeline.store.stamps import is_damaged
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
    _check(out, folder, manifest, DATABASE_FILE)
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


def chosen_editions(out: Path, wanted: Collection[str]) -> list[str]:
    """The ids of the stored editions, oldest first; only the wanted ones when any are named.

    Raises:
        UsageError: a wanted one is not stored.
        StoreError: nothing was stored in this folder yet.
    """
    stored = [edition.edition_id for edition in stored_editions(out)]
    unknown = sorted(set(wanted) - set(stored))
    if unknown:
        raise UsageError(f"{out}: edition {', '.join(unknown)} is not stored; stored: {', '.join(stored) or 'none'}")
    return [edition for edition in stored if edition in wanted or not wanted]


def is_compared(out: Path, old: str, new: str) -> bool:
    """Whether the changes from one edition to another are stored.

    Raises:
        StoreError: nothing was stored in this folder yet.
    """
    _folder, manifest = _live(out)
    return pair_label(old, new) in manifest.parts


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


@dataclass(frozen=True)
class Derived:
    """The rows of tables that were made from two or more stored editions."""

    label: str
    editions: tuple[str, ...]
    tables: Mapping[type[Record], Iterable[Record]]
    """Model → records; every model stands in `koteihyo.schema.catalog.PAIR_TABLES`."""


def of_pair(old: str, new: str, tables: Mapping[type[Record], Iterable[Record]]) -> Derived:
    """Rows made from two editions."""
    return Derived(pair_label(old, new), (old, new), tables)


def of_chain(editions: Iterable[str], tables: Mapping[type[Record], Iterable[Record]]) -> Derived:
    """Rows made from a whole chain of editions (item_lineage)."""
    return Derived(CHAIN_LABEL, tuple(editions), tables)


def write_derived(out: Path, derived: Sequence[Derived], wait: float = 0.0) -> None:
    """Replaces the rows of some pairs and chains, all in one atomic step.

    Args:
        out: The output folder.
        derived: The new rows.
        wait: Seconds to wait for another run to end.

    Raises:
        UsageError: one of the editions is not stored.
        LockedError: another run holds the folder.
        StoreError: the rows break a check or cannot be written.
    """
    with locked(out, wait):
        live, manifest = _live(out)
        for rows in derived:
            _check_derived(out, rows, manifest)
        if manifest.schema_key != schema_key():
            raise StoreError(f"{out}: was stored by another version of koteihyo; run `koteihyo run` first")
        with building(out) as folder, store_errors(out):
            parts = dict(manifest.parts)
            for rows in derived:
                files = {}
                for model, records in rows.tables.items():
                    files[model.TABLE] = folder / f"{model.TABLE}.parquet"
                    write_table(files[model.TABLE], model, records)
                parts[rows.label] = add_part(folder, rows.label, rows.editions, files)
            new = manifest.model_copy(update={"parts": parts, "database_key": database_key()})
            commit_generation(out, folder, new, {rows.label for rows in derived}, (live, manifest))


def commit_generation(
    out: Path, folder: Path, manifest: Manifest, fresh: Collection[str], live: tuple[Path, Manifest] | None
) -> None:
    """`koteihyo.pipeline.store.generation.commit` with all tables there are."""
    commit(out, folder, manifest, fresh, live, ALL_TABLES)


def _check_derived(out: Path, derived: Derived, manifest: Manifest) -> None:
    label, editions = derived.label, set(derived.editions)
    missing = sorted(editions - set(manifest.editions))
    if missing:
        raise UsageError(f"{out}: edition {', '.join(missing)} is not stored; run `koteihyo run` first")
    if label in manifest.parts and set(manifest.parts[label].editions) != editions and label != CHAIN_LABEL:
        raise UsageError(f"{out}: {label} already names another pair; rename one of the editions")


def _live(out: Path) -> tuple[Path, Manifest]:
    live = current_generation(out)
    if live is None:
        if os.path.lexists(out / CURRENT):
            hint = "is damaged"
        else:
            hint = "holds no tables yet" if out.is_dir() else "is no folder of tables"
        raise StoreError(f"{out}: {hint}; run `koteihyo run` first, or name the folder that it wrote (--out)")
    return live


def _edition_folder(out: Path, edition_id: str) -> Path:
    folder, manifest = _live(out)
    if edition_id not in manifest.editions:
        known = ", ".join(sorted(manifest.editions)) or "none"
        raise UsageError(f"{out}: edition {edition_id} is not stored; stored: {known}")
    label = edition_label(edition_id)
    _check(out, folder, manifest, label)
    return folder


def _check(out: Path, folder: Path, manifest: Manifest, label: str) -> None:
    """Refuses files that another program has changed or that a disk has lost, before anything is made of them."""
    if is_damaged(folder, manifest, label):
        raise StoreError(
            f"{out}: {label} is not as it was stored (overwritten, cut short, or changed by another program); "
            "make it again with `koteihyo run`"
        )
