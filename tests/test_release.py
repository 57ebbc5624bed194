# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wheel, built without a network and installed alone: `make release` tries it in clean environments, too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

FOREIGN = ("schema", "extract", "normalize", "pipeline", "api", "data")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # Building leaves files in the folder, and must not find those of an earlier build.
    source = folder / "source"
    for name in ("api", "schema", "extract", "normalize", "pipeline", "data/raw"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    (source / "data" / "raw" / "private.pdf").write_bytes(b"%PDF-")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and our dependencies, and not the checkout."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    home = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    with zipfile.ZipFile(wheel) as file:
        file.extractall(home)
    for name in FOREIGN:
        (home / f"{name}.py").write_text("FOREIGN = True\n")
    return folder / "bin" / "python"


def run(python: Path, *words: str, cwd: Path) -> str:
    # A folder on this path brings its modules and not the links of editable installs.
    environment = {**os.environ, "PYTHONPATH": sysconfig.get_paths()["purelib"]}
    command = [str(python), "-P", *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert wheel.name == f"koteihyo-{version}-py3-none-any.whl"
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.split("/")[0] for name in names} == {"koteihyo", f"koteihyo-{version}.dist-info"}
    assert {name for name in names if name.startswith("koteihyo/data/")} == {
        "koteihyo/data/editions.toml",
        "koteihyo/data/sample-2024.pdf",
        "koteihyo/data/sample-2025.pdf",
    }
    for folder in ("schema", "extract", "normalize", "pipeline"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                assert f"koteihyo/{path.relative_to(ROOT)}" in names
    assert "koteihyo/py.typed" in names


def test_it_works_from_any_folder_beside_libraries_with_our_folders_names(python: Path, tmp_path: Path) -> None:
    theirs = f"import koteihyo, {', '.join(FOREIGN)}\n" + "\n".join(f"assert {name}.FOREIGN" for name in FOREIGN)
    where = run(python, "-c", f"{theirs}\nprint(koteihyo.__file__)", cwd=tmp_path)
    assert str(python.parent.parent) in where
    command = ("-c", "import sys; from koteihyo.pipeline.cli import main; sys.argv[0] = 'koteihyo'; main()")
    run(python, *command, "samples", cwd=tmp_path)
    run(python, *command, "run", "--no-witness", cwd=tmp_path)
    (tmp_path / "koteihyo.toml").write_text('out = "data/processed"\n')
    (tmp_path / "deep").mkdir()
    question = "SELECT count(*) AS n FROM schedule_items WHERE edition_id = 'sample-2024'"
    assert run(python, *command, "sql", question, cwd=tmp_path / "deep").split() == ["n", "--", "71"]


def test_the_console_script_leads_to_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        entry = next(name for name in file.namelist() if name.endswith("entry_points.txt"))
        assert "koteihyo = koteihyo.pipeline.cli:main" in file.read(entry).decode()
