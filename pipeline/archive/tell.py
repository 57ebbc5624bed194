# SPDX-License-Identifier: AGPL-3.0-or-later
"""Says how a run goes: a line for people, and a log of JSON lines for machines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from koteihyo.pipeline.archive.drive import Tell
from koteihyo.pipeline.archive.tally import Tally
from koteihyo.pipeline.terminal import clean
from koteihyo.schema.errors import cannot_write

# A terminal shows each step; a file gets a line now and then.
TERMINAL_SECONDS, FILE_SECONDS = 1.0, 30.0


@contextmanager
def telling(log: Path | None) -> Iterator[Tell]:
    """What is to be called with each event; the log is appended to.

    Raises:
        StoreError: the log cannot be written.
    """
    file: TextIO | None = None
    try:
        if log is not None:
            log.parent.mkdir(parents=True, exist_ok=True)
            file = log.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        raise cannot_write(log, error) from error
    teller = _Teller(file)
    try:
        yield teller.tell
    finally:
        teller.end()
        if file is not None:
            file.close()


class _Teller:
    def __init__(self, log: TextIO | None) -> None:
        self._log, self._is_terminal = log, sys.stderr.isatty()
        self._last = time.monotonic()
        self._shown = False

    def tell(self, event: str, what: Mapping[str, object]) -> None:
        if event != "tick":
            self._write(event, what)
            return
        pause = TERMINAL_SECONDS if self._is_terminal else FILE_SECONDS
        tally = what["tally"]
        if isinstance(tally, Tally) and time.monotonic() - self._last >= pause:
            self._last = time.monotonic()
            # Back to the beginning of the line, and what was there goes.
            print(
                f"\r\x1b[K{clean(tally.line())}" if self._is_terminal else clean(tally.line()),
                end="" if self._is_terminal else "\n",
                file=sys.stderr,
                flush=True,
            )
            self._shown = self._is_terminal
            self._write("progress", tally.described())

    def end(self) -> None:
        if self._shown:
            print(file=sys.stderr)

    def _write(self, event: str, what: Mapping[str, object]) -> None:
        if self._log is not None:
            told = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "event": event, **what}
            self._log.write(json.dumps(told, ensure_ascii=False) + "\n")
