# SPDX-License-Identifier: AGPL-3.0-or-later
"""The documents as a site: `make docs`. What follows from the code (commands, tables, pictures) is made from it here."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version as installed
from pathlib import Path

HERE = Path(__file__).parent
GENERATED = HERE / "_generated"

project = "koteihyo"
author = "the authors of koteihyo"
version = release = installed("koteihyo")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3
html_theme = "furo"
default_role = "literal"
html_title = f"koteihyo {version}"
html_show_copyright = False
# Output is nothing to copy.
copybutton_selector = "div:not(.highlight-text) > div.highlight > pre"
# Annotations name their types in full everywhere but here, where the short name is enough.
python_use_unqualified_type_names = True
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
# Queries and lexers: DuckDB's FROM-first queries are no errors.
suppress_warnings = ["misc.highlighting_failure"]


def commands() -> str:
    """Every command with its options, as Typer describes them."""
    words = [sys.executable, "-m", "typer", "koteihyo.pipeline.cli", "utils", "docs", "--name", "koteihyo"]
    text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    # The list of commands repeats the headings below it, cut short.
    text = re.sub(r"\*\*Commands\*\*:\n\n(\* .*\n)+\n", "", text)
    return text.replace("# `koteihyo`\n", "# Commands\n", 1)


def tables() -> str:
    """Every table with its columns, as `koteihyo tables` lists them."""
    from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES
    from koteihyo.schema.tables import columns, table_comment

    lines = [
        "# Tables",
        "",
        "Boxes are PDF points from the top left of the page; a fiscal-year coordinate of 2022.5 is 1 October 2022.",
    ]
    for model in (*EDITION_TABLES, *PAIR_TABLES):
        lines += ["", f"## {model.TABLE}", "", table_comment(model), "", f"Key: {', '.join(model.KEY)}", ""]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        for column in columns(model):
            kind = column.sql_type + ("" if column.nullable else ", not NULL")
            lines.append(f"| `{column.name}` | {kind} | {column.comment} |")
    return "\n".join(lines) + "\n"


def generate() -> None:
    """Writes what the pages include."""
    import koteihyo

    GENERATED.mkdir(exist_ok=True)
    (GENERATED / "commands.md").write_text(commands(), encoding="utf-8")
    (GENERATED / "tables.md").write_text(tables(), encoding="utf-8")
    plan = koteihyo.read(koteihyo.samples()[0])
    plan.gantt(page=2).save(GENERATED / "gantt.svg")
    plan.picture(2).save(GENERATED / "page.png")


def setup(app: object) -> None:
    """Makes the pages before Sphinx looks for them."""
    app.connect("config-inited", lambda _app, _config: generate())  # type: ignore[attr-defined]
