# SPDX-License-Identifier: AGPL-3.0-or-later
"""What records have in common: the edition, the page and the box that they were read from."""

from __future__ import annotations

from pydantic import Field

from koteihyo.schema.record import Record


class InEdition(Record):
    """A row that belongs to an edition."""

    edition_id: str = Field(description="The edition the row was read from.")


class OnPage(InEdition):
    """A row that was read from one place on one page."""

    page_no: int = Field(ge=1, description="Physical page number, from 1.")


class Boxed(OnPage):
    """A row with a box on its page."""

    x0: float = Field(description="Left edge, PDF points.")
    y0: float = Field(description="Top edge, PDF points from the top of the page.")
    x1: float = Field(description="Right edge, PDF points.")
    y1: float = Field(description="Bottom edge, PDF points from the top of the page.")

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom edge, PDF points."""
        return self.x0, self.y0, self.x1, self.y1
