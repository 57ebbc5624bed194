# SPDX-License-Identifier: AGPL-3.0-or-later
"""Remembers which documents were refused, so that a run does not read them again before something changes.

OUT/.refused.json is a note for speed only: without it they are read again.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

REFUSED_FILE = ".refused.json"


class Refusal(BaseModel):
    """Why an edition was refused, and under which circumstances."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    """Fingerprint of everything its rows would depend on."""
    tried: dict[str, float]
    """The limits that it went over or might have; with higher ones it is read again."""
    reason: str
    message: str


_FILE = TypeAdapter(dict[str, Refusal])


def load_refused(out: Path) -> dict[str, Refusal]:
    """Refusals by edition; empty when the note is missing or damaged."""
    try:
        return _FILE.validate_json((out / REFUSED_FILE).read_bytes())
    except (OSError, ValidationError):
        return {}


def save_refused(out: Path, refused: Mapping[str, Refusal]) -> None:
    """Writes the note where it changed; a disk that does not take it costs the next run some time."""
    path, draft = out / REFUSED_FILE, out / f"{REFUSED_FILE}.tmp"
    if load_refused(out) == refused:
        return
    try:
        if refused:
            draft.write_bytes(_FILE.dump_json(dict(sorted(refused.items())), indent=1))
            os.replace(draft, path)
        else:
            path.unlink()
    except OSError:
        draft.unlink(missing_ok=True)
