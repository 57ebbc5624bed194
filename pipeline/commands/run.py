# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo run`: from the PDFs of a folder to Parquet and DuckDB."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from koteihyo.pipeline.commands.options import OUT_DEFAULT, RAW_DEFAULT, Json, Out, Raw
from koteihyo.schema.errors import ExitCode

if TYPE_CHECKING:
    from koteihyo.pipeline.run.batch import Outcome, Report


def run(
    editions: Annotated[list[str] | None, typer.Argument(metavar="[EDITION]...", help="Only these editions.")] = None,
    raw: Raw = RAW_DEFAULT,
    out: Out = OUT_DEFAULT,
    jobs: Annotated[int, typer.Option(min=1, help="Documents, or parts of a long one, to read at the same time.")] = 1,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds for one document.")] = 180.0,
    memory: Annotated[int, typer.Option(min=512, help="MiB of memory for one document.")] = 2048,
    max_pages: Annotated[int, typer.Option(min=1, help="Pages of one document.")] = 2000,
    max_size: Annotated[int, typer.Option(min=1, help="MiB of one PDF file.")] = 300,
    witness: Annotated[bool, typer.Option(help="Let a second reader check the first (a quarter more time).")] = True,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for another run to end.")] = 0.0,
    json: Json = False,
) -> None:
    """Read every PDF that is new or changed, and store the tables.

    A PDF that cannot be read, or only in part, does not keep the others from being stored; the exit code is then 3.
    """
    from koteihyo.pipeline.commands.progress import page_progress
    from koteihyo.pipeline.run.batch import Options
    from koteihyo.pipeline.run.batch import run as run_all
    from koteihyo.pipeline.run.jobs import MEBIBYTE, Limits
    from koteihyo.pipeline.terminal import as_json, clean

    limits = Limits(
        timeout=timeout, memory=memory * MEBIBYTE, max_pages=max_pages, max_size=max_size * MEBIBYTE, witness=witness
    )
    options = Options(raw=raw, out=out, editions=tuple(editions or ()), jobs=jobs, limits=limits, wait=wait)
    with page_progress(shown=not json) as on_progress:
        report = run_all(options, on_progress)
    for problem in report.unused:
        print(f"koteihyo: {clean(problem)}", file=sys.stderr)
    if json:
        print(as_json(_described(report)))
    else:
        for outcome in report.outcomes:
            print(clean(_line(outcome)), file=sys.stderr if outcome.status == "failed" else sys.stdout)
        for group in report.dropped:
            print(clean(f"changes {' → '.join(group)}: made from older rows and removed; run `koteihyo diff` again"))
        print(f"{clean(out)}: {'updated' if report.changed else 'nothing changed'}")
    if report.failed or report.partial:
        raise typer.Exit(int(ExitCode.BAD_INPUT))


def _line(outcome: Outcome) -> str:
    parts = [f"{outcome.edition_id}: {outcome.status}"]
    summary = outcome.summary
    if outcome.failure is not None:
        parts.append(f"{outcome.failure.reason}: {outcome.failure.message}")
        if summary is not None:
            parts.append("the rows of its last good reading are kept")
    elif outcome.status == "renamed":
        parts.append(f"{outcome.file} is edition {outcome.now} now")
    elif outcome.status == "removed":
        parts.append(f"{outcome.file} is not there any more")
    elif summary is not None:
        parts.append(f"{summary.pages} pages, {summary.charts} charts, {summary.items} items")
        if summary.coverage is None:
            parts.append("no roadmap page found: koteihyo inspect shows what was read")
        else:
            parts.append(f"{summary.coverage:.1%} of the charts' text in records")
        if summary.pages_not_read:
            parts.append(f"partial: {summary.pages_not_read} of {summary.pages} pages not read (see the findings)")
        parts.append(f"{summary.findings} findings ({summary.warnings} to look at)")
    return ", ".join(parts)


def _described(report: Report) -> dict[str, Any]:
    return {
        "changed": report.changed,
        "editions": [
            {
                "edition_id": outcome.edition_id,
                "file": outcome.file,
                "status": outcome.status,
                "now": outcome.now,
                "reason": outcome.failure.reason if outcome.failure else None,
                "message": outcome.failure.message if outcome.failure else None,
                "summary": outcome.summary.model_dump() | {"coverage": outcome.summary.coverage}
                if outcome.summary
                else None,
            }
            for outcome in report.outcomes
        ],
        "dropped": [list(editions) for editions in report.dropped],
        "unused": list(report.unused),
    }
