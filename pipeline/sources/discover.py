# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the PDFs of a folder and the edition that each of them is."""

from __future__ import annotations

import hashlib
import stat
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from koteihyo.pipeline.sources.registry import MAX_ID_BYTES, Registration, load_registry
from koteihyo.schema.errors import UsageError
from koteihyo.schema.records import Edition


@dataclass(frozen=True)
class Source:
    """One PDF and what is known of it before it is read. `sha256` is the registered one."""

    pdf: Path
    edition: Edition
    sha256: str | None = None
    problem: str | None = None
    """Why it cannot even be opened (a folder, a pipe, a link to nowhere)."""


def discover(raw: Path) -> list[Source]:
    """The PDFs of a folder, by edition id.

    Raises:
        UsageError: the folder is missing or holds no PDF, or two files claim one edition.
    """
    try:
        files = sorted(p for p in raw.iterdir() if p.suffix.lower() == ".pdf")
    except OSError as error:
        raise UsageError(
            f"{raw}: cannot be listed ({error.strerror}); name the folder of the PDFs with --raw"
        ) from error
    if not files:
        raise UsageError(f"{raw}: holds no PDF; put one there or run `koteihyo fetch`")
    # One system writes が as one character and another as か and a mark.
    registered = {_composed(registration.file): registration for registration in load_registry(raw).values()}
    sources: dict[str, Source] = {}
    for pdf in files:
        source = replace(_source(pdf, registered.get(_composed(pdf.name))), problem=problem_of(pdf))
        other = sources.setdefault(source.edition.edition_id, source)
        if other is not source:
            raise UsageError(
                f"{raw}: {printable(other.pdf.name)} and {printable(pdf.name)} are both edition "
                f"{source.edition.edition_id}; rename or register one of them"
            )
    return [sources[edition_id] for edition_id in sorted(sources)]


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def problem_of(path: Path) -> str | None:
    """What a name is of, when it is of no file; opening a pipe would wait for ever."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return "is a link that leads nowhere" if path.is_symlink() else f"cannot be opened ({error.strerror})"
    if stat.S_ISREG(mode):
        return None
    return "is a folder" if stat.S_ISDIR(mode) else "is a pipe or a device"


def _source(pdf: Path, registration: Registration | None) -> Source:
    name = printable(pdf.name)
    if registration is not None:
        edition = Edition(
            edition_id=registration.id,
            title=registration.title,
            published_on=registration.published_on,
            source_url=registration.source_url,
            source_sha256="",
            source_file=name,
            page_count=0,
        )
        return Source(pdf, edition, registration.sha256)
    edition_id = id_from_stem(pdf.stem)
    edition = Edition(edition_id=edition_id, title=edition_id, source_sha256="", source_file=name, page_count=0)
    return Source(pdf, edition)


def id_from_stem(stem: str) -> str:
    """The edition id of a file that is not registered: its stem, made safe as a folder's name."""
    text = printable(_composed(stem)).strip()
    safe = "".join("_" if char in '/\\:*?"<>|=' else char for char in text)
    if safe.startswith("."):
        safe = "_" + safe[1:]
    if len(safe.encode()) > MAX_ID_BYTES:
        # Two long names with one beginning must not become one edition.
        tail = "~" + hashlib.sha256(safe.encode()).hexdigest()[:8]
        safe = safe.encode()[: MAX_ID_BYTES - len(tail)].decode(errors="ignore") + tail
    return safe or "_"


def printable(text: str) -> str:
    """A file's name without what a terminal would obey or a table cannot hold."""
    return "".join("_" if unicodedata.category(char)[0] == "C" else char for char in text)
