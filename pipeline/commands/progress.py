# SPDX-License-Identifier: AGPL-3.0-or-later
"""Progress bars on the terminal; nothing is drawn where output goes into a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from koteihyo.pipeline.run.pool import OnProgress


@contextmanager
def byte_progress(label: str, *, shown: bool) -> Iterator[Callable[[int, int | None], None] | None]:
    """A bar for a download, fed with (bytes so far, total or None)."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)

        def update(done: int, total: int | None) -> None:
            progress.update(task, completed=done, total=total)

        yield update


@contextmanager
def page_progress(*, shown: bool) -> Iterator[OnProgress | None]:
    """A bar for each document that is being read, fed with (edition, page)."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from koteihyo.pipeline.run import jobs

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def update(edition_id: str, at: jobs.Progress) -> None:
            if edition_id not in tasks:
                tasks[edition_id] = progress.add_task(escape(edition_id), total=at.page_count)
            progress.update(tasks[edition_id], completed=at.page_no)

        yield update
