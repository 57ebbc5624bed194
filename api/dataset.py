# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables that `koteihyo run` stored, read-only."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.comparison import Comparison
from koteihyo.plan import Plan
from koteihyo.schema.errors import UsageError
from koteihyo.schema.records import Edition

if TYPE_CHECKING:
    import polars as pl

    from koteihyo.pipeline.query.ask import Answer, Parameters
    from koteihyo.pipeline.query.connection import QueryLimits
    from koteihyo.pipeline.store.search import Hit


class Dataset:
    """The stored editions and everything that can be asked of them. Open it with `koteihyo.open`."""

    def __init__(self, folder: Path, raw: Path) -> None:
        """Wraps the folder of the tables; use `koteihyo.open`."""
        self.folder = folder
        """The folder of the tables."""
        self.raw = raw
        """The folder of the PDFs, for pictures of their pages."""

    def __repr__(self) -> str:
        return f"<Dataset {self.folder}: {', '.join(e.edition_id for e in self.editions)}>"

    @property
    def editions(self) -> list[Edition]:
        """The stored editions, oldest first."""
        from koteihyo.pipeline.store.stored import stored_editions

        return stored_editions(self.folder)

    @property
    def database(self) -> Path:
        """The DuckDB file, for any other client."""
        from koteihyo.pipeline.store.stored import database_path

        return database_path(self.folder)

    def sql(self, query: str, parameters: Parameters = None, limits: QueryLimits | None = None) -> pl.DataFrame:
        """Asks a question in DuckDB's SQL. Nothing but the tables can be read, and nothing can be changed.

        Args:
            query: One SELECT, DESCRIBE, SUMMARIZE, SHOW, PIVOT or EXPLAIN.
            parameters: Values for `?` (a list) or `$name` (a dict) in the query.
            limits: Rows, seconds and bytes that it may take; 100,000 rows, 60 s and 1 GiB when not given.

        Returns:
            A row for each row of the answer, columns with the types of the answer.

        Raises:
            UsageError: the query is refused or wrong, or went over a limit.
        """
        from koteihyo.pipeline.query.frame import answer_frame

        answer = self.ask(query, parameters, limits)
        if answer.truncated:
            raise UsageError(
                f"the query has more than {len(answer.rows):,} rows; add LIMIT, or raise QueryLimits(rows=…)"
            )
        return answer_frame(answer)

    def ask(self, query: str, parameters: Parameters = None, limits: QueryLimits | None = None) -> Answer:
        """As `sql`, but plain Python values, and rows over the limit are left out and said so (`truncated`).

        Raises:
            UsageError: the query is refused or wrong, or went over its time or memory.
        """
        from koteihyo.pipeline.query.ask import ask

        return ask(self.database, query, parameters, limits)

    def frame(self, table: str) -> pl.DataFrame:
        """A whole table or view as a polars frame.

        Raises:
            UsageError: there is no such table, or it has more than 10,000,000 rows.
        """
        from koteihyo.pipeline.query.connection import QueryLimits

        if not table.isidentifier():
            raise UsageError(f"{table!r} is not the name of a table")
        return self.sql(f'FROM "{table}"', limits=QueryLimits(rows=10_000_000))

    def plan(self, edition_id: str) -> Plan:
        """One edition with all its records; with its pages' pictures where its PDF lies in the folder of the PDFs.

        Raises:
            UsageError: there is no such edition.
            StoreError: a file is damaged.
        """
        from koteihyo.pipeline.store.fingerprint import sha256_file
        from koteihyo.pipeline.store.stored import load_edition

        records = load_edition(self.folder, edition_id)
        pdf = self.raw / records.edition.source_file
        known = pdf.is_file() and sha256_file(pdf) == records.edition.source_sha256
        return Plan(records, pdf if known else None)

    def search(self, query: str, edition: str | None = None, limit: int = 10) -> list[Hit]:
        """The texts that hold the words, best first, with edition, page, place and the words' offsets.

        Raises:
            UsageError: the query has no words, or there is no such edition.
        """
        from koteihyo.pipeline.store.search import search

        return search(self.folder, query, edition, limit)

    def diff(self, old: str, new: str) -> Comparison:
        """What changed from one stored edition to another. Nothing is stored; `koteihyo diff` does that.

        Raises:
            UsageError: there is no such edition.
        """
        from koteihyo.pipeline.diff.changes import compare_editions
        from koteihyo.pipeline.diff.stored import load_compared

        return Comparison(compare_editions(load_compared(self.folder, old), load_compared(self.folder, new)))

    def export(
        self,
        target: str | os.PathLike[str],
        format: str | None = None,
        tables: Sequence[str] = (),
        editions: Sequence[str] = (),
    ) -> dict[str, int]:
        """Writes tables and views as files for other programs, as `koteihyo export` does.

        Args:
            target: The folder to write to; for `xlsx` and `ics` the file.
            format: By the target's name when not given: xlsx, ics, else csv. `csv` (for Excel, UTF-8 with BOM), `xlsx` (one workbook, the plan drawn in it), `jsonl`,
                `datapackage` (Frictionless) or `ics` (a calendar).
            tables: Names of tables and views; all but `tokens` and `blocks` when empty. A calendar has none.
            editions: Ids of editions; all when empty.

        Returns:
            The number of rows of each table written; of a calendar the number of its `events`.

        Raises:
            UsageError: there is no such format, table or edition, or the target's name does not fit the format.
            StoreError: the target cannot be written.
        """
        from koteihyo.pipeline.export.write import Format, format_of, write_export

        if format is not None and format not in list(Format):
            raise UsageError(f"{format!r} is no format; there are {', '.join(Format)}")
        path = Path(target)
        return write_export(self.folder, path, Format(format) if format else format_of(path), tables, editions)

    def site(self, to: str | os.PathLike[str], editions: Sequence[str] = ()) -> Path:
        """Writes a site to look at plans, pages and changes in the browser, as `koteihyo site` does.

        Args:
            to: The folder to write; it must be new, empty, or an earlier site.
            editions: Ids of editions; all when empty.

        Returns:
            The page to open.

        Raises:
            UsageError: there is no such edition, or the folder holds something else.
            StoreError: the folder cannot be written.
        """
        from koteihyo.pipeline.site.write import write_site

        write_site(self.folder, self.raw, Path(to), editions)
        return Path(to) / "index.html"


