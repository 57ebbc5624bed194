# SPDX-License-Identifier: AGPL-3.0-or-later
"""The index of the site's search: the tables of the SQL search, so that the browser finds and ranks the same texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from koteihyo.pipeline.query.connection import connect_trusted
from koteihyo.pipeline.site.contents import Json, clean, short_id
from koteihyo.pipeline.store.stored import database_path

# Every text with what its hit shows, in the order that breaks ties.
_TEXTS = """
SELECT text_no, edition_id, record_table, record_id, page_no, place, fy_start, fy_end, text, word_count
FROM texts WHERE list_contains($editions, edition_id) ORDER BY edition_id, text_no
"""
_WORDS = """
SELECT word, edition_id, text_no, position
FROM search_words WHERE list_contains($editions, edition_id) ORDER BY word, edition_id, text_no, position
"""
_FORMS = "SELECT form, word, is_particle, cost FROM search_forms ORDER BY form"


def search_contents(out: Path, editions: Sequence[str]) -> Json:
    """The index over the texts of some editions.

    `texts` are rows in reading order; `words` maps a word to its places, a flat list of text number (its place in
    `texts`) and position; `forms` maps a way of writing to [word, cost], or to [null, cost] where a search passes it
    over.
    """
    with connect_trusted(database_path(out)) as connection:
        named = {"editions": list(editions)}
        rows = connection.execute(_TEXTS, named).fetchall()
        number = {(row[1], row[0]): i for i, row in enumerate(rows)}
        words: defaultdict[str, list[int]] = defaultdict(list)
        for word, edition, text_no, position in connection.execute(_WORDS, named).fetchall():
            words[word] += (number[edition, text_no], position)
        forms = connection.execute(_FORMS).fetchall()
    return {
        "texts": [_text(row) for row in rows],
        "words": dict(words),
        "forms": {form: [None if passed else word, round(cost, 3)] for form, word, passed, cost in forms},
    }


def _text(row: Sequence[Any]) -> list[Any]:
    _no, edition, table, record, page, place, start, end, text, count = row
    return [edition, table, short_id(record, edition), page, clean(place or ""), start, end, clean(text), count]
