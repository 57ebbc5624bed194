# SPDX-License-Identifier: AGPL-3.0-or-later
"""Remembers the SHA-256 of PDFs that did not change since they were last read, so that a run need not read them all.

OUT/.hashes.json is a note for speed only: without it the files are read again.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from koteihyo.pipeline.store.fingerprint import sha256_file

HASHES_FILE = ".hashes.json"
# A file that was changed so shortly before it was read may change again within one tick of its clock, seconds.
SETTLED = 2.0

_Entry = tuple[int, int, int, int, str]
_FILE = TypeAdapter(dict[str, _Entry])


@dataclass
class KnownHashes:
    """SHA-256 of files by path, each with the size, inode and times of the file that it was taken of."""

    found: dict[str, _Entry] = field(default_factory=dict)
    now: dict[str, _Entry] = field(default_factory=dict)
    """What this run saw."""

    def sha256(self, path: Path) -> str:
        """The SHA-256 of a file.

        Raises:
            OSError: it cannot be read.
        """
        name = str(path.absolute())
        before = path.stat()
        # The time of the last change of any kind cannot be set by programs, as the time of writing can.
        mark = (before.st_size, before.st_ino, before.st_mtime_ns, before.st_ctime_ns)
        entry = self.found.get(name)
        if entry is not None and entry[:4] == mark:
            self.now[name] = entry
            return entry[4]
        settled = time.time() - max(before.st_mtime, before.st_ctime) > SETTLED
        sha256 = sha256_file(path)
        if settled:
            self.now[name] = (*mark, sha256)
        return sha256

    def save(self, out: Path) -> None:
        """Writes the note where it changed; a disk that does not take it costs the next run some time."""
        path, draft = out / HASHES_FILE, out / f"{HASHES_FILE}.tmp"
        if self.now == self.found:
            return
        try:
            draft.write_bytes(_FILE.dump_json(self.now))
            os.replace(draft, path)
        except (OSError, ValueError):
            # Also a name that is no text.
            draft.unlink(missing_ok=True)


def load_known(out: Path) -> KnownHashes:
    """The note of the last run; an empty one when it is missing or damaged."""
    try:
        return KnownHashes(_FILE.validate_json((out / HASHES_FILE).read_bytes()))
    except (OSError, ValidationError):
        return KnownHashes()
