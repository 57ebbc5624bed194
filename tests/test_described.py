# SPDX-License-Identifier: AGPL-3.0-or-later
"""Views and the tables that only SQL makes are described, column by column."""

from __future__ import annotations

from koteihyo.pipeline.store.described import described_views
from koteihyo.schema.findings import MESSAGES, FindingKind


def test_every_view_and_each_of_its_columns_says_what_it_is() -> None:
    views = described_views()
    assert {"texts", "items", "milestones", "changes"} <= {view.name for view in views}
    assert [view.name for view in views if not view.comment] == []
    assert [f"{view.name}.{c.name}" for view in views for c in view.columns if not c.comment] == []


def test_every_kind_of_finding_has_its_words() -> None:
    assert set(MESSAGES) == set(FindingKind)
