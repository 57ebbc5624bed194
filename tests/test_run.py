# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a user sees of a run: what is read again, what is kept, what is reported."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from koteihyo.pipeline.run import batch as run_module
from koteihyo.pipeline.run.batch import Options, Report, run
from koteihyo.pipeline.run.jobs import Limits, Request
from koteihyo.pipeline.sources.discover import id_from_stem
from koteihyo.pipeline.store.generation import GENERATIONS
from koteihyo.schema.errors import ExitCode, LockedError, StoreError, UsageError
from tests.robustness.corpus import endless_page
from tests.robustness.handmade import roadmap

ROOT = Path(__file__).parent.parent


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(roadmap(1))
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def _statuses(report: Report) -> dict[str, str]:
    return {outcome.edition_id: outcome.status for outcome in report.outcomes}


def _editions(out: Path) -> list[str]:
    with duckdb.connect(str(out / "koteihyo.duckdb"), read_only=True) as connection:
        return [row[0] for row in connection.execute("SELECT edition_id FROM editions ORDER BY 1").fetchall()]


def _koteihyo(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "koteihyo.pipeline.cli", *map(str, arguments)],
        env={**os.environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_only_what_changed_is_read_again(raw: Path, out: Path) -> None:
    (raw / "b.pdf").write_bytes(roadmap(1))
    assert _statuses(run(Options(raw, out, jobs=2))) == {"a": "read", "b": "read"}
    again = run(Options(raw, out))
    assert _statuses(again) == {"a": "unchanged", "b": "unchanged"}
    assert not again.changed
    (raw / "b.pdf").write_bytes(roadmap(2))
    assert _statuses(run(Options(raw, out))) == {"a": "unchanged", "b": "read"}


def test_a_new_reader_a_new_correction_and_a_new_title_read_again(
    raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(Options(raw, out))
    corrections = raw.parent / "corrections"
    corrections.mkdir()
    (corrections / "a.yaml").write_text("[]\n")
    assert _statuses(run(Options(raw, out))) == {"a": "read"}
    (raw / "editions.toml").write_text('[[edition]]\nid = "a"\ntitle = "題名"\nfile = "a.pdf"\n')
    assert _statuses(run(Options(raw, out))) == {"a": "read"}
    assert _statuses(run(Options(raw, out))) == {"a": "unchanged"}
    monkeypatch.setattr(run_module, "edition_key", lambda *_: "another reader")
    assert _statuses(run(Options(raw, out))) == {"a": "read"}


def test_a_refused_document_is_read_again_only_when_something_changed(
    raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (raw / "bad.pdf").write_bytes(roadmap(1)[:500])
    tried: list[str] = []
    read_all = run_module.read_all

    def noting(requests: list[Request], *rest: object) -> object:
        tried.extend(request.edition.edition_id for request in requests)
        return read_all(requests, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(run_module, "read_all", noting)
    first = run(Options(raw, out))
    again = run(Options(raw, out))
    assert tried == ["a", "bad"]
    assert [o.failure for o in again.failed] == [o.failure for o in first.failed]
    run(Options(raw, out, limits=Limits(timeout=Limits().timeout + 1)))
    assert tried == ["a", "bad", "bad"]
    (raw / "bad.pdf").write_bytes(roadmap(1))
    assert _statuses(run(Options(raw, out))) == {"a": "unchanged", "bad": "read"}
    assert not (out / ".refused.json").exists()


def test_a_partial_edition_is_said_and_read_again_with_a_higher_limit(raw: Path, out: Path) -> None:
    (raw / "a.pdf").write_bytes(endless_page())
    arguments = ("run", "--raw", raw, "--out", out, "--no-witness", "--timeout")
    done = _koteihyo(*arguments, 4)
    assert done.returncode == ExitCode.BAD_INPUT
    assert "a: read, 3 pages, 2 charts, 8 items, " in done.stdout
    assert "partial: 1 of 3 pages not read" in done.stdout
    again = _koteihyo(*arguments, 4)
    assert again.returncode == ExitCode.BAD_INPUT
    assert "a: unchanged, 3 pages" in again.stdout
    assert "partial: 1 of 3 pages not read" in again.stdout
    assert "a: read, 3 pages" in _koteihyo(*arguments, 5).stdout


def test_an_edition_with_another_id_is_renamed_not_removed(raw: Path, out: Path) -> None:
    run(Options(raw, out))
    (raw / "editions.toml").write_text('[[edition]]\nid = "2022-06"\ntitle = "題名"\nfile = "a.pdf"\n')
    done = _koteihyo("run", "--raw", raw, "--out", out)
    assert "a: renamed, a.pdf is edition 2022-06 now" in done.stdout
    assert _editions(out) == ["2022-06"]


def test_lost_outputs_are_made_again(raw: Path, out: Path) -> None:
    run(Options(raw, out))
    (out / "koteihyo.duckdb").resolve().unlink()
    assert run(Options(raw, out)).changed
    assert _editions(out) == ["a"]


def test_a_bad_pdf_does_not_keep_the_good_ones_from_being_stored(raw: Path, out: Path) -> None:
    (raw / "bad.pdf").write_bytes(roadmap(1)[:500])
    (raw / "z.pdf").write_bytes(roadmap(1))
    done = _koteihyo("run", "--raw", raw, "--out", out)
    assert done.returncode == ExitCode.BAD_INPUT
    assert "bad: failed, damaged: bad.pdf" in done.stderr
    assert "a: read, 1 pages, 1 charts, 4 items, 100.0%" in done.stdout
    assert _editions(out) == ["a", "z"]


def test_an_edition_whose_pdf_became_bad_keeps_its_last_good_rows(raw: Path, out: Path) -> None:
    run(Options(raw, out))
    (raw / "a.pdf").write_bytes(b"")
    done = _koteihyo("run", "--raw", raw, "--out", out)
    assert done.returncode == ExitCode.BAD_INPUT
    assert "empty" in done.stderr
    assert "last good reading are kept" in done.stderr
    assert _editions(out) == ["a"]


def test_the_edition_of_a_removed_pdf_leaves_the_tables_and_is_named(raw: Path, out: Path) -> None:
    (raw / "b.pdf").write_bytes(roadmap(1))
    run(Options(raw, out))
    (raw / "b.pdf").unlink()
    assert _statuses(run(Options(raw, out))) == {"a": "unchanged", "b": "removed"}
    assert _editions(out) == ["a"]
    assert not (out / "notes" / "edition=b").exists()


def test_naming_editions_reads_those_and_leaves_the_others(raw: Path, out: Path) -> None:
    (raw / "b.pdf").write_bytes(roadmap(1))
    assert _statuses(run(Options(raw, out, editions=("a",)))) == {"a": "read"}
    assert _statuses(run(Options(raw, out, editions=("b",)))) == {"a": "unchanged", "b": "read"}
    with pytest.raises(UsageError, match="c; there are: a, b"):
        run(Options(raw, out, editions=("c",)))


def test_an_empty_folder_never_empties_the_tables(raw: Path, out: Path) -> None:
    run(Options(raw, out))
    (raw / "a.pdf").unlink()
    with pytest.raises(UsageError, match="holds no PDF"):
        run(Options(raw, out))
    assert _editions(out) == ["a"]


def test_a_file_that_is_not_the_registered_one_is_refused(raw: Path, out: Path) -> None:
    entry = f'[[edition]]\nid = "a"\ntitle = "t"\nfile = "a.pdf"\nsha256 = "{"0" * 64}"\n'
    (raw / "editions.toml").write_text(entry)
    (outcome,) = run(Options(raw, out)).outcomes
    assert outcome.failure is not None
    assert outcome.failure.reason == "checksum"


def test_two_files_of_one_edition_are_named(raw: Path, out: Path) -> None:
    (raw / "other.pdf").write_bytes(roadmap(1))
    (raw / "editions.toml").write_text('[[edition]]\nid = "a"\ntitle = "t"\nfile = "other.pdf"\n')
    with pytest.raises(UsageError, match=r"a\.pdf and other\.pdf"):
        run(Options(raw, out))


def test_a_file_over_the_size_limit_is_refused_unread(raw: Path, out: Path) -> None:
    with (raw / "a.pdf").open("ab") as file:
        file.truncate(301 << 20)
    (outcome,) = run(Options(raw, out)).outcomes
    assert outcome.failure is not None
    assert outcome.failure.reason == "too_large"


def test_the_report_for_machines(raw: Path, out: Path) -> None:
    done = _koteihyo("run", "--raw", raw, "--out", out, "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["editions"][0]["status"] == "read"
    assert report["editions"][0]["summary"]["items"] == 4
    assert report["editions"][0]["summary"]["coverage"] == 1.0


def test_a_second_run_says_that_the_first_is_going_on_or_waits(raw: Path, out: Path) -> None:
    out.mkdir()
    descriptor = os.open(out / ".lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(LockedError, match="another run"):
        run(Options(raw, out))
    release = threading.Timer(0.5, os.close, [descriptor])
    release.start()
    assert run(Options(raw, out, wait=30)).changed


def test_two_runs_at_once_both_leave_whole_outputs(raw: Path, out: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "koteihyo.pipeline.cli",
        "run",
        "--raw",
        str(raw),
        "--out",
        str(out),
        "--wait",
        "60",
    ]
    runs = [subprocess.Popen(command, env={**os.environ}) for _ in range(2)]
    assert [process.wait(timeout=120) for process in runs] == [0, 0]
    assert _editions(out) == ["a"]
    assert sorted(path.name for path in (out / GENERATIONS).iterdir()) == ["0", "1"]


def test_old_generations_go(raw: Path, out: Path) -> None:
    for pages in (1, 2, 3, 4):
        (raw / "a.pdf").write_bytes(roadmap(pages))
        run(Options(raw, out))
    assert sorted(path.name for path in (out / GENERATIONS).iterdir()) == ["3", "4"]


def test_reading_while_outputs_are_switched_works(raw: Path, out: Path) -> None:
    run(Options(raw, out))
    with duckdb.connect(str(out / "koteihyo.duckdb"), read_only=True) as reader:
        (raw / "a.pdf").write_bytes(roadmap(2))
        run(Options(raw, out))
        assert reader.execute("SELECT count(*) FROM schedule_items").fetchall() == [(4,)]
    with duckdb.connect(str(out / "koteihyo.duckdb"), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM schedule_items").fetchall() == [(8,)]


def test_a_folder_that_cannot_be_written_is_a_clear_error(raw: Path) -> None:
    for out in (Path("/proc/koteihyo"), raw / "a.pdf" / "out"):
        done = _koteihyo("run", "--raw", raw, "--out", out)
        assert done.returncode == ExitCode.STORE
        assert str(out) in done.stderr
        assert "Traceback" not in done.stderr


def test_something_else_in_the_place_of_a_table_is_left_alone(raw: Path, out: Path) -> None:
    (out / "notes").mkdir(parents=True)
    with pytest.raises(StoreError, match="notes: is in the way"):
        run(Options(raw, out))


@pytest.mark.parametrize("size", [100, 20_000, 300_000])
def test_a_disk_without_room_is_a_clear_error_and_changes_nothing(raw: Path, out: Path, size: int) -> None:
    run(Options(raw, out))
    (raw / "a.pdf").write_bytes(roadmap(2))
    done = subprocess.run(
        [sys.executable, "-m", "koteihyo.pipeline.cli", "run", "--raw", str(raw), "--out", str(out)],
        env={**os.environ},
        # As on a full disk, writing stops in the middle of a file.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.STORE, done.stderr
    assert "Traceback" not in done.stderr
    assert _editions(out) == ["a"]
    assert run(Options(raw, out)).changed


def test_nothing_new_answers_at_once(raw: Path, out: Path) -> None:
    run(Options(raw, out))
    generation = (out / ".current").readlink()
    modules = "import sys; from pathlib import Path; from koteihyo.pipeline.run.batch import Options, run\n"
    check = (
        "run(Options(Path(sys.argv[1]), Path(sys.argv[2]))); print({'polars', 'duckdb', 'pymupdf'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", modules + check, str(raw), str(out)],
        env={**os.environ},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "set()"
    assert (out / ".current").readlink() == generation


@pytest.mark.parametrize(
    ("stem", "edition_id"),
    [
        ("2022-06", "2022-06"),
        ("宇宙基本計画 工程表", "宇宙基本計画 工程表"),
        ("..", "_."),
        ("a\x1b[31mb\u202e", "a_[31mb_"),
        ("c:d=e*", "c_d_e_"),
        ("\udcff", "_"),
    ],
)
def test_a_file_name_becomes_a_safe_id(stem: str, edition_id: str) -> None:
    assert id_from_stem(stem) == edition_id


def test_long_file_names_stay_apart() -> None:
    first, second = (id_from_stem("工程表" * 40 + end) for end in "ab")
    assert first != second
    assert max(len(first.encode()), len(second.encode())) <= 110


def test_a_file_whose_name_is_no_text_is_read_like_any_other(raw: Path, out: Path) -> None:
    name = "工程表.pdf".encode("shift_jis")
    (raw / os.fsdecode(name)).write_bytes(roadmap(1))
    (raw / os.fsdecode(b"bad" + name)).write_bytes(b"%PDF-1.4 nonsense")
    done = _koteihyo("run", "--raw", raw, "--out", out)
    assert done.returncode == ExitCode.BAD_INPUT
    assert "Traceback" not in done.stderr
    assert len(_editions(out)) == 2


def test_what_is_named_like_a_pdf_and_is_none_is_said(raw: Path, out: Path) -> None:
    (raw / "folder.pdf").mkdir()
    os.mkfifo(raw / "pipe.pdf")
    (raw / "link.pdf").symlink_to("nowhere.pdf")
    outcomes = {outcome.edition_id: outcome for outcome in run(Options(raw, out)).outcomes}
    said = {name: outcome.failure.message for name, outcome in outcomes.items() if outcome.failure}
    assert set(said) == {"folder", "pipe", "link"}
    assert "folder.pdf: is a folder" in said["folder"]
    assert _editions(out) == ["a"]


def test_an_unreadable_file_of_corrections_costs_its_edition_only(
    raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (raw / "b.pdf").write_bytes(roadmap(1))
    corrections = raw.parent / "corrections"
    corrections.mkdir()
    (corrections / "b.yaml").write_text("[]")
    known = run_module.edition_key

    def key(sha256: str, registration: str, files: list[Path]) -> str:
        if files:
            raise PermissionError(13, "Permission denied", str(files[0]))
        return known(sha256, registration, files)

    monkeypatch.setattr(run_module, "edition_key", key)
    outcomes = {outcome.edition_id: outcome for outcome in run(Options(raw, out)).outcomes}
    assert outcomes["a"].status == "read"
    assert outcomes["b"].failure is not None
    assert "b.yaml: cannot be read (Permission denied)" in outcomes["b"].failure.message


def test_a_pdf_that_vanishes_costs_itself_only(raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (raw / "b.pdf").write_bytes(roadmap(1))
    known = run_module.read_all

    def read_all(*arguments: object) -> object:
        (raw / "b.pdf").unlink()
        return known(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(run_module, "read_all", read_all)
    outcomes = {outcome.edition_id: outcome for outcome in run(Options(raw, out)).outcomes}
    assert outcomes["a"].status == "read"
    assert outcomes["b"].failure is not None
    assert outcomes["b"].failure.reason == "not_found"


@pytest.mark.parametrize("how", ["overwritten", "cut"])
@pytest.mark.parametrize("file", ["koteihyo.duckdb", "notes/edition=a/part-0.parquet"])
def test_damaged_outputs_are_noticed_and_made_again(file: str, how: str, raw: Path, out: Path) -> None:
    (raw / "b.pdf").write_bytes(roadmap(1))
    run(Options(raw, out))
    whole = (out / file).read_bytes()
    (out / file).write_bytes(b"x" * len(whole) if how == "overwritten" else whole[:100])
    doctor = _koteihyo("doctor", "--raw", raw, "--out", out)
    assert "koteihyo run" in doctor.stdout
    assert doctor.returncode == 1
    commands = (("sql", "SELECT 1"), ("search", "整備"), ("export", out.parent / "csv"))
    for command in commands if file == "koteihyo.duckdb" else (("audit", "a"),):
        asked = _koteihyo(*command, "--out", out)
        assert asked.returncode == ExitCode.STORE, command
        assert "is not as it was stored" in asked.stderr
        assert "koteihyo run" in asked.stderr
    report = run(Options(raw, out))
    assert report.changed
    assert _statuses(report) == {"a": "unchanged" if file == "koteihyo.duckdb" else "read", "b": "unchanged"}
    assert _editions(out) == ["a", "b"]
    assert not run(Options(raw, out)).changed


@pytest.mark.parametrize("command", [("sql", "SELECT 1"), ("search", "整備"), ("export", "csv"), ("site",)])
def test_a_database_that_another_program_writes_to_is_said(
    command: tuple[str, ...], processed: Path, tmp_path: Path
) -> None:
    # The other program may well change it.
    stored = shutil.copytree(processed, tmp_path / "stored", symlinks=True)
    target = ("--to", tmp_path / "site") if command == ("site",) else ()
    holder = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holder, stored / "koteihyo.duckdb"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        asked = _koteihyo(*command, *target, "--out", stored)
        other.communicate()
    assert asked.returncode == ExitCode.STORE
    assert "another program has it open for writing" in asked.stderr


def test_outputs_that_were_copied_are_whole(raw: Path, out: Path) -> None:
    run(Options(raw, out))
    for path in out.resolve().rglob("*.parquet"):
        os.utime(path, (1, 1))
    os.utime(out / "koteihyo.duckdb", (1, 1))
    assert not run(Options(raw, out)).changed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_stopped_says_so_and_leaves_nothing(number: signal.Signals, raw: Path, out: Path) -> None:
    (raw / "slow.pdf").write_bytes(roadmap(300))
    process = subprocess.Popen(
        [sys.executable, "-m", "koteihyo.pipeline.cli", "run", "--raw", str(raw), "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list(out.glob(".generations/building-*/.staging/*/progress")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert errors == "koteihyo: stopped; the outputs are whole\n"
    assert list((out / GENERATIONS).iterdir()) == []


def test_a_register_with_a_byte_order_mark_is_read(raw: Path, out: Path) -> None:
    entry = '[[edition]]\nid = "x"\ntitle = "題名"\nfile = "a.pdf"\n'
    (raw / "editions.toml").write_bytes(entry.encode("utf-8-sig"))
    run(Options(raw, out))
    assert _editions(out) == ["x"]
