# SPDX-License-Identifier: AGPL-3.0-or-later
"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RAW_DEFAULT = Path("data/raw")
OUT_DEFAULT = Path("data/processed")

Raw = Annotated[Path, typer.Option("--raw", help="Folder of the PDFs and of editions.toml.")]
Out = Annotated[Path, typer.Option("--out", help="Folder of the tables.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
