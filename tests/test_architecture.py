# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the documents for successors say of the code is so."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.passes_table import table, written

FOLDERS = ("api", "schema", "extract", "normalize", "pipeline")
LONGEST_FUNCTION, LONGEST_MODULE = 60, 300
# Function or module, and why it is longer.
LONGER = {
    "extract/arrows.py": "one subject, the makes of arrows; half of it is data",
    "pipeline/run/batch.py": "the course of a run, told in one place",
    "pipeline/commands/inspect.py:inspect": "half of it describes its options",
    "pipeline/mcp_server.py:server": "each tool is a function inside it, whose docstring the client shows",
    "normalize/axis/extent.py": "how far a chart reaches, upwards, downwards and to its sides, is one question",
    "normalize/edition.py": "one function a table, most lines of which name columns",
}


def test_the_list_of_passes_is_that_of_the_code() -> None:
    assert written()[1] == table(), "run `python -m tests.passes_table`"


def test_the_picture_of_the_words_is_what_its_script_draws() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from tools.draw_words import draw; print(draw(), end='')"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout == (ROOT / "docs" / "words.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_every_path_that_a_document_names_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`((?:api|schema|extract|normalize|pipeline|tests|tools|docs)/[\w./-]*)`", text)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_functions_and_modules_are_short() -> None:
    long = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            source, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
            if source.count("\n") > LONGEST_MODULE:
                long.append(name)
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION:
                    long.append(f"{name}:{node.name}")
    assert [name for name in long if name not in LONGER] == []


def test_every_file_of_test_data_is_registered() -> None:
    register = (ROOT / "tests" / "data" / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in (ROOT / "tests" / "data").iterdir()} - {"README.md"}
    assert [name for name in sorted(files) if f"`{name}" not in register] == []
