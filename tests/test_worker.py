# SPDX-License-Identifier: AGPL-3.0-or-later
"""A document can hurt its own worker process only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from koteihyo.pipeline.run.jobs import MEBIBYTE, Limits, Progress, Request, Result, table_file
from koteihyo.pipeline.run.pool import read_all
from koteihyo.pipeline.store.frames import read_table
from koteihyo.schema.catalog import EDITION_TABLES
from koteihyo.schema.records import Edition, Finding
from tests.robustness.corpus import endless_page, expensive
from tests.robustness.handmade import chart, pages, roadmap, stream
from tests.sketch import Sketch
from tests.test_tables import LEFT, going_on

ROOT = Path(__file__).parent.parent


def _request(folder: Path, name: str, data: bytes, limits: Limits | None = None) -> Request:
    pdf = folder / f"{name}.pdf"
    pdf.write_bytes(data)
    edition = Edition(edition_id=name, title=name, source_sha256="", source_file=pdf.name, page_count=0)
    return Request(pdf=pdf, edition=edition, limits=limits or Limits())


def _read(requests: list[Request], folder: Path, jobs: int = 1) -> dict[str, Result]:
    return {request.edition.edition_id: result for request, _, result in read_all(requests, folder / "jobs", jobs)}


def _reason(result: Result) -> str:
    assert result.failure is not None
    return result.failure.reason


@pytest.fixture
def workers() -> Callable[[], set[psutil.Process]]:
    """What reads documents now: other tests leave children of their own (a browser's driver)."""
    others = set(psutil.Process().children())
    return lambda: set(psutil.Process().children()) - others


def _during_read(
    workers: Callable[[], set[psutil.Process]], action: Callable[[psutil.Process], None]
) -> Callable[[str, Progress], None]:
    done: list[bool] = []

    def act(_edition: str, _progress: Progress) -> None:
        if not done:
            done.append(True)
            (child,) = workers()
            action(child)

    return act


def test_a_good_document_comes_back_as_files(tmp_path: Path) -> None:
    ((_, folder, result),) = read_all([_request(tmp_path, "good", roadmap())], tmp_path / "jobs", 1)
    assert result.summary is not None
    assert (result.summary.pages, result.summary.charts, result.summary.items) == (2, 2, 8)
    assert (folder / "schedule_items.parquet").is_file()


def test_a_hanging_document_costs_itself_only(tmp_path: Path) -> None:
    slow = _request(tmp_path, "slow", expensive()["billion-laughs"][1], Limits(timeout=3))
    start = time.monotonic()
    results = _read([slow, _request(tmp_path, "good", roadmap())], tmp_path)
    assert _reason(results["slow"]) == "timeout"
    assert "page 1 of 1" in results["slow"].failure.message  # type: ignore[union-attr]
    assert results["good"].summary is not None
    assert time.monotonic() - start < 120


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_killed_worker_is_reported_with_its_page(
    number: int, tmp_path: Path, workers: Callable[[], set[psutil.Process]]
) -> None:
    request = _request(tmp_path, "killed", expensive()["billion-laughs"][1])
    kill = _during_read(workers, lambda child: child.send_signal(number))
    ((_, _, result),) = read_all([request], tmp_path / "jobs", 1, kill)
    assert _reason(result) == "crashed"
    assert f"signal {int(number)}" in result.failure.message  # type: ignore[union-attr]
    assert "page 1 of 1" in result.failure.message  # type: ignore[union-attr]


def test_too_little_memory_is_said(tmp_path: Path) -> None:
    result = _read([_request(tmp_path, "big", roadmap(), Limits(memory=60 * MEBIBYTE))], tmp_path)["big"]
    assert _reason(result) == "memory"


def _findings(folder: Path) -> list[tuple[int, str]]:
    found = read_table(table_file(folder, Finding.TABLE), Finding)
    return [(f.page_no, f.kind) for f in found if f.severity != "info"]


def test_a_page_that_never_ends_costs_itself_only(tmp_path: Path) -> None:
    request = _request(tmp_path, "slow", endless_page(chart()), Limits(timeout=5))
    ((_, folder, result),) = read_all([request], tmp_path / "jobs", 1)
    assert result.summary is not None, result.failure
    assert (result.summary.pages, result.summary.items, result.summary.pages_not_read) == (3, 8, 1)
    assert _findings(folder) == [(2, "page_not_read")]


def test_a_page_that_kills_its_reader_costs_itself_only(
    tmp_path: Path, workers: Callable[[], set[psutil.Process]]
) -> None:
    request = _request(tmp_path, "killed", endless_page())
    kills: list[int] = []

    def kill(_edition: str, progress: Progress) -> None:
        if progress.page_no == 2 and not kills:
            (child,) = workers()
            child.send_signal(signal.SIGSEGV)
            kills.append(child.pid)

    ((_, folder, result),) = read_all([request], tmp_path / "jobs", 1, kill)
    assert kills
    assert result.summary is not None, result.failure
    assert _findings(folder) == [(2, "page_failed")]


def test_a_document_out_of_time_keeps_the_pages_that_were_read(tmp_path: Path) -> None:
    request = _request(tmp_path, "long", pages([stream(chart())] * 800), Limits(timeout=3, witness=False, facts=False))
    ((_, folder, result),) = read_all([request], tmp_path / "jobs", 1)
    assert result.summary is not None, result.failure
    unread = result.summary.pages_not_read
    assert 0 < unread < 800
    assert result.summary.items == 4 * (800 - unread)
    assert _findings(folder) == [(page_no, "page_not_read") for page_no in range(801 - unread, 801)]


def test_the_time_of_a_document_is_the_computers_not_the_clocks(
    tmp_path: Path, workers: Callable[[], set[psutil.Process]]
) -> None:
    request = _request(tmp_path, "waiting", roadmap(2), Limits(timeout=3))

    def wait(child: psutil.Process) -> None:
        child.suspend()
        time.sleep(3.5)
        child.resume()

    ((_, _, result),) = read_all([request], tmp_path / "jobs", 1, _during_read(workers, wait))
    assert result.summary is not None, result.failure
    assert result.summary.pages_not_read == 0


def test_too_many_pages_is_said(tmp_path: Path) -> None:
    result = _read([_request(tmp_path, "long", roadmap(3), Limits(max_pages=2))], tmp_path)["long"]
    assert _reason(result) == "too_many_pages"


def test_as_many_workers_at_once_as_asked_for(tmp_path: Path, workers: Callable[[], set[psutil.Process]]) -> None:
    requests = [_request(tmp_path, f"e{i}", roadmap(6)) for i in range(3)]
    seen: set[int] = set()

    def count(_edition: str, _progress: Progress) -> None:
        seen.add(len(workers()))

    results = {request.edition.edition_id: r for request, _, r in read_all(requests, tmp_path / "jobs", 2, count)}
    assert max(seen) == 2
    assert all(result.summary for result in results.values())


def test_files_in_the_working_folder_are_not_taken_for_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "polars.py").write_text("raise SystemExit(1)")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)
    assert _read([_request(tmp_path, "good", roadmap())], tmp_path)["good"].summary is not None


