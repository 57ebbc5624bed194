# SPDX-License-Identifier: AGPL-3.0-or-later
"""An edition that is not stored as a DuckDB file of its own, so that the same SQL and the same views serve it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.pipeline.store.database import update_database
from koteihyo.pipeline.store.frames import write_frame
from koteihyo.pipeline.store.layout import DATABASE_FILE, part_path
from koteihyo.pipeline.store.manifest import Part, edition_label
from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES

if TYPE_CHECKING:
    import polars as pl


def write_database(edition_id: str, tables: Mapping[str, pl.DataFrame], folder: Path) -> Path:
    """Writes the tables of one edition and all views over them into a folder; returns the DuckDB file.

    Raises:
        StoreError: the file cannot be written.
    """
    label = edition_label(edition_id)
    models = {model.TABLE: model for model in EDITION_TABLES}
    for name, frame in tables.items():
        write_frame(part_path(folder, name, label), models[name], frame)
    part = Part(editions=(edition_id,), files=dict.fromkeys(tables, ""))
    update_database(folder / DATABASE_FILE, folder, {label: part}, (*EDITION_TABLES, *PAIR_TABLES))
    return folder / DATABASE_FILE
