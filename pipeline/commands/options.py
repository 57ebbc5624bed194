# SPDX-License-Identifier: AGPL-3.0-or-later
"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from koteihyo.pipeline.settings import OUT_DEFAULT, OUT_VARIABLE, RAW_DEFAULT, RAW_VARIABLE

__all__ = ["OUT_DEFAULT", "RAW_DEFAULT", "Json", "Out", "Raw"]

Raw = Annotated[Path, typer.Option("--raw", envvar=RAW_VARIABLE, help="Folder of the PDFs and of editions.toml.")]
Out = Annotated[Path, typer.Option("--out", envvar=OUT_VARIABLE, help="Folder of the tables.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
