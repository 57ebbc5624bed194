# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every example of the documents runs: Python, commands and their outputs, the notebook, the workflows."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.main import get_command
from typer.testing import CliRunner

from koteihyo.pipeline.cli import app
from tests.conftest import ROOT

DOCS = ROOT / "docs"
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "README.ja.md",
    *sorted(DOCS.glob("*.md")),
    *sorted(DOCS.glob("decisions/*.md")),
]
BLOCK = re.compile(
    r"```(?P<kind>python|sh|toml|yaml|json)\n(?P<code>.*?)```(?:\n+```text\n(?P<output>.*?)```)?", re.DOTALL
)
# What a test cannot run: installing, the network, a program that waits for people, files of the reader's own.
NOT_RUN = re.compile(
    r"(python3 -m venv|pip install|koteihyo serve|git clone|make |marimo |koteihyo fetch|koteihyo add FILE|koteihyo run --raw FOLDER|koteihyo archive (addresses|s3:)|dask |python \.\.|python -m tests\.)"
)


def _blocks(document: Path) -> list[re.Match[str]]:
    return list(BLOCK.finditer(document.read_text(encoding="utf-8")))


@pytest.fixture
def place(processed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the samples read, as the reader's current folder."""
    (tmp_path / "data").mkdir()
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw", ignore=lambda _f, names: set(names) - _SAMPLES)
    shutil.copytree(processed, tmp_path / "data" / "processed", symlinks=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


_SAMPLES = {"raw", "editions.toml", "sample-2024.pdf", "sample-2025.pdf"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_python_examples_run_in_their_order(document: Path, place: Path) -> None:
    names: dict[str, object] = {}
    for block in _blocks(document):
        if block["kind"] != "python":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(block["code"], names)  # the documents' own code
        if block["output"] is not None:
            assert printed.getvalue() == block["output"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_run(document: Path, place: Path) -> None:
    for block in _blocks(document):
        # Those with an output are run and compared by test_readme.
        if block["kind"] != "sh" or block["output"] is not None:
            continue
        for line in block["code"].replace("\\\n", " ").splitlines():
            command = re.split(r"\s+#|\s&&\s", line)[0].strip()
            if not command or NOT_RUN.match(command):
                continue
            words = command.split(" ", 2)
            assert words[0] == "koteihyo", f"{document.name}: {command}"
            result = CliRunner().invoke(app, _words(command))
            assert result.exit_code == 0, f"{document.name}: {command}\n{result.output}\n{result.exception!r}"


def _words(command: str) -> list[str]:
    import shlex

    return shlex.split(command)[1:]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_settings_in_the_documents_can_be_read(document: Path) -> None:
    readers = {"toml": tomllib.loads, "yaml": yaml.safe_load, "json": json.loads}
    for block in _blocks(document):
        if block["kind"] in readers and "literalinclude" not in block[0]:
            assert readers[block["kind"]](block["code"])


@pytest.mark.parametrize("workflow", sorted(DOCS.glob("workflows/*.yml")), ids=lambda path: path.name)
def test_workflows_name_commands_and_options_that_exist(workflow: Path) -> None:
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    scripts = "\n".join(step.get("run", "") for job in jobs.values() for step in job["steps"])
    commands = get_command(app).commands  # type: ignore[attr-defined]
    named = re.findall(r"koteihyo ([a-z]+)([^\n|]*)", scripts)
    targets = re.findall(r"make ([a-z]+)", scripts)
    assert named or targets
    for command, rest in named:
        options = {name for parameter in commands[command].params for name in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_the_documents_name_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    named = [
        found
        for document in (*DOCUMENTS, *DOCS.glob("workflows/*.yml"))
        for found in re.findall(r"koteihyo(?:-|==)([0-9]+\.[0-9]+\.[0-9]+)", document.read_text(encoding="utf-8"))
    ]
    assert set(named) == {version}
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## ([0-9.]+)", changes, re.MULTILINE)
    assert newest is not None
    assert newest[1] == version


def test_the_notebook_runs_from_top_to_bottom() -> None:
    spec = importlib.util.spec_from_file_location("notebook", DOCS / "notebook.py")
    assert spec is not None
    assert spec.loader is not None
    notebook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(notebook)
    _outputs, found = notebook.app.run()
    assert found["delays"].height == 12
    assert found["figures"].height == 15
    # A figure due by 31 March belongs to the fiscal year that ends there.
    assert dict(found["figures"].select("figure", "year").iter_rows())["90％"] == 2029
    for plot in ("plot_of_plan", "plot_of_delays", "plot_of_figures"):
        drawn = json.dumps(found[plot].to_dict(), ensure_ascii=False)
        assert "所有者台帳と地図の統合" in drawn
