# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kills runs at random moments, half of them while they switch the outputs, and looks at what they leave behind.

`python -m tests.robustness.kill [RUNS]` prints the figures; 100 runs take some minutes.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.robustness.handmade import roadmap

ROOT = Path(__file__).parent.parent.parent
ITEMS_PER_PAGE = 4
VERSIONS = 4


def kill_runs(folder: Path, runs: int, seed: int) -> Counter[str]:
    """Starts `runs` runs that each have something new to read and kills them with SIGKILL; what they left, counted.

    Every outcome is `old` or `new` when the outputs are whole and those from before or after; else `broken: …`.
    """
    rng = random.Random(seed)
    raw, out = folder / "raw", folder / "out"
    raw.mkdir()
    _write(raw, 1)
    start = time.monotonic()
    process = _start(raw, out)
    _wait_for_database(out, process)
    reading = time.monotonic() - start
    process.wait()
    usual = time.monotonic() - start
    before, results = 1, Counter[str]()
    for number in range(runs):
        after = 2 + number % VERSIONS if before != 2 + number % VERSIONS else 1
        _write(raw, after)
        process = _start(raw, out)
        if number % 2:
            time.sleep(rng.uniform(0.1, 1.1) * usual)
        else:
            _wait_for_database(out, process)
            time.sleep(rng.uniform(0, 1.2) * (usual - reading))
        finished = process.poll() is not None
        process.kill()
        process.wait()
        state = _state(out)
        if state == before:
            results["broken: finished, but old" if finished else "old"] += 1
        elif state == after:
            results["new, finished before the kill" if finished else "new"] += 1
            before = after
        else:
            results[f"broken: {state}"] += 1
    assert _start(raw, out).wait() == 0
    results["last run as if nothing had happened"] = int(_state(out) == after and _leftovers(out) == [])
    return results


def _write(raw: Path, pages: int) -> None:
    for name in ("a", "b"):
        (raw / f"{name}.pdf").write_bytes(roadmap(pages))


def _start(raw: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "koteihyo.pipeline.cli",
        "run",
        "--raw",
        str(raw),
        "--out",
        str(out),
        "--jobs",
        "2",
    ]
    # The workers of a killed run may take a moment to end; the lock does not wait for them.
    return subprocess.Popen(command, env={**os.environ}, stdout=subprocess.DEVNULL)


def _wait_for_database(out: Path, process: subprocess.Popen[bytes]) -> None:
    """Waits until a run has read its documents and begins to build the database."""
    while process.poll() is None:
        if not (out / ".generations").exists():
            continue
        for folder in (out / ".generations").iterdir():
            if folder.name.startswith("building-") and (folder / ".next" / "koteihyo.duckdb").exists():
                return
        time.sleep(0.002)


def _state(out: Path) -> object:
    """The number of pages that all tables of both editions agree on, or what is wrong."""
    import duckdb
    import polars as pl

    try:
        with duckdb.connect(str(out / "koteihyo.duckdb"), read_only=True) as connection:
            pages = connection.execute("SELECT page_count FROM editions ORDER BY edition_id").fetchall()
            items = connection.execute("SELECT count(*) FROM schedule_items GROUP BY edition_id").fetchall()
        frames = [
            pl.read_parquet(out / "schedule_items" / f"edition={name}" / "*.parquet").height for name in ("a", "b")
        ]
    except (duckdb.Error, pl.exceptions.PolarsError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    counts = {row[0] for row in pages} | {row[0] / ITEMS_PER_PAGE for row in items}
    counts |= {height / ITEMS_PER_PAGE for height in frames}
    return counts.pop() if len(counts) == 1 and len(pages) == 2 else f"mixture of {sorted(counts)}"


def _leftovers(out: Path) -> list[str]:
    """Names in the output folder that a sound run does not leave."""
    kept = [path.name for path in (out / ".generations").iterdir() if not path.name.isdecimal()]
    return kept + [path.name for path in out.iterdir() if path.name.startswith(".new-link")]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        for outcome, count in kill_runs(Path(name), int(sys.argv[1]) if len(sys.argv) > 1 else 100, 2022).items():
            print(f"{count:4} {outcome}")
