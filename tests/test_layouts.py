# SPDX-License-Identifier: AGPL-3.0-or-later
"""The same plan drawn in many layouts is read the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from koteihyo.normalize.text.characters import compare_key
from koteihyo.schema.records import ItemKind, PageKind
from tests.drawing import Layout, layouts, write
from tests.reading import read


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_every_item_is_read_with_its_years_and_section(layout: Layout, tmp_path: Path) -> None:
    pdf, drawn = write(layout, tmp_path)
    records = read(pdf)
    sections = {s.section_id: s.marker + s.title for s in records.sections}
    got = Counter(
        (compare_key(i.text), i.fy_start, i.fy_end, compare_key(sections.get(i.section_id or "", "")), i.kind.value)
        for i in records.schedule_items
    )
    want = Counter((compare_key(i.text), i.fy_start, i.fy_end, compare_key(i.section), i.kind) for i in drawn.items)
    assert got == want
    assert [(c.fy_start, c.fy_end) for c in records.fiscal_columns] == drawn.columns
    assert Counter(map(compare_key, sections.values())) == Counter(map(compare_key, drawn.sections))
    page = records.pages[0]
    assert (page.kind, page.chapter, page.printed_page) == (PageKind.ROADMAP, "第２章　川と森の基盤", "7")


def test_every_glyph_is_in_one_block_or_finding(tmp_path: Path) -> None:
    for layout in layouts():
        pdf, _drawn = write(layout, tmp_path)
        records = read(pdf)
        counted = sum(b.glyph_count for b in records.blocks) + sum(f.glyph_count for f in records.findings)
        assert counted == records.pages[0].glyph_count, layout.name


def test_nesting_follows_the_markers(tmp_path: Path) -> None:
    pdf, _drawn = write(layouts()[0], tmp_path)
    paths = [s.path for s in read(pdf).sections]
    assert paths[1] == ["（１）水路の見える化", "①観測網の更新"]
    assert paths[-1] == ["（２）林道の保全", "①路面の点検", "・橋の長寿命化"]


def test_owners_are_taken_from_the_trailing_brackets(tmp_path: Path) -> None:
    pdf, _drawn = write(layouts()[0], tmp_path)
    owners = [i.owners for i in read(pdf).schedule_items if i.owners]
    assert owners == [["環境省", "国土交通省"]]


def test_a_milestone_is_dated_by_its_mark(tmp_path: Path) -> None:
    pdf, _drawn = write(layouts()[0], tmp_path)
    (marker,) = [i for i in read(pdf).schedule_items if i.kind is ItemKind.MARKER]
    assert marker.text.startswith("▲")
    assert marker.start_pos == marker.end_pos
    assert 2025.4 < (marker.start_pos or 0) < 2025.6


def test_the_same_file_gives_the_same_records(tmp_path: Path) -> None:
    pdf, _drawn = write(layouts()[0], tmp_path)
    assert read(pdf) == read(pdf)
