# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets every call that opens or changes a file fail, or kill its process, in turn, and looks at what is left: `make faults`.

`python -m tests.robustness.faults [EVERY]` tries every EVERY-th call of each command with each error; exit status 1 when
outputs were broken, something was left over, or the message was not true.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import http.server
import mmap
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.robustness.handmade import roadmap

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("faults.c")
KILL = 0
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.ENOENT, KILL)
# What may be advised for which error; a message that says something else is wrong.
SPACE = "free space"


class _State(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_long),
        ("at", ctypes.c_long),
        ("error", ctypes.c_long),
        ("what", ctypes.c_char * 32),
        ("path", ctypes.c_char * 480),
    )


@dataclass(frozen=True)
class Scenario:
    """A command over a folder: `prepare` makes its state before, `act` runs it, `state` says what is there."""

    name: str
    prepare: Callable[[Path], None]
    act: Callable[[Path], None]
    state: Callable[[Path], str]
    """`old`, `new`, or what is broken."""


@dataclass(frozen=True)
class Try:
    """One fault and what came of it."""

    scenario: str
    at: int
    error: int
    what: str
    wrong: str
    """What is wrong with the outcome; empty when all is well."""


def try_all(scenarios: Sequence[Scenario], folder: Path, every: int) -> Iterator[Try]:
    """Lets every `every`-th call of each command go wrong: each call with each error, or, of some calls, with one in turn.

    Needs the library loaded: see `main`.
    """
    faults = _Faults(Path(os.environ["FAULTS_STATE"]))
    for scenario in scenarios:
        before, work = folder / scenario.name, Path(os.environ["FAULTS_UNDER"])
        scenario.prepare(before)
        _fresh(before, work)
        _code, text, calls, _ = faults.run(partial(scenario.act, work), 0, 0)
        assert scenario.state(work) == "new", (scenario.name, scenario.state(work), text)
        # The second time, with nothing new to do, some notes are taken.
        faults.run(partial(scenario.act, work), 0, 0)
        kept = _names(work)
        for at in range(1, calls + 1, every):
            for error in ERRORS if every == 1 else (ERRORS[at // every % len(ERRORS)],):
                _fresh(before, work)
                code, text, _calls, what = faults.run(partial(scenario.act, work), at, error)
                state = scenario.state(work)
                wrong = _judge(code, text, error, state)
                again, text, *_ = faults.run(partial(scenario.act, work), 0, 0)
                if again or scenario.state(work) != "new":
                    wrong += f" afterwards {scenario.state(work)}, status {again}: {text}"
                elif extra := _names(work) - kept:
                    wrong += f" left over: {sorted(extra)}"
                yield Try(scenario.name, at, error, what, wrong)


def _fresh(before: Path, work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(before, work, symlinks=True)


def _names(work: Path) -> set[str]:
    """Every name in the folder; generations have one name, whatever their number."""
    names = (path.relative_to(work).as_posix() for path in work.rglob("*"))
    return {re.sub(r"\.generations/\d+", ".generations/N", name) for name in names}


def _judge(code: int, text: str, error: int, state: str) -> str:
    if state not in ("old", "new"):
        return f"{state}; status {code}: {text}"
    if "Traceback" in text:
        return f"traceback: {text}"
    if error == KILL:
        return ""
    if code == 0 and state != "new":
        return f"status 0, but the outputs are old: {text}"
    if code and "koteihyo: " not in text and ": failed, " not in text:
        return f"status {code} without a word: {text}"
    if code and error != errno.ENOSPC and SPACE in text and "if the disk is full" not in text:
        return f"advises to free space for {errno.errorcode[error]}: {text}"
    return ""


class _Faults:
    """Runs commands in forked children and lets one call of theirs go wrong."""

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as opened:
            self._map = mmap.mmap(opened.fileno(), ctypes.sizeof(_State))
        self._state = _State.from_buffer(self._map)

    def run(self, act: Callable[[], None], at: int, error: int) -> tuple[int, str, int, str]:
        """(exit status, what was printed to standard error, calls made, which call went wrong)."""
        self._state.count, self._state.at, self._state.error, self._state.what = 0, at, error, b""
        with tempfile.TemporaryFile() as printed:
            child = os.fork()
            if not child:
                os.dup2(printed.fileno(), 2)
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                os._exit(_status(act))
            _, status = os.waitpid(child, 0)
            calls, self._state.at = self._state.count, 0
            printed.seek(0)
            text = printed.read().decode(errors="replace").strip()
        what = f"{self._state.what.decode()} {self._state.path.decode(errors='replace')}"
        return os.waitstatus_to_exitcode(status), text, calls, what


def _status(act: Callable[[], None]) -> int:
    try:
        act()
    except SystemExit as ended:
        return int(ended.code or 0) if not isinstance(ended.code, str) else 1
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
    return 0


def koteihyo(*arguments: object) -> None:
    """Runs the command in this process."""
    from koteihyo.pipeline.cli import main as command

    sys.argv = ["koteihyo", *map(str, arguments)]
    command()


def scenarios(server: str) -> list[Scenario]:
    """Every command that changes files. `server` has a roadmap to download."""
    return [
        Scenario("fetch", partial(_registered, server), _fetch, _fetched),
        Scenario("corrections", _corrected, _correct, _correction),
        Scenario("diff", _two, _diff, _compared),
        Scenario("export", _two, _export, _exported),
        Scenario("run", _changed, _run, _stored),
    ]


def _run(work: Path) -> None:
    koteihyo("run", "--raw", work / "raw", "--out", work / "out", "--no-witness")


def _store(work: Path, pdfs: dict[str, bytes]) -> None:
    (work / "raw").mkdir(parents=True)
    for name, data in pdfs.items():
        (work / "raw" / f"{name}.pdf").write_bytes(data)
    assert _Faults(Path(os.environ["FAULTS_STATE"])).run(partial(_run, work), 0, 0)[0] == 0


def _two(work: Path) -> None:
    _store(work, {"a": roadmap(1), "b": roadmap(2)})


def _changed(work: Path) -> None:
    _store(work, {"a": roadmap(1)})
    (work / "raw" / "a.pdf").write_bytes(roadmap(2))


def _asked(work: Path, *queries: str) -> tuple[int, ...] | str:
    """Numbers from the stored tables, or what is wrong with them."""

    def ask() -> None:
        import duckdb

        with duckdb.connect(str(work / "out" / "koteihyo.duckdb"), read_only=True) as connection:
            print(*(connection.sql(query).fetchall()[0][0] for query in queries), file=sys.stderr)

    code, text, *_ = _Faults(Path(os.environ["FAULTS_STATE"])).run(ask, 0, 0)
    return f"broken: {text[-200:]}" if code else tuple(map(int, text.split()))


def _rows(work: Path, table: str, edition: str) -> str:
    """The question how many rows an edition's Parquet file has."""
    return f"SELECT count(*) FROM read_parquet('{work}/out/{table}/edition={edition}/part-0.parquet')"


def _stored(work: Path) -> str:
    found = _asked(
        work, "SELECT max(page_no) FROM pages", _rows(work, "pages", "a"), _rows(work, "schedule_items", "a")
    )
    states: dict[object, str] = {(1, 1, 4): "old", (2, 2, 8): "new"}
    return states.get(found, f"broken: {found}")


def _diff(work: Path) -> None:
    koteihyo("diff", "a", "b", "--out", work / "out", "--report", work / "r.html", "--csv", work / "c.csv")


def _compared(work: Path) -> str:
    found = _asked(work, "SELECT count(*) FROM edition_changes", _rows(work, "pages", "b"))
    if isinstance(found, str) or found[1] != 2:
        return f"broken: {found}"
    ends = {"r.html": b"</html>", "c.csv": b"\r\n"}
    written = [(work / name).read_bytes().rstrip(b"\n ") for name in ends if (work / name).exists()]
    for name, end in ends.items():
        file = work / name
        if file.exists() and not file.read_bytes().rstrip(b" \n" if end != b"\r\n" else b"").endswith(end):
            return f"broken: {name} has no end"
    return "new" if found[0] and len(written) == 2 else "old"


def _export(work: Path) -> None:
    koteihyo("export", work / "tables.xlsx", "--format", "xlsx", "--out", work / "out")


def _exported(work: Path) -> str:
    import zipfile

    file = work / "tables.xlsx"
    if not file.exists():
        return "old"
    return "new" if zipfile.is_zipfile(file) and not zipfile.ZipFile(file).testzip() else "broken: not a workbook"


WRITTEN = "# by hand\n- {page: 1, text: 観測, drop: true, reason: r}\n"


def _corrected(work: Path) -> None:
    work.mkdir(parents=True)
    (work / "e.yaml").write_text(WRITTEN, encoding="utf-8")


def _correct(work: Path) -> None:
    from koteihyo.pipeline.sources.corrections_file import append_entry, entries
    from koteihyo.schema.corrections import Correction
    from koteihyo.schema.errors import KoteihyoError

    try:
        if len(entries(work / "e.yaml")) < 2:
            append_entry(work / "e.yaml", Correction(page=1, text="公開", accept=True, reason="ok"))
    except KoteihyoError as error:
        print(f"koteihyo: {error}", file=sys.stderr)
        sys.exit(int(error.exit_code))


def _correction(work: Path) -> str:
    text = (work / "e.yaml").read_text(encoding="utf-8") if (work / "e.yaml").exists() else ""
    if text == WRITTEN:
        return "old"
    return "new" if text.startswith(WRITTEN) and text.endswith("\n") and "公開" in text else f"broken: {text!r}"


def _registered(server: str, work: Path) -> None:
    (work / "raw").mkdir(parents=True)
    entry = f'[[edition]]\nid = "a"\ntitle = "a"\nfile = "a.pdf"\nsource_url = "{server}/a.pdf"\n'
    (work / "raw" / "editions.toml").write_text(entry, encoding="utf-8")


def _fetch(work: Path) -> None:
    koteihyo("fetch", "--raw", work / "raw", "--allow-http-localhost")


def _fetched(work: Path) -> str:
    file = work / "raw" / "a.pdf"
    if not file.exists():
        return "old"
    return "new" if file.read_bytes() == roadmap(3) else "broken: another file"


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server on this machine with a roadmap; its address."""
    folder.mkdir(parents=True)
    (folder / "a.pdf").write_bytes(roadmap(3))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

    handler = partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def load_and_restart() -> None:
    """Starts this process again with the library loaded."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    library, state = folder / "faults.so", folder / "state"
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
    state.write_bytes(bytes(ctypes.sizeof(_State)))
    environment = {**os.environ, "LD_PRELOAD": str(library), "FAULTS_STATE": str(state)}
    environment |= {"FAULTS_UNDER": str(folder / "work"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        code = subprocess.run(
            [sys.executable, "-m", "tests.robustness.faults", *sys.argv[1:]], cwd=ROOT, env=environment, check=False
        ).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(code)


def main(every: int, names: Sequence[str]) -> int:
    """Prints the figures; 1 when something was wrong."""
    # Once here and not in every child.
    import duckdb  # noqa: F401
    import httpx  # noqa: F401
    import polars  # noqa: F401

    import koteihyo.pipeline.cli
    import koteihyo.pipeline.diff.stored
    import koteihyo.pipeline.export.excel
    import koteihyo.pipeline.export.plans
    import koteihyo.pipeline.report.files
    import koteihyo.pipeline.run.batch
    import koteihyo.pipeline.sources.corrections_file
    import koteihyo.pipeline.sources.fetch  # noqa: F401

    folder = Path(os.environ["FAULTS_UNDER"]).parent
    tried, wrong = Counter[tuple[str, str]](), 0
    with serving(folder / "served") as server:
        chosen = [scenario for scenario in scenarios(server) if not names or scenario.name in names]
        for one in try_all(chosen, folder / "before", every):
            kind = "killed" if one.error == KILL else errno.errorcode[one.error]
            tried[one.scenario, kind] += 1
            if one.wrong:
                wrong += 1
                print(f"{one.scenario} call {one.at} ({one.what}) {kind}: {one.wrong}", flush=True)
    for (name, kind), count in sorted(tried.items()):
        print(f"{name:12} {kind:7} {count:5} points")
    print(f"{sum(tried.values())} points tried, {wrong} wrong")
    return int(bool(wrong))


if __name__ == "__main__":
    if "FAULTS_STATE" not in os.environ:
        load_and_restart()
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1, sys.argv[2:]))
