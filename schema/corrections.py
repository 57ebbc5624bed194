# SPDX-License-Identifier: AGPL-3.0-or-later
"""Corrections by hand: what a person may change of what was read, and how the item is named."""

from __future__ import annotations

from typing import Annotated, Self

from koteihyo.schema.records import ItemKind
from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Entry):
    """New values of an item; what is not named stays."""

    text: str | None = None
    kind: ItemKind | None = None
    fy_start: int | None = None
    fy_end: int | None = None
    section: str | None = None
    """Marker and title of a heading on the same page or an earlier one."""


class Addition(_Entry):
    """An item that was not read."""

    text: Annotated[str, Field(min_length=1)]
    fy_start: int
    fy_end: int
    kind: ItemKind = ItemKind.BAR
    section: str | None = None
    chart: Annotated[int, Field(ge=0)] = 0


class Correction(_Entry):
    """One correction. An item is named by its page and its text as read; `years` tells repeated texts apart."""

    page: Annotated[int, Field(ge=1)]
    text: str | None = None
    years: tuple[int, int] | None = None
    set: Change | None = None
    drop: bool = False
    add: Addition | None = None
    reason: Annotated[str, Field(min_length=1)]
    by: Annotated[str, Field(min_length=1)] = "unnamed"

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum((self.set is not None, self.drop, self.add is not None)) != 1:
            raise ValueError("a correction has one of set, drop and add")
        if (self.add is None) == (self.text is None):
            raise ValueError("set and drop name an item by its text; add does not")
        return self
