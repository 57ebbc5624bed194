# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the name of an input is shown."""

from __future__ import annotations


def shown(source: str) -> str:
    """An input as it stands in the table: bytes of a name that are no text are written as figures."""
    return source.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
