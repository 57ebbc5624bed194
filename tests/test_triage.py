# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents without a plan are told by their text; a plan is never taken for one of them."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from koteihyo.extract.document import open_document
from koteihyo.pipeline.run.triage import may_be_header, without_plan
from tests.archives import prose
from tests.drawing import layouts, write


def _without_plan(data: bytes, folder: Path) -> bool:
    (folder / "x.pdf").write_bytes(data)
    with open_document(folder / "x.pdf") as document:
        return without_plan(document)


@pytest.mark.parametrize("years", [False, True])
def test_prose_is_passed_over_whether_or_not_it_names_years(years: bool, tmp_path: Path) -> None:
    assert _without_plan(prose(1, pages=2, years=years), tmp_path)


def test_no_layout_of_a_plan_is_passed_over(tmp_path: Path) -> None:
    for layout in layouts()[::4]:
        pdf, _drawn = write(layout, tmp_path)
        with open_document(pdf) as document:
            assert not without_plan(document), layout.name


def test_a_plan_behind_pages_of_prose_is_found(tmp_path: Path) -> None:
    both = pymupdf.open("pdf", prose(1, pages=3))
    pdf, _drawn = write(layouts()[0], tmp_path)
    both.insert_pdf(pymupdf.open(pdf))
    assert not _without_plan(both.tobytes(), tmp_path)


def test_pages_without_text_are_left_to_the_reader(tmp_path: Path) -> None:
    blank = pymupdf.open()
    blank.new_page()
    assert not _without_plan(blank.tobytes(), tmp_path)
    picture = pymupdf.open("pdf", prose(1))
    page = picture.new_page()
    pixels = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 40, 40), False)
    page.insert_image(page.rect, pixmap=pixels)
    assert not _without_plan(picture.tobytes(), tmp_path)


@pytest.mark.parametrize(
    ("lines", "may_be"),
    [
        (["2024年度", "2025年度"], True),
        (["施策の名前と担当 R6 R7 R8"], True),
        (["6", "7", "8"], True),
        (["- 12 -", "令和６年度の取組は、前年度に続いて関係者の意見を踏まえて行う。"], False),
        (["電話 03", "2024年度予算"], False),
    ],
)
def test_what_may_be_a_row_of_years(lines: list[str], may_be: bool) -> None:
    assert may_be_header(lines) == may_be
