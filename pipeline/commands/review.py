# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo review`: the least certain items, each with a picture, to decide fast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from koteihyo.pipeline.commands.options import OUT_DEFAULT, RAW_DEFAULT, Json, Out, Raw

if TYPE_CHECKING:
    from koteihyo.schema.records import ScheduleItem


def review(
    edition: Annotated[str, typer.Argument(help="Id of a stored edition.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many items.")] = 20,
    images: Annotated[Path | None, typer.Option(help="Folder for a picture of each item (PNG).")] = None,
    raw: Raw = RAW_DEFAULT,
    out: Out = OUT_DEFAULT,
    json: Json = False,
) -> None:
    """List the least certain items of an edition, with what decided them and how to correct them."""
    from koteihyo.dataset import open_dataset
    from koteihyo.pipeline.picture import save_crops
    from koteihyo.pipeline.terminal import as_json, table
    from koteihyo.schema.errors import cannot_write

    plan = open_dataset(out, raw).plan(edition)
    records, doubtful = plan.records, plan.least_certain(limit)
    titles = {s.section_id: " / ".join(s.path) for s in records.sections}
    names = {r.row_id: r.name for r in records.table_rows}
    files: dict[str, Path] = {}
    if images is not None:
        try:
            images.mkdir(parents=True, exist_ok=True)
            files = save_crops(records, raw / records.edition.source_file, doubtful, images)
        except OSError as error:
            raise cannot_write(images, error) from error
    entries = [
        {
            "item_id": item.item_id,
            "page": item.page_no,
            "confidence": item.confidence,
            "text": item.text,
            "years": f"{item.fy_start}-{item.fy_end}",
            "category": item.category or "",
            "place": titles.get(item.section_id or "", names.get(item.row_id or "", "")),
            "evidence": item.evidence,
            "image": str(files.get(item.item_id, "")),
        }
        for item in doubtful
    ]
    if json:
        print(as_json(entries))
        return
    print(table(tuple(entries[0]) if entries else ("item_id",), [tuple(e.values()) for e in entries], 40))
    if doubtful:
        print(
            f"\nTo correct one, click in `koteihyo serve`, or write into data/corrections/{edition}.yaml, for example:\n{_example(doubtful[0])}"
        )


def _example(item: ScheduleItem) -> str:
    from koteihyo.pipeline.terminal import clean

    text = clean(item.text).replace("\\", "\\\\").replace('"', '\\"')
    return (
        f'- page: {item.page_no}\n  text: "{text}"\n  years: [{item.fy_start}, {item.fy_end}]\n'
        "  set: {fy_start: 2024, fy_end: 2025}\n  reason: read by eye on the page\n  by: your name"
    )
