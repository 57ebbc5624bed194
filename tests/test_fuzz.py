# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of arbitrary content: read with every glyph accounted for, or refused with a reason."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from koteihyo.pipeline.run.reading import read_edition
from koteihyo.pipeline.store.frames import records_of, to_frame
from koteihyo.pipeline.store.soundness import sound
from koteihyo.schema.catalog import EDITION_TABLES
from koteihyo.schema.errors import DocumentError
from koteihyo.schema.records import Edition, EditionRecords
from tests.robustness.handmade import chart, pages, rectangle, stream, text

NUMBERS = st.one_of(
    st.integers(-1000, 1000).map(str),
    st.floats(-2000, 2000).map("{:.3f}".format),
    st.sampled_from(["0", "-0", "1e9", "99999999999", "0.000001", "-2147483648"]),
)
# Operators with as many operands as they want.
OPERATORS = {
    "m": 2, "l": 2, "c": 6, "v": 4, "y": 4, "re": 4, "h": 0, "n": 0, "S": 0, "s": 0, "f": 0, "f*": 0, "B": 0, "b*": 0,
    "W": 0, "W*": 0, "q": 0, "Q": 0, "cm": 6, "w": 1, "J": 1, "j": 1, "M": 1, "rg": 3, "RG": 3, "g": 1, "K": 4,
    "BT": 0, "ET": 0, "Td": 2, "Tm": 6, "Tc": 1, "Tw": 1, "Tz": 1, "TL": 1, "Tr": 1, "Ts": 1, "T*": 0, "d": 0, "i": 1,
}  # fmt: skip
YEARS = ("2024年度", "令和６年度", "2025年度～", "R8", "以降", "(1)", "①", "▲開始", "※", "[総務省]", "整備", "\u2f12")


@st.composite
def _operation(draw: st.DrawFn) -> bytes:
    name = draw(st.sampled_from(sorted(OPERATORS)))
    operands = draw(st.lists(NUMBERS, min_size=OPERATORS[name], max_size=OPERATORS[name]))
    return " ".join([*operands, name]).encode() + b"\n"


PLACES = st.tuples(st.floats(-50, 900), st.floats(-50, 650))
TEXTS = st.builds(
    lambda place, words, size: text(*place, "".join(words), size),
    PLACES,
    st.lists(st.sampled_from(YEARS), min_size=1, max_size=3),
    st.sampled_from([0, 0.1, 4, 9, 12, 60, -9]),
)
BARS = st.builds(
    lambda a, b: rectangle(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])), PLACES, PLACES
)
HEADERS = st.builds(
    lambda years, y: b"".join(text(60 + 90 * i, y, f"{year}年度") for i, year in enumerate(years)),
    st.lists(st.integers(2018, 2035), min_size=2, max_size=8),
    st.floats(20, 300),
)
CONTENTS = st.lists(st.one_of(_operation(), TEXTS, BARS, HEADERS, st.just(chart())), max_size=40).map(b"".join)


def _read(content: bytes, folder: Path) -> EditionRecords | None:
    pdf = folder / "fuzz.pdf"
    pdf.write_bytes(pages([stream(content)]))
    edition = Edition(edition_id="x", title="x", source_sha256="", source_file="x.pdf", page_count=0)
    try:
        return read_edition(pdf, edition)
    except DocumentError as error:
        assert error.reason in {"damaged", "no_text"}
        return None


@settings(max_examples=60, deadline=None)
@given(content=CONTENTS)
def test_any_content_is_read_whole_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        records = _read(content, Path(name))
        if records is None:
            return
        (page,) = records.pages
        in_records = sum(block.glyph_count for block in records.blocks)
        assert in_records == page.glyphs_in_records
        assert in_records + sum(finding.glyph_count for finding in records.findings) == page.glyph_count
        tables = {model: to_frame(model, records_of(records, model)) for model in EDITION_TABLES}
        assert all(after.equals(tables[model]) for model, after in sound(tables).items())
