# SPDX-License-Identifier: AGPL-3.0-or-later
"""Readings kept as they were before corrections, so that a corrected edition needs no second look at its PDF."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from koteihyo.schema.records import EditionRecords

READINGS = ".readings"


def kept_file(out: Path, edition_id: str) -> Path:
    """Where the reading of an edition is kept."""
    return out / READINGS / f"{edition_id}.json"


def load_kept(file: Path, key: str) -> EditionRecords | None:
    """A kept reading; None when there is none, or it was made from something else than `key` stands for."""
    try:
        found, _, text = file.read_bytes().partition(b"\n")
        return EditionRecords.model_validate_json(text) if found == key.encode() else None
    except (OSError, ValueError):
        # It only saves time: whatever is wrong with it, the PDF is there.
        return None


def keep(file: Path, key: str, records: EditionRecords) -> None:
    """Keeps a reading, in one step.

    Raises:
        OSError: it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    temporary.write_bytes(key.encode() + b"\n" + records.model_dump_json().encode())
    os.replace(temporary, file)


def forget_others(out: Path, editions: Collection[str]) -> None:
    """Removes the readings of editions that are not stored any more."""
    wanted = {kept_file(out, edition_id) for edition_id in editions}
    for file in (out / READINGS).glob("*.json"):
        if file not in wanted:
            file.unlink(missing_ok=True)
