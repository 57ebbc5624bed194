# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo archive`: many PDFs, on this machine or on a cluster, into one data set of Parquet files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from koteihyo.pipeline.commands.options import Json
from koteihyo.schema.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from koteihyo.pipeline.archive.engines import Engine
    from koteihyo.pipeline.archive.tally import Tally


def archive(
    source: Annotated[str, typer.Argument(help="Folder of PDFs, list of paths and addresses, or s3://, gs://, az://.")],
    to: Annotated[str, typer.Option("--to", help="Folder or prefix (s3://, gs://, az://) of the data set.")],
    engine: Annotated[str, typer.Option(help="Who places the work: local or dask.")] = "local",
    jobs: Annotated[int, typer.Option(min=1, help="Documents to read at the same time (local).")] = os.cpu_count() or 1,
    scheduler: Annotated[
        str | None, typer.Option(envvar="DASK_SCHEDULER_ADDRESS", help="Address of the Dask scheduler.")
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds for one document.")] = 180.0,
    memory: Annotated[int, typer.Option(min=512, help="MiB of memory for one document.")] = 2048,
    max_pages: Annotated[int, typer.Option(min=1, help="Pages of one document.")] = 2000,
    max_size: Annotated[int, typer.Option(min=1, help="MiB of one PDF file.")] = 300,
    witness: Annotated[bool, typer.Option(help="Let a second reader check the first (a quarter more time).")] = True,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Read again what could not be read.")] = False,
    reread: Annotated[bool, typer.Option("--reread", help="Read again what another version has read.")] = False,
    duckdb: Annotated[Path | None, typer.Option(help="Make a DuckDB file of views over the data set here.")] = None,
    log: Annotated[Path | None, typer.Option(help="Append a log of JSON lines to this file.")] = None,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for another run to end.")] = 0.0,
    json: Json = False,
) -> None:
    """Read many PDFs into one data set; stopped or killed at any moment, it goes on where it was.

    The table `documents` says of every input what became of it. With inputs that could not be read the exit code is 3.
    """
    from koteihyo.pipeline.archive.drive import Options
    from koteihyo.pipeline.archive.drive import archive as run
    from koteihyo.pipeline.archive.plan import Again
    from koteihyo.pipeline.archive.storage import Folder, is_object_url
    from koteihyo.pipeline.archive.tell import telling
    from koteihyo.pipeline.run.jobs import MEBIBYTE, Limits
    from koteihyo.pipeline.terminal import as_json

    if duckdb is not None and is_object_url(to):
        raise UsageError("--duckdb needs a data set in a folder; copy it from object storage, or query it as it stands")
    limits = Limits(
        timeout=timeout, memory=memory * MEBIBYTE, max_pages=max_pages, max_size=max_size * MEBIBYTE, witness=witness
    )
    options = Options(source=source, to=to, limits=limits, again=Again(retry_failed, reread), wait=wait)
    machines = _engine(engine, jobs, scheduler)
    try:
        with telling(log) as tell:
            tally = run(options, machines, tell)
    finally:
        machines.close()
    if duckdb is not None and tally.stored:
        from koteihyo.pipeline.archive.database import write_database

        write_database(duckdb, Folder(Path(to)))
    if json:
        print(as_json(tally.described()))
    else:
        _print(to, tally)
    if tally.failures or tally.partial:
        raise typer.Exit(int(ExitCode.BAD_INPUT))


def _engine(name: str, jobs: int, scheduler: str | None) -> Engine:
    from koteihyo.pipeline.archive.engines import dask_engine, local_engine

    if name == "local":
        return local_engine(jobs)
    if name == "dask":
        return dask_engine(scheduler)
    raise UsageError(f"--engine {name}: there are local and dask")


def _print(to: str, tally: Tally) -> None:
    from koteihyo.pipeline.terminal import clean

    unchanged = tally.inputs - tally.to_read
    print(f"{tally.inputs:,} inputs, {unchanged:,} unchanged, {tally.read:,} read in {tally.seconds:,.0f} s")
    print(
        f"{tally.plans:,} with a plan, {tally.read - tally.plans - tally.failures.total():,} without, {tally.pages:,} pages"
    )
    for reason, count in tally.failures.most_common():
        print(f"{count:,} failed: {reason}")
    if tally.partial:
        print(f"{tally.partial:,} only in part")
    if tally.lost:
        print(f"{tally.lost:,} times work was lost, and done again")
    print(
        clean(
            f"{to}: {tally.stored:,} documents, {tally.stored_plans:,} of them with a plan, in {tally.batches:,} batches"
        )
    )
