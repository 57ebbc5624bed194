# SPDX-License-Identifier: AGPL-3.0-or-later
"""SQL of others: the tables can be read, and nothing else can be reached, changed or worn out."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest

from koteihyo.pipeline.query.ask import ask
from koteihyo.pipeline.query.connection import MEBIBYTE, QueryLimits, connect
from koteihyo.schema.errors import UsageError

SMALL = QueryLimits(rows=10, seconds=20, memory=256 * MEBIBYTE)

HOSTILE = [
    "DELETE FROM schedule_items",
    "UPDATE editions SET title = 'x'",
    "INSERT INTO notes SELECT * FROM notes",
    "DROP TABLE schedule_items",
    "CREATE TABLE x AS SELECT 1",
    "CREATE TEMP TABLE x AS SELECT 1",
    "CREATE OR REPLACE MACRO plain_form(word) AS word",
    "ATTACH '/tmp/koteihyo-hostile.duckdb' AS other",
    "COPY schedule_items TO '/tmp/koteihyo-hostile.csv'",
    "COPY notes FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/koteihyo-hostile'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA enable_profiling",
    "CALL enable_logging()",
    "FROM enable_logging(storage := 'file', storage_path := '/tmp/koteihyo-hostile.log')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_parquet('https://example.org/x.parquet')",
    "FROM glob('/etc/*')",
    "FROM sniff_csv('/etc/passwd')",
    "FROM query('FROM read_text(''/etc/passwd'')')",
    "SELECT getenv('HOME')",
    "CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET 'y')",
    "PREPARE p AS DELETE FROM notes",
    "SELECT 1; DELETE FROM notes",
    "EXPLAIN ANALYZE DELETE FROM notes",
    "WITH gone AS (DELETE FROM notes RETURNING *) SELECT * FROM gone",
    "FROM arrow_scan(1, 2, 3)",
    "CHECKPOINT",
    "SELECT * FROM hostile_frame",
    "",
    "SELEC 1",
]


@pytest.mark.parametrize("statement", HOSTILE)
def test_a_hostile_statement_is_refused(statement: str, database: Path) -> None:
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    hostile_frame = [1]
    with pytest.raises(UsageError) as refusal:
        ask(database, statement, limits=SMALL)
    assert "root:" not in str(refusal.value)
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
    assert not list(Path("/tmp").glob("koteihyo-hostile*"))
    assert hostile_frame


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM range(1000000000000000)",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
        "SELECT jaro_winkler_similarity(repeat('a', 3000000), repeat('b', 3000000))",
    ],
)
def test_an_endless_query_ends(statement: str, database: Path) -> None:
    began = time.monotonic()
    with pytest.raises(UsageError, match="stopped after 1 s"):
        ask(database, statement, limits=QueryLimits(seconds=1))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("statement", ["SELECT repeat('x', 3000000000)", "SELECT list(a) FROM range(1000000000) t(a)"])
def test_a_query_that_wants_all_memory_ends(statement: str, database: Path) -> None:
    with pytest.raises(UsageError, match="more than 256 MiB of memory"):
        ask(database, statement, limits=SMALL)


def test_rows_over_the_limit_are_left_out_and_said_so(database: Path) -> None:
    answer = ask(database, "SELECT range AS n FROM range(1000)", limits=SMALL)
    assert (len(answer.rows), answer.truncated) == (10, True)
    assert not ask(database, "SELECT range AS n FROM range(10)", limits=SMALL).truncated


@pytest.mark.parametrize(
    "question",
    [
        "FROM search('実証') LIMIT 1",
        "DESCRIBE schedule_items",
        "SHOW TABLES",
        "SUMMARIZE editions",
        "PIVOT schedule_items ON kind USING count(*) GROUP BY edition_id",
        "EXPLAIN SELECT 1",
    ],
)
def test_every_kind_of_question_is_answered(question: str, database: Path) -> None:
    assert ask(database, question, limits=SMALL).rows


def test_values_are_given_as_parameters(database: Path) -> None:
    text = "'; DROP TABLE notes; --"
    assert ask(database, "SELECT ? AS a, ? AS b", [text, 2]).rows == [(text, 2)]
    assert ask(database, "SELECT $a AS a", {"a": text}).columns == (("a", "VARCHAR"),)


def test_our_own_queries_go_through_the_same_connection(database: Path) -> None:
    import duckdb

    with connect(database) as connection, pytest.raises(duckdb.Error):
        connection.execute("SET lock_configuration = false")
