# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of every text of an edition, as rows that can be searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any, NamedTuple

from koteihyo.normalize.text.dictionary_memory import let_go_of_dictionary
from koteihyo.normalize.text.tokens import both_units
from koteihyo.schema import facts
from koteihyo.schema.columns import Columns
from koteihyo.schema.records import EditionRecords, TableRow

# Characters: their words have brought in some 100 MiB of the dictionary. Bringing it in again takes 8 ms.
LET_GO_AFTER = 20_000


@dataclass(frozen=True)
class RecordText:
    """The text of one record, as the view `texts` shows it."""

    record_table: str
    record_id: str
    page_no: int
    text: str


def record_texts(records: EditionRecords) -> Iterator[RecordText]:
    """Every text that is searched, in the order of the tables."""
    for section in records.sections:
        yield RecordText("sections", section.section_id, section.page_no, section.title)
    for row in records.table_rows:
        yield RecordText("table_rows", row.row_id, row.page_no, _row_text(row))
    for item in records.schedule_items:
        yield RecordText("schedule_items", item.item_id, item.page_no, item.text)
    for note in records.notes:
        yield RecordText("notes", note.note_id, note.page_no, note.text)
    for paragraph in records.paragraphs:
        yield RecordText("paragraphs", paragraph.paragraph_id, paragraph.page_no, paragraph.text)


def _row_text(row: TableRow) -> str:
    """A row's name, and what its other cells say: a KPI or a division is looked for like any other words."""
    cells = (row.name, row.done_text, row.owner_text, *(cell.text for cell in row.attributes))
    return "　".join(dict.fromkeys(cell for cell in cells if cell))


def word_records(records: EditionRecords) -> Columns[facts.Token]:
    """Short units of every text, and the long units that hold two or more of them, page by page."""
    columns: dict[str, list[Any]] = {name: [] for name in facts.Token.model_fields}
    known: dict[str, _Words] = {}
    looked_up = 0
    for text in sorted(record_texts(records), key=lambda text: text.page_no):
        words = known.get(text.text)
        if words is None:
            words = known[text.text] = _words(text.text)
            looked_up += len(text.text)
            if looked_up >= LET_GO_AFTER:
                let_go_of_dictionary()
                looked_up = 0
        same = (records.edition.edition_id, text.record_table, text.record_id, text.page_no)
        for name, value in zip(("edition_id", "record_table", "record_id", "page_no"), same, strict=True):
            columns[name] += repeat(value, len(words.unit))
        for name, values in words._asdict().items():
            columns[name] += values
    let_go_of_dictionary()
    return Columns(facts.Token, columns)


class _Words(NamedTuple):
    """The words of one text, in columns."""

    unit: tuple[str, ...]
    position: tuple[int, ...]
    surface: tuple[str, ...]
    normalized: tuple[str, ...]
    dictionary: tuple[str, ...]
    pos: tuple[str, ...]
    reading: tuple[str, ...]
    char_start: tuple[int, ...]
    char_end: tuple[int, ...]


def _words(text: str) -> _Words:
    short, long = both_units(text)
    if not short:
        return _Words(*((),) * len(_Words._fields))
    position_of = {token[-2]: position for position, token in enumerate(short)}
    # A long unit that is also a short one is the same object.
    longer = [token for token in long if token[-1] != short[position_of[token[-2]]][-1]]
    units = ("A",) * len(short) + ("C",) * len(longer)
    positions = (*range(len(short)), *(position_of[token[-2]] for token in longer))
    return _Words(units, positions, *zip(*short, *longer, strict=True))
