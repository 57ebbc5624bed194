# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from koteihyo.pipeline.cli import app
from koteihyo.pipeline.terminal import as_json, clean, table
from koteihyo.schema.errors import ExitCode
from tests.drawing import layouts, write
from tests.robustness.corpus import endless_page

COMMAND = (sys.executable, "-m", "koteihyo.pipeline.cli")


def koteihyo(*args: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the command as a user does."""
    command = [*COMMAND, *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, timeout=120)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "raw").mkdir()
    write(layouts()[0], folder / "raw")
    result = koteihyo("run", "--raw", folder / "raw", "--out", folder / "out")
    assert result.returncode == ExitCode.OK, result.stderr
    return folder


def test_every_command_says_what_it_does() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert (command.callback.__doc__ or "").strip()


def test_help_names_the_exit_codes_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from koteihyo.pipeline.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pymupdf', 'pdfplumber', 'duckdb', 'polars', 'sudachipy', 'pydantic', 'rich', 'scipy', 'httpx'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "HEAVY []" in result.stdout
    assert "Exit codes" in result.stdout


def test_a_run_says_what_was_read_and_a_second_one_that_nothing_changed(stored: Path) -> None:
    again = koteihyo("run", "--raw", stored / "raw", "--out", stored / "out", "--json")
    report = json.loads(again.stdout)
    assert report["changed"] is False
    assert report["editions"][0]["summary"]["items"] == 14


def test_sql_answers_as_table_and_as_json(stored: Path) -> None:
    query = "SELECT count(*) AS items FROM schedule_items"
    assert "14" in koteihyo("sql", query, "--out", stored / "out").stdout
    assert json.loads(koteihyo("sql", query, "--out", stored / "out", "--json").stdout) == [{"items": 14}]


def test_sql_reads_nothing_but_the_tables(stored: Path) -> None:
    result = koteihyo("sql", "SELECT * FROM read_csv('/etc/passwd')", "--out", stored / "out")
    assert result.returncode == ExitCode.USAGE
    assert "root:" not in result.stdout + result.stderr


def test_sql_cannot_change_the_tables(stored: Path) -> None:
    result = koteihyo("sql", "DELETE FROM schedule_items", "--out", stored / "out")
    assert result.returncode == ExitCode.USAGE


def test_tables_lists_columns_with_their_meaning() -> None:
    assert "fy_start" in koteihyo("tables", "schedule_items").stdout
    assert koteihyo("tables", "nothing").returncode == ExitCode.USAGE


def test_inspect_draws_the_page(stored: Path, tmp_path: Path) -> None:
    pdf = next((stored / "raw").glob("*.pdf"))
    result = koteihyo("inspect", pdf, "--page", 1, "--image", tmp_path / "page.png", "--ink")
    assert "観測値の公開に関する検討" in result.stdout
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")


def test_a_file_that_is_no_pdf_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_text("no pdf")
    result = koteihyo("inspect", path)
    assert result.returncode == ExitCode.BAD_INPUT
    assert "x.pdf: not a PDF" in result.stderr
    assert "Traceback" not in result.stderr


def test_without_tables_the_next_step_is_named(tmp_path: Path) -> None:
    result = koteihyo("sql", "SELECT 1", "--out", tmp_path)
    assert result.returncode == ExitCode.STORE
    assert "koteihyo run" in result.stderr


def test_add_registers_a_pdf_under_a_new_id(stored: Path, tmp_path: Path) -> None:
    pdf = next((stored / "raw").glob("*.pdf"))
    raw = tmp_path / "raw"
    arguments = ("add", pdf, "--edition", "2031-02", "--title", "架空の計画", "--raw", raw)
    assert koteihyo(*arguments).returncode == ExitCode.OK
    assert (raw / "2031-02.pdf").read_bytes() == pdf.read_bytes()
    assert koteihyo(*arguments).returncode == ExitCode.USAGE
    result = koteihyo("run", "--raw", raw, "--out", tmp_path / "out")
    assert "2031-02: read" in result.stdout


def test_add_refuses_what_is_no_pdf_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html>")
    raw = tmp_path / "raw"
    result = koteihyo("add", tmp_path / "page.html", "--edition", "2031-02", "--title", "架空の計画", "--raw", raw)
    assert result.returncode == ExitCode.BAD_INPUT
    assert "not a PDF" in result.stderr
    assert not raw.exists()


@pytest.mark.parametrize("option", [("--edition", "../x"), ("--url", "http://example.org/a.pdf"), ("--title", "")])
def test_add_names_the_option_that_is_wrong(option: tuple[str, str], stored: Path, tmp_path: Path) -> None:
    pdf = next((stored / "raw").glob("*.pdf"))
    given = {"--edition": "2031-02", "--title": "架空の計画"} | dict([option])
    words = [word for pair in given.items() for word in pair]
    result = koteihyo("add", pdf, *words, "--raw", tmp_path / "raw")
    assert result.returncode == ExitCode.USAGE
    assert option[0] in result.stderr
    assert not (tmp_path / "raw").exists()


def test_terminal_controls_in_a_pdf_are_not_obeyed() -> None:
    assert clean("a\x1b[31mb\u202ec\nd") == "a[31mbc d"


def test_terminal_controls_in_json_are_escaped_and_kept() -> None:
    text = 'a\x1b\x9b31m\u202e\x7f戶"\U000e0001\ue000'
    shown = as_json([text])
    assert clean(shown) == shown
    assert json.loads(shown) == [text]


def test_full_width_cells_are_aligned() -> None:
    lines = table(("a", "b"), [("工程", 1), ("x", 2)]).splitlines()
    assert lines[2] == "工程  1"
    assert lines[3] == "x     2"


def test_inspect_ends_at_its_limit(tmp_path: Path) -> None:
    (tmp_path / "endless.pdf").write_bytes(endless_page())
    result = koteihyo("inspect", tmp_path / "endless.pdf", "--page", 2, "--timeout", 2)
    assert result.returncode == ExitCode.BAD_INPUT
    assert "not read within 2 s of computing" in result.stderr


def test_the_picture_is_there_when_nobody_reads_what_is_printed(stored: Path, tmp_path: Path) -> None:
    pdf = next((stored / "raw").glob("*.pdf"))
    arguments = ("inspect", str(pdf), "--page", "1", "--image", str(tmp_path / "page.png"))
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, errors = process.communicate(timeout=60)
    assert (tmp_path / "page.png").stat().st_size > 1000
    assert errors == b""


def test_json_of_sql_is_json_whatever_is_asked(stored: Path) -> None:
    query = "SELECT 1 AS n, 2 AS n, 'nan'::DOUBLE AS x, '-infinity'::FLOAT AS y, 3 AS n"
    result = koteihyo("sql", query, "--out", stored / "out", "--json")
    (row,) = json.loads(result.stdout, parse_constant=pytest.fail)
    assert row == {"n": 1, "n_1": 2, "x": "NaN", "y": "-Infinity", "n_2": 3}


@pytest.mark.parametrize("encoding", ["cp932", "ascii", "latin-1"])
def test_output_fits_any_encoding(encoding: str, stored: Path) -> None:
    query = ("sql", "SELECT '工程 é 𠮟 😀' AS t", "--out", str(stored / "out"))
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for options in ((), ("--json",)):
        done = subprocess.run([*COMMAND, *query, *options], capture_output=True, env=environment, check=False)
        assert done.returncode == ExitCode.OK, done.stderr
        text = done.stdout.decode(encoding)
        if options:
            assert json.loads(text) == [{"t": "工程 é 𠮟 😀"}]


def _in_shell(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a line of shell, in which `k` is the command."""
    line = f'k() {{ "{sys.executable}" -m koteihyo.pipeline.cli "$@"; }}; {script}'
    settings = {**os.environ, "KOTEIHYO_OUT": str(folder / "out"), "KOTEIHYO_RAW": str(folder / "raw"), **environment}
    return subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, env=settings, cwd=folder, check=False, timeout=120
    )


