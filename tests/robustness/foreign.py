# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a folder of foreign PDFs and prints how each of them ended: `make corpus DIR=…`.

`python -m tests.robustness.foreign FOLDER`; exit status 1 when one of them met a fault of the program.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from koteihyo.pipeline.run.jobs import Limits, Request, Result, table_file
from koteihyo.pipeline.run.pool import read_all
from koteihyo.pipeline.sources.discover import id_from_stem, printable
from koteihyo.pipeline.store.frames import read_table
from koteihyo.pipeline.terminal import clean, table
from koteihyo.schema.records import Edition, Finding, Page, PageKind, ScheduleItem

SLOW = 10.0
FAULTS = ("internal_error", "crashed")
CHARTS = (PageKind.ROADMAP, PageKind.CARD_TABLE)


def main(folder: Path, timeout: float = 60.0) -> int:
    """Prints the table and the figures."""
    statuses, rows = Counter[str](), []
    lost = loose = 0
    with tempfile.TemporaryDirectory() as work:
        before, since = _computed(), time.monotonic()
        requests = [_request(pdf, timeout) for pdf in sorted(folder.rglob("*")) if pdf.suffix.lower() == ".pdf"]
        for request, job, result in read_all(requests, Path(work), parallel=1):
            seconds, before, since = max(_computed() - before, time.monotonic() - since), _computed(), time.monotonic()
            status, remark = _ending(result, job)
            statuses[status] += 1
            if status == "read":
                gone, strays, charts = _looked_at(job)
                lost, loose = lost + gone, loose + strays
                parts = {"lost": gone, "items without a chart": strays, "charts": charts}
                remark = ", ".join([remark, *(f"{count} {what}" for what, count in parts.items() if count)]).strip(", ")
            if remark or seconds > SLOW:
                rows.append((request.pdf.relative_to(folder), status, f"{seconds:.1f}", remark))
    print(table(("file", "status", "seconds", "remark"), rows, 90))
    print("\n" + ", ".join(f"{count} {status}" for status, count in statuses.most_common()))
    slow = sum(float(row[2]) > SLOW for row in rows)
    print(f"{slow} over {SLOW:g} s, {lost} characters lost against the second source, {loose} items without a chart")
    return int(any(statuses[fault] for fault in FAULTS))


def _request(pdf: Path, timeout: float) -> Request:
    name = id_from_stem(pdf.stem)
    edition = Edition(edition_id=name, title=name, source_sha256="", source_file=printable(pdf.name), page_count=0)
    return Request(pdf=pdf.absolute(), edition=edition, limits=Limits(timeout=timeout))


def _ending(result: Result, job: Path) -> tuple[str, str]:
    if result.failure is not None:
        return result.failure.reason, clean(result.failure.message)
    assert result.summary is not None, job
    unread = result.summary.pages_not_read
    return "read", f"{unread} of {result.summary.pages} pages not read" if unread else ""


def _looked_at(job: Path) -> tuple[int, int, int]:
    """(characters that the reader lost, items on pages without a chart, pages with one)."""
    findings = read_table(table_file(job, Finding.TABLE), Finding)
    charts = {p.page_no for p in read_table(table_file(job, Page.TABLE), Page) if p.kind in CHARTS}
    items = read_table(table_file(job, ScheduleItem.TABLE), ScheduleItem)
    lost = sum(f.glyph_count for f in findings if f.kind == "lost_text")
    return lost, sum(item.page_no not in charts for item in items), len(charts)


def _computed() -> float:
    """Seconds that processes which have ended have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
