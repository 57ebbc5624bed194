# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tree of headings across pages: parents, and paths with the ancestors of earlier pages."""

from __future__ import annotations

from dataclasses import dataclass

from koteihyo.normalize.reading import HeadingReading


@dataclass(frozen=True)
class _Open:
    rank: float
    label: str
    section_id: str


class Outline:
    """Headings that are open at this point of the document, outermost first."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._chapter: str | None = None

    def enter_page(self, chapter: str | None) -> None:
        """A page with another running title begins a new chapter: nothing continues from before."""
        if chapter is not None and self._chapter is not None and chapter != self._chapter:
            self._open.clear()
        self._chapter = chapter or self._chapter

    def add(self, heading: HeadingReading, section_id: str) -> tuple[str | None, list[str]]:
        """(id of the parent heading, path from the outermost heading to this one)."""
        while self._open and self._open[-1].rank >= heading.rank:
            self._open.pop()
        parent = self._open[-1].section_id if self._open else None
        path = [o.label for o in self._open] + [heading.label]
        self._open.append(_Open(heading.rank, heading.label, section_id))
        return parent, path
