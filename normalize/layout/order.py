# SPDX-License-Identifier: AGPL-3.0-or-later
"""The order in which a person reads lines that belong together, and the text that they make."""

from __future__ import annotations

from collections.abc import Sequence

from koteihyo.extract.model import Direction, Line


def reading_order(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines in rows from the top, each row from the left; vertical lines from the right."""
    if lines and all(ln.direction is Direction.VERTICAL for ln in lines):
        return [[ln] for ln in sorted(lines, key=lambda ln: (-round(ln.box.cx), ln.box.y0))]
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda ln: (ln.start_baseline, ln.box.x0)):
        last = rows[-1][-1] if rows else None
        if last is not None and abs(last.start_baseline - line.start_baseline) <= 0.4 * min(last.size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda ln: ln.box.x0) for row in rows]


def raw_text(lines: Sequence[Line]) -> str:
    """Text of lines in reading order, rows separated by line breaks, visible gaps by spaces."""
    return "\n".join(" ".join(ln.text.strip() for ln in row) for row in reading_order(lines))
