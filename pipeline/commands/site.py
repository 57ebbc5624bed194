# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo site`: an explorer of stored editions as a static site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from koteihyo.pipeline.commands.options import OUT_DEFAULT, RAW_DEFAULT, Json, Out, Raw


def site(
    editions: Annotated[
        list[str] | None, typer.Argument(metavar="[EDITION]...", help="Stored editions; default: all.")
    ] = None,
    to: Annotated[Path, typer.Option("--to", help="Folder to write; an earlier site in it is replaced.")] = Path(
        "data/site"
    ),
    raw: Raw = RAW_DEFAULT,
    out: Out = OUT_DEFAULT,
    json: Json = False,
) -> None:
    """Write a site to look at plans, pages and changes in the browser; it needs no server."""
    import sys

    from koteihyo.pipeline.site.write import write_site
    from koteihyo.pipeline.terminal import as_json, clean

    written = write_site(out, raw, to, tuple(editions or ()))
    for edition, problem in written.without_pictures.items():
        print(f"koteihyo: {clean(edition)} has no pictures of pages: {clean(problem)}", file=sys.stderr)
    if json:
        print(as_json({"site": to, **vars(written)}))
    else:
        print(
            f"{clean(to / 'index.html')}: {len(written.editions)} editions, {written.pairs} comparisons, "
            f"{written.bytes / (1 << 20):.1f} MiB"
        )
