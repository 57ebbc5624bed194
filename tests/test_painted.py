# SPDX-License-Identifier: AGPL-3.0-or-later
"""What another renderer shows of a page is in a record or in a finding, however it is painted (see `make fuzz`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.robustness.batch import read_batch
from tests.robustness.painted import hostile_page, silently_lost, visible

SEEDS = range(12)


def test_every_visible_character_is_told_however_it_is_painted(tmp_path: Path) -> None:
    pages = {f"page-{seed}": hostile_page(seed) for seed in SEEDS}
    endings = read_batch({name: page.pdf() for name, page in pages.items()}, tmp_path, processes=1)
    for name, page in pages.items():
        assert endings[name].kind == "read", endings[name].message
        assert silently_lost(visible(page), endings[name].told) == []


def test_a_lost_character_is_noticed() -> None:
    page = hostile_page(0)
    seen = visible(page)
    told = "".join(piece.text + piece.instead for piece in page.pieces)
    assert 0 < len(seen) < len(page.pieces)
    assert silently_lost(seen, told) == []
    letter = next(iter(seen[0].letters))
    assert [missing for _piece, missing in silently_lost(seen, told.replace(letter, ""))] == [letter]


@pytest.mark.parametrize("seed", SEEDS)
def test_pages_are_the_same_in_every_run(seed: int) -> None:
    assert hostile_page(seed).pdf() == hostile_page(seed).pdf()
