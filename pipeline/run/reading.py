# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads one PDF into the records of one edition."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from koteihyo.extract.document import Document, open_document
from koteihyo.extract.model import PageLayout
from koteihyo.normalize.edition import normalize_edition, normalize_pages
from koteihyo.normalize.facts.edition_facts import with_facts
from koteihyo.normalize.headings.outline import Step
from koteihyo.normalize.page import PageReading, handed_on
from koteihyo.normalize.trust.corrections import correct
from koteihyo.pipeline.sources.corrections import load_corrections
from koteihyo.pipeline.store.fingerprint import reader_version, sha256_file
from koteihyo.schema.errors import DocumentError
from koteihyo.schema.findings import LEFT_OUT
from koteihyo.schema.records import Edition, EditionRecords

# Pages that are read before those of a part: a page depends on more of them only in a chart that goes on and on.
LEAD = 2


class Watch(Protocol):
    """Is told of every step of a reading before it is taken, and says whether there is time for it."""

    def page(self, page_no: int, page_count: int) -> str | None:
        """A page is about to be read: the warning to leave it out with, or None to read it."""

    def pages_done(self, page_count: int) -> None:
        """All pages are read."""

    def second_reading(self) -> bool:
        """The second reader is about to read a page: whether it may."""


def read_edition(
    pdf: Path,
    edition: Edition,
    *,
    max_pages: int | None = None,
    witness: bool = False,
    facts: bool = True,
    corrections: Sequence[Path] = (),
    watch: Watch | None = None,
) -> EditionRecords:
    """All records of a PDF. `edition` says what is known of it; its hash and page count are filled in here.

    With `witness`, pdfium reads the same pages, and pdfplumber those that it sees otherwise; what both of them see
    otherwise becomes a finding.
    Without `facts` the texts are not searched for dates, targets, organisations and words.

    Raises:
        DocumentError: the PDF cannot be read, has too many pages, or has no text at all; or a file of corrections
            cannot be understood.
    """
    records = read_uncorrected(pdf, edition, max_pages=max_pages, witness=witness, watch=watch)
    return with_corrections(records, corrections, facts=facts)


def with_corrections(records: EditionRecords, corrections: Sequence[Path], *, facts: bool = True) -> EditionRecords:
    """The records of a reading with files of corrections applied, and then the facts of their texts.

    Raises:
        DocumentError: a file of corrections cannot be understood.
    """
    corrected = correct(records, *load_corrections(corrections))
    return with_facts(corrected) if facts else corrected


def read_uncorrected(
    pdf: Path,
    edition: Edition,
    *,
    max_pages: int | None = None,
    witness: bool = False,
    only: int | None = None,
    watch: Watch | None = None,
) -> EditionRecords:
    """What stands in a PDF, or on `only` one page of it, before corrections and without the facts of its texts.

    See `read_edition`.
    """
    known = edition.model_copy(update={"source_sha256": _sha256(pdf), "reader_version": reader_version()})
    with open_document(pdf) as document:
        if max_pages is not None and document.page_count > max_pages:
            raise DocumentError(
                f"{pdf.name}: has {document.page_count} pages, more than the limit of {max_pages}; "
                "raise it with --max-pages if this is really a roadmap",
                reason="too_many_pages",
            )
        layouts = document.pages(watch.page if watch else None) if only is None else [document.page(only)]
        records = normalize_edition(layouts, known)
    if watch is not None:
        watch.pages_done(len(records.pages))
    if only is None and not any(page.glyph_count for page in records.pages):
        unread = next((finding for finding in records.findings if finding.kind in LEFT_OUT), None)
        if unread is not None:
            raise DocumentError(
                f"{pdf.name}: no text on the pages that could be read; raise --timeout", reason="timeout"
            )
        raise DocumentError(
            f"{pdf.name}: no text on any of its {len(records.pages)} pages (scanned, or drawn as outlines); "
            "characters in images are recognised after `pip install 'koteihyo[ocr]'`: install it, or get the original PDF",
            reason="no_text",
        )
    return _witnessed(pdf, records, _pages_read(records), watch) if witness else records


def _witnessed(pdf: Path, records: EditionRecords, pages: Sequence[int], watch: Watch | None) -> EditionRecords:
    """The records compared with what other readers see on the pages."""
    from koteihyo.normalize.trust.second_reading import with_second_reading
    from koteihyo.pipeline.run.witnesses import Witnesses

    with Witnesses(pdf, watch.second_reading if watch else None) as witnesses:
        return with_second_reading(records, witnesses.pages(pages), witnesses.third)


def page_count(pdf: Path) -> int:
    """Pages of a PDF.

    Raises:
        DocumentError: it cannot be opened.
    """
    with open_document(pdf) as document:
        return document.page_count


@dataclass(frozen=True)
class PartRead:
    """Some pages of a PDF in a row, as one of several processes read them."""

    records: EditionRecords
    """Without the parents and paths of sections."""
    trail: list[Step]
    before: str
    """Digest of what the page before the first was taken to hand on: it was read without most of those before it."""
    handed_on: str
    """Digest of what the last page hands on."""
    is_complete: bool
    """Whether none of the pages says anything of a row on the pages before them."""


def read_part(pdf: Path, edition: Edition, pages: tuple[int, int], *, witness: bool, watch: Watch) -> PartRead:
    """What stands on the pages from the first to the last of `pages`, before corrections and facts.

    Raises:
        DocumentError: one of them cannot be read.
    """
    known = edition.model_copy(update={"source_sha256": _sha256(pdf), "reader_version": reader_version()})
    first, last = pages
    with open_document(pdf) as document:
        count = document.page_count
        # A chart may go on from the page before, which itself may go on from another.
        lead = [document.page(page_no) for page_no in range(max(1, first - LEAD), first)]
        before = normalize_pages(lead, known).last if lead else None
        part = normalize_pages(_layouts(document, pages, watch), known, before)
    watch.pages_done(count)
    records = part.records.model_copy(update={"edition": part.records.edition.model_copy(update={"page_count": count})})
    if witness:
        records = _witnessed(pdf, records, range(first, last + 1), watch)
    return PartRead(records, part.trail, _digest(before), _digest(part.last), part.is_complete)


def _digest(page: PageReading | None) -> str:
    return hashlib.sha256(handed_on(page).encode("utf-8", "surrogatepass")).hexdigest()


def _layouts(document: Document, pages: tuple[int, int], watch: Watch) -> Iterator[PageLayout]:
    for page_no in range(pages[0], pages[1] + 1):
        if watch.page(page_no, document.page_count) is not None:
            raise DocumentError(f"{document.name}: not enough time for page {page_no}", reason="timeout")
        yield document.page(page_no)


def _pages_read(records: EditionRecords) -> list[int]:
    """The pages that the first reader did not have to leave out; what it could not bear is no good for the second."""
    left_out = {finding.page_no for finding in records.findings if finding.kind in LEFT_OUT}
    return [page.page_no for page in records.pages if page.page_no not in left_out]


def _sha256(pdf: Path) -> str:
    try:
        return sha256_file(pdf)
    except OSError as error:
        raise DocumentError(f"{pdf}: cannot be opened ({error.strerror})", reason="not_found") from error
