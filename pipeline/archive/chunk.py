# SPDX-License-Identifier: AGPL-3.0-or-later
"""The work of one machine: some documents read one after the other, each in a process of its own, and handed in."""

from __future__ import annotations

import atexit
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from koteihyo.pipeline.archive.inputs import Fetched, Input, fetch
from koteihyo.pipeline.archive.names import shown
from koteihyo.pipeline.archive.piece import Piece, write_piece
from koteihyo.pipeline.archive.storage import open_storage
from koteihyo.pipeline.archive.tries import CHUNKS, MOST_TRIES, PIECE, Blame, Marker, read_marks
from koteihyo.pipeline.run.jobs import Limits, Request
from koteihyo.pipeline.run.pool import Crew, read_all
from koteihyo.pipeline.sources.discover import printable
from koteihyo.pipeline.store.fingerprint import reader_key, reader_version
from koteihyo.schema.archive import Document, Status
from koteihyo.schema.errors import DocumentError, StoreError
from koteihyo.schema.records import Edition

# Enough figures of a SHA-256 to tell two documents of one name apart.
SHORT_HASH = 8
# Of what is read in vain, the words of the reason are kept, not a book.
LONGEST_MESSAGE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """An input that is to be read, and the edition that it will be."""

    input: Input
    edition: Edition
    alone: bool
    """Whether no other input has a claim on this edition's id."""


@dataclass(frozen=True)
class Chunk:
    """Documents that one machine reads. All that may be the same file, by their size, are in one chunk."""

    id: str
    wanted: tuple[Wanted, ...]
    known: Mapping[str, Document] = field(default_factory=dict)
    """Documents of these sizes that were read before, by SHA-256."""
    blame: Blame = field(default_factory=Blame)


@dataclass(frozen=True)
class HandedIn:
    """What became of a chunk."""

    piece: str
    rows: list[Document]


@dataclass(frozen=True)
class _Reading:
    """One document as far as it is known, and the folder of its tables."""

    row: Document
    tables: Path | None = None


def read_chunk(target: str, chunk: Chunk, limits: Limits) -> HandedIn:
    """Reads the documents of a chunk and stores a piece; one that was stored by an earlier try is taken as it is.

    Raises:
        StoreError: the target, or the disk for temporary files, does not work.
    """
    storage = open_storage(target)
    before = storage.names(f"{CHUNKS}/{chunk.id}")
    for name in before:
        if name.endswith(PIECE):
            return HandedIn(name, Piece(storage, name).rows)
    blame = chunk.blame.with_more(read_marks(storage, before))
    marker = Marker(storage, chunk.id)
    if not blame:
        marker.put([wanted.input.source for wanted in chunk.wanted])
    known: dict[str, Document] = dict(chunk.known)
    readings: dict[int, _Reading] = {}
    with tempfile.TemporaryDirectory(prefix="koteihyo-") as folder:
        for number in _least_suspect_first(chunk.wanted, blame):
            wanted = chunk.wanted[number]
            if _is_to_stop():
                # No document is to blame for it.
                storage.remove([marker.name])
                raise StoreError("stopped")
            source = wanted.input.source
            if blame.deaths(source) >= MOST_TRIES:
                readings[number] = _Reading(_given_up(wanted))
                continue
            if blame:
                marker.put([source])
            readings[number] = _read(wanted, Path(folder, str(number)), limits, known)
        in_order = [readings[number] for number in range(len(chunk.wanted))]
        rows = [reading.row for reading in in_order]
        tables = {r.row.edition_id: r.tables for r in in_order if r.tables is not None and r.row.edition_id is not None}
        return HandedIn(write_piece(storage, chunk.id, rows, tables), rows)


def _least_suspect_first(wanted: Sequence[Wanted], blame: Blame) -> list[int]:
    """Places of documents in the order in which they are read.

    A machine that is killed from outside dies with some innocent document in hand. If every try began with the same
    ones, they would collect all the deaths; so they come last that have been in hand most often, and all deaths of a
    chunk spread evenly, but for those of a document that is fatal. Files of one size keep together and in order: of two
    that are the same the first gives its name to the rows.
    """
    deaths = [blame.deaths(one.input.source) for one in wanted]
    worst: dict[int, int] = {}
    for one, count in zip(wanted, deaths, strict=True):
        worst[one.input.size] = max(count, worst.get(one.input.size, 0))
    return sorted(range(len(wanted)), key=lambda place: worst[wanted[place].input.size])


