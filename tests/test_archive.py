# SPDX-License-Identifier: AGPL-3.0-or-later
"""Archives: every input has its row, each file is read once, and what runs that were killed left is taken up."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from koteihyo.pipeline.archive import chunk as chunk_module
from koteihyo.pipeline.archive import work
from koteihyo.pipeline.archive.chunk import read_chunk
from koteihyo.pipeline.archive.dataset import FORMAT_FILE
from koteihyo.pipeline.archive.inputs import list_inputs
from koteihyo.pipeline.archive.intake import BatchSize
from koteihyo.pipeline.archive.plan import Again, survey
from koteihyo.pipeline.archive.storage import Folder, open_storage
from koteihyo.pipeline.archive.tries import MOST_TRIES, Blame, Marker
from koteihyo.pipeline.cli import app
from koteihyo.pipeline.store.fingerprint import schema_key
from koteihyo.pipeline.store.frames import table_schema
from koteihyo.pipeline.store.lock import locked
from koteihyo.schema.archive import Document
from koteihyo.schema.catalog import EDITION_TABLES
from koteihyo.schema.errors import LockedError, StoreError, UsageError
from tests.archives import LIMITS, contents, documents, few, mixed_folder, prose, run
from tests.robustness.handmade import roadmap


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mixed_folder(tmp_path_factory.mktemp("inputs"))


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the folder. Only to be read."""
    to = tmp_path_factory.mktemp("archive") / "data"
    run(folder, to)
    return to


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return few(tmp_path_factory.mktemp("few"))


