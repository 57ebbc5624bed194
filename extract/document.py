# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens a PDF and gives its pages as layouts, one at a time, so that memory does not grow with the page count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path as FilePath
from types import TracebackType
from typing import TYPE_CHECKING

from koteihyo.extract.doubles import drop_doubles
from koteihyo.extract.geometry import BBox
from koteihyo.extract.glance import Glance, glance
from koteihyo.extract.glyphs import read_glyphs
from koteihyo.extract.gradients import commonest_color, gradient_paths
from koteihyo.extract.ink import read_ink
from koteihyo.extract.lines import build_lines
from koteihyo.extract.lost import with_lost
from koteihyo.extract.model import Color, HiddenGlyphs, PageLayout
from koteihyo.extract.paths import Path, read_paths
from koteihyo.extract.placed import PlacedGlyphs
from koteihyo.extract.unseen import find_unseen
from koteihyo.schema.errors import DocumentError

if TYPE_CHECKING:
    import pymupdf

_PAGE_ERRORS = (RuntimeError, ValueError, TypeError, KeyError, IndexError, OverflowError, ZeroDivisionError)
# In MuPDF's messages about a page: parts of it were not understood. Sound files cause no such message.
_DAMAGE_WORDS = ("error", "premature end", "cannot", "unknown filter")

# Width and height that a page gets that is not read, or cannot be: A4, PDF points.
UNKNOWN_SIZE = (595.0, 842.0)
# A page with more visible characters is not only a picture: scanners stamp a page number or a date at most.
SCAN_GLYPHS = 20
# A scan fills its page; a chart set as a picture leaves room for a title.
SCAN_SHARE = 0.5


class Document:
    """An open PDF. A context manager; `pages` may be iterated more than once."""

    def __init__(self, pdf: pymupdf.Document, name: str) -> None:
        self._pdf = pdf
        self.name = name

    def __enter__(self) -> Document:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        import pymupdf

        self._pdf.close()
        # MuPDF keeps what it decoded for a page (images of gradients) in a store of its own, for the next document too.
        pymupdf.TOOLS.store_shrink(100)

    @property
    def page_count(self) -> int:
        """Number of physical pages."""
        return int(self._pdf.page_count)

    def pages(self, on_page: Callable[[int, int], str | None] | None = None) -> Iterator[PageLayout]:
        """The layout of every page, in order; a page that is not read, or cannot be, is an empty one that says so.

        Args:
            on_page: Called with each page's number, before it is read, and the number of pages; the warning to leave
                it out with, or None to read it.

        Raises:
            DocumentError: none of the pages can be read.
        """
        unreadable = 0
        for page_no in range(1, self.page_count + 1):
            left_out = on_page(page_no, self.page_count) if on_page is not None else None
            if left_out is not None:
                yield PageLayout(page_no, *UNKNOWN_SIZE, warnings=(left_out,))
                continue
            try:
                yield self.page(page_no)
            except DocumentError:
                unreadable += 1
                if unreadable == self.page_count:
                    raise
                yield PageLayout(page_no, *UNKNOWN_SIZE, warnings=("unreadable_page",))

    def page(self, page_no: int) -> PageLayout:
        """The layout of one page, `page_no` from 1.

        Raises:
            DocumentError: there is no such page or it cannot be read.
        """
        import pymupdf

        self._check_page(page_no)
        pymupdf.TOOLS.reset_mupdf_warnings()
        try:
            page = self._pdf[page_no - 1]
            layout = with_lost(page, read_layout(page, page_no))
        except (*_PAGE_ERRORS, pymupdf.mupdf.FzErrorBase) as error:
            if not _is_mupdfs(error):
                raise
            if "malloc" in str(error):
                raise MemoryError(str(error)) from error
            raise DocumentError(
                f"{self.name}, page {page_no}: cannot be read ({error}); the file is damaged: fetch it again",
                reason="damaged",
            ) from error
        warnings = list(layout.warnings)
        if self._pdf.is_repaired and page_no == 1:
            warnings.append("repaired")
        if any(word in pymupdf.TOOLS.mupdf_warnings() for word in _DAMAGE_WORDS):
            warnings.append("damaged_page")
        return replace(layout, warnings=tuple(warnings))

    def glance(self, page_no: int) -> Glance:
        """A page of the document at a glance.

        Raises:
            DocumentError: it cannot be read.
        """
        import pymupdf

        try:
            return glance(self._pdf[page_no - 1])
        except (*_PAGE_ERRORS, pymupdf.mupdf.FzErrorBase) as error:
            raise DocumentError(f"{self.name}, page {page_no}: cannot be read ({error})", reason="damaged") from error

    def size(self, page_no: int) -> tuple[float, float]:
        """(width, height) of a page as viewed, PDF points."""
        rect = self._pdf[page_no - 1].rect
        return float(rect.width), float(rect.height)

    def render(self, page_no: int, scale: float) -> tuple[bytes, int, int]:
        """(RGB samples, width, height) of a page drawn at `scale` pixels a point, `page_no` from 1.

        Raises:
            DocumentError: there is no such page.
        """
        from koteihyo.extract.rendering import render

        self._check_page(page_no)
        pixmap = render(self._pdf[page_no - 1], scale)
        return bytes(pixmap.samples), int(pixmap.width), int(pixmap.height)

    def _check_page(self, page_no: int) -> None:
        if not 1 <= page_no <= self.page_count:
            raise DocumentError(
                f"{self.name}: page {page_no} does not exist; the document has {self.page_count} pages",
                reason="no_such_page",
            )


