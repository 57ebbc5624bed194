# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker process: reads documents, each within its limits, and leaves Parquet files and a result for each.

Started as `python -m koteihyo.pipeline.run.worker` by `koteihyo.pipeline.run.process`, which writes the folder of one
job after the other to its standard input and gets a byte for each that is done. It is a program of its own, so it works
the same whether the parent is the console script, a test or a notebook, and it shares no memory with it.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from koteihyo.pipeline.run.allowance import Allowance, limit_computing
from koteihyo.pipeline.run.jobs import Failure, Request, Result, table_file
from koteihyo.pipeline.sources.discover import printable
from koteihyo.pipeline.store.manifest import EditionSummary
from koteihyo.schema.errors import DocumentError, cannot_write
from koteihyo.schema.findings import LEFT_OUT
from koteihyo.schema.records import PageKind

if TYPE_CHECKING:
    from koteihyo.pipeline.store.soundness import Tables
    from koteihyo.schema.records import EditionRecords

PR_SET_PDEATHSIG = 1
CHART_PAGES = (PageKind.ROADMAP, PageKind.CARD_TABLE)


# Address space that the program takes for itself while it reads, rounded up: it counts against a document's limit.
PROGRAM_SPACE = 512 << 20
# Objects made since the last look for cycles, and looks at the young before one at the old; Python's own are 700, 10, 10.
COLLECT_AFTER = (50_000, 10, 50)
_LIBRARIES = ("pymupdf", "polars", "koteihyo.pipeline.run.reading", "koteihyo.pipeline.store.soundness")


def main() -> None:
    """Reads the document of the request in each folder; every outcome but a crash becomes a result file."""
    _end_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    folders: SimpleQueue[Path] = SimpleQueue()
    pipe = _own_output()
    threading.Thread(target=_listen, args=(folders,), daemon=True).start()
    _load_libraries()
    while True:
        folder = folders.get()
        request = Request.load(folder)
        limit_computing(request.limits.timeout)
        result = read_to_files(request, folder)
        result.model_copy(update={"resident": _resident()}).save(folder)
        os.write(pipe, b".")


def _load_libraries() -> None:
    """Loads what every document needs before the first one's time and memory are counted."""
    for module in _LIBRARIES:
        import_module(module)
    from koteihyo.normalize.text.dictionary_memory import let_go_of_dictionary
    from koteihyo.normalize.text.tokens import tokenize

    tokenize("工程表", "A")
    let_go_of_dictionary()
    # Glyphs and records are many and have no cycles: the collector would look at all of them again and again.
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def read_to_files(request: Request, folder: Path) -> Result:
    """Reads the document into Parquet files in `folder`; every declared and undeclared failure becomes a result."""
    name = printable(request.pdf.name)
    try:
        return _read(request, folder)
    except DocumentError as error:
        if not request.pdf.is_file():
            return Result(failure=_vanished(name))
        return Result(failure=Failure(reason=error.reason, message=str(error)))
    except MemoryError:
        return Result(failure=memory_failure(name, request.limits.memory))
    except OSError as error:
        if not request.pdf.is_file():
            return Result(failure=_vanished(name))
        return Result(store_error=str(cannot_write(error.filename or folder, error)))
    except Exception as error:  # the last line of defence: one document's surprise must not end the run
        traceback.print_exc()
        where = traceback.extract_tb(error.__traceback__)[-1]
        message = (
            f"{name}: unexpected {type(error).__name__} in {Path(where.filename).name}:{where.lineno}; "
            "please report this file"
        )
        return Result(failure=Failure(reason="internal_error", message=message))


def _vanished(name: str) -> Failure:
    return Failure(reason="not_found", message=f"{name}: is not there any more; put it back, or run again without it")


def _as_text(pdf: Path, folder: Path) -> Path:
    """A path whose name every library can take: one that is no text gets a link beside the request."""
    try:
        str(pdf).encode()
    except UnicodeEncodeError:
        link = folder / printable(pdf.name)
        if not link.is_symlink():
            link.symlink_to(pdf)
        return link
    return pdf


def _read(request: Request, folder: Path) -> Result:
    from koteihyo.pipeline.run.parts import join_pages, read_pages, tables_of
    from koteihyo.pipeline.run.reading import with_corrections

    with _memory_limit(request.limits.memory):
        if request.split_from and (pages := _pages_to_split(request, folder)):
            return Result(pages=pages)
        if request.triage and (result := _triage(request, folder)) is not None:
            return result
        if request.part is not None:
            return read_pages(request, _as_text(request.pdf, folder), folder)
        if not request.parts:
            records = with_corrections(_reading(request, folder), request.corrections, facts=request.limits.facts)
    if not request.parts:
        return _stored(tables_of(records), records.edition.source_sha256, folder)
    joined = join_pages(request)
    return _stored(*joined, folder) if joined is not None else Result(whole=True)