@pytest.fixture(scope="module")
def small_archive(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a few documents. Only to be read."""
    to = tmp_path_factory.mktemp("archive") / "data"
    run(small, to)
    return to


@pytest.fixture
def copy(undisturbed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(undisturbed, tmp_path / "copy"))


def test_every_input_has_a_row_that_says_what_became_of_it(folder: Path, undisturbed: Path) -> None:
    rows = documents(undisturbed, folder)
    assert {name: (row["status"], row["reason"]) for name, row in rows.items()} == {
        "plan-a.pdf": ("plan", None),
        "plan-b.PDF": ("plan", None),
        "copies/other-name.pdf": ("plan", None),
        "2024/same-stem.pdf": ("plan", None),
        "2025/same-stem.pdf": ("plan", None),
        "prose.pdf": ("no_plan", None),
        "深い/階層/文章.pdf": ("no_plan", None),
        "copies/文章の写し.pdf": ("no_plan", None),
        "damaged.pdf": ("failed", rows["damaged.pdf"]["reason"]),
        "empty.pdf": ("failed", rows["empty.pdf"]["reason"]),
        "not-a.pdf": ("failed", rows["not-a.pdf"]["reason"]),
    }
    assert rows["2025/same-stem.pdf"]["pages"] == 4
    assert all(rows[name]["message"] for name in ("damaged.pdf", "empty.pdf", "not-a.pdf"))


def test_one_file_under_two_names_is_one_edition_and_two_files_of_one_name_are_two(
    folder: Path, undisturbed: Path
) -> None:
    rows = documents(undisturbed, folder)
    assert rows["plan-a.pdf"]["edition_id"] == rows["copies/other-name.pdf"]["edition_id"]
    assert len({rows[f"{year}/same-stem.pdf"]["edition_id"] for year in (2024, 2025)}) == 2
    editions = [row["edition_id"] for row in contents(undisturbed)["editions"]]
    assert sorted(editions) == sorted({row["edition_id"] for row in rows.values() if row["edition_id"]})


def test_the_rows_are_those_of_the_ordinary_store(samples: Path, processed: Path, tmp_path: Path) -> None:
    run(samples, tmp_path / "archive")
    for model in EDITION_TABLES:
        ours = pl.read_parquet(tmp_path / "archive" / model.TABLE / "*.parquet")
        theirs = pl.read_parquet(processed / model.TABLE / "*" / "*.parquet", hive_partitioning=False)
        assert ours.equals(theirs), model.TABLE


def test_a_second_run_reads_nothing_and_changes_no_file(folder: Path, copy: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*.parquet")}
    tally = run(folder, copy)
    assert (tally.inputs, tally.read) == (11, 0)
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*.parquet")} == before


def test_a_changed_file_takes_the_place_of_its_rows_and_a_new_one_is_added(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(roadmap(1))
    (folder / "b.pdf").write_bytes(roadmap(2))
    (folder / "copy of a.pdf").write_bytes(roadmap(1))
    run(folder, tmp_path / "out")
    (folder / "a.pdf").write_bytes(roadmap(3))
    (folder / "c.pdf").write_bytes(roadmap(2))
    tally = run(folder, tmp_path / "out")
    assert tally.read == 2
    rows = documents(tmp_path / "out", folder)
    assert [rows[name]["pages"] for name in ("a.pdf", "b.pdf", "c.pdf", "copy of a.pdf")] == [3, 2, 2, 1]
    assert rows["c.pdf"]["edition_id"] == rows["b.pdf"]["edition_id"]
    pages = pl.read_parquet(tmp_path / "out" / "pages" / "*.parquet").group_by("edition_id").len()
    assert dict(pages.iter_rows()) == {
        rows["a.pdf"]["edition_id"]: 3, rows["b.pdf"]["edition_id"]: 2, rows["copy of a.pdf"]["edition_id"]: 1
    }  # fmt: skip


def test_a_file_that_is_gone_keeps_its_rows_and_one_that_could_not_be_had_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(roadmap(1))
    (tmp_path / "list.txt").write_text("# two files\na.pdf\nb.pdf\n", encoding="utf-8")
    run(tmp_path / "list.txt", tmp_path / "out")
    assert documents(tmp_path / "out", tmp_path)["b.pdf"]["reason"] == "not_found"
    (tmp_path / "a.pdf").unlink()
    (tmp_path / "b.pdf").write_bytes(prose(3))
    run(tmp_path / "list.txt", tmp_path / "out")
    rows = documents(tmp_path / "out", tmp_path)
    assert (rows["a.pdf"]["status"], rows["b.pdf"]["status"]) == ("plan", "no_plan")
    assert len(contents(tmp_path / "out")["editions"]) == 1


def test_what_could_not_be_read_is_read_again_when_asked_for(folder: Path, copy: Path, undisturbed: Path) -> None:
    assert run(folder, copy, again=Again(failed=True)).read == 3
    assert contents(copy) == contents(undisturbed)


def test_small_batches_and_large_ones_hold_the_same_rows(folder: Path, undisturbed: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "out", size=BatchSize(plans=1, documents=2))
    assert contents(tmp_path / "out") == contents(undisturbed)


class _Killed(BaseException):
    pass


# Of a run over the folder: the format, the mark, the piece, the plan of the batch, its files, its record, the report.
@pytest.mark.parametrize(
    ("at", "written"),
    [
        (1, True),
        (2, True),
        (3, False),
        (3, True),
        (4, True),
        (5, False),
        (12, True),
        (21, True),
        (22, False),
        (22, True),
    ],
)
def test_a_driver_that_dies_at_any_write_loses_nothing_and_doubles_nothing(
    small: Path, small_archive: Path, tmp_path: Path, at: int, written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, count = Folder.put, 0

    def put(self: Folder, name: str, data: bytes) -> None:
        nonlocal count
        count += 1
        if count == at and not written:
            raise _Killed
        real(self, name, data)
        if count == at:
            raise _Killed

    monkeypatch.setattr(Folder, "put", put)
    with pytest.raises(_Killed):
        run(small, tmp_path / "out")
    monkeypatch.undo()
    run(small, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(small_archive)
    assert _state_files(tmp_path / "out") == ["batches", "format", "report.json"]


def _state_files(to: Path) -> list[str]:
    return sorted(
        {path.relative_to(to / ".archive").parts[0] for path in (to / ".archive").rglob("*") if path.is_file()}
    )


def test_what_a_dying_driver_had_read_is_not_read_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_arguments: object) -> None:
        raise _Killed

    monkeypatch.setattr(work, "merge", die)
    with pytest.raises(_Killed):
        run(small, tmp_path / "out")
    monkeypatch.undo()
    assert run(small, tmp_path / "out").read == 0
    assert len(documents(tmp_path / "out")) == 4


def test_a_document_with_which_machines_die_is_given_up_and_the_others_are_read(
    small: Path, small_archive: Path, tmp_path: Path
) -> None:
    storage = open_storage(str(tmp_path / "out"))
    # What machines leave that die: one with all of its documents in hand, some with this one.
    Marker(storage, "first").put([str(small / "prose.pdf"), str(small / "plan.pdf")])
    for number in range(MOST_TRIES):
        Marker(storage, f"later-{number}").put([str(small / "prose.pdf")])
    run(small, tmp_path / "out")
    rows, expected = documents(tmp_path / "out", small), documents(small_archive, small)
    given_up = rows.pop("prose.pdf")
    assert (given_up["status"], given_up["reason"]) == ("failed", "given_up")
    expected.pop("prose.pdf")
    assert rows == expected
    assert run(small, tmp_path / "out").read == 0
    assert run(small, tmp_path / "out", again=Again(failed=True)).read == 2
    assert contents(tmp_path / "out") == contents(small_archive)


def test_a_try_does_not_begin_with_those_that_had_the_deaths_of_the_tries_before(
    small: Path, small_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = open_storage(str(tmp_path / "out"))
    stored = pl.DataFrame(schema={**table_schema(Document), "batch": pl.String()})
    (chunk,) = survey(list_inputs(str(small)), stored, Again(), {}).chunks(Blame())
    read = chunk_module._read
    begun: list[str] = []

    def die_at_once(wanted: Any, *arguments: Any) -> Any:
        begun.append(wanted.input.source)
        if len(begun) <= 2 * len(chunk.wanted):
            raise _Killed
        return read(wanted, *arguments)

    # As many machines die as soon as they have begun as would give up half of the documents, if each began with the same.
    monkeypatch.setattr(chunk_module, "_read", die_at_once)
    for _ in range(2 * len(chunk.wanted)):
        with pytest.raises(_Killed):
            read_chunk(storage.url, chunk, LIMITS)
    done = read_chunk(storage.url, chunk, LIMITS)
    assert [row.reason for row in done.rows if row.reason == "given_up"] == []
    assert [row.source for row in done.rows] == [wanted.input.source for wanted in chunk.wanted]


def test_a_try_that_is_told_of_twice_is_one_try(small: Path, small_archive: Path, tmp_path: Path) -> None:
    storage = open_storage(str(tmp_path / "out"))
    stored = pl.DataFrame(schema={**table_schema(Document), "batch": pl.String()})
    (chunk,) = survey(list_inputs(str(small)), stored, Again(), {}).chunks(Blame())
    # The next driver makes the same chunk, and finds in its folder what it has told of already.
    for _ in range(MOST_TRIES - 1):
        Marker(storage, chunk.id).put([str(small / "prose.pdf")])
    run(small, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(small_archive)


def test_two_machines_that_hand_in_the_same_documents_make_one_set_of_rows(
    small: Path, small_archive: Path, tmp_path: Path
) -> None:
    storage = open_storage(str(tmp_path / "out"))
    stored = pl.DataFrame(schema={**table_schema(Document), "batch": pl.String()})
    found = survey(list_inputs(str(small)), stored, Again(), {})
    (chunk,) = found.chunks(Blame())
    storage.put(FORMAT_FILE, schema_key().encode())
    for name in ("one", "other"):
        read_chunk(storage.url, replace(chunk, id=name), LIMITS)
    assert run(small, tmp_path / "out").read == 0
    assert contents(tmp_path / "out") == contents(small_archive)


def test_only_one_run_at_a_time_writes(folder: Path, copy: Path) -> None:
    with locked(copy), pytest.raises(LockedError):
        run(folder, copy)


def test_tables_of_others_are_left_alone(folder: Path, processed: Path, tmp_path: Path, copy: Path) -> None:
    (tmp_path / "out" / "documents").mkdir(parents=True)
    (tmp_path / "out" / "documents" / "theirs.parquet").write_bytes(b"")
    with pytest.raises(StoreError, match="not an archive's"):
        run(folder, tmp_path / "out")
    (copy / FORMAT_FILE).write_text("of other columns", encoding="ascii")
    with pytest.raises(StoreError, match="other columns"):
        run(folder, copy)


def test_a_damaged_piece_is_no_row(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_arguments: object) -> None:
        raise _Killed

    monkeypatch.setattr(work, "merge", die)
    with pytest.raises(_Killed):
        run(small, tmp_path / "out")
    monkeypatch.undo()
    (piece,) = (tmp_path / "out").rglob("*.piece")
    piece.write_bytes(piece.read_bytes()[:-100])
    with pytest.raises(StoreError, match="not as it was written"):
        run(small, tmp_path / "out")


def test_a_place_that_is_none_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        run(tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(UsageError):
        run(tmp_path, "ftp://server/place")


def test_the_command_reports_logs_and_makes_a_database_with_the_views_of_the_store(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, database, log = tmp_path / "out", tmp_path / "views.duckdb", tmp_path / "log.jsonl"
    result = CliRunner().invoke(
        app,
        [*("archive", str(folder), "--to", str(out), "--jobs", "1", "--no-witness", "--json"),
         *("--duckdb", str(database), "--log", str(log))],
    )  # fmt: skip
    assert result.exit_code == 3
    told = json.loads(result.stdout)
    assert (told["inputs"], told["plans"], told["no_plan"], sum(told["failed"].values())) == (11, 5, 3, 3)
    events = [json.loads(line)["event"] for line in log.read_text(encoding="utf-8").splitlines()]
    assert events[0] == "planned" and events[-1] == "end" and events.count("failed") == 3
    with duckdb.connect(str(database), read_only=True) as connection:
        query = connection.execute
        assert query("SELECT count(*) FROM documents WHERE status = 'plan'").fetchone() == (5,)
        assert query("SELECT count(*) FROM items").fetchone() == query("SELECT count(*) FROM schedule_items").fetchone()
        word = query("SELECT normalized FROM tokens WHERE unit = 'A' AND pos LIKE '名詞%' LIMIT 1").fetchone()
        assert word is not None and query("SELECT count(*) > 0 FROM search(?)", [word[0]]).fetchone() == (True,)


def test_names_that_are_no_text_have_their_rows(tmp_path: Path) -> None:
    name = os.fsdecode(b"\x8d\x48\x92\xf6.pdf")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(roadmap(1))
    run(tmp_path / "in", tmp_path / "out")
    (row,) = documents(tmp_path / "out", tmp_path / "in").values()
    assert (row["source"], row["status"]) == ("\\x8dH\\x92\\xf6.pdf", "plan")
    assert run(tmp_path / "in", tmp_path / "out").read == 0


def test_a_run_that_is_stopped_ends_soon_and_leaves_no_mark(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.pdf").write_bytes(roadmap(3) + b"\n%%%d" % number)
    words = [sys.executable, "-m", "koteihyo.pipeline.cli", "archive", str(folder), "--to", str(tmp_path / "out")]
    process = subprocess.Popen([*words, "--jobs", "1"], stderr=subprocess.PIPE)
    while not list((tmp_path / "out").rglob("*.try")):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 128 + signal.SIGINT
    left = [path.suffix for path in (tmp_path / "out" / ".archive").rglob("*") if path.is_file()]
    assert left == [""]
    run(folder, tmp_path / "out")
    assert len(documents(tmp_path / "out")) == 12
