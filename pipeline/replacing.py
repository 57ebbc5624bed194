# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files for people are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from koteihyo.schema.errors import cannot_write


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of `path` at the end; of a failure nothing stays.

    Raises:
        StoreError: the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_orphans(path)
        yield draft
        os.replace(draft, path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _remove_orphans(path: Path) -> None:
    """Removes what killed processes left of this file; another that lives may be writing it just now."""
    begin = f".{path.name}."
    for file in path.parent.iterdir():
        name = file.name
        if name.startswith(begin) and name.endswith(".tmp") and not _lives(name[len(begin) : -len(".tmp")]):
            file.unlink(missing_ok=True)


def _lives(process: str) -> bool:
    if not process.isdecimal():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