def open_dataset(folder: str | os.PathLike[str] | None, raw: str | os.PathLike[str] | None = None) -> Dataset:
    """What `koteihyo.open` does.

    Raises:
        StoreError: nothing is stored there.
    """
    from koteihyo.pipeline.settings import folders
    from koteihyo.pipeline.store.layout import DATABASE_FILE
    from koteihyo.pipeline.store.stored import database_path

    path = Path(folder).expanduser() if folder is not None else folders().out
    # Whoever knows the DuckDB file means what lies beside it.
    path = path.parent if path.name == DATABASE_FILE and path.is_file() else path
    database_path(path)
    return Dataset(path, Path(raw) if raw is not None else folders().raw)


def described_tables(name: str | None) -> pl.DataFrame:
    """What `koteihyo.tables` does.

    Raises:
        UsageError: there is no such table.
    """
    import polars as pl

    from koteihyo.pipeline.store import described

    known = described.described_tables()
    if name is None:
        rows = [(table.name, table.comment) for table in known.values()]
        return pl.DataFrame(rows, schema=["table", "meaning"], orient="row")
    if name not in known:
        raise UsageError(f"there is no table {name!r}; there are {', '.join(known)}")
    cells = [(column.name, column.sql_type, column.nullable, column.comment) for column in known[name].columns]
    return pl.DataFrame(cells, schema=["column", "type", "nullable", "meaning"], orient="row")
