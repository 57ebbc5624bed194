# SPDX-License-Identifier: AGPL-3.0-or-later
"""Loads what the site shows of an edition: all of it but the words and the lines of text."""

from __future__ import annotations

from pathlib import Path

from koteihyo.pipeline.store.stored import load_table
from koteihyo.schema.catalog import EDITION_TABLES
from koteihyo.schema.facts import Token
from koteihyo.schema.records import Block, Edition, EditionRecords

# Words and lines are most of an edition's rows; the site's search has an index of its own.
_LEFT_OUT = (Edition, Token, Block)


def load_shown(out: Path, edition_id: str) -> EditionRecords:
    """The records of a stored edition that the site shows.

    Raises:
        UsageError: there is no such edition.
        StoreError: nothing was stored yet, or a file is damaged.
    """
    tables = {model.TABLE: load_table(out, edition_id, model) for model in EDITION_TABLES if model not in _LEFT_OUT}
    return EditionRecords.model_validate({"edition": load_table(out, edition_id, Edition)[0], **tables})
