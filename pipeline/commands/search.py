# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo search`: finds texts by their words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from koteihyo.pipeline.commands.options import OUT_DEFAULT, Json, Out, check_text

if TYPE_CHECKING:
    from koteihyo.pipeline.store.search import Hit

SNIPPET_LENGTH = 80
BOLD, PLAIN = "\033[1m", "\033[0m"


def search(
    query: Annotated[list[str], typer.Argument(help="Words to look for, in Japanese.", callback=check_text)],
    edition: Annotated[str | None, typer.Option(help="Only this edition.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many texts.")] = 10,
    out: Out = OUT_DEFAULT,
    json: Json = False,
) -> None:
    """Find items, headings, table rows, notes and paragraphs that hold the words, best first."""
    from dataclasses import asdict

    from koteihyo.dataset import open_dataset
    from koteihyo.pipeline.terminal import as_json, clean

    hits = open_dataset(out).search(" ".join(query), edition, limit)
    if json:
        print(as_json([asdict(hit) for hit in hits]))
        return
    if not hits:
        print("nothing found")
    for hit in hits:
        page = f"p.{hit.page_no}" + (f" (printed {hit.printed_page})" if hit.printed_page else "")
        years = (
            ""
            if hit.fy_start is None
            else f"  FY{hit.fy_start}" + (f"–{hit.fy_end}" if hit.fy_end != hit.fy_start else "")
        )
        print(clean(f"{hit.rank}. {hit.edition_id}  {page}{years}  {hit.record_table}  {hit.score:.2f}"))
        if hit.place and hit.record_table != "sections":
            print("   " + clean(hit.place))
        print("   " + _snippet(hit))


def _snippet(hit: Hit) -> str:
    """The piece around the first word found; on a terminal the words are bold."""
    from koteihyo.pipeline.store.search import snippet
    from koteihyo.pipeline.terminal import clean

    text, marks = snippet(hit, SNIPPET_LENGTH)
    if not sys.stdout.isatty():
        return clean(text)
    result, position = "", 0
    for start, end in marks:
        result += clean(text[position:start]) + BOLD + clean(text[start:end]) + PLAIN
        position = end
    return result + clean(text[position:])
