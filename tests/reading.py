# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a PDF as the pipeline does, without storing anything."""

from __future__ import annotations

from pathlib import Path

from koteihyo.extract.document import open_document
from koteihyo.normalize.edition import normalize_edition
from koteihyo.schema.records import Edition, EditionRecords


def read(pdf: Path, edition_id: str | None = None) -> EditionRecords:
    """All records of a PDF."""
    name = edition_id or pdf.stem
    edition = Edition(edition_id=name, title=name, source_sha256="", source_file=pdf.name, page_count=0)
    with open_document(pdf) as document:
        return normalize_edition(document.pages(), edition)
