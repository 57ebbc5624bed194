# SPDX-License-Identifier: AGPL-3.0-or-later
"""Archives on a Dask cluster: the rows are those of one machine, also when a node dies."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="the extra `archive` is not installed")

from koteihyo.pipeline.archive import plan as plan_module
from koteihyo.pipeline.archive.drive import Options, archive
from koteihyo.pipeline.archive.engines import dask_engine
from koteihyo.schema.errors import NetworkError, UsageError
from tests.archives import LIMITS, contents, mixed_folder, run
from tests.benchmarks.bench_archive import cluster


def test_a_node_that_dies_costs_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = mixed_folder(tmp_path / "in")
    run(folder, tmp_path / "local")
    monkeypatch.setattr(plan_module, "CHUNK_DOCUMENTS", 2)
    with cluster(2) as (address, nodes):
        engine = dask_engine(address)
        killed = threading.Event()

        def tell(event: str, _what: Mapping[str, object]) -> None:
            if event == "read" and not killed.is_set():
                nodes[0].kill()
                killed.set()

        try:
            tally = archive(Options(str(folder), str(tmp_path / "out"), limits=LIMITS), engine, tell)
        finally:
            engine.close()
    assert killed.is_set()
    assert (tally.read, tally.inputs) == (11, 11)
    assert contents(tmp_path / "out") == contents(tmp_path / "local")


def test_an_address_without_a_scheduler_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from koteihyo.pipeline.archive import engines

    monkeypatch.setattr(engines, "CONNECT_SECONDS", 0.2)
    with pytest.raises(NetworkError, match="no Dask scheduler"):
        dask_engine("tcp://127.0.0.1:1")
    with pytest.raises(UsageError, match="--scheduler"):
        dask_engine(None)
