# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a document may cost: time is shared out over its pages, so that one bad page or too many cost the rest nothing."""

from __future__ import annotations

import math
import resource
import time
from pathlib import Path

from koteihyo.pipeline.run.jobs import Progress, Request, Result

# Parts of the time by which pages and the second reader must be done: the search for facts and the files come after.
PAGES_END = 0.7
HURRIED_PAGES_END = 0.5
SECOND_READING_END = 0.85
# After so many pages at which the reader had to be stopped, it stops for good at the next one.
MAX_SKIPPED = 2

_WARNINGS = {
    "timeout": "page_not_read",
    "memory": "page_not_read",
    "crashed": "page_failed",
    "internal_error": "page_failed",
}


class Allowance:
    """Shares the time of one document in this process out over the steps of its reading."""

    def __init__(self, request: Request, folder: Path) -> None:
        self._request, self._folder = request, folder
        self._clock, self._computed = time.monotonic(), time.process_time()

    def page(self, page_no: int, page_count: int) -> str | None:
        """Notes a page that is about to be read, and gives it its time; the warning of one that is left out."""
        Progress(page_no, page_count).save(self._folder)
        if page_no in self._request.skip:
            return self._request.skip[page_no]
        if self._spent() > (HURRIED_PAGES_END if self._request.hurried else PAGES_END):
            return "page_not_read"
        # The kernel ends the process there, whatever it is doing.
        _limit(time.process_time() + self._request.limits.page_seconds(page_count))
        return None

    def pages_done(self, page_count: int) -> None:
        """Notes that all pages are read, and gives what follows the rest of the time."""
        Progress(page_count, page_count, pages_read=True).save(self._folder)
        _limit(self._computed + self._request.limits.timeout)

    def second_reading(self) -> bool:
        """Whether the second reader may read one more page."""
        return not self._request.hurried and self._spent() <= SECOND_READING_END

    def _spent(self) -> float:
        """Part of the time that is gone, by computing or by the clock."""
        limits = self._request.limits
        computed, passed = time.process_time() - self._computed, time.monotonic() - self._clock
        return max(computed / limits.timeout, passed / limits.clock)


def limit_computing(seconds: float) -> None:
    """Ends this process when it has computed for so many more seconds, also when its parent is gone."""
    # A second more: the parent is to say that time was up.
    _limit(time.process_time() + seconds + 1)


def _limit(seconds: float) -> None:
    """Ends this process when it has computed for so long, until it is allowed more."""
    # The hard limit stays: it could not be raised for the next document.
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def next_try(request: Request, result: Result, progress: Progress | None) -> Request | None:
    """The request to read a document without the page that ended its reader; None when that leaves nothing to read."""
    reason = result.failure.reason if result.failure else ""
    if reason not in _WARNINGS or progress is None:
        return None
    if request.only is not None:
        return None
    if progress.pages_read:
        return None if request.hurried else request.model_copy(update={"hurried": True})
    if len(request.skip) > MAX_SKIPPED:
        return None
    # The next page may be as bad as this one: the third time, the pages before it must do.
    last = progress.page_count if len(request.skip) == MAX_SKIPPED else progress.page_no
    skip = request.skip | dict.fromkeys(range(progress.page_no, last + 1), _WARNINGS[reason])
    if len(skip) >= progress.page_count:
        return None
    return request.model_copy(update={"skip": skip})