def test_workers_die_with_a_killed_parent(tmp_path: Path) -> None:
    request = _request(tmp_path, "slow", expensive()["billion-laughs"][1])
    script = (
        "import sys; from pathlib import Path; from koteihyo.pipeline.run.jobs import Request; from koteihyo.pipeline.run.pool import read_all\n"
        "folder = Path(sys.argv[1])\n"
        "def say(*_): print('reading', flush=True)\n"
        "list(read_all([Request.load(folder)], folder / 'jobs', 1, say))\n"
    )
    request.save(tmp_path)
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ},
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"reading\n"
    workers = psutil.Process(parent.pid).children()
    parent.kill()
    parent.communicate()
    assert workers
    assert all(_ends(worker, seconds=20) for worker in workers)


def _ends(process: psutil.Process, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # Where nobody takes note of orphans' ends they stay in the list as zombies.
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    process.kill()
    return False


def _pids(tmp_path: Path, requests: list[Request], workers: Callable[[], set[psutil.Process]]) -> list[int]:
    """The process that read each document."""
    pids: list[int] = []
    for _request in read_all(requests, tmp_path / "jobs", 1):
        pids.append(next(iter(workers())).pid if workers() else 0)
    return pids


def test_a_worker_reads_one_document_after_the_other(
    tmp_path: Path, workers: Callable[[], set[psutil.Process]], monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [_request(tmp_path, f"e{i}", roadmap(1)) for i in range(5)]
    assert len(set(_pids(tmp_path / "a", requests, workers))) == 1
    monkeypatch.setattr("koteihyo.pipeline.run.process.DOCUMENTS_EACH", 2)
    assert len({pid for pid in _pids(tmp_path / "b", requests, workers) if pid}) == 3


@pytest.mark.parametrize("data", [b"%PDF-1.4 nonsense", expensive()["billion-laughs"][1]])
def test_a_worker_whose_document_failed_reads_no_other(
    data: bytes, tmp_path: Path, workers: Callable[[], set[psutil.Process]]
) -> None:
    before, bad, after = (
        _request(tmp_path, "before", roadmap(1)),
        _request(tmp_path, "bad", data, Limits(timeout=3)),
        _request(tmp_path, "after", roadmap(1)),
    )
    first, gone, second = _pids(tmp_path, [before, bad, after], workers)
    assert gone == 0
    assert first != second


def test_each_document_has_the_whole_of_its_limits(tmp_path: Path) -> None:
    """What earlier documents left reserved in the worker is not counted against the next."""
    limits = Limits(memory=700 * MEBIBYTE)
    results = _read([_request(tmp_path, f"e{i}", roadmap(2), limits) for i in range(8)], tmp_path)
    assert [name for name, result in results.items() if result.summary is None] == []


def _files(requests: list[Request], folder: Path, jobs: int) -> tuple[dict[str, bytes], set[str]]:
    """The Parquet files of the one document, and the names of the jobs that it took."""
    ((_, place, result),) = read_all(requests, folder, jobs)
    assert result.summary is not None, result.failure
    names = {path.name for path in folder.iterdir() if path.is_dir()}
    return {path.name: path.read_bytes() for path in place.glob("*.parquet")}, names


@pytest.fixture
def split(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are read in parts from 6 pages on, of three pages each."""
    monkeypatch.setattr("koteihyo.pipeline.run.pool.SPLIT_FROM", 6)
    monkeypatch.setattr("koteihyo.pipeline.run.parts.PAGES_EACH", 3)


def test_a_long_document_gives_the_same_bytes_however_many_workers_read_it(tmp_path: Path, split: None) -> None:
    request = _request(tmp_path, "long", roadmap(7))
    alone, _ = _files([request], tmp_path / "one", 1)
    shared, names = _files([request], tmp_path / "two", 2)
    assert names == {"0", "0.0", "0.1", "0.joined"}
    assert shared == alone
    assert set(alone) == {f"{model.TABLE}.parquet" for model in EDITION_TABLES}


def test_a_chart_that_goes_on_over_a_part_is_read_by_one_worker(tmp_path: Path, split: None) -> None:
    page = Sketch(LEFT)
    page.cell(20, 69, LEFT, 129, "・水門の更新")
    for i in range(5):
        page.cell(page.edges[i], 69, page.edges[i + 1], 129, "")
    page.bars(89)
    for _page in range(5):
        going_on(page.document.new_page(width=842, height=595), LEFT, ruled=True)
    request = _request(tmp_path, "going-on", page.document.tobytes())
    alone, _ = _files([request], tmp_path / "one", 1)
    shared, names = _files([request], tmp_path / "two", 2)
    assert "0.all" in names
    assert shared == alone
