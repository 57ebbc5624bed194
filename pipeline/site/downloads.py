# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables as files that the site offers, with what each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from koteihyo.pipeline.export.excel import write_workbook
from koteihyo.pipeline.export.files import write_spreadsheet_csv
from koteihyo.pipeline.export.tables import DEFAULT_TABLES, Table, open_tables
from koteihyo.pipeline.query.connection import connect_trusted
from koteihyo.pipeline.site.contents import Json
from koteihyo.pipeline.store.frames import to_frame
from koteihyo.pipeline.store.stored import database_path, stored_editions
from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES
from koteihyo.schema.record import Record
from koteihyo.schema.tables import columns, table_comment

if TYPE_CHECKING:
    import polars as pl

FOLDER = "downloads"


Derived = Mapping[type[Record], Sequence[Record]]
"""The rows of tables that are made from several editions."""


def write_downloads(out: Path, editions: Sequence[str], derived: Derived, folder: Path) -> list[Json]:
    """Writes the files into `folder`/downloads and says what they are, for the page that offers them.

    What several editions have to do with each other is as the site shows it (`derived`): the site compares its editions
    itself, whether or not these comparisons are stored.

    Raises:
        UsageError: there is no such edition.
        StoreError: the tables cannot be read or a file cannot be written.
    """
    target = folder / FOLDER
    target.mkdir()
    made = {model.TABLE: to_frame(model, rows) for model, rows in derived.items()}
    with open_tables(out, DEFAULT_TABLES, tuple(editions)) as tables:
        write_workbook(_with(tables, made), target / "koteihyo.xlsx")
    offered = [_offer(folder, "koteihyo.xlsx", "すべての表（一つの Excel ブック）", "All tables in one Excel workbook")]
    with open_tables(out, DEFAULT_TABLES, tuple(editions)) as tables:
        for table in _with(tables, made):
            write_spreadsheet_csv(table, target / f"{table.name}.csv")
            offered.append(
                _offer(folder, f"{table.name}.csv", f"表 {table.name}（CSV、Excel で開けます）", table.comment)
            )
    _write_parquet(out, editions, target)
    for name, frame in made.items():
        frame.write_parquet(target / f"{name}.parquet", compression="zstd")
    offered += [
        _offer(folder, f"{name}.parquet", f"表 {name}（Parquet）", f"Table {name} as Parquet")
        for name in DEFAULT_TABLES
    ]
    if set(editions) == {edition.edition_id for edition in stored_editions(out)}:
        # The file as it is stored knows all editions, so it is offered only where the site shows them all.
        # Its blocks are mostly empty: the sample's 9 MB are 1 MB in the archive.
        with ZipFile(target / "koteihyo.duckdb.zip", "w", ZIP_DEFLATED) as archive:
            archive.write(database_path(out), "koteihyo.duckdb")
        what = "DuckDB ファイル（表・ビュー・検索、zip）", "DuckDB file with views and search, zipped"
        offered.append(_offer(folder, "koteihyo.duckdb.zip", *what))
    return offered


def _write_parquet(out: Path, editions: Sequence[str], target: Path) -> None:
    import duckdb

    with connect_trusted(database_path(out)) as connection:
        for model in EDITION_TABLES:
            if model.TABLE not in DEFAULT_TABLES:
                continue
            shown = duckdb.FunctionExpression(
                "list_contains", duckdb.ConstantExpression(list(editions)), duckdb.ColumnExpression("edition_id")
            )
            rows = connection.table(model.TABLE).filter(shown)
            rows.write_parquet(str(target / f"{model.TABLE}.parquet"), compression="zstd")


def _with(tables: Iterable[Table], made: Mapping[str, pl.DataFrame]) -> Iterator[Table]:
    for table in tables:
        frame = made.get(table.name)
        yield table if frame is None else replace(table, row_count=frame.height, rows=frame.iter_rows())


def table_guide() -> list[Json]:
    """The tables and their columns with what they mean."""
    return [
        {
            "name": model.TABLE,
            "comment": table_comment(model),
            "columns": [{"name": c.name, "type": c.sql_type, "comment": c.comment} for c in columns(model)],
        }
        for model in (*EDITION_TABLES, *PAIR_TABLES)
        if model.TABLE in DEFAULT_TABLES
    ]


def _offer(folder: Path, name: str, japanese: str, english: str) -> Json:
    file = folder / FOLDER / name
    return {"name": name, "href": f"{FOLDER}/{name}", "what": [japanese, english], "bytes": file.stat().st_size}
