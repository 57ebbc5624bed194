# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes into a file of corrections that people write too: every byte of theirs stays as it is.

An entry is put after the last one, or its lines are taken out; the rest of the file is never written anew, so comments,
order, quotes and indentation stay. What comes out is read again before it takes the file's place.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from koteihyo.schema.corrections import Correction
from koteihyo.schema.errors import DocumentError, UsageError, cannot_write

LOCK_FILE = ".lock"


def entry_key(entry: Any) -> str:
    """A name of an entry that stays the same while others come and go."""
    return hashlib.sha256(repr(entry).encode()).hexdigest()[:16]


def entries(path: Path) -> list[Any]:
    """The entries of a file as they stand there; none when there is no file.

    Raises:
        DocumentError: the file is not a list in YAML.
    """
    return _parse(path, _text(path))


def append_entry(path: Path, correction: Correction) -> str:
    """Puts a correction at the end of a file, which is made if it is missing; returns its key.

    Raises:
        DocumentError: the file is not a list in YAML, or is one that cannot be added to.
        StoreError: the file cannot be written.
    """
    entry = correction.model_dump(mode="json", exclude_unset=True)

    def added(text: str, before: list[Any]) -> tuple[str, list[Any]]:
        marks = _marks(text)
        first = text.splitlines()[marks[0].start_mark.line] if marks else ""
        indent = first[: len(first) - len(first.lstrip())]
        end = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{end}{_dump(entry, indent)}", [*before, entry]

    _rewrite(path, added)
    return entry_key(entry)


def remove_entry(path: Path, key: str) -> Any:
    """Takes the last entry of that key out of a file; returns it.

    Raises:
        UsageError: there is no such entry any more.
        DocumentError: the file is not a list in YAML, or is one that cannot be taken from.
        StoreError: the file cannot be written.
    """
    removed: list[Any] = []

    def without(text: str, before: list[Any]) -> tuple[str, list[Any]]:
        at = next((i for i in reversed(range(len(before))) if entry_key(before[i]) == key), None)
        if at is None:
            raise UsageError(f"{path}: this correction is not there any more")
        removed.append(before[at])
        lines = text.splitlines(keepends=True)
        starts = [mark.start_mark.line for mark in _marks(text)]
        first, last = starts[at], starts[at + 1] if at + 1 < len(starts) else len(lines)
        # What stands over the next entry is said of that one.
        while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
            last -= 1
        return "".join(lines[:first] + lines[last:]), before[:at] + before[at + 1 :]

    _rewrite(path, without)
    return removed[0]


def _rewrite(path: Path, edit: Callable[[str, list[Any]], tuple[str, list[Any]]]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.parent / LOCK_FILE):
            text = _text(path)
            new, wanted = edit(text, _parse(path, text))
            if _parse(path, new) != wanted:
                raise DocumentError(
                    f"{path}: is not a list of entries one below the other, each beginning with '- page:'; "
                    "write it so, then it can be added to",
                    reason="corrections",
                )
            _replace(path, new)
    except OSError as error:
        raise cannot_write(path, error) from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path, text: str) -> None:
    # One name under the lock: what a kill leaves, the next writing takes.
    draft = path.with_name(f".{path.name}.tmp")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def _text(path: Path) -> str:
    try:
        # Line ends are a person's own too.
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: cannot be read ({error})", reason="corrections") from error


def _parse(path: Path, text: str) -> list[Any]:
    import yaml

    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # Also numbers and dates that Python cannot hold, and lists in lists without end.
        raise DocumentError(
            f"{path}: not valid YAML ({error}); see docs/corrections.md", reason="corrections"
        ) from error
    if document is None:
        return []
    if not isinstance(document, list):
        raise DocumentError(f"{path}: must be a list of corrections; see docs/corrections.md", reason="corrections")
    return document


def _marks(text: str) -> list[Any]:
    """The nodes of the entries, which know their lines."""
    import yaml

    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return [] if node is None else list(node.value)


def _dump(entry: dict[str, Any], indent: str) -> str:
    import yaml

    # Values within values on one line, as the documentation writes them.
    text: str = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=None)
    return "".join(f"{indent}{line}" for line in text.splitlines(keepends=True))
