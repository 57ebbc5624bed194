# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one exception base, with an exit code for each kind of failure."""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the `koteihyo` command. They are public: scripts depend on them."""

    OK = 0
    OTHER = 1
    USAGE = 2
    BAD_INPUT = 3
    """A document could not be read, or only in part (not a PDF, damaged, password, over a limit)."""
    NETWORK = 4
    CHECKSUM = 5
    STORE = 6
    """The outputs could not be written or read (disk full, read-only, damaged database)."""
    LOCKED = 7
    """Another run holds the output folder."""
    CHANGES_FOUND = 10
    """`diff --fail-on` found changes of a listed type."""


class KoteihyoError(Exception):
    """Base of every declared failure. `str(error)` names the file, says what is wrong and what to do."""

    exit_code: ExitCode = ExitCode.OTHER


class UsageError(KoteihyoError):
    """An argument or a settings file asks for something that does not exist or makes no sense."""

    exit_code = ExitCode.USAGE


class DocumentError(KoteihyoError):
    """A document could not be read. `reason` is a short stable word for the tables and for `--json`."""

    exit_code = ExitCode.BAD_INPUT

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process boundaries: keyword-only arguments need spelling out for pickle.
        return (_document_error, (str(self), self.reason))


def _document_error(message: str, reason: str) -> DocumentError:
    return DocumentError(message, reason=reason)


class NetworkError(KoteihyoError):
    """A download did not succeed."""

    exit_code = ExitCode.NETWORK


class ChecksumError(KoteihyoError):
    """A file is not the one that was registered."""

    exit_code = ExitCode.CHECKSUM


class StoreError(KoteihyoError):
    """The outputs could not be written or read."""

    exit_code = ExitCode.STORE


def cannot_write(path: object, error: OSError, then: str = "") -> StoreError:
    """The failure of a file that cannot be written: what the system says, and what helps against just that."""
    message = f"{path}: cannot be written ({error.strerror or error}); {_remedy(error.errno)}"
    return StoreError(f"{message}. {then}" if then else message)


def _remedy(number: int | None) -> str:
    if number in (errno.ENOSPC, errno.EDQUOT):
        return "free space on the disk, or choose another place"
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "change the permissions, or choose another place"
    if number == errno.ENAMETOOLONG:
        return "choose a shorter name"
    if number in (errno.EMFILE, errno.ENFILE):
        return "raise the limit on open files (ulimit -n)"
    if number == errno.EFBIG:
        return "raise the limit on the size of files (ulimit -f), or choose another place"
    if number == errno.ENOENT:
        return "it, or a folder above it, was taken away; run again"
    if number == errno.EIO:
        return "the disk does not work as it should: look after it, or choose another place"
    return "choose another place"


def cannot_start(error: OSError) -> KoteihyoError:
    """The failure of a process that the system does not let us start."""
    return KoteihyoError(
        f"another process cannot be started ({error.strerror or error}); end other programs, or raise the limits on "
        "processes, open files and memory (ulimit -u, -n, -v)"
    )


class LockedError(KoteihyoError):
    """Another run holds the output folder."""

    exit_code = ExitCode.LOCKED
