# SPDX-License-Identifier: AGPL-3.0-or-later
"""Corrections by hand: what a person may change of what was read, and how the item is named."""

from __future__ import annotations

from typing import Annotated, Self

from koteihyo.schema.records import ItemKind
from pydantic import BaseModel, ConfigDict, Field, model_validator

Heading = str | list[str]
"""Marker and title of a heading on the same page or an earlier one; or its whole path, where that is not enough."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Entry):
    """New values of an item; what is not named stays."""

    text: str | None = None
    kind: ItemKind | None = None
    fy_start: int | None = None
    fy_end: int | None = None
    section: Heading | None = None
    row: Heading | None = None
    """Name of a table row on the same page; or its group and name, where that is not enough."""
    owners: list[str] | None = None


class Addition(_Entry):
    """An item that was not read."""

    text: Annotated[str, Field(min_length=1)]
    fy_start: int
    fy_end: int
    kind: ItemKind = ItemKind.BAR
    section: Heading | None = None
    chart: Annotated[int, Field(ge=0)] = 0


class Correction(_Entry):
    """One correction. An item is named by its page and its text as read; `years` and `at` tell repeated texts apart."""

    page: Annotated[int, Field(ge=1)]
    text: str | None = None
    years: tuple[int, int] | None = None
    at: tuple[float, float] | None = None
    """A point in the item's box, PDF points from the top left of the page."""
    set: Change | None = None
    drop: bool = False
    add: Addition | None = None
    accept: bool = False
    """The item is right as it was read."""
    ignore: bool = False
    """The text is that of a finding, and rightly in no record."""
    reason: Annotated[str, Field(min_length=1)]
    by: Annotated[str, Field(min_length=1)] = "unnamed"

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum((self.set is not None, self.drop, self.add is not None, self.accept, self.ignore)) != 1:
            raise ValueError("a correction has one of set, drop, add, accept and ignore")
        if (self.add is None) == (self.text is None):
            raise ValueError("all but add name an item by its text; add does not")
        return self
