# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prints for people and for machines. Text of a PDF never reaches the terminal with its control characters."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories of control, formatting, private and unassigned characters."""


def clean(text: object) -> str:
    """A value as one line without control, formatting and bidirectional characters."""
    return "".join(
        " " if char in "\r\n\t" else "" if unicodedata.category(char) in UNPRINTABLE else char for char in str(text)
    )


def as_json(value: Any) -> str:
    """A value as JSON for `--json`; dates and paths become text, and what a terminal might obey is escaped.

    So do the numbers that JSON does not have: "NaN", "Infinity", "-Infinity".
    """
    try:
        text = json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, default=str)
    return "".join(
        json.dumps(char)[1:-1] if ord(char) > 126 and unicodedata.category(char) in UNPRINTABLE else char
        for char in text
    )


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps(value)
    return value


def width(text: str) -> int:
    """Columns of a terminal that a text takes: full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table(header: Sequence[str], rows: Iterable[Sequence[object]], max_width: int = 60) -> str:
    """Rows as aligned columns; longer cells are cut and end in ….  NULL is shown as nothing."""
    body = [[_cut(clean("" if cell is None else _shown(cell)), max_width) for cell in row] for row in rows]
    widths = [max([width(name), *(width(row[i]) for row in body)]) for i, name in enumerate(header)]
    lines = ["  ".join(_pad(name, widths[i]) for i, name in enumerate(header)).rstrip()]
    lines.append("  ".join("-" * w for w in widths))
    lines += ["  ".join(_pad(cell, widths[i]) for i, cell in enumerate(row)).rstrip() for row in body]
    return "\n".join(lines)


def _shown(cell: object) -> str:
    if isinstance(cell, list):
        return "、".join(str(part) for part in cell)
    if isinstance(cell, float):
        return f"{cell:.10g}"
    return str(cell)


def _pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def _cut(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    kept = ""
    for char in text:
        if width(kept + char) > columns - 1:
            break
        kept += char
    return kept + "…"
