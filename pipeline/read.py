# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads one PDF into the records of one edition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from extract.document import Document, open_document
from extract.model import PageLayout
from normalize.edition import normalize_edition
from pipeline.fingerprint import reader_version, sha256_file
from schema.errors import DocumentError
from schema.records import Edition, EditionRecords

OnPage = Callable[[int, int], None]
"""Called with the number of the page that is about to be read, and how many there are."""


def read_edition(
    pdf: Path, edition: Edition, *, max_pages: int | None = None, on_page: OnPage | None = None
) -> EditionRecords:
    """All records of a PDF. `edition` says what is known of it; its hash and page count are filled in here.

    Raises:
        DocumentError: the PDF cannot be read, has too many pages, or has no text at all.
    """
    known = edition.model_copy(update={"source_sha256": _sha256(pdf), "reader_version": reader_version()})
    with open_document(pdf) as document:
        if max_pages is not None and document.page_count > max_pages:
            raise DocumentError(
                f"{pdf.name}: has {document.page_count} pages, more than the limit of {max_pages}; "
                "raise it with --max-pages if this is really a roadmap",
                reason="too_many_pages",
            )
        records = normalize_edition(_pages(document, on_page), known)
    if not any(page.glyph_count for page in records.pages):
        raise DocumentError(
            f"{pdf.name}: no text on any of its {len(records.pages)} pages (scanned, or drawn as outlines); "
            "koteihyo does not recognise characters in images: get the original PDF, or run OCR first",
            reason="no_text",
        )
    return records


def _pages(document: Document, on_page: OnPage | None) -> Iterator[PageLayout]:
    for page_no in range(1, document.page_count + 1):
        if on_page is not None:
            on_page(page_no, document.page_count)
        yield document.page(page_no)


def _sha256(pdf: Path) -> str:
    try:
        return sha256_file(pdf)
    except OSError as error:
        raise DocumentError(f"{pdf}: cannot be opened ({error.strerror})", reason="not_found") from error
