# SPDX-License-Identifier: AGPL-3.0-or-later
"""The feed of changes, read by a feed reader's parser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import feedparser
import pytest

import koteihyo
from koteihyo.pipeline.diff.changes import compare_editions
from koteihyo.pipeline.report.contents import measures_of
from koteihyo.pipeline.report.feed import atom
from koteihyo.schema.changes import ChangeType


@pytest.fixture(scope="module")
def plans(processed: Path) -> list[koteihyo.Plan]:
    data = koteihyo.open(processed)
    return [data.plan("sample-2024"), data.plan("sample-2025")]


def test_every_measure_that_people_changed_is_an_entry(plans: list[koteihyo.Plan], tmp_path: Path) -> None:
    changes = koteihyo.compare(*plans)
    changes.save(tmp_path / "changes.atom")
    feed = feedparser.parse((tmp_path / "changes.atom").read_bytes())
    assert not feed.bozo
    decided = [measure for measure in measures_of(changes.changes) if measure.decided]
    assert len(feed.entries) == len(decided) > 20
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    entry = next(e for e in feed.entries if "外部監査" in e.title)
    assert entry.title == "【文言変更・時期変更】▲外部監査の実施（2028年10月）"
    assert entry.updated == "2025-06-13T00:00:00Z"
    assert [tag.term for tag in entry.tags] == ["reworded", "rescheduled"]
    assert "<del>2027</del>年10月" in entry.content[0].value
    assert "終了が1年遅くなった" in entry.content[0].value


def test_an_entry_links_to_its_page(plans: list[koteihyo.Plan]) -> None:
    old, new = (
        plan.records.model_copy(
            update={"edition": plan.edition.model_copy(update={"source_url": f"https://example.org/{number}.pdf"})}
        )
        for number, plan in enumerate(plans)
    )
    feed = feedparser.parse(atom([compare_editions(old, new)], frozenset({ChangeType.ADDED, ChangeType.REMOVED})))
    links = {entry.tags[0].term: entry.link for entry in feed.entries}
    assert links["added"].startswith("https://example.org/1.pdf#page=")
    assert links["removed"].startswith("https://example.org/0.pdf#page=")


def test_entries_keep_their_ids_when_an_edition_is_added(plans: list[koteihyo.Plan], samples: Path) -> None:
    old, new = plans
    later = koteihyo.read(samples / "sample-2024.pdf", edition_id="sample-2026", facts=False)
    pair = compare_editions(old.records, new.records)
    before = feedparser.parse(atom([pair]))
    after = feedparser.parse(atom([pair, compare_editions(new.records, later.records)]))
    ids = [entry.id for entry in after.entries]
    assert len(set(ids)) == len(ids) > len(before.entries)
    assert ids[-len(before.entries) :] == [entry.id for entry in before.entries]
    assert after.feed.id == before.feed.id


def test_the_command_writes_the_listed_types_only(processed: Path, tmp_path: Path) -> None:
    # The command stores its comparison: it gets tables of its own.
    out = tmp_path / "processed"
    shutil.copytree(processed, out, symlinks=True)
    command = [sys.executable, "-m", "koteihyo.pipeline.cli", "diff", "sample-2024", "sample-2025", "--only", "removed"]
    subprocess.run([*command, "--feed", str(tmp_path / "c.atom"), "--out", str(out)], check=True, capture_output=True)
    feed = feedparser.parse((tmp_path / "c.atom").read_bytes())
    assert [entry.tags[0].term for entry in feed.entries] == ["removed"] * 4