def open_document(path: FilePath, password: str = "") -> Document:
    """Opens a PDF; one that is encrypted with an empty user password opens like any other.

    Raises:
        DocumentError: not a PDF, damaged beyond repair, without pages, or in need of another password.
    """
    import pymupdf

    # MuPDF reports each repaired flaw on stderr; what matters comes back as an exception or a finding.
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    try:
        data_size = path.stat().st_size
    except OSError as error:
        raise DocumentError(f"{path}: cannot be opened ({error.strerror})", reason="not_found") from error
    if data_size == 0:
        raise DocumentError(f"{path.name}: the file is empty; fetch it again", reason="empty")
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(1024):
            raise DocumentError(f"{path.name}: not a PDF; koteihyo reads PDF files only", reason="not_a_pdf")
    try:
        pdf = pymupdf.open(str(path), filetype="pdf")
    except (RuntimeError, ValueError, TypeError, pymupdf.mupdf.FzErrorBase) as error:
        raise DocumentError(
            f"{path.name}: damaged beyond repair ({error}); fetch it again", reason="damaged"
        ) from error
    if pdf.needs_pass and not pdf.authenticate(password):
        if not _pages_are_plain(pdf):
            pdf.close()
            raise DocumentError(
                f"{path.name}: protected by a password; save a copy without one and run again", reason="password"
            )
        # PyMuPDF shuts such a document, MuPDF reads it.
        pdf.is_encrypted = False
    try:
        pages = pdf.page_count
    except (RuntimeError, pymupdf.mupdf.FzErrorBase) as error:
        pdf.close()
        raise DocumentError(
            f"{path.name}: damaged beyond repair ({error}); fetch it again", reason="damaged"
        ) from error
    if pages == 0:
        pdf.close()
        raise DocumentError(f"{path.name}: has no pages; fetch it again", reason="damaged")
    return Document(pdf, path.name)


def _pages_are_plain(pdf: pymupdf.Document) -> bool:
    """Whether a password protects the attached files only: strings and streams go through no cipher."""
    return all(pdf.xref_get_key(-1, f"Encrypt/{name}") == ("name", "/Identity") for name in ("StmF", "StrF"))


def read_layout(page: pymupdf.Page, page_no: int) -> PageLayout:
    """The layout of one open page."""
    import pymupdf

    from koteihyo.extract.operations import listen
    from koteihyo.extract.rendering import render

    rendered = cache(lambda: render(page))

    def color_at(box: BBox) -> Color:
        return commonest_color(rendered(), box)

    operations = listen(page)
    matrix = page.rotation_matrix
    paths, warnings = read_paths(page) if operations.draws else ([], [])
    if operations.too_many and not warnings:
        warnings.append("too_many_segments")
    paths = sorted([*paths, *gradient_paths(operations.outlines, matrix, color_at)], key=lambda p: p.seqno)
    placed, invisible = read_glyphs(page, operations)
    placed, doubled = drop_doubles(placed)
    placed, hidden = find_unseen(page, placed, paths)
    for reason, glyphs in (("invisible", invisible), ("doubled", doubled)):
        if len(glyphs):
            hidden.append(HiddenGlyphs(reason, tuple(glyphs.objects)))
    pictures = [(seqno, BBox(*(pymupdf.Rect(box) * matrix))) for seqno, box in operations.images]
    if is_scan([box for _seqno, box in pictures], len(placed), page.rect.width * page.rect.height):
        recognised = _recognise(page)
        if recognised is None:
            warnings.append("ocr_missing")
        else:
            placed, paths = recognised
            pictures = []
            warnings.append("recognised")
    layout = PageLayout(
        page_no=page_no,
        width=page.rect.width,
        height=page.rect.height,
        lines=tuple(build_lines(placed)),
        hidden=tuple(hidden),
        images=tuple(box for _seqno, box in pictures),
        warnings=tuple(warnings),
    )
    text_seqnos = sorted(set(placed.seqnos.tolist()))
    return read_ink(layout, paths, text_seqnos, pictures, color_at)


def _is_mupdfs(error: BaseException) -> bool:
    """Whether an exception came out of PyMuPDF: then the file is at fault, otherwise this program."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0] == "pymupdf"


def is_scan(pictures: Sequence[BBox], glyphs: int, page_area: float) -> bool:
    """Whether a page is a picture: hardly any visible character, and one picture over most of it."""
    return glyphs <= SCAN_GLYPHS and any(box.area >= SCAN_SHARE * page_area for box in pictures)


def _recognise(page: pymupdf.Page) -> tuple[PlacedGlyphs, list[Path]] | None:
    """What is on a page that is a picture; None where the optional extra is not installed."""
    if find_spec("onnxruntime") is None or find_spec("cv2") is None or find_spec("rapidocr") is None:
        return None
    from koteihyo.extract.raster.reader import read_picture

    return read_picture(page)
