# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record of an archive's inputs: one row for each, whatever became of it."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from koteihyo.schema.record import Record


class Status(StrEnum):
    """What became of an input."""

    PLAN = "plan"
    NO_PLAN = "no_plan"
    FAILED = "failed"


class Document(Record):
    """One input of an archive. The rows of its plan are those of its edition, once, however many inputs are that file."""

    TABLE: ClassVar[str] = "documents"
    KEY: ClassVar[tuple[str, ...]] = ("source",)
    CHECKS: ClassVar[tuple[str, ...]] = ("(status = 'plan') = (edition_id IS NOT NULL)",)

    source: str = Field(description="Path, address or key of the input, in full.")
    sha256: str | None = Field(default=None, description="SHA-256 of the file; NULL where it could not be had.")
    status: Status = Field(description="plan, no_plan or failed.")
    reason: str | None = Field(default=None, description="Why it failed, as a stable word; NULL for the others.")
    message: str | None = Field(default=None, description="Why it failed, for people.")
    edition_id: str | None = Field(default=None, description="The edition in the other tables; NULL without a plan.")
    pages: int | None = Field(default=None, description="Physical pages; NULL where the file could not be read.")
    pages_not_read: int = Field(
        default=0, description="Pages left out because of a limit, or because they are damaged."
    )
    charts: int = Field(default=0, description="Charts found.")
    items: int = Field(default=0, description="Schedule items found.")
    seconds: float = Field(
        default=0.0, description="Seconds that the reading took; 0 for a file read under another name."
    )
    version: str = Field(description="Versions of koteihyo and of its PDF reader.")
    reader: str = Field(description="Fingerprint of the reader: another one may find other rows.")
    stamp: str = Field(
        description="What tells that the input is the same: its size, and its time of change or its ETag."
    )
