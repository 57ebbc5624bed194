# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tables as CSV and JSON Lines. Each file is written beside its place and moved there when it is whole."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from koteihyo.pipeline.export.tables import Table
from koteihyo.pipeline.replacing import replacing

# A spreadsheet takes a cell that begins so for a formula; the full-width forms too, in Japanese.
FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r")


def write_spreadsheet_csv(table: Table, path: Path) -> None:
    """CSV that Excel opens rightly: UTF-8 with byte order mark, lists joined by 、, no cell that is a formula."""
    _write_csv(table, path, "utf-8-sig", _spreadsheet_cell)


def write_exact_csv(table: Table, path: Path) -> None:
    """CSV from which every value can be had back: UTF-8, lists as JSON."""
    _write_csv(table, path, "utf-8", _exact_cell)


def write_json_lines(table: Table, path: Path) -> None:
    """One JSON object for each row."""
    names = [column.name for column in table.columns]
    with _text(path, "utf-8") as file:
        for row in table.rows:
            file.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=str) + "\n")


def joined(value: Iterable[Any]) -> str:
    """A list as one cell for people; of a structure, such as a table row's attributes, its values, name first."""
    return "、".join("：".join(map(str, part.values())) if isinstance(part, dict) else str(part) for part in value)


def _write_csv(table: Table, path: Path, encoding: str, cell: Callable[[Any], str]) -> None:
    with _text(path, encoding) as file:
        writer = csv.writer(file)
        writer.writerow(column.name for column in table.columns)
        writer.writerows([cell(value) for value in row] for row in table.rows)


def _spreadsheet_cell(value: Any) -> str:
    text = joined(value) if isinstance(value, list) else _exact_cell(value)
    return "'" + text if isinstance(value, str | list) and text.startswith(FORMULA_STARTS) else text


def _exact_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


@contextmanager
def _text(path: Path, encoding: str) -> Iterator[TextIO]:
    with replacing(path) as draft, draft.open("w", encoding=encoding, newline="") as file:
        yield file
