# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds the sdist and the wheel and tries both as a user would: `make release`. Needs a package index and `uv`.

In clean environments, beside libraries whose import names are our folders' (`schema`, `extract`, `normalize`,
`pipeline`), the console script must read the samples from any folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOREIGN = ("schema", "extract", "normalize", "pipeline")
COUNT = "SELECT count(*) AS n FROM schedule_items WHERE edition_id = 'sample-2024'"


def main() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if uv is None:
        sys.exit("uv is not installed: pip install uv")
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "dist").absolute()
    with tempfile.TemporaryDirectory(prefix="koteihyo-release-") as name:
        folder = Path(name)
        built = folder / "dist"
        # The wheel is built from the sdist: what is missing there is missing in it.
        run(uv, "build", "--out-dir", built, cwd=ROOT)
        wheel, sdist = next(built.glob("*.whl")), next(built.glob("*.tar.gz"))
        assert wheel.name.startswith(f"koteihyo-{version}-"), wheel.name
        assert sdist.name == f"koteihyo-{version}.tar.gz", sdist.name
        with_pip(folder / "pip", wheel, version)
        with_uv_tool(uv, folder / "tool", wheel)
        target.mkdir(parents=True, exist_ok=True)
        for package in (wheel, sdist):
            shutil.copy(package, target)
            print(target / package.name)


def with_pip(folder: Path, wheel: Path, version: str) -> None:
    """Installs by pip beside the foreign libraries; both must be importable."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    # The real library of that name; of the others it is the import name that counts, so they are made here.
    run(*pip, "schema", *(foreign(folder, name) for name in FOREIGN if name != "schema"))
    run(*pip, f"koteihyo[mcp] @ {wheel.as_uri()}")
    theirs = "import schema, extract, normalize, pipeline\nassert schema.Schema and extract.FOREIGN\n"
    theirs += "assert normalize.FOREIGN and pipeline.FOREIGN\n"
    seen = run(python, "-c", f"{theirs}import koteihyo; print(koteihyo.__version__)", cwd=folder)
    assert seen.strip() == version, seen
    try_command(python.with_name("koteihyo"), folder / "anywhere")


def with_uv_tool(uv: str, folder: Path, wheel: Path) -> None:
    """Installs as a command with an environment of its own, as pipx does."""
    places = {"UV_TOOL_DIR": str(folder / "tools"), "UV_TOOL_BIN_DIR": str(folder / "bin")}
    run(uv, "tool", "install", "--quiet", "--python", sys.executable, wheel, environment=places)
    try_command(folder / "bin" / "koteihyo", folder / "anywhere")


def try_command(command: Path, folder: Path) -> None:
    """From the PDF to an answer in an empty folder, and the same answer from another one."""
    folder.mkdir(parents=True)
    run(command, "samples", cwd=folder)
    run(command, "run", "--no-witness", cwd=folder)
    (folder / "koteihyo.toml").write_text('out = "data/processed"\n')
    (folder / "deep").mkdir()
    for here in (folder, folder / "deep"):
        assert run(command, "sql", COUNT, cwd=here).split()[-1] == "71"
    run(command, "site", cwd=folder)
    run(command, "export", "plan.xlsx", "--format", "xlsx", cwd=folder)
    run(command, "doctor", cwd=folder)
    print(f"{command}: works")


def foreign(folder: Path, name: str) -> Path:
    """A wheel with one module of that name."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{name}.py", "FOREIGN = True\n")
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: tools\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{info}/RECORD", "")
    return path


def run(*command: object, cwd: Path | None = None, environment: dict[str, str] | None = None) -> str:
    """What a command prints; its failure ends the check."""
    words = [str(word) for word in command]
    # Nothing of the environment that runs this check may help.
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("KOTEIHYO_", "PYTHONPATH", "VIRTUAL_ENV"))}
    done = subprocess.run(
        words, cwd=cwd, env=clean | (environment or {}), capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)}\nended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
