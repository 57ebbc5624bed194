# SPDX-License-Identifier: AGPL-3.0-or-later
"""The base of every record: a frozen pydantic model that knows its table's name, key and checks."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """One row of one table.

    A subclass's docstring is its table's comment, each field's `description` its column's comment, so that the
    tables, the Parquet files and the documentation have one definition.
    """

    # Built at first use: a run needs few of the tables, and building all of them costs more than reading a page.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]
    """Columns of the primary key."""
    CHECKS: ClassVar[tuple[str, ...]] = ()
    """SQL conditions that hold for every row."""
    REFERENCES: ClassVar[tuple[tuple[str, str], ...]] = ()
    """(column, table): the column is NULL or the id of a row of that table in the same edition."""

    def row(self) -> dict[str, Any]:
        """The record as a plain mapping, columns in the table's order."""
        return dict(self)
