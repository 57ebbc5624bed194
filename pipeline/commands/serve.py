# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo serve`: the explorer from the live tables, with the review desk."""

from __future__ import annotations

from typing import Annotated

import typer

from koteihyo.pipeline.commands.options import OUT_DEFAULT, RAW_DEFAULT, Out, Raw


def serve(
    editions: Annotated[
        list[str] | None, typer.Argument(metavar="[EDITION]...", help="Stored editions; default: all.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes any free one.")] = 8765,
    witness: Annotated[bool, typer.Option(help="As in `koteihyo run`, for editions that are corrected.")] = True,
    browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    raw: Raw = RAW_DEFAULT,
    out: Out = OUT_DEFAULT,
) -> None:
    """Look at the tables in the browser and correct what was read; only for this machine (needs the extra `serve`).

    Corrections go into EDITION.yaml in the folder `corrections` beside the folder of PDFs (data/raw: data/corrections),
    and from there into the tables. Ctrl-C ends it.
    """
    from koteihyo.pipeline.run.jobs import Limits
    from koteihyo.pipeline.serve.run import serve as run

    def ready(address: str) -> None:
        print(f"{address}  (Ctrl-C ends it)", flush=True)
        if browser:
            import webbrowser

            webbrowser.open(address)

    run(out, raw, port, tuple(editions or ()), Limits(witness=witness), ready)
