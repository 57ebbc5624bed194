# SPDX-License-Identifier: AGPL-3.0-or-later
"""Outputs are old or new, whatever call on a file fails or is the last one (see `make faults`)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from koteihyo.pipeline.replacing import replacing
from koteihyo.pipeline.terminal import table
from tests.robustness.foreign import main as read_folder
from tests.robustness.handmade import roadmap

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="needs Linux and a C compiler")
@pytest.mark.parametrize(("command", "every"), [("corrections", 3), ("fetch", 3), ("diff", 75), ("export", 60)])
def test_a_failing_disk_breaks_nothing(command: str, every: int) -> None:
    arguments = [sys.executable, "-m", "tests.robustness.faults", str(every), command]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 wrong" in done.stdout


def test_a_folder_of_foreign_files_is_read_to_its_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.pdf").write_bytes(roadmap(1))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "bad.PDF").write_bytes(b"%PDF-1.7\n")
    assert read_folder(tmp_path) == 0
    told = capsys.readouterr().out
    assert table(("file",), [("good.pdf",)]).splitlines()[-1] in told
    assert "1 read, 1 damaged" in told
    assert "0 characters lost against the second source, 0 items without a chart" in told


def test_what_a_killed_process_left_of_a_file_goes_with_the_next_writing(tmp_path: Path) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    orphan = tmp_path / f".t.csv.{int(gone.stdout)}.tmp"
    written, other = tmp_path / f".t.csv.{os.getppid()}.tmp", tmp_path / ".t.csv.mine.tmp"
    for file in (orphan, written, other):
        file.touch()
    with replacing(tmp_path / "t.csv") as draft:
        draft.write_text("whole", encoding="utf-8")
    assert sorted(tmp_path.iterdir()) == sorted([written, other, tmp_path / "t.csv"])
