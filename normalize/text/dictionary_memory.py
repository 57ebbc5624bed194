# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets go of the dictionary's pages that this process has looked at: 150 MiB of a file, which stay in the system's cache.

The system counts them as the process's memory, and takes them back only when it is short of it.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
from functools import cache
from pathlib import Path

_SUFFIX = ".dic"


def let_go_of_dictionary() -> None:
    """Gives the pages back, where the system can: the next word that is looked up brings its own again."""
    if sys.platform == "linux":
        for start, size in _mapped():
            _libc().madvise(start, size, mmap.MADV_DONTNEED)


@cache
def _mapped() -> list[tuple[int, int]]:
    """(address, bytes) of the dictionary's file in memory. Nobody can have written there: it is mapped for reading."""
    found = []
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        place, rights, *_rest = line.split(maxsplit=2)
        if rights[:3] == "r--" and line.endswith(_SUFFIX):
            start, end = (int(edge, 16) for edge in place.split("-"))
            found.append((start, end - start))
    return found


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return libc
