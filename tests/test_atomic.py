# SPDX-License-Identifier: AGPL-3.0-or-later
"""A kill at any moment leaves the old or the new outputs, never a mixture."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from koteihyo.pipeline.run.batch import Options, run
from tests.robustness.handmade import roadmap
from tests.robustness.kill import kill_runs


@pytest.mark.timeout(300)
def test_runs_killed_at_random_moments_leave_whole_outputs(tmp_path: Path) -> None:
    results = kill_runs(tmp_path, 6, seed=1)
    assert not [outcome for outcome in results if outcome.startswith("broken")]
    assert results["last run as if nothing had happened"] == 1


class _Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def _count_steps(monkeypatch: pytest.MonkeyPatch, fail_at: int | None) -> list[str]:
    """Counts the steps that change the file system during a commit, and ends the run at one of them."""
    steps: list[str] = []

    def wrap(name: str, original: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **options: object) -> object:
            if len(steps) == fail_at:
                raise _Killed
            steps.append(name)
            return original(*arguments, **options)

        return step

    for name in ("replace", "rename", "symlink"):
        monkeypatch.setattr(f"koteihyo.pipeline.store.generation.os.{name}", wrap(name, getattr(os, name)))
    return steps


def _items(out: Path) -> int | None:
    if not (out / "koteihyo.duckdb").exists():
        return None
    with duckdb.connect(str(out / "koteihyo.duckdb"), read_only=True) as connection:
        row = connection.execute("SELECT count(*) FROM schedule_items").fetchone()
    return int(row[0]) if row else None


def test_every_step_of_the_switch_may_be_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.pdf").write_bytes(roadmap(1))
    seen = set()
    step = 0
    while True:
        out = tmp_path / f"out{step}"
        with monkeypatch.context() as patch:
            _count_steps(patch, fail_at=step)
            try:
                run(Options(raw, out))
                break
            except _Killed:
                pass
        seen.add(_items(out))
        # Steps of one kind follow each other for each table; a few of them stand for all.
        step += 1 if step < 3 else 5
    assert None in seen
    assert seen <= {None, 4}
    run(Options(raw, out))
    assert _items(out) == 4
