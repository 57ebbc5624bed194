# SPDX-License-Identifier: AGPL-3.0-or-later
"""Seconds a page of each stage, as a ratio to PyMuPDF reading the same pages in the same run; and peak memory.

    python -m tests.benchmarks.bench_reading [PDF …]

Without arguments it reads the editions of ../shared, or the bundled samples where that is absent.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymupdf

from koteihyo.extract.document import read_layout
from koteihyo.extract.witness import open_witness, read_witness
from koteihyo.normalize.edition import normalize_edition
from koteihyo.normalize.facts.edition_facts import with_facts
from koteihyo.normalize.trust.second_reading import with_second_reading
from koteihyo.pipeline.store.database import update_database
from koteihyo.pipeline.store.frames import records_of, write_table
from koteihyo.pipeline.store.layout import part_path
from koteihyo.pipeline.store.manifest import Part
from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES
from koteihyo.schema.records import Edition
from tests.conftest import ROOT, SHARED

ROUNDS = 3


class Clock:
    """Adds up seconds by stage; the best of several rounds counts."""

    def __init__(self) -> None:
        self.rounds: list[dict[str, float]] = []

    def start_round(self) -> None:
        self.rounds.append(defaultdict(float))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begin = time.perf_counter()
        yield
        self.rounds[-1][name] += time.perf_counter() - begin

    def best(self) -> dict[str, float]:
        return {name: min(r[name] for r in self.rounds) for name in self.rounds[0]}


def main() -> None:
    """Prints one table for each PDF."""
    files = [Path(a) for a in sys.argv[1:]] or _default_files()
    print(f"{'edition':18} {'pages':>5} {'baseline':>9}  {'stage':10} {'ms/page':>8} {'ratio':>6}")
    for path in files:
        pages, best = _measure(path)
        baseline = best.pop("baseline")
        best["whole"] = sum(best.values())
        for i, (name, seconds) in enumerate(best.items()):
            head = f"{path.stem[:18]:18} {pages:5} {baseline * 1000 / pages:6.1f} ms" if i == 0 else " " * 34
            print(f"{head}  {name:10} {seconds * 1000 / pages:8.1f} {seconds / baseline:6.1f}")
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _default_files() -> list[Path]:
    folder = SHARED / "editions"
    if folder.is_dir():
        return [*sorted(folder.glob("*.pdf")), folder / "real" / "space-plan-2024.pdf"]
    return sorted((ROOT / "data" / "raw").glob("*.pdf"))


def _measure(path: Path) -> tuple[int, dict[str, float]]:
    clock = Clock()
    pages = 0
    for _round in range(ROUNDS):
        clock.start_round()
        with pymupdf.open(str(path)) as pdf:
            if pdf.needs_pass:
                pdf.authenticate("")
            pages = pdf.page_count
            with clock.stage("baseline"):
                for page in pdf:
                    page.get_text("rawdict")
                    page.get_drawings()
            with clock.stage("extract"):
                layouts = [read_layout(page, i) for i, page in enumerate(pdf, start=1)]
        edition = Edition(edition_id="bench", title="", source_sha256="", source_file="", page_count=0)
        with clock.stage("normalize"):
            records = normalize_edition(layouts, edition)
        with clock.stage("witness"), open_witness(path) as witness:
            with_second_reading(records, (read_witness(witness, i) for i in range(1, pages + 1)))
        with clock.stage("facts"):
            records = with_facts(records)
        with clock.stage("store"), tempfile.TemporaryDirectory() as folder:
            for model in EDITION_TABLES:
                write_table(part_path(Path(folder), model.TABLE, "edition=bench"), model, records_of(records, model))
            part = Part(editions=("bench",), files={model.TABLE: "" for model in EDITION_TABLES})
            update_database(
                Path(folder) / "bench.duckdb", Path(folder), {"edition=bench": part}, (*EDITION_TABLES, *PAIR_TABLES)
            )
    return pages, clock.best()


if __name__ == "__main__":
    main()
