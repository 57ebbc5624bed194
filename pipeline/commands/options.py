# SPDX-License-Identifier: AGPL-3.0-or-later
"""Options that several commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from koteihyo.pipeline.settings import OUT_DEFAULT, OUT_VARIABLE, RAW_DEFAULT, RAW_VARIABLE

__all__ = ["OUT_DEFAULT", "RAW_DEFAULT", "Json", "Out", "Raw", "check_text"]

Raw = Annotated[Path, typer.Option("--raw", envvar=RAW_VARIABLE, help="Folder of the PDFs and of editions.toml.")]
Out = Annotated[Path, typer.Option("--out", envvar=OUT_VARIABLE, help="Folder of the tables.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def check_text(value: Any) -> Any:
    """Refuses words that are not written in the terminal's encoding: nobody could say which they are."""
    for part in value if isinstance(value, list) else [value]:
        try:
            str(part).encode()
        except UnicodeEncodeError as error:
            encoding = sys.getfilesystemencoding()
            raise typer.BadParameter(f"is no text in {encoding}; write it so, or set PYTHONUTF8=1 for UTF-8") from error
    return value
