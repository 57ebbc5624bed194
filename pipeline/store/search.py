# SPDX-License-Identifier: AGPL-3.0-or-later
"""Searches the stored texts: the query is cut into words by Sudachi, as the texts were, and ranked in SQL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.normalize.text.tokens import PASSED_OVER, tokenize
from koteihyo.pipeline.query.connection import connect
from koteihyo.pipeline.store.stored import chosen_editions, database_path
from koteihyo.schema.errors import StoreError, UsageError

if TYPE_CHECKING:
    import duckdb

_RANKED = """
WITH units AS (SELECT list_transform($units, lambda u: {'part_no': u.part_no, 'place': u.place,
                                                        'word': plain_form(u.word)}) AS units)
SELECT row_number() OVER (ORDER BY s.score DESC, t.edition_id, t.text_no) AS rank, s.score, s.edition_id, s.page_no, p.printed_page,
       s.place, s.text, s.fy_start, s.fy_end, s.record_table, s.record_id
FROM search_units((SELECT units FROM units), edition := $edition) AS s
JOIN texts AS t USING (edition_id, record_table, record_id)
LEFT JOIN pages AS p ON p.edition_id = s.edition_id AND p.page_no = s.page_no
ORDER BY rank
LIMIT $limit
"""

_MARKS = """
SELECT char_start, char_end
FROM tokens
WHERE edition_id = $edition AND record_table = $table AND record_id = $record AND unit = 'A'
    AND plain_form(normalized) IN (SELECT plain_form(unnest($words)))
ORDER BY char_start
"""


@dataclass(frozen=True)
class Hit:
    """One text that was found. `marks` are the offsets of the query's words in it."""

    rank: int
    score: float
    edition_id: str
    page_no: int
    printed_page: str | None
    place: str | None
    text: str
    fy_start: int | None
    fy_end: int | None
    record_table: str
    record_id: str
    marks: tuple[tuple[int, int], ...] = ()


def query_units(query: str) -> list[dict[str, int | str]]:
    """The query's words in short units, in the form that the macro `search_units` takes."""
    return [
        {"part_no": part_no, "place": place, "word": token.normalized}
        for part_no, part in enumerate(query.split(), start=1)
        for place, token in enumerate(tokenize(part, "A"), start=1)
        if not token.pos.startswith(PASSED_OVER)
    ]


def search(out: Path, query: str, edition: str | None = None, limit: int = 10) -> list[Hit]:
    """The stored texts that hold the query's words, best first.

    Raises:
        UsageError: the query has no words, or there is no such edition.
        StoreError: nothing was stored yet, or the database is of another version.
    """
    import duckdb

    units = query_units(query)
    if not units:
        raise UsageError(f"the query {query!r} has no words to search for")
    words = [unit["word"] for unit in units]
    chosen_editions(out, () if edition is None else (edition,))
    with connect(database_path(out)) as connection:
        try:
            rows = connection.execute(_RANKED, {"units": units, "edition": edition, "limit": limit}).fetchall()
            hits = [Hit(*row) for row in rows]
            return [replace(hit, marks=_marks(connection, hit, words)) for hit in hits]
        except duckdb.CatalogException as error:
            raise StoreError(f"{out}: was stored by another version of koteihyo; run `koteihyo run` first") from error


def snippet(hit: Hit, length: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A piece of the text around its first mark, with … where it is cut, and the marks in it."""
    if len(hit.text) <= length:
        return hit.text, hit.marks
    first = hit.marks[0][0] if hit.marks else 0
    # A third of the piece comes before the first mark, unless the text ends too soon.
    start = max(0, min(first - length // 3, len(hit.text) - length))
    end = start + length
    head, tail = "…" if start else "", "…" if end < len(hit.text) else ""
    shift = len(head) - start
    marks = tuple((a + shift, min(b, end) + shift) for a, b in hit.marks if start <= a < end)
    return head + hit.text[start:end] + tail, marks


def _marks(connection: duckdb.DuckDBPyConnection, hit: Hit, words: list[int | str]) -> tuple[tuple[int, int], ...]:
    parameters = {"edition": hit.edition_id, "table": hit.record_table, "record": hit.record_id, "words": words}
    marks: list[tuple[int, int]] = []
    for start, end in connection.execute(_MARKS, parameters).fetchall():
        if marks and marks[-1][1] == start:
            start = marks.pop()[0]
        marks.append((start, end))
    return tuple(marks)
