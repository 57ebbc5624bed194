# SPDX-License-Identifier: AGPL-3.0-or-later
"""The `koteihyo` command. Its commands live in `pipeline/commands`, one module each."""

from __future__ import annotations

import os
import signal
import sys
from typing import Annotated

import typer

from koteihyo.pipeline.commands.add import add
from koteihyo.pipeline.commands.archive import archive
from koteihyo.pipeline.commands.audit import audit
from koteihyo.pipeline.commands.diff import diff
from koteihyo.pipeline.commands.doctor import doctor
from koteihyo.pipeline.commands.export import export
from koteihyo.pipeline.commands.fetch import fetch
from koteihyo.pipeline.commands.inspect import inspect
from koteihyo.pipeline.commands.mcp import mcp
from koteihyo.pipeline.commands.review import review
from koteihyo.pipeline.commands.run import run
from koteihyo.pipeline.commands.samples import samples
from koteihyo.pipeline.commands.search import search
from koteihyo.pipeline.commands.serve import serve
from koteihyo.pipeline.commands.site import site
from koteihyo.pipeline.commands.sql import sql
from koteihyo.pipeline.commands.tables import tables
from koteihyo.schema.errors import ExitCode, KoteihyoError

EXIT_CODES = """Exit codes: 0 done; 1 other failure; 2 wrong usage; 3 a document could not be read, or only in part; 4 network;
5 a file is not the registered one; 6 the outputs could not be written or read; 7 another run is going on;
10 `diff --fail-on` found such changes."""

app = typer.Typer(
    name="koteihyo",
    help="Turns the Japanese government's roadmaps (工程表) from PDF into tables: Parquet and DuckDB.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    # Plain text: coloured boxes cost a third of a second at every start.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
COMMANDS = (
    *(run, diff, inspect, search, sql, tables, audit, review, site, serve),
    *(export, mcp, fetch, add, samples, archive, doctor),
)
for command in COMMANDS:
    app.command()(command)


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"koteihyo {version('koteihyo')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_say_version, is_eager=True)
    ] = False,
) -> None:
    pass


# Ctrl-C, a polite kill, a terminal that is closed.
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Stopped(BaseException):
    """Ctrl-C or a polite kill. Not KeyboardInterrupt: the library of commands makes that exit status 1."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.signal_number = signal_number


def _stop(signal_number: int, _frame: object) -> None:
    for number in STOPPING:
        # Whoever presses the keys again must not keep this from tidying up.
        signal.signal(number, signal.SIG_IGN)
    raise _Stopped(signal_number)


def main() -> None:
    """Entry point: the one place that turns a declared failure into a message and an exit code."""
    from koteihyo.pipeline.streams import output_failure, prepare_streams

    prepare_streams()
    for number in STOPPING:
        # What the caller has ignored (nohup) stays ignored.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    status = _status()
    failure = output_failure()
    if failure is not None:
        print(f"koteihyo: what was to be printed could not be written ({failure.strerror})", file=sys.stderr)
        status = status or int(ExitCode.STORE)
    sys.exit(status)


def _status() -> int:
    """Runs the command; its exit code."""
    from koteihyo.pipeline.terminal import clean

    try:
        _command()
    except SystemExit as ended:
        return int(ended.code or 0)
    except KoteihyoError as error:
        print(f"koteihyo: {clean(error)}", file=sys.stderr)
        return int(error.exit_code)
    except _Stopped as stopped:
        print("koteihyo: stopped; the outputs are whole", file=sys.stderr)
        return 128 + stopped.signal_number
    except OSError as error:
        if error.filename is None:
            raise
        # A folder that went while we worked, a disk that does not answer: nothing of ours, and nothing to trace.
        print(f"koteihyo: {clean(os.fsdecode(error.filename))}: {error.strerror}; look after it", file=sys.stderr)
        return int(ExitCode.OTHER)
    return int(ExitCode.OK)


def _command() -> None:
    from koteihyo.pipeline.settings import folders

    found = folders()
    usual = {"raw": str(found.raw), "out": str(found.out)}
    # Options and environment variables come before it.
    app(
        default_map={
            str(command.name or getattr(command.callback, "__name__", "")): usual for command in app.registered_commands
        }
    )


if __name__ == "__main__":
    main()
