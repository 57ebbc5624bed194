# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who was being read when a machine died: written down before the reading, so that a fatal document is known.

A try that did not come to its end left a mark. A mark of one document blames it; one of several makes each of them
suspect, and then they are read with a mark for each.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from koteihyo.pipeline.archive.storage import Storage

# A document in whose reading the machine died so often is not read again.
MOST_TRIES = 5
CHUNKS = ".archive/chunks"
MARK, PIECE = ".try", ".piece"


@dataclass(frozen=True)
class Blame:
    """What tries that did not come to their end tell."""

    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The name of each mark, and the documents that were in hand: told twice, it is still one try."""

    def deaths(self, source: str) -> int:
        """How often the machine died with this document alone in hand."""
        return sum(sources == (source,) for sources in self.marks.values())

    def __bool__(self) -> bool:
        return bool(self.marks)

    def among(self, sources: Iterable[str]) -> Blame:
        """The part of it that is about some documents."""
        wanted = set(sources)
        return Blame({name: held for name, held in self.marks.items() if wanted.intersection(held)})

    def with_more(self, other: Blame) -> Blame:
        """Both together."""
        return Blame({**self.marks, **other.marks})


def read_marks(storage: Storage, names: Iterable[str]) -> Blame:
    """What the marks among some files tell."""
    return Blame({name: tuple(json.loads(storage.get(name))) for name in names if name.endswith(MARK)})


class Marker:
    """Says in the storage which documents are being read in this try."""

    def __init__(self, storage: Storage, chunk_id: str) -> None:
        self._storage = storage
        self.name = f"{CHUNKS}/{chunk_id}/{uuid.uuid4().hex}{MARK}"

    def put(self, sources: Sequence[str]) -> None:
        """Writes down that these are read from now on."""
        self._storage.put(self.name, json.dumps(list(sources)).encode())
