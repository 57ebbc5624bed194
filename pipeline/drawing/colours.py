# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colours of a drawn plan: by what the chart's own legend says where it has one, else by the stage of the measure."""

from __future__ import annotations

from collections.abc import Iterable

from koteihyo.schema.facts import Phase
from koteihyo.schema.records import ItemKind, ScheduleItem

# Light enough for black text at 7 : 1, in the order from study (cold) to operation (warm).
PHASES = {
    Phase.STUDY: "#C6DBEF",
    Phase.LEGISLATION: "#D5CDEA",
    Phase.DEVELOPMENT: "#BFE3DD",
    Phase.TRIAL: "#C9E8B9",
    Phase.BUILDING: "#E3EBA5",
    Phase.LAUNCH: "#FFE08A",
    Phase.OPERATION: "#FFC98A",
    Phase.EXPANSION: "#F9B9A4",
    Phase.CONTINUATION: "#E6D3C1",
    Phase.REVIEW: "#E9C4DA",
}
CATEGORIES = tuple(PHASES.values())
PLAIN = "#E4E4E4"
BLOCKS = frozenset({ItemKind.BAR, ItemKind.MARK})
"""Kinds that are drawn as filled blocks; the others are text."""


class Palette:
    """The colour of each item of one plan, and the legend to them."""

    def __init__(self, items: Iterable[ScheduleItem]) -> None:
        blocks = [item for item in items if item.kind in BLOCKS]
        names = dict.fromkeys(item.category for item in blocks if item.category)
        # In the order of the plan; after the last colour they begin again.
        self._categories = {name: CATEGORIES[number % len(CATEGORIES)] for number, name in enumerate(names)}
        self._phases = {item.phase for item in blocks if item.phase} if not names else set()
        self._plain = any(self.of(item) == PLAIN for item in blocks)

    def of(self, item: ScheduleItem) -> str:
        """The fill of an item, #RRGGBB."""
        if self._categories:
            return self._categories.get(item.category or "", PLAIN)
        return PHASES[item.phase] if item.phase else PLAIN

    @property
    def legend(self) -> list[tuple[str, str]]:
        """(name, colour) of what the plan uses."""
        named = list(self._categories.items()) or [(str(p), c) for p, c in PHASES.items() if p in self._phases]
        return named + ([("その他", PLAIN)] if self._plain and named else [])
