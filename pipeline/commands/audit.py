# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo audit`: how much of an edition's text is in records, and what was not understood."""

from __future__ import annotations

from typing import Annotated

import typer

from koteihyo.pipeline.commands.options import OUT_DEFAULT, Json, Out


def audit(
    edition: Annotated[str, typer.Argument(help="Id of a stored edition.")],
    out: Out = OUT_DEFAULT,
    everything: Annotated[bool, typer.Option("--all", help="Also what was expected (severity info).")] = False,
    json: Json = False,
) -> None:
    """Print an edition's coverage page by page, and its findings."""
    from koteihyo.pipeline.store.stored import load_table
    from koteihyo.pipeline.terminal import as_json, table
    from koteihyo.schema.records import Finding, Page

    pages = load_table(out, edition, Page)
    findings = [f for f in load_table(out, edition, Finding) if everything or f.severity != "info"]
    if json:
        print(
            as_json(
                {
                    "pages": [p.model_dump(mode="json") for p in pages],
                    "findings": [f.model_dump(mode="json") for f in findings],
                }
            )
        )
        return
    rows: list[tuple[object, ...]] = [
        (
            p.page_no,
            p.printed_page,
            p.kind,
            p.glyph_count,
            p.glyphs_in_records,
            _share(p.glyphs_in_records, p.glyph_count),
        )
        for p in pages
    ]
    total, kept = sum(p.glyph_count for p in pages), sum(p.glyphs_in_records for p in pages)
    rows.append(("all", None, "", total, kept, _share(kept, total)))
    print(table(("page", "printed", "kind", "glyphs", "in records", "coverage"), rows))
    print(f"\n{len(findings)} findings" + ("" if everything else " to look at (--all shows the expected ones too)"))
    if findings:
        print(
            table(
                ("page", "kind", "severity", "message", "text", "x0", "y0"),
                [(f.page_no, f.kind, f.severity, f.message, f.text, f.x0, f.y0) for f in findings],
                50,
            )
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""
