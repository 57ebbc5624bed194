# SPDX-License-Identifier: AGPL-3.0-or-later
"""The benchmarks run; what must not grow with the number of stored editions is held to it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.benchmarks.bench_store import measure, sample_frames
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


def test_storing_one_more_edition_costs_the_same_however_many_are_stored() -> None:
    frames = sample_frames()
    few, many = (measure(frames, count)["add an edition"] for count in (4, 40))
    assert many < 1.5 * few
