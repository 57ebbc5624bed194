# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo run`: from the PDFs of a folder to Parquet and DuckDB."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schema.errors import ExitCode

if TYPE_CHECKING:
    from pipeline.pool import OnProgress
    from pipeline.run import Options, Outcome, Report

RAW = Path("data/raw")
OUT = Path("data/processed")


def run(
    editions: Annotated[list[str] | None, typer.Argument(metavar="[EDITION]...", help="Only these editions.")] = None,
    raw: Annotated[Path, typer.Option(help="Folder with the PDFs.")] = RAW,
    out: Annotated[Path, typer.Option(help="Folder for the tables.")] = OUT,
    jobs: Annotated[int, typer.Option(min=1, help="Documents to read at the same time.")] = 1,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds for one document.")] = 60.0,
    memory: Annotated[int, typer.Option(min=512, help="MiB of memory for one document.")] = 2048,
    max_pages: Annotated[int, typer.Option(min=1, help="Pages of one document.")] = 2000,
    max_size: Annotated[int, typer.Option(min=1, help="MiB of one PDF file.")] = 300,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for another run to end.")] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Read every PDF that is new or changed, and store the tables.

    A PDF that cannot be read does not keep the others from being stored; the exit code is then 3.
    """
    from pipeline.jobs import MEBIBYTE, Limits
    from pipeline.run import Options

    limits = Limits(timeout=timeout, memory=memory * MEBIBYTE, max_pages=max_pages, max_size=max_size * MEBIBYTE)
    options = Options(raw=raw, out=out, editions=tuple(editions or ()), jobs=jobs, limits=limits, wait=wait)
    report = _run_with_progress(options)
    if as_json:
        typer.echo(json.dumps(_as_json(report), ensure_ascii=False, indent=1))
    else:
        for outcome in report.outcomes:
            typer.echo(_line(outcome), err=outcome.status == "failed")
        for editions_of in report.dropped:
            typer.echo(f"changes {' → '.join(editions_of)}: made from older rows, removed; run `koteihyo diff` again")
        typer.echo(f"{out}: {'updated' if report.changed else 'nothing changed'}")
    if report.failed:
        raise typer.Exit(ExitCode.BAD_INPUT)


def _run_with_progress(options: Options) -> Report:
    """Runs; on a terminal with a bar for each document that is being read."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from pipeline.jobs import Progress
    from pipeline.run import run as run_all

    console = Console(stderr=True)
    if not console.is_terminal:
        return run_all(options)
    tasks: dict[str, TaskID] = {}
    with Bars(console=console, transient=True) as bars:

        def show(edition_id: str, progress: Progress) -> None:
            if edition_id not in tasks:
                tasks[edition_id] = bars.add_task(escape(edition_id), total=progress.page_count)
            bars.update(tasks[edition_id], completed=progress.page_no)

        on_progress: OnProgress = show
        return run_all(options, on_progress)


def _line(outcome: Outcome) -> str:
    parts = [f"{outcome.edition_id}: {outcome.status}"]
    summary = outcome.summary
    if outcome.failure is not None:
        parts.append(f"{outcome.failure.reason}: {outcome.failure.message}")
        if summary is not None:
            parts.append("the rows of its last good reading are kept")
    elif outcome.status == "removed":
        parts.append(f"{outcome.file} is not there any more")
    elif summary is not None:
        parts.append(f"{summary.pages} pages, {summary.charts} charts, {summary.items} items")
        if summary.coverage is None:
            parts.append("no roadmap page found: koteihyo inspect shows what was read")
        else:
            parts.append(f"{summary.coverage:.1%} of the charts' text in records")
        parts.append(f"{summary.findings} findings ({summary.warnings} to look at)")
    return ", ".join(parts)


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "changed": report.changed,
        "editions": [
            {
                "edition_id": outcome.edition_id,
                "file": outcome.file,
                "status": outcome.status,
                "reason": outcome.failure.reason if outcome.failure else None,
                "message": outcome.failure.message if outcome.failure else None,
                "summary": outcome.summary.model_dump() | {"coverage": outcome.summary.coverage}
                if outcome.summary
                else None,
            }
            for outcome in report.outcomes
        ],
        "dropped": [list(editions) for editions in report.dropped],
    }
