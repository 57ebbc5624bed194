# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading does not become slower unnoticed: the cost of a sample, as a ratio to bare PyMuPDF in the same run."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from tests.benchmarks.bench_processes import FLOOR, cost, reading
from tests.conftest import ROOT

SAMPLE = ROOT / "data" / "raw" / "sample-2024.pdf"
# Measured with `python -m tests.benchmarks.bench_processes data/raw/sample-2024.pdf`; start-up is most of it.
MEASURED = 9.5
# Runs of one commit on a busy machine differ by a tenth.
GROWTH = 4 / 3
ROUNDS = 3


def test_a_sample_costs_what_it_did(tmp_path: Path) -> None:
    ratios = [
        cost(reading(SAMPLE, tmp_path / str(number))).cpu / cost([sys.executable, "-c", FLOOR, str(SAMPLE)]).cpu
        for number in range(ROUNDS)
    ]
    assert statistics.median(ratios) <= MEASURED * GROWTH, ratios
