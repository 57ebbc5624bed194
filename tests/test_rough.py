# SPDX-License-Identifier: AGPL-3.0-or-later
"""Situations that nobody plans for: things in the place of files, systems that refuse, limits that are met."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import unicodedata
from pathlib import Path

import duckdb
import pytest

from koteihyo.pipeline.run.batch import Options, run
from koteihyo.pipeline.store.generation import GENERATIONS
from koteihyo.schema.errors import KoteihyoError, StoreError, UsageError
from tests.robustness.handmade import roadmap


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(roadmap(1))
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def _editions(out: Path) -> list[str]:
    with duckdb.connect(str(out / "koteihyo.duckdb"), read_only=True) as connection:
        return [row[0] for row in connection.execute("SELECT edition_id FROM editions ORDER BY 1").fetchall()]


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_a_register_that_is_no_file_is_said(kind: str, raw: Path, out: Path) -> None:
    _make(raw / "editions.toml", kind)
    with pytest.raises(UsageError, match=r"editions\.toml: is not a file"):
        run(Options(raw, out))


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_corrections_that_are_no_file_cost_their_edition_only(kind: str, raw: Path, out: Path) -> None:
    (raw / "b.pdf").write_bytes(roadmap(1))
    (raw.parent / "corrections").mkdir()
    _make(raw.parent / "corrections" / "b.yaml", kind)
    outcomes = {outcome.edition_id: outcome for outcome in run(Options(raw, out)).outcomes}
    assert outcomes["a"].status == "read"
    assert outcomes["b"].failure is not None
    assert "b.yaml: is a " in outcomes["b"].failure.message


def test_a_file_in_the_place_of_the_corrections_is_said(raw: Path, out: Path) -> None:
    (raw.parent / "corrections").touch()
    report = run(Options(raw, out))
    assert [outcome.status for outcome in report.outcomes] == ["read"]
    assert "cannot be listed (Not a directory)" in report.unused[0]


def test_a_registered_name_is_found_however_its_accents_are_written(raw: Path, out: Path) -> None:
    name = "計画ガイド.pdf"
    (raw / unicodedata.normalize("NFD", name)).write_bytes(roadmap(1))
    (raw / "editions.toml").write_text(f'[[edition]]\nid = "x"\ntitle = "t"\nfile = "{name}"\n', encoding="utf-8")
    run(Options(raw, out))
    assert _editions(out) == ["a", "x"]


def test_a_registered_id_that_is_too_long_for_a_folder_is_said(raw: Path, out: Path) -> None:
    entry = f'[[edition]]\nid = "{"計" * 90}"\ntitle = "t"\nfile = "a.pdf"\n'
    (raw / "editions.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(UsageError, match="at most 110 bytes"):
        run(Options(raw, out))


def test_outputs_under_a_path_that_is_no_text_are_refused_before_anything_is_read(raw: Path, out: Path) -> None:
    with pytest.raises(StoreError, match="no UTF-8"):
        run(Options(raw, out.with_name(os.fsdecode(b"out\xff"))))


def test_a_file_system_without_locks_is_said(raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(StoreError, match="must know locks"):
        run(Options(raw, out))


def test_a_system_that_starts_no_process_is_said(raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def popen(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", popen)
    with pytest.raises(KoteihyoError, match="another process cannot be started"):
        run(Options(raw, out))
    assert list((out / GENERATIONS).iterdir()) == []


def _make(path: Path, kind: str) -> None:
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("nowhere")
