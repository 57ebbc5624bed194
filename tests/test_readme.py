# SPDX-License-Identifier: AGPL-3.0-or-later
"""The documents show real output: every query in them is run on the bundled samples and compared.

`KOTEIHYO_UPDATE_DOCS=1 pytest tests/test_readme.py` writes the outputs anew; read the difference before committing it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from koteihyo.pipeline.cli import app
from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES
from tests.conftest import ROOT

READMES = ["README.md", "README.ja.md"]
DOCUMENTS = [ROOT / "README.md", ROOT / "README.ja.md", *sorted((ROOT / "docs").glob("sql-cookbook*.md"))]
EXAMPLE = re.compile(r"```(?P<kind>sql|sh)\n(?P<code>[^`]*?)```\n\n```text\n(?P<output>[^`]*?)```", re.DOTALL)
UPDATE = "KOTEIHYO_UPDATE_DOCS"


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the bundled samples."""
    out = tmp_path_factory.mktemp("docs") / "processed"
    _koteihyo("run", "--raw", str(ROOT / "data" / "raw"), "--out", str(out))
    return out


def _koteihyo(*args: str) -> str:
    command = [sys.executable, "-m", "koteihyo.pipeline.cli", *args]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True, timeout=120).stdout


def _output(kind: str, code: str, out: Path) -> str:
    if kind == "sql":
        return _koteihyo("sql", code, "--out", str(out))
    words = code.strip().split()
    assert words[0] == "koteihyo", code
    return _koteihyo(*words[1:], "--out", str(out))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_examples_show_real_output(document: Path, processed: Path) -> None:
    text = document.read_text(encoding="utf-8")
    examples = list(EXAMPLE.finditer(text))
    assert examples, f"{document.name} has no examples"
    fresh = EXAMPLE.sub(
        lambda m: f"```{m['kind']}\n{m['code']}```\n\n```text\n{_output(m['kind'], m['code'], processed)}```", text
    )
    if os.environ.get(UPDATE):
        document.write_text(fresh, encoding="utf-8")
    else:
        assert fresh == text


def test_outputs_are_not_rewritten_by_an_ordinary_test_run() -> None:
    assert not os.environ.get(UPDATE), "unset it: the test above has just rewritten the documents"


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_table_is_documented(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for command in app.registered_commands:
        assert command.callback is not None
        assert f"koteihyo {command.name or command.callback.__name__}" in text
    for model in (*EDITION_TABLES, *PAIR_TABLES):
        assert f"`{model.TABLE}`" in text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_option_that_is_named_exists(document: Path) -> None:
    options = {
        command.name: {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        for command in get_command(app).commands.values()  # type: ignore[attr-defined]
    }
    named = re.findall(r"(?:^|`)koteihyo ([a-z]+)([^`\n#]*)", document.read_text(encoding="utf-8"), re.MULTILINE)
    for command, rest in named:
        assert command in options, f"koteihyo {command}{rest}"
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in options[command], f"koteihyo {command}{rest}"


def test_the_two_make_targets_that_the_readme_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("pipeline", "test", "bench", "diff", "lint"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
