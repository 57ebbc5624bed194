# SPDX-License-Identifier: AGPL-3.0-or-later
"""One long document read by several workers: each reads some pages in a row, and one of them joins what they found.

The rows are those of one worker that reads it all. Where that is not certain (a page fails, time is short, a chart goes
on over more pages than a part looks back) the document is read by one worker after all.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from koteihyo.normalize.headings.outline import Step, link_sections
from koteihyo.pipeline.run.allowance import Allowance
from koteihyo.pipeline.run.jobs import Request, Result, table_file
from koteihyo.schema.errors import DocumentError

if TYPE_CHECKING:
    import polars as pl

    from koteihyo.pipeline.store.soundness import Tables
    from koteihyo.schema.records import EditionRecords

PART_FILE = "part.json"
# Fewer pages are not worth a part: each part looks at two pages before its own.
PAGES_EACH = 8


class _Seam(BaseModel):
    """What joins a part to the parts before and after it."""

    trail: list[Step]
    before: str
    handed_on: str
    is_complete: bool
    sha256: str


def split(page_count: int, parallel: int) -> list[tuple[int, int]]:
    """(first, last) page of each part, as equal as can be."""
    # Pages differ in what they cost: with two parts for each worker none waits long for another.
    number = max(1, min(2 * parallel, page_count // PAGES_EACH))
    edges = [page_count * i // number for i in range(number + 1)]
    return [(start + 1, end) for start, end in itertools.pairwise(edges)]


def read_pages(request: Request, pdf: Path, folder: Path) -> Result:
    """Reads the pages of a request's part into Parquet files and a note of what joins them to the others.

    Raises:
        DocumentError: one of the pages cannot be read.
    """
    from koteihyo.normalize.facts.edition_facts import with_facts
    from koteihyo.pipeline.run.reading import read_part
    from koteihyo.pipeline.store.frames import write_frame

    assert request.part is not None
    watch = Allowance(request, folder)
    part = read_part(pdf, request.edition, request.part, witness=request.limits.witness, watch=watch)
    first = request.part[0]
    if first > 1 and any(f.kind == "witness_failed" and f.page_no == first for f in part.records.findings):
        # If it is for the whole document that a reader fails, only one part may say so.
        raise DocumentError(f"{pdf.name}, page {first}: another reader cannot read it", reason="witness")
    records = with_facts(part.records) if request.limits.facts else part.records
    for model, frame in tables_of(records).items():
        write_frame(table_file(folder, model.TABLE), model, frame)
    sha256 = part.records.edition.source_sha256
    seam = _Seam(
        trail=part.trail, before=part.before, handed_on=part.handed_on, is_complete=part.is_complete, sha256=sha256
    )
    (folder / PART_FILE).write_text(seam.model_dump_json(), encoding="utf-8")
    return Result(sha256=sha256)


def join_pages(request: Request) -> tuple[Tables, str] | None:
    """The tables of a document out of its parts, and its SHA-256; None where they are not those of one reading."""
    import polars as pl

    from koteihyo.schema.catalog import EDITION_TABLES
    from koteihyo.schema.records import Edition, Page, Section

    seams = [_Seam.model_validate_json((folder / PART_FILE).read_bytes()) for folder in request.parts]
    fits = all(one.handed_on == other.before for one, other in itertools.pairwise(seams))
    # A row that goes on over the edge of a part is completed by one worker that has both of its pages.
    if not fits or not all(seam.is_complete for seam in seams) or len({seam.sha256 for seam in seams}) > 1:
        return None
    tables = {}
    for model in EDITION_TABLES:
        files = [table_file(folder, model.TABLE) for folder in request.parts]
        frames = [pl.read_parquet(file, glob=False, hive_partitioning=False) for file in files]
        tables[model] = pl.concat(frames[:1] if model is Edition else frames, rechunk=True)
    links = link_sections(step for seam in seams for step in seam.trail)
    tables[Section] = _linked(tables[Section], links)
    return (tables, seams[0].sha256) if tables[Page]["glyph_count"].sum() else None


def tables_of(records: EditionRecords) -> Tables:
    """The tables of an edition, page by page: what several readings found on a page stands together."""
    from koteihyo.pipeline.store.frames import records_of, to_frame
    from koteihyo.schema.catalog import EDITION_TABLES

    tables = {model: to_frame(model, records_of(records, model)) for model in EDITION_TABLES}
    return {
        model: frame.sort("page_no", maintain_order=True).rechunk() if "page_no" in frame.columns else frame
        for model, frame in tables.items()
    }


def _linked(sections: pl.DataFrame, links: dict[str, tuple[str | None, list[str]]]) -> pl.DataFrame:
    import polars as pl

    found = [links[section_id] for section_id in sections["section_id"]]
    return sections.with_columns(
        pl.Series("parent_id", [parent for parent, _path in found], dtype=sections["parent_id"].dtype),
        pl.Series("path", [path for _parent, path in found], dtype=sections["path"].dtype),
    )
