# SPDX-License-Identifier: AGPL-3.0-or-later
"""Archives from and to object storage, also where it fails, throttles and cuts short."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("obstore", reason="the extra `archive` is not installed")

from koteihyo.pipeline.archive import lease as lease_module
from koteihyo.pipeline.archive import objects as objects_module
from koteihyo.pipeline.archive.lease import LEASE_FILE, leased
from koteihyo.pipeline.archive.objects import open_objects
from koteihyo.schema.errors import LockedError, NetworkError, StoreError, UsageError
from tests.archives import contents, documents, mixed_folder, prose, run
from tests.object_server import Server, serving
from tests.robustness.handmade import roadmap


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as found:
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(lease_module, "POLL_SECONDS", 0.01)
        monkeypatch.setattr(objects_module, "FIRST_BACKOFF", 0.005)
        monkeypatch.setattr(objects_module, "FIRST_PAUSE", 0.005)
        objects_module._store.cache_clear()
        yield found
    objects_module._store.cache_clear()


def _load(server: Server, folder: Path, prefix: str) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            server.objects[f"{prefix}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()


def test_a_storage_that_fails_one_request_in_ten_gives_the_rows_of_a_folder(server: Server, tmp_path: Path) -> None:
    folder = mixed_folder(tmp_path / "in")
    run(folder, tmp_path / "out")
    _load(server, folder, "in")
    server.failing = 10
    run("s3://bucket/in", "s3://bucket/some/out")
    assert {"error", "throttle", "short"} <= set(server.answers)
    server.failing = 0
    assert contents("s3://bucket/some/out", "s3://bucket/in") == contents(tmp_path / "out", str(folder))
    before = dict(server.objects)
    assert run("s3://bucket/in", "s3://bucket/some/out").read == 0
    assert {key for key in before if key.endswith(".parquet")} == {k for k in server.objects if k.endswith(".parquet")}
    assert not [key for key in server.objects if "/chunks/" in key or "/merges/" in key or key.endswith("lease")]


def test_an_object_that_changed_is_read_again_and_a_list_may_name_objects(server: Server, tmp_path: Path) -> None:
    server.objects |= {"in/計画 1.pdf": roadmap(1), "in/b.pdf": prose(1)}
    (tmp_path / "list.txt").write_text(
        "s3://bucket/in/計画 1.pdf\ns3://bucket/in/b.pdf\ns3://bucket/in/gone.pdf\n", encoding="utf-8"
    )
    run(tmp_path / "list.txt", tmp_path / "out")
    rows = documents(tmp_path / "out", "s3://bucket/in")
    assert {name: row["reason"] or row["status"] for name, row in rows.items()} == {
        "計画 1.pdf": "plan", "b.pdf": "no_plan", "gone.pdf": "not_found"
    }  # fmt: skip
    server.objects["in/計画 1.pdf"] = roadmap(2)
    # The one that is gone may be back.
    assert run(tmp_path / "list.txt", tmp_path / "out").read == 2
    assert documents(tmp_path / "out", "s3://bucket/in")["計画 1.pdf"]["pages"] == 2


def test_a_storage_that_never_answers_is_said_so(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects_module, "REQUEST_RETRIES", 0)
    monkeypatch.setattr(objects_module, "CALL_TRIES", 2)
    server.failing = 1
    with pytest.raises(StoreError, match="cannot be written"):
        open_objects("s3://bucket/x").put("name", b"data")
    with pytest.raises(NetworkError, match="cannot be listed"):
        list(objects_module.list_objects("s3://bucket/x"))
    with pytest.raises(UsageError):
        open_objects("s3://")


def test_one_run_at_a_time_holds_a_prefix_and_a_dead_one_not_for_long(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_module, "HELD_SECONDS", 0.6)
    monkeypatch.setattr(lease_module, "RENEWED_EACH", 0.1)
    storage = open_objects("s3://bucket/out")
    with leased(storage, 0), pytest.raises(LockedError), leased(storage, 0):
        pass
    assert f"out/{LEASE_FILE}" not in server.objects
    server.objects[f"out/{LEASE_FILE}"] = b'{"owner": "a dead run", "renewed": "once"}'
    with leased(storage, 0):
        assert b"a dead run" not in server.objects[f"out/{LEASE_FILE}"]