def _read(wanted: Wanted, folder: Path, limits: Limits, known: dict[str, Document]) -> _Reading:
    try:
        file = fetch(wanted.input, folder, limits.max_size)
    except DocumentError as error:
        return _Reading(_row(wanted, Status.FAILED, reason=error.reason, message=str(error)))
    if file.sha256 in known:
        same = {"source": shown(wanted.input.source), "stamp": wanted.input.stamp, "seconds": 0.0}
        return _Reading(known[file.sha256].model_copy(update=same))
    reading = _read_file(wanted, file, folder, limits)
    if reading.row.reason != "changed":
        known[file.sha256] = reading.row
    return reading


def _read_file(wanted: Wanted, file: Fetched, folder: Path, limits: Limits) -> _Reading:
    start = time.monotonic()
    edition = wanted.edition
    if not wanted.alone:
        edition = edition.model_copy(update={"edition_id": f"{edition.edition_id}~{file.sha256[:SHORT_HASH]}"})
    request = Request(pdf=file.path, edition=edition, limits=limits, triage=True)
    ((_request, job, result),) = read_all([request], folder / "jobs", parallel=1, crew=_crew())
    if folder in file.path.parents:
        # What was downloaded need not wait for the rest of the chunk.
        file.path.unlink()
    known = {"sha256": file.sha256, "seconds": round(time.monotonic() - start, 3)}
    failure, summary = result.failure, result.summary
    if failure is not None:
        # MuPDF names the whole path, which is another one wherever the file was brought.
        message = failure.message.replace(str(file.path), printable(wanted.input.name))
        return _Reading(_row(wanted, Status.FAILED, reason=failure.reason, message=message, **known))
    if result.sha256 != file.sha256:
        message = f"{printable(wanted.input.name)}: changed while it was read; run again"
        return _Reading(_row(wanted, Status.FAILED, reason="changed", message=message, **known))
    if summary is None:
        return _Reading(_row(wanted, Status.NO_PLAN, pages=result.without_plan, **known))
    known |= {"pages": summary.pages, "pages_not_read": summary.pages_not_read}
    if not summary.charts:
        return _Reading(_row(wanted, Status.NO_PLAN, **known))
    found = {"edition_id": edition.edition_id, "charts": summary.charts, "items": summary.items}
    return _Reading(_row(wanted, Status.PLAN, **known, **found), job)


def _given_up(wanted: Wanted) -> Document:
    message = (
        f"{printable(wanted.input.name)}: {MOST_TRIES} times the machine that read it died; read it by itself with "
        "`koteihyo run`, and report this file"
    )
    return _row(wanted, Status.FAILED, reason="given_up", message=message)


def _row(wanted: Wanted, status: Status, **known: object) -> Document:
    message = known.pop("message", None)
    return Document.model_validate(
        {
            "source": shown(wanted.input.source),
            "status": status,
            "version": reader_version(),
            "reader": reader_key(),
            "stamp": wanted.input.stamp,
            "message": None if message is None else str(message)[:LONGEST_MESSAGE],
            **known,
        }
    )


_of_thread = threading.local()


def listen_to(stop: threading.Event) -> None:
    """Makes this thread leave off after the document at hand once `stop` is set."""
    _of_thread.stop = stop


def _is_to_stop() -> bool:
    stop: threading.Event | None = getattr(_of_thread, "stop", None)
    return stop is not None and stop.is_set()


def _crew() -> Crew:
    """The worker process of this thread. It ends with the thread, and with this process."""
    crew: Crew | None = getattr(_of_thread, "crew", None)
    if crew is None:
        folder = tempfile.TemporaryDirectory(prefix="koteihyo-crew-")
        crew = _of_thread.crew = Crew(Path(folder.name))
        atexit.register(folder.cleanup)
        atexit.register(crew.end)
    return crew
