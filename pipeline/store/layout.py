# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the files of a generation lie."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

DATABASE_FILE = "koteihyo.duckdb"
PART_FILE = "part-0.parquet"

Folder = TypeVar("Folder", str, Path)


def part_path(folder: Folder, table: str, label: str) -> Folder:
    """The Parquet file of one table and partition."""
    if isinstance(folder, str):
        return f"{folder}/{table}/{label}/{PART_FILE}"
    return folder / table / label / PART_FILE
