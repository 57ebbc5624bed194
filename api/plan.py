# SPDX-License-Identifier: AGPL-3.0-or-later
"""One edition of a plan, read from a PDF or from the stored tables."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from koteihyo.pictures import Gantt, Picture
from koteihyo.schema.catalog import EDITION_TABLES
from koteihyo.schema.errors import DocumentError, UsageError
from koteihyo.schema.records import Edition, EditionRecords, Finding, Page, ScheduleItem, Section

if TYPE_CHECKING:
    import polars as pl

    from koteihyo.pipeline.run.jobs import Limits

_TABLES = {model.TABLE: model for model in EDITION_TABLES}


class Plan:
    """What was read from one edition: records, tables and pictures. It never changes.

    >>> import koteihyo
    >>> plan = koteihyo.read("data/raw/sample-2024.pdf")
    >>> bar = plan.items[0]
    >>> bar.text, bar.fy_start, bar.fy_end, bar.page_no, bar.confidence > 0.9
    ('認証方式の比較検討', 2024, 2024, 2, True)
    >>> plan.frame("item_targets").select("value", "unit", "text").row(0)
    (3.0, '自治体', '３自治体')
    >>> sorted(plan.frames())[:4]
    ['blocks', 'charts', 'editions', 'findings']
    """

    def __init__(self, records: EditionRecords, pdf: Path | None = None) -> None:
        """Wraps the records of an edition; use `koteihyo.read` or `Dataset.plan`."""
        self.records = records
        """All records, a list for each table."""
        self.pdf = pdf
        """The file they were read from; None when it is not known."""

    def __repr__(self) -> str:
        r = self.records
        counts = f"{len(r.pages)} pages, {len(r.charts)} charts, {len(r.schedule_items)} items"
        return f"<Plan {r.edition.edition_id}: {counts}>"

    @property
    def edition(self) -> Edition:
        """Id, title, date of publication and hash of the file."""
        return self.records.edition

    @property
    def items(self) -> list[ScheduleItem]:
        """Bars, marks, milestones, labels and call-outs in reading order.

        `fy_start` and `fy_end` are fiscal years, both included; `start_pos` and `end_pos` places on the fiscal-year
        axis (2022.5 is 1 October 2022); `x0`, `y0`, `x1`, `y1` PDF points from the top left of the page.
        """
        return self.records.schedule_items

    @property
    def sections(self) -> list[Section]:
        """Headings in reading order, each with its whole path."""
        return self.records.sections

    @property
    def pages(self) -> list[Page]:
        """Every page: what it is, and how many of its visible characters (`glyph_count`) are in records."""
        return self.records.pages

    @property
    def findings(self) -> list[Finding]:
        """What became no record, or is in doubt, and why."""
        return self.records.findings

    def frame(self, table: str) -> pl.DataFrame:
        """One table or view as a polars frame, a row a record; `.to_pandas()` and `.to_arrow()` convert it.

        `koteihyo.tables(NAME)` lists the columns with their types and meaning. The view `items` has what most questions
        need in one place: each item with its chapter and the path of its heading or table row as text (`place`).

        Raises:
            UsageError: there is no such table.
        """
        if table not in _TABLES:
            from koteihyo.pipeline.store.described import described_tables

            if table not in (known := described_tables()):
                raise UsageError(f"there is no table {table!r}; there are {', '.join(known)}")
            return self.sql(f'FROM "{table}"')
        return self._frames[table]

    def sql(self, query: str) -> pl.DataFrame:
        """Asks a question in DuckDB's SQL of this edition alone, as `Dataset.sql` does of all that are stored.

        >>> import koteihyo
        >>> plan = koteihyo.read("data/raw/sample-2024.pdf", facts=False)
        >>> plan.sql("SELECT place, count(*) AS n FROM items GROUP BY 1 ORDER BY n DESC").row(0)[1]
        8

        Raises:
            UsageError: the query is refused or wrong, or took too long.
        """
        from koteihyo.pipeline.query.ask import ask
        from koteihyo.pipeline.query.connection import QueryLimits
        from koteihyo.pipeline.query.frame import answer_frame

        return answer_frame(ask(self._database, query, limits=QueryLimits(rows=10_000_000)))

    def frames(self) -> dict[str, pl.DataFrame]:
        """Every table as a polars frame, by its name."""
        return dict(self._frames)

    def picture(self, page: int) -> Picture:
        """A page of the PDF with columns, headings and items drawn on it; a notebook shows it.

        Args:
            page: Physical page number, from 1.

        Raises:
            UsageError: the PDF is not known, as of a plan from the stored tables.
            DocumentError: the file is gone, or has no such page.
        """
        from koteihyo.extract.document import open_document
        from koteihyo.pipeline.picture import SCALE, draw_page

        with open_document(self._known_pdf()) as document:
            samples, width, height = document.render(page, SCALE)
        return Picture(draw_page(self.records, page, samples, (width, height)))

    def explain(self, page: int) -> pl.DataFrame:
        """Which pass of the reading gave each line of a page to what, and why (`text`, `pass`, `to`, `why`).

        Args:
            page: Physical page number, from 1.

        Raises:
            UsageError: the PDF is not known.
            DocumentError: the file is gone, or has no such page.
        """
        import polars as pl

        from koteihyo.extract.document import open_document
        from koteihyo.pipeline.trace import explain_page

        with open_document(self._known_pdf()) as document:
            rows = explain_page(document.page(page))
        return pl.DataFrame(rows, schema=dict.fromkeys(("text", "pass", "to", "why"), pl.String), orient="row")

    def least_certain(self, limit: int = 20) -> list[ScheduleItem]:
        """The items to look at first: the lowest confidence, without those that a person corrected or confirmed."""
        open_ones = [item for item in self.items if item.corrected_by is None]
        return sorted(open_ones, key=lambda item: (item.confidence, item.item_id))[:limit]

    def gantt(self, page: int | None = None) -> Gantt:
        """The plan drawn anew as a Gantt chart in SVG; a notebook shows it.

        Args:
            page: Only what stands on this page; the whole plan when it is not given.

        Raises:
            UsageError: nothing on that page, or in the plan, is an item of a chart.
        """
        from koteihyo.pipeline.drawing.svg import svg

        records = self.records if page is None else _of_page(self.records, page)
        if not records.schedule_items:
            where = "the plan" if page is None else f"page {page}"
            raise UsageError(f"edition {self.edition.edition_id}: {where} has no items to draw")
        return Gantt(svg(records))

    def _known_pdf(self) -> Path:
        if self.pdf is None:
            raise UsageError(
                f"edition {self.edition.edition_id}: where its PDF lies is not known; read it with koteihyo.read(…), "
                "or name the folder of the PDFs with koteihyo.open(…, raw=…)"
            )
        return self.pdf

    @cached_property
    def _database(self) -> Path:
        from koteihyo.pipeline.store.unstored import write_database

        # It goes with the plan.
        self._folder = TemporaryDirectory(prefix="koteihyo-")
        return write_database(self.edition.edition_id, self._frames, Path(self._folder.name))

    @cached_property
    def _frames(self) -> dict[str, pl.DataFrame]:
        from koteihyo.pipeline.store.frames import records_of, to_frame

        return {name: to_frame(model, records_of(self.records, model)) for name, model in _TABLES.items()}


def read_plan(
    pdf: str | os.PathLike[str],
    *,
    edition_id: str | None,
    corrections: Sequence[str | os.PathLike[str]],
    limits: Limits,
    isolated: bool,
) -> Plan:
    """What `koteihyo.read` does.

    Raises:
        DocumentError: the PDF or a file of corrections cannot be read.
    """
    from koteihyo.pipeline.run.isolated import read_isolated
    from koteihyo.pipeline.run.jobs import Request
    from koteihyo.pipeline.run.pool import too_large
    from koteihyo.pipeline.run.reading import read_edition
    from koteihyo.pipeline.sources.discover import id_from_stem, printable

    if "://" in os.fspath(pdf):
        raise UsageError(f"{os.fspath(pdf)}: only files are read; download it first (koteihyo fetch)")
    path = Path(pdf).expanduser().absolute()
    name = edition_id or id_from_stem(path.stem)
    edition = Edition(edition_id=name, title=name, source_sha256="", source_file=printable(path.name), page_count=0)
    files = tuple(Path(file).absolute() for file in corrections)
    if isolated:
        return Plan(read_isolated(Request(pdf=path, edition=edition, limits=limits, corrections=files)), path)
    failure = too_large(path.name, path.stat().st_size, limits) if path.is_file() else None
    if failure is not None:
        raise DocumentError(failure.message, reason=failure.reason)
    records = read_edition(
        path,
        edition,
        max_pages=limits.max_pages,
        witness=limits.witness,
        facts=limits.facts,
        corrections=files,
    )
    return Plan(records, path)


def _of_page(records: EditionRecords, page: int) -> EditionRecords:
    kept = {
        name: [row for row in getattr(records, name) if row.page_no == page]
        for name in ("fiscal_columns", "fiscal_ticks", "schedule_items", "table_rows")
    }
    # Headings of other pages are needed by name where an item's own page does not print them.
    used = {item.section_id for item in kept["schedule_items"]}
    sections = [s for s in records.sections if s.page_no == page or s.section_id in used]
    return records.model_copy(update={**kept, "sections": sections})