def test_a_reader_who_goes_away_changes_no_exit_code(stored: Path) -> None:
    done = _in_shell("k tables | true; echo ${PIPESTATUS[0]}; k sql nonsense | true; echo ${PIPESTATUS[0]}", stored)
    assert done.stdout == f"{int(ExitCode.OK)}\n{int(ExitCode.USAGE)}\n"
    assert "Exception" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_nothing_takes_is_said(stored: Path) -> None:
    done = _in_shell("k sql 'SELECT * FROM range(9999)' > /dev/full", stored)
    assert done.returncode == ExitCode.STORE
    assert done.stderr.endswith("koteihyo: what was to be printed could not be written (No space left on device)\n")
    assert done.stderr.count("\n") <= 2


def test_closed_streams_cost_nothing(stored: Path) -> None:
    done = _in_shell("k sql 'SELECT 1' >&- 2>&- <&-; echo $?; k sql nonsense >&- 2>&-; echo $?", stored)
    assert done.stdout == f"{int(ExitCode.OK)}\n{int(ExitCode.USAGE)}\n"


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    done = _in_shell("mkdir x; cd x; rmdir ../x; k sql 'SELECT 1'", tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr == "koteihyo: the folder you are in is not there any more; go to another one\n"


def test_words_in_another_encoding_than_the_terminals_are_refused(stored: Path) -> None:
    for command in ("search 観測", "sql \"SELECT '観測'\""):
        done = _in_shell(f"k {command}", stored, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
        assert done.returncode == ExitCode.USAGE
        assert "is no text in ascii" in " ".join(done.stderr.split())
