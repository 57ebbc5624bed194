# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the PDFs and the tables are, when no option says so: environment, `koteihyo.toml`, or the usual places."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SETTINGS_FILE = "koteihyo.toml"
RAW_VARIABLE, OUT_VARIABLE = "KOTEIHYO_RAW", "KOTEIHYO_OUT"
RAW_DEFAULT = Path("data/raw")
OUT_DEFAULT = Path("data/processed")


@dataclass(frozen=True)
class Folders:
    """The folder of the PDFs and the folder of the tables."""

    raw: Path
    out: Path


def folders(here: Path | None = None, environment: Mapping[str, str] | None = None) -> Folders:
    """The folders to use: each from its environment variable, else from the settings file, else the usual place.

    The settings file is the first `koteihyo.toml` in the folder or above it; its paths count from where it lies.

    Args:
        here: The folder to begin with; the current one when not given.
        environment: Variables; the process's own when not given.

    Raises:
        UsageError: the settings file cannot be understood, or the current folder is gone.
    """
    environment = os.environ if environment is None else environment
    written = _settings((here or _current_folder()).absolute())
    raw, out = environment.get(RAW_VARIABLE), environment.get(OUT_VARIABLE)
    return Folders(
        raw=Path(raw) if raw else written.get("raw", RAW_DEFAULT),
        out=Path(out) if out else written.get("out", OUT_DEFAULT),
    )


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        from koteihyo.schema.errors import UsageError

        raise UsageError("the folder you are in is not there any more; go to another one") from error


def _settings(here: Path) -> dict[str, Path]:
    file = next((f for folder in (here, *here.parents) if (f := folder / SETTINGS_FILE).is_file()), None)
    if file is None:
        return {}
    import tomllib

    from koteihyo.schema.errors import UsageError

    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({error}); mend it or remove it") from error
    wrong = [name for name, value in values.items() if name not in ("raw", "out") or not isinstance(value, str)]
    if wrong:
        raise UsageError(f'{file}: only raw = "FOLDER" and out = "FOLDER" can stand in it, not {", ".join(wrong)}')
    return {name: file.parent / value for name, value in values.items()}
