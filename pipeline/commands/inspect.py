# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo inspect`: what was read from a page, as text and as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from koteihyo.pipeline.commands.options import Json


def inspect(
    pdf: Annotated[Path, typer.Argument(help="The PDF to look into.")],
    page: Annotated[int | None, typer.Option(help="Only this page, from 1.")] = None,
    image: Annotated[Path | None, typer.Option(help="Draw the page with what was read on it, as PNG.")] = None,
    ink: Annotated[bool, typer.Option("--ink", help="Draw the shapes, rules and connectors found, too.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say which pass gave each line to what, and why.")] = False,
    stage: Annotated[str | None, typer.Option(help="Draw the page as it stood after this pass.")] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds of computing that it may take.")] = 180.0,
    json: Json = False,
) -> None:
    """Show what is read from a PDF, without storing anything."""
    from koteihyo.extract.document import open_document
    from koteihyo.pipeline.picture import save_picture
    from koteihyo.pipeline.run.isolated import read_isolated
    from koteihyo.pipeline.run.jobs import Limits, Request
    from koteihyo.pipeline.sources.discover import id_from_stem, printable
    from koteihyo.pipeline.terminal import as_json, clean, table
    from koteihyo.pipeline.trace import explain_page, save_stage
    from koteihyo.schema.errors import UsageError, cannot_write
    from koteihyo.schema.records import Edition

    if image is not None and page is None:
        raise UsageError("--image draws one page; name it with --page")
    if explain and page is None:
        raise UsageError("--explain shows the lines of one page; name it with --page")
    if stage is not None and image is None:
        raise UsageError("--stage says what is drawn; name the picture with --image")
    name = id_from_stem(pdf.stem)
    edition = Edition(edition_id=name, title=name, source_sha256="", source_file=printable(pdf.name), page_count=0)
    limits = Limits(timeout=timeout, witness=False, facts=False)
    # Only what a process of its own has read within the limits is read in this one, for the pictures.
    records = read_isolated(Request(pdf=pdf.absolute(), edition=edition, limits=limits, only=page))
    if explain and page is not None:
        with open_document(pdf) as document:
            print(table(("text", "pass", "to", "why"), explain_page(document.page(page)), 40))
        return
    # First: whoever reads what is printed may have seen enough (head).
    if image is not None and page is not None:
        try:
            if stage is None:
                save_picture(records, pdf, page, image, ink=ink)
            else:
                save_stage(pdf, page, stage, image)
        except OSError as error:
            raise cannot_write(image, error) from error
    if json:
        print(as_json(records.model_dump(mode="json")))
    else:
        for read in records.pages:
            charts = sum(c.page_no == read.page_no for c in records.charts)
            print(f"page {read.page_no}: {read.kind}, {charts} charts, {clean(read.chapter or '')}")
            titles = {s.section_id: s.marker + s.title for s in records.sections}
            names = {r.row_id: r.name for r in records.table_rows}
            rows = [
                (
                    item.kind,
                    item.fy_start,
                    item.fy_end,
                    item.text,
                    titles.get(item.section_id or "", names.get(item.row_id or "", "")),
                    f"{item.confidence:.2f}",
                )
                for item in records.schedule_items
                if item.page_no == read.page_no
            ]
            if rows:
                print(table(("kind", "from", "to", "text", "section", "sure"), rows, 50) + "\n")
