# SPDX-License-Identifier: AGPL-3.0-or-later
"""Three readers: pdfium sees what is drawn, wherever and however it is written, and two voices of three decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from koteihyo.extract.pdfium import open_pdfium, read_pdfium
from koteihyo.extract.witness import WitnessFailure, WitnessPage, open_witness, read_witness
from koteihyo.normalize.trust.second_reading import with_second_reading
from koteihyo.pipeline.run.reading import read_edition
from koteihyo.pipeline.run.witnesses import Witnesses
from koteihyo.schema.records import Edition, EditionRecords, Finding
from tests.drawing import Layout, layouts, write
from tests.reading import read
from tests.sketch import Sketch


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[EditionRecords, WitnessPage]:
    pdf, _drawing = write(layouts()[0], tmp_path_factory.mktemp("witnesses"))
    with open_pdfium(pdf) as second:
        return read(pdf), read_pdfium(second, 1)


def _findings(records: EditionRecords) -> list[Finding]:
    return [finding for finding in records.findings if finding.kind.startswith("witness")]


def _without(page: WitnessPage, char: str) -> WitnessPage:
    kept = [i for i, seen in enumerate(page.chars) if seen != char]
    return replace(page, chars=tuple(page.chars[i] for i in kept), boxes=page.boxes[kept])


def test_a_page_on_which_two_agree_is_not_read_a_third_time(drawn: tuple[EditionRecords, WitnessPage]) -> None:
    def third(page_no: int) -> WitnessPage:
        raise AssertionError(page_no)

    assert with_second_reading(drawn[0], [drawn[1]], third) == drawn[0]


def test_what_one_reader_alone_sees_otherwise_is_no_finding(drawn: tuple[EditionRecords, WitnessPage]) -> None:
    records, page = drawn
    assert with_second_reading(records, [_without(page, "試")], lambda _no: page) == records
    assert with_second_reading(records, [replace(page, shapes=())], lambda _no: page) == records


def test_what_two_readers_see_otherwise_is_a_finding(drawn: tuple[EditionRecords, WitnessPage]) -> None:
    records, page = drawn
    changed = _without(page, "試")
    found = _findings(with_second_reading(records, [changed], lambda _no: changed))
    assert found
    assert all("試" in finding.text for finding in found)


def test_where_the_second_reader_fails_the_third_one_is_heard(drawn: tuple[EditionRecords, WitnessPage]) -> None:
    records, page = drawn
    failure = WitnessFailure(1, "broken")
    assert with_second_reading(records, [failure], lambda _no: page) == records
    assert _findings(with_second_reading(records, [failure], lambda _no: _without(page, "試")))
    both = _findings(with_second_reading(records, [failure], lambda _no: failure))
    assert [finding.kind for finding in both] == ["witness_failed"]


def _radicals(page: Sketch) -> None:
    page.cell(page.edges[0], 200, page.edges[4], 224, "⾮常⽤⽔源の⽴地")


def _stacked(page: Sketch) -> None:
    for i, char in enumerate("地域防災"):
        page.pen.text((100, 200 + 12 * i), char, 10)


def _twice(page: Sketch) -> None:
    for shift in (0.0, 0.3):
        page.pen.text((page.edges[1] + shift, 214), "太字の項目", 8.5)


def _over_one_another(page: Sketch) -> None:
    page.pen.text((page.edges[1], 214), "下の文字列", 8.5)
    page.pen.text((page.edges[1] + 4, 217), "上の文字列", 8.5)


def _without_characters(page: Sketch) -> None:
    """A font that does not say which characters its glyphs are."""
    page.pen.text((page.edges[1], 214), "不明な文字", 8.5)
    for xref in range(1, page.document.xref_length()):
        if page.document.xref_get_key(xref, "ToUnicode")[0] == "xref":
            page.document.xref_set_key(xref, "ToUnicode", "null")


@pytest.mark.parametrize("draw", [_radicals, _stacked, _twice, _over_one_another, _without_characters])
def test_readers_agree_on_what_people_can_read(draw: Callable[[Sketch], None], tmp_path: Path) -> None:
    page = Sketch(200)
    page.bars(90)
    draw(page)
    pdf = tmp_path / "page.pdf"
    pdf.write_bytes(page.document.tobytes(no_new_id=True))
    records = read(pdf)
    with Witnesses(pdf) as witnesses:
        assert _findings(with_second_reading(records, witnesses.pages([1]), witnesses.third)) == []


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_both_other_readers_see_characters_and_shapes_in_the_same_places(rotate: int, tmp_path: Path) -> None:
    pdf, _drawing = write(Layout("turned", rotate=rotate), tmp_path)
    with open_pdfium(pdf) as second, open_witness(pdf) as third:
        a, b = read_pdfium(second, 1), read_witness(third, 1)
    assert (a.width, a.height) == (b.width, b.height)
    middles = {(char, round(x0 + x1), round(y0 + y1)) for char, (x0, y0, x1, y1) in zip(a.chars, a.boxes, strict=True)}
    near = [
        any((char, round(x0 + x1) + dx, round(y0 + y1) + dy) in middles for dx in range(-8, 9) for dy in range(-8, 9))
        for char, (x0, y0, x1, y1) in zip(b.chars, b.boxes, strict=True)
        if not char.isspace()
    ]
    assert all(near)
    assert len(a.chars) == len(near)


def test_shapes_inside_forms_are_seen_where_they_are_drawn(tmp_path: Path) -> None:
    inner = pymupdf.open()
    inner.new_page(width=100, height=100).draw_rect((10, 20, 60, 40), fill=(1, 0, 0), color=None)
    outer = pymupdf.open()
    outer.new_page(width=400, height=300).show_pdf_page(pymupdf.Rect(100, 100, 300, 300), inner, 0)
    path = tmp_path / "form.pdf"
    outer.save(path)
    with open_pdfium(path) as pdf:
        boxes = read_pdfium(pdf, 1).shapes
    assert [tuple(round(v) for v in box) for box in boxes] == [(120, 140, 220, 180)]


def test_a_page_that_no_other_reader_can_open_is_said_once(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\n")
    with Witnesses(path) as witnesses:
        assert [type(page) for page in witnesses.pages([1, 2, 3])] == [WitnessFailure]


def test_a_reading_with_the_other_readers_is_the_reading_without_them(tmp_path: Path) -> None:
    pdf, _drawing = write(layouts()[1], tmp_path)
    edition = Edition(edition_id="e", title="", source_sha256="", source_file="", page_count=0)
    assert read_edition(pdf, edition, witness=True) == read_edition(pdf, edition)
