# SPDX-License-Identifier: AGPL-3.0-or-later
"""Completes the records of a page with what the next page says of its last rows, which the page break parted."""

from __future__ import annotations

from collections.abc import Sequence

from koteihyo.normalize.reading import Amendment, ItemAmendment
from koteihyo.normalize.text.characters import normalize_text
from koteihyo.normalize.trust.ledger import Ledger
from koteihyo.schema.records import Attribute, EditionRecords, TableRow


def amend(records: EditionRecords, amendments: Sequence[Amendment], page_no: int, ledger: Ledger) -> bool:
    """Whether all rows of a page that the next one completes are among the records; they are changed in place.

    Args:
        records: The records so far.
        amendments: What the next page says.
        page_no: The page that they are about.
        ledger: The next page and who claims its glyphs.
    """
    complete = True
    for amendment in amendments:
        known = [i for i, row in enumerate(records.table_rows) if row.page_no == page_no]
        last = known[-amendment.rows :]
        complete = complete and len(last) == amendment.rows
        for i in last:
            records.table_rows[i] = _amended(records.table_rows[i], amendment)
        if last:
            ledger.claim("table_rows", records.table_rows[last[-1]].row_id, amendment.lines)
        for item in amendment.items:
            _amend_item(records, item, page_no, ledger)
    return complete


def _amended(row: TableRow, amendment: Amendment) -> TableRow:
    said = {
        "group_label": amendment.group,
        "name": amendment.name,
        "owner_text": amendment.owner,
        "done_text": amendment.done,
        "attributes": None if amendment.attributes is None else _attributes(amendment.attributes),
        "text_raw": f"{row.text_raw}\n{amendment.text_raw}" if amendment.lines else None,
    }
    return row.model_copy(update={field: value for field, value in said.items() if value is not None})


def _attributes(texts: Sequence[tuple[str, str]]) -> list[Attribute]:
    return [Attribute(name=name, text=text) for name, text in texts]


def _amend_item(records: EditionRecords, amendment: ItemAmendment, page_no: int, ledger: Ledger) -> None:
    box = amendment.box
    for i in range(len(records.schedule_items) - 1, -1, -1):
        item = records.schedule_items[i]
        if item.page_no == page_no and abs(item.x0 - box.x0) < 0.01 and abs(item.y0 - box.y0) < 0.01:
            raw = amendment.text_raw
            records.schedule_items[i] = item.model_copy(update={"text": normalize_text(raw), "text_raw": raw})
            ledger.claim("schedule_items", item.item_id, amendment.lines)
            return
