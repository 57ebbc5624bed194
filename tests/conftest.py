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