def _triage(request: Request, folder: Path) -> Result | None:
    """The result of a document that holds no plan; None for any other, and after a try that ended at a page."""
    from koteihyo.extract.document import open_document
    from koteihyo.pipeline.run.triage import without_plan
    from koteihyo.pipeline.store.fingerprint import sha256_file

    if request.skip or request.hurried:
        return None
    with open_document(_as_text(request.pdf, folder)) as document:
        pages = document.page_count
        if pages > request.limits.max_pages or not without_plan(document, Allowance(request, folder)):
            return None
    return Result(without_plan=pages, sha256=sha256_file(request.pdf))


def _pages_to_split(request: Request, folder: Path) -> int:
    """How many pages a document has that is long enough to be read in parts; 0 for any other."""
    from koteihyo.pipeline.run.reading import page_count
    from koteihyo.pipeline.run.witnesses import MAX_THIRD_PAGES

    pages = page_count(_as_text(request.pdf, folder))
    return pages if request.split_from <= pages <= min(request.limits.max_pages, MAX_THIRD_PAGES) else 0


def _stored(tables: Tables, sha256: str, folder: Path) -> Result:
    from koteihyo.pipeline.store.frames import write_frame
    from koteihyo.pipeline.store.soundness import sound

    # Here and not only in the parent: rows that break a promise must cost themselves, not the whole database.
    mended = sound(tables)
    for model, frame in mended.items():
        write_frame(table_file(folder, model.TABLE), model, frame)
    return Result(summary=summarize(mended), sha256=sha256)


def _reading(request: Request, folder: Path) -> EditionRecords:
    """What stands in the PDF, which a kept reading of the same file by the same reader knows too."""
    from koteihyo.pipeline.run.kept import keep, load_kept
    from koteihyo.pipeline.run.reading import read_uncorrected

    kept = load_kept(request.kept, request.kept_key) if request.kept is not None else None
    if kept is not None:
        return kept
    records = read_uncorrected(
        _as_text(request.pdf, folder),
        request.edition,
        max_pages=request.limits.max_pages,
        witness=request.limits.witness,
        only=request.only,
        watch=Allowance(request, folder),
    )
    whole = not request.hurried and not any(finding.kind in LEFT_OUT for finding in records.findings)
    if request.kept is not None and whole:
        keep(request.kept, request.kept_key, records)
    return records


def summarize(tables: Tables) -> EditionSummary:
    """What the run says of an edition."""
    rows = {model.TABLE: frame for model, frame in tables.items()}
    chart_pages = rows["pages"].filter(rows["pages"]["kind"].is_in([kind.value for kind in CHART_PAGES]))
    return EditionSummary(
        pages=rows["pages"].height,
        charts=rows["charts"].height,
        items=rows["schedule_items"].height,
        sections=rows["sections"].height,
        notes=rows["notes"].height,
        paragraphs=rows["paragraphs"].height,
        findings=rows["findings"].height,
        warnings=int((rows["findings"]["severity"] != "info").sum()),
        chart_glyphs=int(chart_pages["glyph_count"].sum()),
        chart_glyphs_in_records=int(chart_pages["glyphs_in_records"].sum()),
        pages_not_read=int(rows["findings"]["kind"].is_in(list(LEFT_OUT)).sum()),
    )


def memory_failure(name: str, limit: int) -> Failure:
    """The failure of a document that needs more memory than it may have."""
    message = f"{name}: needs more than {limit >> 20} MiB of memory; raise --memory, or look at the file in a viewer"
    return Failure(reason="memory", message=message)


@contextmanager
def _memory_limit(size: int) -> Iterator[None]:
    """Limits the address space while a document is read.

    Only then: polars and DuckDB reserve more than a gigabyte of address space for themselves without using it, and
    the rows they write come from what was read within the limit.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    # What earlier documents left reserved is not this one's.
    left = max(0, _address_space() - PROGRAM_SPACE)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (size + left, hard))
    except (ValueError, OSError):
        # macOS refuses limits on address space.
        print("no memory limit on this system", file=sys.stderr)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _address_space() -> int:
    """Bytes of address space of this process; 0 where the system does not say."""
    return _memory_pages(0) * resource.getpagesize()


def _resident() -> int:
    """Bytes of memory that this process holds now; 0 where the system does not say."""
    return _memory_pages(1) * resource.getpagesize()


def _memory_pages(field: int) -> int:
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[field])
    except OSError:
        return 0


def _end_with_parent() -> None:
    """Makes this process end when its parent does, even if the parent was killed."""
    if sys.platform == "linux":
        # The thread that listens must wait while MuPDF computes; the kernel need not.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _own_output() -> int:
    """The pipe to the parent; what a library prints from now on goes nowhere."""
    pipe = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return pipe


def _listen(folders: SimpleQueue[Path]) -> None:
    """Takes the folders that the parent names; at the end of the pipe the parent is gone, and this process ends."""
    # Not sys.stdin, whose lock would disturb the interpreter's own end.
    rest = b""
    while data := os.read(0, 1 << 16):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            folders.put(Path(os.fsdecode(unquote_to_bytes(line))))
    os._exit(1)


if __name__ == "__main__":
    main()
