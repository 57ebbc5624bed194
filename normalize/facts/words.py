# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of every text of an edition, as rows that can be searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from koteihyo.normalize.text.tokens import Token, tokenize
from koteihyo.schema import facts
from koteihyo.schema.records import EditionRecords, TableRow


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


def word_records(records: EditionRecords) -> list[facts.Token]:
    """Short units of every text, and the long units that hold two or more of them."""
    edition_id = records.edition.edition_id
    return [row for text in record_texts(records) for row in _words(edition_id, text)]


def _words(edition_id: str, text: RecordText) -> Iterator[facts.Token]:
    short = tokenize(text.text, "A")
    position_of = {token.start: position for position, token in enumerate(short)}
    for position, token in enumerate(short):
        yield _row(edition_id, text, "A", position, token)
    for token in tokenize(text.text, "C"):
        position = position_of[token.start]
        if token.end != short[position].end:
            yield _row(edition_id, text, "C", position, token)


def _row(edition_id: str, text: RecordText, unit: str, position: int, token: Token) -> facts.Token:
    return facts.Token(
        edition_id=edition_id,
        record_table=text.record_table,
        record_id=text.record_id,
        page_no=text.page_no,
        unit=unit,
        position=position,
        surface=token.surface,
        normalized=token.normalized,
        dictionary=token.dictionary,
        pos=token.pos,
        reading=token.reading,
        char_start=token.start,
        char_end=token.end,
    )
