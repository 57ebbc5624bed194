# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who was being read when a machine died: written down before the reading, so that a fatal document is known.

A try that did not come to its end left a mark. A mark of one document blames it; one of several makes each of them
suspect, and then they are read with a mark for each.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from koteihyo.pipeline.archive.storage import Storage

# A document in whose reading the machine died so often is not read again.
MOST_TRIES = 5
CHUNKS = ".archive/chunks"
MARK, PIECE = ".try", ".piece"


@dataclass(frozen=True)
class Blame:
    """What earlier tries tell: how often the machine died with a document, and which may have been the cause."""

    deaths: Counter[str] = field(default_factory=Counter)
    suspects: frozenset[str] = frozenset()

    def among(self, sources: Sequence[str]) -> Blame:
        """The part of it that is about some documents."""
        wanted = set(sources)
        return Blame(Counter({s: n for s, n in self.deaths.items() if s in wanted}), self.suspects & wanted)

    def with_more(self, other: Blame) -> Blame:
        """Both together."""
        return Blame(self.deaths + other.deaths, self.suspects | other.suspects)


def read_marks(storage: Storage, names: Iterable[str]) -> Blame:
    """What the marks among some files tell."""
    deaths, suspects = Counter[str](), set[str]()
    for name in names:
        if name.endswith(MARK):
            sources = json.loads(storage.get(name))
            suspects.update(sources)
            if len(sources) == 1:
                deaths[sources[0]] += 1
    return Blame(deaths, frozenset(suspects))


class Marker:
    """Says in the storage which documents are being read in this try."""

    def __init__(self, storage: Storage, chunk_id: str) -> None:
        self._storage = storage
        self.name = f"{CHUNKS}/{chunk_id}/{uuid.uuid4().hex}{MARK}"

    def put(self, sources: Sequence[str]) -> None:
        """Writes down that these are read from now on."""
        self._storage.put(self.name, json.dumps(list(sources)).encode())
