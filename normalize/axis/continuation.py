# SPDX-License-Identifier: AGPL-3.0-or-later
"""Year columns of a page that goes on with the chart of the page before and prints no years of its own."""

from __future__ import annotations

from dataclasses import replace

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import PageLayout, Ruling
from koteihyo.normalize.axis.model import Axis

# Edges of one table are drawn at the same place on every page, PDF points; printing shifts them by less.
SAME_PLACE = 2.0
# So much of the edges between the years must be drawn here too, and at least this many of them.
DRAWN_PART = 0.75
DRAWN_EDGES = 2
# A rule shorter than this many line heights is no edge of a column.
EDGE_LENGTH = 3.0


def continued_axis(layout: PageLayout, before: Axis) -> Axis | None:
    """The columns of the chart on the page before, where this page rules the same ones; None where it does not.

    The header is a line at the top of the rules.
    """
    inner = [column.x1 for column in before.columns[:-1]]
    rules = [r for r in layout.rulings if r.vertical and r.length >= EDGE_LENGTH * before.em]
    found = [found for x in inner if (found := _at(rules, x))]
    if len(found) < max(DRAWN_EDGES, DRAWN_PART * len(inner)):
        return None
    top = min(rule.start for rules_here in found for rule in rules_here)
    return replace(before, header=BBox(before.x0, top, before.x1, top), label_lines=(), boundary_rules=True)


def _at(rules: list[Ruling], x: float) -> list[Ruling]:
    return [rule for rule in rules if abs(rule.at - x) <= SAME_PLACE]
