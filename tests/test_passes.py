# SPDX-License-Identifier: AGPL-3.0-or-later
"""The passes by which a chart is read: each says what it did, and none changes what another one made."""

from __future__ import annotations

import pytest

from koteihyo.extract.document import open_document
from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Glyph, Line, PageLayout
from koteihyo.normalize.chart import PASSES
from koteihyo.normalize.claims import Area, Claims, Printed
from koteihyo.normalize.page import page_stages, read_page
from tests.drawing import layouts, write


def line(text: str, x: float, y: float) -> Line:
    return Line(
        tuple(
            Glyph(c, BBox(x + 10 * i, y, x + 10 * i + 10, y + 10), y + 9, 10.0, "f", (0.0,), 0, i)
            for i, c in enumerate(text)
        )
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> PageLayout:
    folder = tmp_path_factory.mktemp("passes")
    write(layouts()[0], folder)
    with open_document(next(folder.glob("*.pdf"))) as document:
        return document.page(1)


def test_passes_have_names_of_their_own_and_reasons() -> None:
    names = [step.name for step in PASSES]
    assert len(set(names)) == len(names)
    assert all(step.reason for step in PASSES)


def test_every_line_says_which_pass_gave_it_to_what_and_why(page: PageLayout) -> None:
    claims = read_page(page).claims
    assert claims.table
    for read, claim in claims.table.items():
        assert claim.by and claim.why and claim.holder.what, read.text
    glyphs = [g for read in claims.table for g in read.glyphs if not g.char.isspace()]
    assert sorted(g.number for g in glyphs) == sorted(
        g.number for read in page.lines for g in read.glyphs if not g.char.isspace()
    )


def test_a_pass_leaves_the_state_before_it_as_it_was(page: PageLayout) -> None:
    states = [(step.name, claims, dict(claims.table)) for step, claims in page_stages(page)]
    assert [name for name, _claims, _table in states] == [step.name for step in PASSES]
    assert all(dict(claims.table) == table for _name, claims, table in states)


def test_a_cut_line_takes_its_glyphs_from_the_whole_and_leaves_the_rest() -> None:
    whole = line("調査 整備", 0, 0)
    claims = Claims.start([whole], Area.BODY)
    first = Line(whole.glyphs[:2])
    after = claims.give([first], Printed("a bar"), "stands in it")
    assert [(ln.text.strip(), claim.holder.what) for ln, claim in after.table.items()] == [
        ("調査", "a bar"),
        ("整備", Area.BODY.what),
    ]
    assert list(claims.table) == [whole]


def test_a_joined_line_takes_the_place_of_its_parts() -> None:
    parts = [line("観測網の", 0, 0), line("更新", 50, 0)]
    claims = Claims.start(parts, Area.LEFT)
    joined = Line((*parts[0].glyphs, *parts[1].glyphs))
    after = claims.give([joined], Printed("a heading"), "stands in the left column")
    assert list(after.table) == [joined]


def test_a_claim_remembers_the_one_before() -> None:
    whole = line("調査", 0, 0)
    claims = Claims.start([whole], Area.BODY).give([whole], Printed("a bar"), "stands in it")
    claims = claims.give([whole], Area.BODY, "written beyond the bars in its bar")
    assert [claim.holder.what for claim in claims.table[whole].trail] == [Area.BODY.what, "a bar", Area.BODY.what]
