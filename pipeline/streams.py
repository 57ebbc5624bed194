# SPDX-License-Identifier: AGPL-3.0-or-later
"""The standard streams, made to bear whatever the caller did with them: closed, full, or read by nobody any more."""

from __future__ import annotations

import codecs
import io
import json
import os
import sys


class _Output(io.TextIOWrapper):
    """A stream that swallows what cannot be written: what a command does must not end where its words do."""

    failure: OSError | None = None
    """Why nothing more is written; None when all is well, or when the reader (head, less) has seen enough."""

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            self._give_up(error)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        if not isinstance(error, BrokenPipeError):
            self.failure = self.failure or error
        # What lies in the buffer goes there too, so that the interpreter's own end does not complain.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


def prepare_streams() -> None:
    r"""Lets this process print whatever it is asked to.

    What the terminal's encoding does not have (Shift_JIS has no é) appears as \uXXXX.
    """
    # A file that is opened as number 1 or 2 would get what libraries print.
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        continue
    os.close(descriptor)
    codecs.register_error("koteihyo", _escaped)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper) and stream is getattr(sys, f"__{name}__"):
            new = _Output(stream.buffer, stream.encoding, "koteihyo", line_buffering=stream.line_buffering)
            setattr(sys, name, new)


def output_failure() -> OSError | None:
    """Why what was printed on standard output is not all written; None when it is."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    return sys.stdout.failure if isinstance(sys.stdout, _Output) else None


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    # As JSON does it: so `--json` stays JSON.
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end
