# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changed between editions, and measures followed through several of them."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from koteihyo.schema.record import Record


class ChangeType(StrEnum):
    """What happened to an item between two editions."""

    ADDED = "added"
    REMOVED = "removed"
    EXPIRED = "expired"
    REWORDED = "reworded"
    MOVED = "moved"
    RESCHEDULED = "rescheduled"
    RECATEGORIZED = "recategorized"
    ROLLED = "rolled"


class EditionChange(Record):
    """One change of one schedule item from an older edition to a newer one; an item can have several."""

    TABLE: ClassVar[str] = "edition_changes"
    KEY: ClassVar[tuple[str, ...]] = ("change_id",)
    CHECKS: ClassVar[tuple[str, ...]] = (
        "old_item_id IS NOT NULL OR new_item_id IS NOT NULL",
        "(old_item_id IS NULL) = (change_type = 'added')",
        "(new_item_id IS NULL) = (change_type IN ('removed', 'expired'))",
        "similarity BETWEEN 0 AND 1",
    )

    old_edition_id: str = Field(description="The older edition.")
    new_edition_id: str = Field(description="The newer edition.")
    change_id: str = Field(description="Id of the change, the same in every run.")
    change_type: ChangeType = Field(
        description="added, removed, expired (ended before the newer chart begins), reworded, moved (another section "
        "or row), rescheduled, recategorized (the legend says something else of its ink), or rolled (reaches the last "
        "column in both editions)."
    )
    old_item_id: str | None = Field(default=None, description="The item in the older edition; NULL when added.")
    new_item_id: str | None = Field(default=None, description="The item in the newer edition; NULL when it is gone.")
    kind: str = Field(description="bar, marker, label, heading or callout (in the newer edition, if it is there).")
    old_text: str | None = Field(default=None, description="Text in the older edition.")
    new_text: str | None = Field(default=None, description="Text in the newer edition.")
    old_fy_start: int | None = Field(default=None, description="First fiscal year in the older edition, not clipped.")
    old_fy_end: int | None = Field(default=None, description="Last fiscal year in the older edition.")
    new_fy_start: int | None = Field(default=None, description="First fiscal year in the newer edition.")
    new_fy_end: int | None = Field(default=None, description="Last fiscal year in the newer edition.")
    old_category: str | None = Field(default=None, description="What the older legend says of its ink.")
    new_category: str | None = Field(default=None, description="What the newer legend says of its ink.")
    start_years: int | None = Field(
        default=None,
        description="Years by which the start moved, later ones positive, the old start clipped to the newer chart.",
    )
    end_years: int | None = Field(default=None, description="Years by which the end moved, later ones positive.")
    similarity: float = Field(description="Similarity of the two texts, 0 to 1; 0 when there is only one.")
    word_diff: str | None = Field(
        default=None, description="For reworded: the text with [-dropped-] and {+new+} words marked."
    )
    old_numbers: list[str] = Field(
        default_factory=list, description="For reworded: numbers and dates that are only in the older text."
    )
    new_numbers: list[str] = Field(
        default_factory=list, description="For reworded: numbers and dates that are only in the newer text."
    )
    old_chapter: str | None = Field(default=None, description="Running title of the older page.")
    new_chapter: str | None = Field(default=None, description="Running title of the newer page.")
    old_path: list[str] = Field(default_factory=list, description="Section path in the older edition.")
    new_path: list[str] = Field(default_factory=list, description="Section path in the newer edition.")
    old_row: str | None = Field(default=None, description="Table row in the older edition (card tables).")
    new_row: str | None = Field(default=None, description="Table row in the newer edition (card tables).")
    old_page_no: int | None = Field(default=None, description="Page in the older edition.")
    new_page_no: int | None = Field(default=None, description="Page in the newer edition.")
    owners: list[str] = Field(
        default_factory=list, description="Ministries in charge, of the newer item if it is there."
    )
    split_from_item_id: str | None = Field(
        default=None, description="For added: the older item whose text held this one, when it was split."
    )
    merged_into_item_id: str | None = Field(
        default=None,
        description="For removed and expired: the newer item whose text holds this one, when it was merged.",
    )


class RowChange(Record):
    """One cell beside the years that another edition's table has otherwise: who is in charge, a target, what is done."""

    TABLE: ClassVar[str] = "row_changes"
    KEY: ClassVar[tuple[str, ...]] = ("change_id",)
    CHECKS: ClassVar[tuple[str, ...]] = ("old_text IS DISTINCT FROM new_text",)

    old_edition_id: str = Field(description="The older edition.")
    new_edition_id: str = Field(description="The newer edition.")
    change_id: str = Field(description="Id of the change, the same in every run.")
    old_row_id: str = Field(description="The table row in the older edition.")
    new_row_id: str = Field(description="The same row in the newer edition.")
    group_label: str | None = Field(default=None, description="Group of the row (in the newer edition).")
    name: str = Field(description="Name of the row (in the newer edition).")
    column_name: str = Field(
        description="The column: its header, or name, done_text, owner_text for the columns that table_rows has."
    )
    old_text: str | None = Field(default=None, description="The cell in the older edition; NULL without such a column.")
    new_text: str | None = Field(default=None, description="The cell in the newer edition; NULL without such a column.")
    word_diff: str | None = Field(
        default=None, description="The text with [-dropped-] and {+new+} words marked, where both editions have some."
    )
    old_page_no: int = Field(description="Page in the older edition.")
    new_page_no: int = Field(description="Page in the newer edition.")


class ItemLineage(Record):
    """One measure followed through a chain of editions."""

    TABLE: ClassVar[str] = "item_lineage"
    KEY: ClassVar[tuple[str, ...]] = ("lineage_id",)
    CHECKS: ClassVar[tuple[str, ...]] = (
        "len(edition_ids) = len(item_ids) AND len(item_ids) > 0",
        "delays >= 0",
        "rewordings >= 0",
    )

    lineage_id: str = Field(description="Id of the measure: that of its first item.")
    edition_ids: list[str] = Field(description="The editions it is in, oldest first.")
    item_ids: list[str] = Field(description="Its item in each of them.")
    first_seen: str = Field(description="The first edition of the chain that has it.")
    last_seen: str = Field(description="The last edition of the chain that has it.")
    ended: str | None = Field(
        default=None, description="removed or expired, where a later edition no longer has it; NULL while it stands."
    )
    delays: int = Field(description="How often its start or end was put off.")
    delay_years: int = Field(description="Years between its first and its latest end that rescheduling added, in sum.")
    rewordings: int = Field(description="How often its text was changed.")
    first_text: str = Field(description="Its text in the first edition.")
    last_text: str = Field(description="Its text in the last edition that has it.")
