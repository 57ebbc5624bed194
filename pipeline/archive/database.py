# SPDX-License-Identifier: AGPL-3.0-or-later
"""A DuckDB file of views over an archive's Parquet files, with the views and the search of the ordinary store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.pipeline.archive.dataset import counting
from koteihyo.pipeline.archive.merge import TABLES, batch_file
from koteihyo.pipeline.archive.storage import Folder
from koteihyo.pipeline.replacing import replacing
from koteihyo.pipeline.store.database import SETTINGS, create_tables, create_views, fill_search, glob_literal
from koteihyo.schema.archive import Document
from koteihyo.schema.catalog import PAIR_TABLES
from koteihyo.schema.errors import StoreError
from koteihyo.schema.record import Record
from koteihyo.schema.tables import columns, sql_string, table_comment

if TYPE_CHECKING:
    import duckdb


def write_database(path: Path, archive: Folder) -> None:
    """Makes the file anew; of a failure the old one stays.

    The tables are views, so that new batches show at once; the search has tables of its own, and knows new texts after
    the next call.

    Raises:
        StoreError: it cannot be made.
    """
    import duckdb

    try:
        with replacing(path) as draft:
            draft.unlink(missing_ok=True)
            with duckdb.connect(str(draft.absolute()), config=dict(SETTINGS)) as connection:
                for model in TABLES:
                    _view(connection, model, archive.root / model.TABLE / "*.parquet")
                create_tables(connection, PAIR_TABLES)
                create_views(connection)
                for batch_id in counting(archive):
                    _fill(connection, archive.root, batch_id)
                connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise StoreError(f"{path}: cannot be made ({str(error).strip().splitlines()[0]})") from error


def _view(connection: duckdb.DuckDBPyConnection, model: type[Record], pattern: Path) -> None:
    files = f"{glob_literal(pattern.parent)}/{pattern.name}"
    connection.execute(
        f"CREATE VIEW {model.TABLE} AS SELECT * FROM read_parquet({sql_string(files)}, hive_partitioning = false)"
    )
    connection.execute(f"COMMENT ON VIEW {model.TABLE} IS {sql_string(table_comment(model))}")
    for column in columns(model):
        connection.execute(f"COMMENT ON COLUMN {model.TABLE}.{column.name} IS {sql_string(column.comment)}")


def _fill(connection: duckdb.DuckDBPyConnection, root: Path, batch_id: str) -> None:
    for model in TABLES:
        if model is not Document:
            file = sql_string(glob_literal(root / batch_file(model.TABLE, batch_id)))
            connection.execute(
                f"CREATE OR REPLACE TEMP VIEW new_{model.TABLE} AS "
                f"SELECT * FROM read_parquet({file}, hive_partitioning = false)"
            )
    fill_search(connection)
