# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders of documents for archives, and what an archive says."""

from __future__ import annotations

import atexit
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pymupdf

from koteihyo.pipeline.archive.drive import Options, archive
from koteihyo.pipeline.archive.engines import Engine, local_engine
from koteihyo.pipeline.archive.merge import TABLES
from koteihyo.pipeline.archive.storage import open_storage
from koteihyo.pipeline.archive.tally import Tally
from koteihyo.pipeline.run.jobs import Limits
from tests.robustness.handmade import roadmap

LIMITS = Limits(witness=False)
PROSE = "本計画は、地域の水路と林道の保全について、関係者の意見を踏まえて取りまとめたものである。今後の取組の進め方を述べる。"


def prose(seed: int, pages: int = 1, years: bool = False) -> bytes:
    """A document of sentences; with `years` some of them name several."""
    document = pymupdf.open()
    for number in range(pages):
        page = document.new_page()
        extra = (
            f"令和{number + 3}年4月から令和{number + 5}年3月までの2年間、第{seed}号に基づき実施する。" if years else ""
        )
        for line in range(20):
            page.insert_text((60, 80 + 24 * line), (extra + PROSE)[: 30 + seed % 7], fontname="japan", fontsize=10)
        page.insert_text((60, 40), f"第{seed}章", fontname="japan", fontsize=14)
    return document.tobytes(deflate=True, no_new_id=True)


def mixed_folder(folder: Path) -> Path:
    """Eleven inputs: five with a plan, two of them one file; three of prose, two of them one; three that cannot be read."""
    files = {
        "plan-a.pdf": roadmap(1),
        "plan-b.PDF": roadmap(2),
        "copies/other-name.pdf": roadmap(1),
        "2024/same-stem.pdf": roadmap(3),
        "2025/same-stem.pdf": roadmap(4),
        "prose.pdf": prose(1),
        "深い/階層/文章.pdf": prose(2, years=True),
        "copies/文章の写し.pdf": prose(2, years=True),
        "damaged.pdf": b"%PDF-1.7\n" + bytes(range(200)),
        "empty.pdf": b"",
        "not-a.pdf": b"<html>404</html>",
        "notes.txt": b"no PDF",
    }
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def few(folder: Path) -> Path:
    """Four inputs: a plan twice, prose, and what cannot be read."""
    files = {"plan.pdf": roadmap(1), "copies/plan.pdf": roadmap(1), "prose.pdf": prose(1), "empty.pdf": b""}
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@cache
def _engine() -> Engine:
    """One worker for all tests: starting one takes longer than reading what they give it."""
    engine = local_engine(1)
    atexit.register(engine.close)
    return engine


def run(source: object, to: object, engine: Engine | None = None, **options: Any) -> Tally:
    """Archives a place, by one local worker unless an engine is given."""
    return archive(Options(str(source), str(to), limits=LIMITS, **options), engine or _engine(), _silent)


def _silent(_event: str, _what: Mapping[str, object]) -> None:
    return None


def contents(to: object, relative_to: str = "") -> dict[str, list[dict[str, Any]]]:
    """All rows of an archive but the seconds, in an order that does not depend on how they were batched."""
    storage = open_storage(str(to))
    found = {}
    for model in TABLES:
        files = [name for name in storage.names(model.TABLE) if name.endswith(".parquet")]
        frame = pl.concat([pl.read_parquet(io.BytesIO(storage.get(name))) for name in files])
        rows = frame.drop("seconds", "stamp", strict=False).rows(named=True)
        for row in rows:
            if "source" in row:
                row["source"] = row["source"].removeprefix(relative_to).lstrip("/")
        found[model.TABLE] = sorted(rows, key=repr)
    return found


def documents(to: object, relative_to: object = "") -> dict[str, dict[str, Any]]:
    """The rows of the inputs, by source."""
    return {row["source"]: row for row in contents(to, str(relative_to))["documents"]}
