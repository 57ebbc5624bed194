# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a PDF as the pipeline does, without storing anything."""

from __future__ import annotations

from pathlib import Path

from koteihyo.extract.document import open_document
from koteihyo.extract.model import PageLayout
from koteihyo.normalize.edition import normalize_edition
from koteihyo.schema.records import Edition, EditionRecords

_kept: dict[bytes, tuple[PageLayout, ...]] = {}


def read(pdf: Path, edition_id: str | None = None) -> EditionRecords:
    """All records of a PDF."""
    name = edition_id or pdf.stem
    edition = Edition(edition_id=name, title=name, source_sha256="", source_file=pdf.name, page_count=0)
    return normalize_edition(page_layouts(pdf), edition)


def page_layouts(pdf: Path) -> tuple[PageLayout, ...]:
    """Every page of a PDF; the same bytes are read once."""
    content = pdf.read_bytes()
    if content not in _kept:
        with open_document(pdf) as document:
            _kept[content] = tuple(document.pages())
    return _kept[content]


def forget() -> None:
    """Read every page again, since what reads them has changed."""
    _kept.clear()
