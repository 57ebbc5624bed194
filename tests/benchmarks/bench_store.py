# SPDX-License-Identifier: AGPL-3.0-or-later
"""CPU time of storing one more edition, of dropping it and of finding nothing new, as ratios over the number stored.

    python -m tests.benchmarks.bench_store [FEW MANY]

Stores the tables of a bundled sample under many names, FEW (10) and then MANY (1,000; some minutes) of them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Collection
from pathlib import Path
from statistics import median

import polars as pl

from koteihyo.pipeline.run.reading import read_edition
from koteihyo.pipeline.store.fingerprint import database_key, schema_key
from koteihyo.pipeline.store.frames import records_of, to_frame, write_frame
from koteihyo.pipeline.store.generation import add_part, building, current_generation
from koteihyo.pipeline.store.manifest import EditionEntry, EditionSummary, Manifest, edition_label
from koteihyo.pipeline.store.stamps import damaged
from koteihyo.pipeline.store.stored import commit_generation
from koteihyo.schema.catalog import EDITION_TABLES
from koteihyo.schema.record import Record
from koteihyo.schema.records import Edition
from tests.conftest import ROOT

SAMPLE = "sample-2024"
ROUNDS = 3
_SUMMARY = EditionSummary(
    pages=5, charts=4, items=71, sections=0, notes=0, paragraphs=0, findings=0, warnings=0, chart_glyphs=0,
    chart_glyphs_in_records=0,
)  # fmt: skip

Frames = dict[type[Record], pl.DataFrame]


def main() -> None:
    """Prints milliseconds of CPU for few and many editions, and their ratio."""
    few, many = (int(argument) for argument in sys.argv[1:] or ("10", "1000"))
    frames = sample_frames()
    figures = [measure(frames, count) for count in (few, many)]
    print(f"{'ms of CPU':18} {few:>8} {many:>8}  ratio")
    for name in figures[0]:
        small, large = (figure[name] * 1000 for figure in figures)
        print(f"{name:18} {small:8.0f} {large:8.0f}  {large / small:.2f}")


def measure(frames: Frames, count: int) -> dict[str, float]:
    """Seconds of CPU by step, the median of some rounds, in a store of so many editions."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        _store(out, frames, [f"e{number:05d}" for number in range(count)])
        steps: dict[str, list[float]] = {"add an edition": [], "drop an edition": [], "nothing changed": []}
        for number in range(ROUNDS):
            new = f"new{number}"
            steps["add an edition"].append(_cpu(lambda new=new: _store(out, frames, [new])))
            steps["drop an edition"].append(_cpu(lambda new=new: _store(out, frames, [], [new])))
            steps["nothing changed"].append(_cpu(lambda: _sound(out)))
        return {step: median(seconds) for step, seconds in steps.items()}


def sample_frames() -> Frames:
    """The tables of a bundled sample."""
    edition = Edition(edition_id="EDITION", title="", source_sha256="", source_file="", page_count=0)
    records = read_edition(ROOT / "data" / "raw" / f"{SAMPLE}.pdf", edition)
    return {model: to_frame(model, records_of(records, model)) for model in EDITION_TABLES}


def _store(out: Path, frames: Frames, new: Collection[str], gone: Collection[str] = ()) -> None:
    """What a run does once the documents are read."""
    live = _sound(out)
    parts = dict(live[1].parts) if live else {}
    editions = dict(live[1].editions) if live else {}
    for edition in gone:
        parts.pop(edition_label(edition))
        editions.pop(edition)
    (out / ".generations").mkdir(exist_ok=True)
    with building(out) as folder:
        for edition in new:
            files = {}
            for model, frame in frames.items():
                files[model.TABLE] = folder / f"{model.TABLE}.parquet"
                ids = [name for name, kind in frame.schema.items() if kind == pl.String and name.endswith("_id")]
                named = frame.with_columns(pl.col(ids).str.replace("EDITION", edition, literal=True))
                write_frame(files[model.TABLE], model, named)
            parts[edition_label(edition)] = add_part(folder, edition_label(edition), [edition], files)
            editions[edition] = EditionEntry(key=edition, file=edition, summary=_SUMMARY)
        manifest = Manifest(schema_key=schema_key(), database_key=database_key(), editions=editions, parts=parts)
        commit_generation(out, folder, manifest, {edition_label(edition) for edition in new}, live)


def _sound(out: Path) -> tuple[Path, Manifest] | None:
    live = current_generation(out)
    assert live is None or not damaged(*live)
    return live


def _cpu(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


if __name__ == "__main__":
    main()
