# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes reports and lists of changes to files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from koteihyo.pipeline.diff.changes import Comparison
from koteihyo.pipeline.replacing import replacing
from koteihyo.pipeline.report.contents import contents_of
from koteihyo.pipeline.report.feed import atom
from koteihyo.pipeline.report.write import html, markdown
from koteihyo.pipeline.terminal import clean
from koteihyo.schema.changes import ChangeType, EditionChange
from koteihyo.schema.errors import UsageError
from koteihyo.schema.tables import columns

_FORMATS = {".md": markdown, ".html": html}


def check_report_name(path: Path) -> None:
    """Refuses a report's name early, before any work.

    Raises:
        UsageError: the ending names no form of report.
    """
    if path.suffix.lower() not in _FORMATS:
        raise UsageError(f"{path}: a report's name ends in {' or '.join(_FORMATS)}")


def write_report(path: Path, comparison: Comparison) -> None:
    """Writes the report in the form that the file's ending names.

    Raises:
        UsageError: the ending names no form of report.
        StoreError: the file cannot be written.
    """
    check_report_name(path)
    _write(path, _FORMATS[path.suffix.lower()](contents_of(comparison)))


def write_feed(path: Path, comparisons: Sequence[Comparison], only: frozenset[ChangeType] = frozenset()) -> None:
    """Writes the Atom feed of `koteihyo.pipeline.report.feed.atom`.

    Raises:
        StoreError: the file cannot be written.
    """
    _write(path, atom(comparisons, only))


def write_csv(path: Path, changes: Sequence[EditionChange]) -> None:
    """Writes the rows of `edition_changes` as CSV.

    Raises:
        StoreError: the file cannot be written.
    """
    names = [column.name for column in columns(EditionChange)]
    buffer = io.StringIO()
    # Spreadsheets take a file without this mark for Shift_JIS.
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(names)
    for change in changes:
        row = change.model_dump(mode="json")
        writer.writerow([_cell(row[name]) for name in names])
    _write(path, buffer.getvalue())


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = " / ".join(map(str, value))
    if not isinstance(value, str):
        return value
    text = clean(value)
    # A spreadsheet would run a PDF's text as a formula.
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _write(path: Path, text: str) -> None:
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="")
