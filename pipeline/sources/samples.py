# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fictional sample editions that come with the package, so that there is something to read at once."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from koteihyo.pipeline.sources.registry import Registration, add_registration, load_registry
from koteihyo.schema.errors import cannot_write

FOLDER = "data"
"""Where the package keeps them: in the checkout that is `data/raw`."""


def bundled_samples() -> list[tuple[Path, Registration]]:
    """The sample PDFs with what the register says of them, oldest first."""
    folder = Path(str(files("koteihyo") / FOLDER))
    # The checkout's register also names editions that are downloaded.
    found = [(folder / entry.file, entry) for entry in load_registry(folder).values()]
    return sorted((pair for pair in found if pair[0].stem.startswith("sample-")), key=lambda pair: pair[1].id)


def put_samples(raw: Path) -> list[Path]:
    """Copies the samples into a folder of PDFs and registers them; what is there already stays as it is.

    Returns:
        The files that were put there.

    Raises:
        StoreError: the folder cannot be written.
        UsageError: the folder's register is not valid.
    """
    put = []
    try:
        raw.mkdir(parents=True, exist_ok=True)
        for source, registration in bundled_samples():
            target = raw / source.name
            if not target.exists():
                shutil.copyfile(source, target)
                put.append(target)
            if registration.id not in load_registry(raw):
                add_registration(raw, registration)
    except OSError as error:
        raise cannot_write(raw, error) from error
    return put
