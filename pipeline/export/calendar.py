# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dates of the stored editions as an iCalendar file: marks, deadlines and periods that a text names to the day or month."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from koteihyo.pipeline.query.connection import connect
from koteihyo.pipeline.replacing import replacing
from koteihyo.pipeline.store.stored import chosen_editions, database_path
from koteihyo.pipeline.terminal import clean

# What is only a year, a half or a decade has no place in a calendar of days.
PRECISIONS = ("day", "month")
ROLES = {"deadline": "期限", "start": "開始", "period": "期間", "point": ""}

# An edition is out of date when a newer one says this part of its sentences, as two editions of one plan do; below this
# part they are of different plans. Shorter texts (検討, 運用開始) stand in any plan.
SAME_PLAN = 0.1
LONG_TEXT = 8

_CURRENT = """
WITH aged AS (SELECT edition_id, row_number() OVER (ORDER BY published_on NULLS LAST, edition_id) AS age FROM editions),
said AS (SELECT DISTINCT edition_id, age, text FROM schedule_items JOIN aged USING (edition_id) WHERE len(text) >= $long),
again AS (
    SELECT o.edition_id, n.edition_id AS newer, count(*) AS shared
    FROM said AS o JOIN said AS n ON n.text = o.text AND n.age > o.age GROUP BY ALL
)
SELECT edition_id FROM aged
WHERE edition_id NOT IN (
    SELECT edition_id FROM again JOIN (SELECT edition_id, count(*) AS all_texts FROM said GROUP BY 1) USING (edition_id)
    WHERE shared >= $part * all_texts
)
"""
_DATES = """
SELECT i.edition_id, i.text, i.place, i.owners, i.page_no, i.confidence, i.kind, d.date_from, d.date_to, d.precision,
       d.approximate, d.role, d.text AS date_text, e.title, e.source_url, e.published_on, e.source_sha256
FROM item_dates AS d
JOIN items AS i ON i.edition_id = d.edition_id AND i.item_id = d.item_id
JOIN editions AS e ON e.edition_id = d.edition_id
WHERE d.role <> 'reference' AND d.date_from IS NOT NULL AND list_contains($precisions, d.precision::VARCHAR)
    AND list_contains($editions, d.edition_id)
ORDER BY d.date_from, d.date_to, i.edition_id, i.page_no, len(i.item_id), i.item_id, d.ordinal
"""


def write_calendar(out: Path, path: Path, editions: Sequence[str]) -> int:
    """Writes the events, all of them all-day, and returns how many there are.

    A month is an event from its first to its last day, a deadline one on its last day. An event keeps its UID as long
    as its text and its place stay, in the next edition too, so that a subscribed calendar moves it when the date changes.

    Args:
        out: The folder of the stored tables.
        path: The file.
        editions: Ids of editions; when empty the newest of each plan.

    Raises:
        UsageError: there is no such edition.
        StoreError: nothing was stored yet, or the file cannot be written.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//koteihyo//koteihyo export//JA")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "工程表")
    rows = _rows(out, editions)
    seen: dict[str, int] = {}
    for row in rows:
        calendar.add_component(_event(row, seen))
    with replacing(path) as draft:
        draft.write_bytes(calendar.to_ical())
    return len(rows)


def _rows(out: Path, editions: Sequence[str]) -> list[dict[str, Any]]:
    chosen_editions(out, editions)
    with connect(database_path(out)) as connection:
        if not editions:
            current = connection.execute(_CURRENT, {"long": LONG_TEXT, "part": SAME_PLAN}).fetchall()
            editions = [edition for (edition,) in current]
        cursor = connection.execute(_DATES, {"editions": list(editions), "precisions": list(PRECISIONS)})
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _event(row: dict[str, Any], seen: dict[str, int]) -> Any:
    from icalendar import Event

    event = Event()
    first, last = row["date_from"], row["date_to"]
    if row["role"] == "deadline":
        first = last
    label = ROLES.get(row["role"], "")
    event.add("uid", _uid(row, seen))
    event.add("summary", (f"【{label}】" if label else "") + clean(row["text"]))
    # The end of an all-day event is the day after it.
    event.add("dtstart", first)
    event.add("dtend", last + dt.timedelta(days=1))
    # From the edition and not the clock: the same tables give the same file.
    event.add("dtstamp", dt.datetime.combine(row["published_on"] or dt.date(2000, 1, 1), dt.time(), dt.UTC))
    event.add("transp", "TRANSPARENT")
    event.add("description", "\n".join(_details(row)))
    if row["owners"]:
        event.add("categories", [clean(owner) for owner in row["owners"]])
    if row["source_url"]:
        event.add("url", f"{row['source_url']}#page={row['page_no']}")
    return event


def _details(row: dict[str, Any]) -> list[str]:
    about = "（おおよその時期）" if row["approximate"] else ""
    return [
        clean(line)
        for line in (
            f"時期：{row['date_text']}{about}",
            f"位置：{row['place']}",
            f"担当：{'、'.join(row['owners'])}" if row["owners"] else "",
            f"出典：{row['title']}（{row['edition_id']}）{row['page_no']}頁",
            f"確度：{row['confidence']:.2f}",
        )
        if line
    ]


def _uid(row: dict[str, Any], seen: dict[str, int]) -> str:
    # Figures change with the date; what is left of the text says which measure it is.
    words = "".join(char for char in row["text"].replace(row["date_text"], "") if not char.isnumeric())
    key = "\n".join((row["place"], row["role"], words))
    number = seen[key] = seen.get(key, -1) + 1
    digest = hashlib.sha256("\n".join((key, str(number))).encode()).hexdigest()
    return f"{digest[:32]}@koteihyo"
