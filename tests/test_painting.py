# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person sees is read, however it is painted; and one bad page costs itself only."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from koteihyo.extract.document import Document, open_document

TEXT = "Collaboration 11 22"


def _page(tmp_path: Path, content: bytes) -> Path:
    """A page of A4 with a font, a shading pattern `P` and a drawing of one's own."""
    pdf = pymupdf.open()
    page = pdf.new_page(width=595, height=842)
    page.insert_text((50, 60), "printed as usual")
    function = pdf.get_new_xref()
    pdf.update_object(function, "<< /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1 >>")
    pattern = pdf.get_new_xref()
    pdf.update_object(
        pattern,
        "<< /Type /Pattern /PatternType 2 /Shading << /ShadingType 2 /ColorSpace /DeviceRGB "
        f"/Coords [50 0 300 0] /Function {function} 0 R /Extend [true true] >> >>",
    )
    font = page.get_fonts()[0][0]
    pdf.xref_set_key(page.xref, "Resources", f"<< /Font << /helv {font} 0 R >> /Pattern << /P {pattern} 0 R >> >>")
    stream = pdf.get_new_xref()
    pdf.update_object(stream, "<<>>")
    pdf.update_stream(stream, b"q " + content + b" Q")
    contents = " ".join(f"{xref} 0 R" for xref in [*page.get_contents(), stream])
    pdf.xref_set_key(page.xref, "Contents", f"[{contents}]")
    target = tmp_path / "painted.pdf"
    pdf.save(target)
    return target


def _texts(pdf: Path) -> list[str]:
    with open_document(pdf) as document:
        return [line.text for line in document.page(1).lines]


@pytest.mark.parametrize(
    "content",
    [
        b"/Pattern cs /P scn BT /helv 20 Tf 50 600 Td (%s) Tj ET",
        b"BT /helv 20 Tf 7 Tr 50 600 Td (%s) Tj ET 1 0 0 rg 0 0 595 842 re f",
        b"0 0 1 rg BT /helv 20 Tf 4 Tr 50 600 Td (%s) Tj ET 1 0 0 rg 0 0 595 842 re f",
        b"BT /helv 20 Tf 2 Tr 50 600 Td (%s) Tj ET",
        b"BT /helv 20 Tf 50 600 Td (%s) Tj 0.3 0 Td (%s) Tj ET",
    ],
    ids=["shading", "clip", "fill_and_clip", "fill_and_stroke", "fake_bold"],
)
def test_lettering_is_read_once_however_it_is_painted(content: bytes, tmp_path: Path) -> None:
    pdf = _page(tmp_path, content.replace(b"%s", TEXT.encode()))
    assert _texts(pdf).count(TEXT) == 1


def test_text_that_clips_nothing_is_not_seen(tmp_path: Path) -> None:
    pdf = _page(tmp_path, b"BT /helv 20 Tf 7 Tr 50 600 Td (nothing) Tj ET")
    assert "nothing" not in _texts(pdf)


def test_the_text_that_a_document_gives_stands_for_what_is_painted(tmp_path: Path) -> None:
    marked = b"BT /helv 20 Tf 50 600 Td /Span << /ActualText (42) >> BDC (xy) Tj EMC /Span << /ActualText () >> BDC (z) Tj EMC ET"
    assert "42z" in _texts(_page(tmp_path, marked))


def test_a_bar_of_a_clip_and_a_shading_has_an_outline(tmp_path: Path) -> None:
    shading = b"/Pattern cs /P scn 50 500 200 20 re f"
    with open_document(_page(tmp_path, shading)) as document:
        boxes = [shape.box for shape in document.page(1).shapes]
    assert any(abs(box.x0 - 50) < 1 and abs(box.x1 - 250) < 1 for box in boxes)


def test_one_unreadable_page_costs_itself_only() -> None:
    pdf = pymupdf.open()
    for word in ("first", "second", "third"):
        pdf.new_page().insert_text((50, 60), word)
    data = pdf.tobytes()
    # The second page becomes a folder of pages that holds itself.
    xref = pdf[1].xref
    at = data.index(f"\n{xref} 0 obj".encode())
    end = data.index(b"endobj", at)
    loop = f"\n{xref} 0 obj\n<</Type/Pages/Count 1/Kids[{xref} 0 R]>>\n".encode()
    broken = pymupdf.open("pdf", data[:at] + loop.ljust(end - at) + data[end:])
    with Document(broken, "three.pdf") as document:
        layouts = list(document.pages())
    assert [line.text for line in layouts[0].lines] == ["first"]
    assert "unreadable_page" in {warning for layout in layouts[1:] for warning in layout.warnings}


def test_a_fault_of_this_program_is_not_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise IndexError("ours")

    monkeypatch.setattr("koteihyo.extract.document.build_lines", broken)
    with open_document(_page(tmp_path, b"")) as document, pytest.raises(IndexError, match="ours"):
        document.page(1)


def test_characters_of_private_use_are_one_finding_a_page(tmp_path: Path) -> None:
    from koteihyo.extract.geometry import BBox
    from koteihyo.extract.model import Glyph, Line, PageLayout
    from koteihyo.normalize.trust.ledger import Ledger, account_page

    glyphs = tuple(
        Glyph(char, BBox(10 * i, 0, 10 * i + 10, 10), 8, 10, "Wingdings", (0,), 0, i)
        for i, char in enumerate("\uf06c\uf06ca")
    )
    layout = PageLayout(1, 100, 100, lines=(Line(glyphs),))
    found = [f for f in account_page(Ledger("x", layout), [], []).findings if f.kind == "private_use"]
    assert [(f.text, f.severity) for f in found] == [("\uf06c", "info")]


def test_characters_that_the_reader_loses_are_counted_and_placed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from koteihyo.extract import document as module
    from koteihyo.normalize.edition import normalize_edition
    from koteihyo.schema.records import Edition

    build = module.build_lines
    monkeypatch.setattr(module, "build_lines", lambda placed: [ln for ln in build(placed) if "lost" not in ln.text])
    pdf = _page(tmp_path, b"BT /helv 20 Tf 50 600 Td (gets lost) Tj ET BT /helv 9 Tf 50 300 Td (stays) Tj ET")
    with open_document(pdf) as document:
        edition = Edition(edition_id="x", title="x", source_sha256="", source_file="x.pdf", page_count=0)
        records = normalize_edition(document.pages(), edition)
    (finding,) = [f for f in records.findings if f.kind == "lost_text"]
    assert (finding.text, finding.glyph_count, finding.severity) == ("getslost", 8, "warning")
    assert (finding.x0, finding.y1) == pytest.approx((50, 842 - 595), abs=8)
    (page,) = records.pages
    assert page.glyph_count - page.glyphs_in_records == 8
