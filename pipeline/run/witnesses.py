# SPDX-License-Identifier: AGPL-3.0-or-later
"""The second reading of a PDF, and the third where it is asked for. Their failures are not the document's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from koteihyo.extract.pdfium import open_pdfium, read_pdfium
from koteihyo.extract.witness import WitnessFailure, WitnessPage, open_witness, read_witness
from koteihyo.schema.errors import DocumentError

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF

# The third reader takes a tenth of a second a page: of more pages than this the second one's word stands.
MAX_THIRD_PAGES = 200


class Witnesses:
    """The other readers of one PDF. A context manager.

    Args:
        pdf: The file.
        may_go_on: Asked before each page is read; without time left, the pages that follow are not read.
    """

    def __init__(self, pdf: Path, may_go_on: Callable[[], bool] | None = None) -> None:
        self._pdf, self._may_go_on = pdf, may_go_on
        self._opened = ExitStack()
        self._asked = 0

    def __enter__(self) -> Witnesses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def pages(self, numbers: Sequence[int]) -> Iterator[WitnessPage | WitnessFailure]:
        """Each of the pages as the second reader sees it."""
        try:
            second = self._opened.enter_context(open_pdfium(self._pdf))
        except DocumentError as error:
            # Then the third reader reads the pages alone; that it cannot either is said once.
            readable = not isinstance(self.third(1), WitnessFailure)
            yield from (WitnessFailure(page_no, str(error)) for page_no in (numbers if readable else numbers[:1]))
            return
        for page_no in numbers:
            if self._may_go_on is not None and not self._may_go_on():
                self._asked = MAX_THIRD_PAGES
                yield WitnessFailure(page_no, "not enough time for this page and those after it")
                return
            try:
                yield read_pdfium(second, page_no)
            except DocumentError as error:
                yield WitnessFailure(page_no, str(error))

    def third(self, page_no: int) -> WitnessPage | WitnessFailure:
        """A page as the third reader sees it."""
        if self._asked >= MAX_THIRD_PAGES:
            return WitnessFailure(page_no, f"only {MAX_THIRD_PAGES} pages are read a third time")
        self._asked += 1
        try:
            return read_witness(self._plumber, page_no)
        except DocumentError as error:
            return WitnessFailure(page_no, str(error))

    @cached_property
    def _plumber(self) -> PDF:
        return self._opened.enter_context(open_witness(self._pdf))
