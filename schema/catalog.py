# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which tables there are: the order is the order of writing and of listing."""

from __future__ import annotations

import typing

from koteihyo.schema import changes
from koteihyo.schema.record import Record
from koteihyo.schema.records import EditionRecords


def _of_edition() -> typing.Iterator[type[Record]]:
    for field in EditionRecords.model_fields.values():
        (inner,) = typing.get_args(field.annotation) or (field.annotation,)
        yield inner


EDITION_TABLES: tuple[type[Record], ...] = tuple(_of_edition())
"""Tables filled from one edition, as `EditionRecords` has them."""

PAIR_TABLES: tuple[type[Record], ...] = (changes.EditionChange, changes.RowChange, changes.ItemLineage)
"""Tables made from two or more stored editions."""
