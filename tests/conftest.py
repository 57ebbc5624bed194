# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fixtures that many tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of editions with ground truth, which is not part of the repository."""
    if not (SHARED / "editions").is_dir():
        pytest.skip("the editions with ground truth (../shared) are not here")
    return SHARED


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the bundled sample editions."""
    return ROOT / "data" / "raw"


@pytest.fixture(scope="session")
def processed(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the bundled samples, with their changes. Only to be read."""
    from koteihyo.pipeline.diff.stored import diff_stored
    from koteihyo.pipeline.run.batch import Options, run
    from koteihyo.pipeline.run.jobs import Limits

    out = tmp_path_factory.mktemp("samples") / "processed"
    run(Options(raw=samples, out=out, limits=Limits(witness=False)))
    diff_stored(out, ["sample-2024", "sample-2025"])
    return out


@pytest.fixture(scope="session")
def database(processed: Path) -> Path:
    """The DuckDB file of the bundled samples. Only to be read."""
    return processed / "koteihyo.duckdb"
