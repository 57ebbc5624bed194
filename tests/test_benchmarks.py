# SPDX-License-Identifier: AGPL-3.0-or-later
"""The benchmarks run; what they measure is no test's business."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("module", "argument", "shown"),
    [("bench_reading", "data/raw/sample-2024.pdf", "whole"), ("bench_diff", "30", "unchanged")],
)
def test_benchmark_runs(module: str, argument: str, shown: str) -> None:
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", argument]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert shown in done.stdout
