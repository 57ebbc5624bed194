# SPDX-License-Identifier: AGPL-3.0-or-later
"""The samples and the drawn variants are read as their ground truth says, but for what is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.variants.layouts import LAYOUTS, Layout
from tests.conftest import ROOT
from tests.truth import compare_file, compare_variant

KNOWN = {
    # Merged cells without numbers: what lies under what is seen by the indent alone.
    "cells": 8,
    # Words in colour on no shape, and remarks in balloons as long as bars.
    "coloured-text": 3,
    "dense-six-point": 1,
    "vertical-writing": 1,
}
"""Differences between a layout's reading and its truth, no more and no fewer."""


@pytest.mark.parametrize("name", ["sample-2024", "sample-2025"])
def test_a_sample_is_read_as_its_truth_says(name: str) -> None:
    result = compare_file(ROOT / "data" / "raw" / f"{name}.pdf", ROOT / "tests" / "data" / f"{name}.truth.json")
    assert result.errors == []
    assert {n: tally.share for n, tally in result.tallies.items() if tally.share not in (None, 1.0)} == {}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: f"{layout.producer}: {layout.name}")
def test_a_variant_is_read_as_its_truth_says(layout: Layout, tmp_path: Path) -> None:
    result = compare_variant(layout, tmp_path)
    if result is None:
        pytest.skip(f"{layout.producer} is not installed, which draws this layout")
    wrong = sum(tally.true + tally.read - 2 * tally.hits for tally in result.tallies.values())
    assert len(result.errors) == KNOWN.get(layout.name, 0), result.errors
    assert wrong == 0 or layout.name in KNOWN
