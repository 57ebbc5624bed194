# SPDX-License-Identifier: AGPL-3.0-or-later
"""What reading one document costs as whole processes, as ratios within one run.

    python -m tests.benchmarks.bench_processes [--rounds N] [--record] [PDF]

The floor is a process that reads every page with bare PyMuPDF (`get_text("rawdict")` and `get_drawings()`), import
included. The commands run in turn, so that the machine's ups and downs meet all of them; the median of the ratios counts.
CPU seconds are those of a command and of all processes it started. With --record the table goes to docs/benchmarks.md.
Without a PDF it reads the 64-page plan of ../shared, or a bundled sample where that is absent.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from tests.conftest import ROOT, SHARED

ROUNDS = 5
PROSE_PAGES = 118
NOTES = ROOT / "docs" / "benchmarks.md"

FLOOR = """
import sys, pymupdf
pdf = pymupdf.open(sys.argv[1])
pdf.needs_pass and pdf.authenticate("")
for page in pdf:
    page.get_text("rawdict"), page.get_drawings()
"""
TABLES = """
import sys, pdfplumber
with pdfplumber.open(sys.argv[1]) as pdf:
    for page in pdf.pages:
        page.extract_tables(), page.close()
"""


@dataclass(frozen=True)
class Cost:
    """CPU seconds of a command with its children; MiB of its largest process."""

    cpu: float
    memory: float


@dataclass(frozen=True)
class Row:
    """One line of the table: the median and the range of a figure, and its bound."""

    what: str
    values: list[float]
    bound: float
    unit: str = ""

    def __str__(self) -> str:
        values = sorted(self.values)
        return (
            f"| {self.what} | {statistics.median(values):.1f}{self.unit} | {values[0]:.1f}–{values[-1]:.1f} "
            f"| ≤ {self.bound:g} |"
        )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pdf", nargs="?", type=Path, default=_default_pdf())
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--record", action="store_true", help="Append the table to docs/benchmarks.md.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(arguments.pdf, Path(folder), arguments.rounds)
    table = "\n".join(["| what | median | range | bound |", "|---|---|---|---|", *map(str, rows)])
    title = f"{arguments.pdf.name}, {arguments.rounds} rounds; {_machine()}; commit {_commit()}"
    print(f"{title}\n\n{table}")
    if arguments.record:
        with NOTES.open("a", encoding="utf-8") as notes:
            notes.write(f"\n## {title}\n\n{table}\n")


def measure(pdf: Path, folder: Path, rounds: int) -> list[Row]:
    """The rows of the table. Files are written to `folder`."""
    prose = folder / "prose.pdf"
    _write_prose(prose)
    found: dict[str, list[Cost]] = {}
    for number in range(rounds):
        commands = {
            "floor": [sys.executable, "-c", FLOOR, str(pdf)],
            "alone": reading(pdf, folder / f"alone-{number}", "--no-witness"),
            "checked": reading(pdf, folder / f"checked-{number}"),
            "tables": [sys.executable, "-c", TABLES, str(pdf)],
            "prose floor": [sys.executable, "-c", FLOOR, str(prose)],
            "prose": reading(prose, folder / f"prose-{number}", "--no-witness"),
        }
        for name, command in commands.items():
            found.setdefault(name, []).append(cost(command))
    return [
        Row("`koteihyo run --no-witness` ÷ floor", _ratios(found["alone"], found["floor"]), 5),
        Row("`koteihyo run` (with the second reading) ÷ floor", _ratios(found["checked"], found["floor"]), 7),
        Row("`koteihyo run` ÷ pdfplumber `extract_tables`", _ratios(found["checked"], found["tables"]), 0.7),
        Row(f"{PROSE_PAGES} pages of prose, `--no-witness` ÷ floor", _ratios(found["prose"], found["prose floor"]), 3),
        Row("memory of the largest process", [c.memory for c in found["checked"]], 300, " MiB"),
    ]


def reading(pdf: Path, folder: Path, *options: str) -> list[str]:
    """A command that reads one PDF into an empty folder."""
    raw = folder / "raw"
    raw.mkdir(parents=True)
    shutil.copy(pdf, raw)
    program = [sys.executable, "-m", "koteihyo.pipeline.cli", "run"]
    return [*program, "--raw", str(raw), "--out", str(folder / "out"), "--timeout", "900", *options]


def cost(command: Sequence[str]) -> Cost:
    """What a command costs.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    # With compiled modules, as after an installation.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _ratios(costs: Sequence[Cost], floor: Sequence[Cost]) -> list[float]:
    return [a.cpu / b.cpu for a, b in zip(costs, floor, strict=True)]


def _default_pdf() -> Path:
    plan = SHARED / "editions" / "real" / "space-plan-2024.pdf"
    return plan if plan.is_file() else ROOT / "data" / "raw" / "sample-2024.pdf"


def _write_prose(path: Path) -> None:
    """A report without a chart: running text in a column, page after page."""
    document = pymupdf.open()
    sentence = "この報告書は、各府省の取組の状況を整理し、今後の検討の方向を示すものである。"
    for number in range(PROSE_PAGES):
        page = document.new_page(width=595, height=842)
        text = "".join(f"（{number}・{i}）{sentence}" for i in range(24))
        lines = [text[i : i + 44] for i in range(0, len(text), 44)]
        page.insert_text((72, 80), lines, fontname="japan", fontsize=10, lineheight=1.6)
    document.save(path, deflate=True)


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
