# SPDX-License-Identifier: AGPL-3.0-or-later
"""Corrections by hand: what a person may change of what was read, and how the item is named."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, field_validator, model_validator

from koteihyo.schema.records import ItemKind

Heading = str | list[str]
"""Marker and title of a heading on the same page or an earlier one; or its whole path, where that is not enough."""

Year = Annotated[int, Field(ge=1868, le=2200)]
"""A fiscal year: no roadmap is older than Meiji."""


def _check_years(start: int | None, end: int | None) -> None:
    if start is not None and end is not None and end < start:
        raise ValueError(f"fy_end {end} comes before fy_start {start}")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*")
    @classmethod
    def _whole_characters(cls, value: Any) -> Any:
        for text in value if isinstance(value, list) else (value,):
            if isinstance(text, str) and any("\ud800" <= char <= "\udfff" for char in text):
                raise ValueError("holds half a character, which no table can keep")
        return value


class Change(_Entry):
    """New values of an item; what is not named stays. A heading or row that is named as nothing (null) goes."""

    text: str | None = None
    kind: ItemKind | None = None
    fy_start: Year | None = None
    fy_end: Year | None = None
    section: Heading | None = None
    row: Heading | None = None
    """Name of a table row on the same page; or its group and name, where that is not enough."""
    owners: list[str] | None = None

    def takes_away(self, name: str) -> bool:
        """Whether the item's `section` or `row` goes without another in its place."""
        return name in self.model_fields_set and getattr(self, name) is None

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        _check_years(self.fy_start, self.fy_end)
        return self


class Addition(_Entry):
    """An item that was not read."""

    text: Annotated[str, Field(min_length=1)]
    fy_start: Year
    fy_end: Year
    kind: ItemKind = ItemKind.BAR
    section: Heading | None = None
    row: Heading | None = None
    """A table row of the page."""
    chart: Annotated[int, Field(ge=0, le=1000)] = 0
    box: tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat] | None = None
    """Where it stands: left, top, right and bottom in PDF points from the top left of the page; else its finding's
    place, else the whole chart."""

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        _check_years(self.fy_start, self.fy_end)
        if self.box is not None and (self.box[2] < self.box[0] or self.box[3] < self.box[1]):
            raise ValueError(
                "box is left, top, right, bottom: the right comes after the left, the bottom after the top"
            )
        return self


class Correction(_Entry):
    """One correction. An item is named by its page and its text as read; `years` and `at` tell repeated texts apart."""

    page: Annotated[int, Field(ge=1, le=100_000)]
    text: str | None = None
    years: tuple[Year, Year] | None = None
    at: tuple[FiniteFloat, FiniteFloat] | None = None
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
