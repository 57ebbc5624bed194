# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tree of headings across pages: parents, and paths with the ancestors of earlier pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Step(NamedTuple):
    """A page that begins (`section_id` is empty, `label` its running title), or a heading, in reading order."""

    label: str | None
    section_id: str = ""
    rank: float = 0.0


def link_sections(trail: Iterable[Step]) -> dict[str, tuple[str | None, list[str]]]:
    """Section id → (id of the parent heading, path from the outermost heading to this one)."""
    outline, links = Outline(), {}
    for step in trail:
        if step.section_id:
            links[step.section_id] = outline.add(step.rank, step.label or "", step.section_id)
        else:
            outline.enter_page(step.label)
    return links


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

    def add(self, rank: float, label: str, section_id: str) -> tuple[str | None, list[str]]:
        """(id of the parent heading, path from the outermost heading to this one)."""
        while self._open and self._open[-1].rank >= rank:
            self._open.pop()
        parent = self._open[-1].section_id if self._open else None
        path = [o.label for o in self._open] + [label]
        self._open.append(_Open(rank, label, section_id))
        return parent, path
