# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which tables there are: the order is the order of writing and of listing."""

from __future__ import annotations

from koteihyo.schema import changes, facts, records
from koteihyo.schema.record import Record

EDITION_TABLES: tuple[type[Record], ...] = (
    records.Edition,
    records.Page,
    records.Chart,
    records.FiscalColumn,
    records.FiscalTick,
    records.Section,
    records.TableRow,
    records.ScheduleItem,
    records.Note,
    records.Paragraph,
    records.Block,
    records.Finding,
    facts.ItemDate,
    facts.ItemTarget,
    facts.ItemOrganization,
    facts.Token,
)
"""Tables filled from one edition; each has a field of its name in `EditionRecords` (editions: `edition`)."""

PAIR_TABLES: tuple[type[Record], ...] = (changes.EditionChange, changes.RowChange, changes.ItemLineage)
"""Tables made from two or more stored editions."""
