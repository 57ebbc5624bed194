# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the folders are found when no option names them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from koteihyo.pipeline.settings import folders
from koteihyo.schema.errors import UsageError


def test_the_usual_places(tmp_path: Path) -> None:
    assert folders(tmp_path, {}).out == Path("data/processed")


def test_the_settings_file_counts_from_where_it_lies_and_the_environment_comes_first(tmp_path: Path) -> None:
    (tmp_path / "koteihyo.toml").write_text('raw = "pdf"\nout = "/srv/tables"\n')
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    found = folders(deep, {})
    assert (found.raw, found.out) == (tmp_path / "pdf", Path("/srv/tables"))
    assert folders(deep, {"KOTEIHYO_OUT": "/elsewhere"}).out == Path("/elsewhere")


@pytest.mark.parametrize("text", ["out = 3", 'outt = "x"', "out ="])
def test_a_wrong_settings_file_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "koteihyo.toml").write_text(text)
    with pytest.raises(UsageError, match=r"koteihyo\.toml"):
        folders(tmp_path, {})


@pytest.mark.parametrize("how", ["option", "environment", "file"])
def test_the_command_works_from_any_folder(how: str, processed: Path, tmp_path: Path) -> None:
    options = ["--out", str(processed)] if how == "option" else []
    environment = {**os.environ, **({"KOTEIHYO_OUT": str(processed)} if how == "environment" else {})}
    if how == "file":
        (tmp_path / "koteihyo.toml").write_text(f"out = '{processed}'")
    command = [sys.executable, "-m", "koteihyo.pipeline.cli", "sql", "SELECT count(*) AS n FROM editions", *options]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=True)
    assert result.stdout.split() == ["n", "-", "2"]
