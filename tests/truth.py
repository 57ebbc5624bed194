# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares what is read with what a person would read."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from koteihyo.schema.records import EditionRecords
from tests.benchmarks.variants.__main__ import draw
from tests.benchmarks.variants.layouts import Layout
from tests.benchmarks.variants.score import Row, Score, score
from tests.reading import read


def compare(records: EditionRecords, truth: Row) -> Score:
    """What is right and wrong in the records of an edition."""
    return score(lambda table: [row.model_dump(mode="json") for row in getattr(records, table)], truth)


def compare_file(pdf: Path, truth: Path) -> Score:
    """What is right and wrong in the reading of a PDF."""
    return compare(read(pdf), json.loads(truth.read_text(encoding="utf-8")))


@cache
def _drawn(layout: Layout) -> tuple[bytes, Any] | None:
    with TemporaryDirectory() as folder:
        if not draw(layout, Path(folder)):
            return None
        truth = json.loads((Path(folder) / f"{layout.name}.truth.json").read_text(encoding="utf-8"))
        return (Path(folder) / f"{layout.name}.pdf").read_bytes(), truth


def compare_variant(layout: Layout, folder: Path) -> Score | None:
    """What is right and wrong in the reading of a drawn layout; None where what draws it is not installed."""
    drawn = _drawn(layout)
    if drawn is None:
        return None
    pdf = folder / f"{layout.name}.pdf"
    pdf.write_bytes(drawn[0])
    return compare(read(pdf), drawn[1])
