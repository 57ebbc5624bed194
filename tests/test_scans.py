# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that are pictures: read with the optional extra, said to be pictures without it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pymupdf
import pytest

from koteihyo.extract import document
from koteihyo.extract.document import open_document
from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Form

needs_ocr = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("rapidocr", "onnxruntime", "cv2")),
    reason="the optional extra koteihyo[ocr] is not installed",
)
BAR = BBox(60, 60, 260, 90)


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOTEIHYO_OCR_CACHE", "")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A page with one grey bar and its text, printed and scanned at 200 dots an inch."""
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=400, height=200)
        page.draw_rect(pymupdf.Rect(*BAR), color=(0, 0, 0), fill=(0.8, 0.8, 0.8), width=0.75)
        page.insert_text((120, 79), "基本計画の検討", fontname="japan", fontsize=11)
        pixmap = page.get_pixmap(dpi=200, alpha=False)
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=400, height=200)
        page.insert_image(page.rect, pixmap=pixmap)
        pdf.save(tmp_path / "scan.pdf")
    return tmp_path / "scan.pdf"


@needs_ocr
def test_text_and_bar_are_read_from_pixels(scan: Path) -> None:
    with open_document(scan) as pdf:
        layout = pdf.page(1)
    assert [line.text for line in layout.lines] == ["基本計画の検討"]
    assert layout.lines[0].box.x0 >= 120 - 3 and layout.lines[0].box.x1 <= 197 + 3
    bars = [shape for shape in layout.shapes if shape.form is Form.RECT]
    assert len(bars) == 1
    assert bars[0].box.near(BAR, 1.0)
    assert "recognised" in layout.warnings


def test_without_the_extra_the_page_is_said_to_be_a_picture(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "find_spec", lambda _name: None)
    with open_document(scan) as pdf:
        layout = pdf.page(1)
    assert layout.lines == ()
    assert "ocr_missing" in layout.warnings


def test_a_page_with_text_beside_its_picture_is_no_scan() -> None:
    assert document.is_scan([BBox(0, 0, 90, 90)], 3, 100 * 100)
    assert not document.is_scan([BBox(0, 0, 90, 90)], 300, 100 * 100)
    assert not document.is_scan([BBox(0, 0, 40, 40)], 3, 100 * 100)


@pytest.fixture
def signs(tmp_path: Path) -> Path:
    """A scan with signs before, in and between its words."""
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=400, height=200)
        for x in (20, 200, 290, 380):
            page.draw_line((x, 20), (x, 80), width=0.75)
        for y in (20, 80):
            page.draw_line((20, y), (380, y), width=0.75)
        page.draw_circle((31, 50), 3.6, color=None, fill=(0, 0, 0))
        page.insert_text((40, 54), "運用の開始", fontname="japan", fontsize=11)
        page.insert_text((215, 54), "～2030年", fontname="japan", fontsize=11)
        page.draw_rect((310, 49.4, 322, 51), color=None, fill=(0, 0, 0))
        page.draw_polyline([(322, 46), (331, 50.2), (322, 54.4)], color=None, fill=(0, 0, 0))
        page.insert_text((24, 120), "※前年度の取組を続ける", fontname="japan", fontsize=9)
        pixmap = page.get_pixmap(dpi=200, alpha=False)
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=400, height=200)
        page.insert_image(page.rect, pixmap=pixmap)
        pdf.save(tmp_path / "signs.pdf")
    return tmp_path / "signs.pdf"


@needs_ocr
def test_signs_beside_words_and_written_arrows_are_read(signs: Path) -> None:
    with open_document(signs) as pdf:
        layout = pdf.page(1)
    texts = ["".join(line.text.split()) for line in layout.lines]
    assert sorted(texts) == sorted(["●運用の開始", "～2030年", "━━▶", "※前年度の取組を続ける"])


@needs_ocr
def test_what_was_recognised_is_kept(scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from koteihyo.extract.raster import kept

    monkeypatch.setenv("KOTEIHYO_OCR_CACHE", str(tmp_path / "kept"))
    with open_document(scan) as pdf:
        first = pdf.page(1)
        monkeypatch.setattr(kept, "find_text", lambda _picture: pytest.fail("recognised anew"))
        again = pdf.page(1)
    assert [line.text for line in again.lines] == [line.text for line in first.lines]


@needs_ocr
@pytest.mark.parametrize("name", ["●", "■", "▲", "▼", "◆", "★", ""])
def test_signs_are_named_by_their_form(name: str) -> None:
    import cv2
    import numpy as np

    from koteihyo.extract.raster.signs import name_sign

    corners = {
        "■": [(4, 4), (24, 4), (24, 24), (4, 24)],
        "▲": [(14, 4), (25, 24), (3, 24)],
        "▼": [(14, 24), (25, 4), (3, 4)],
        "◆": [(14, 3), (25, 14), (14, 25), (3, 14)],
        "★": [(14, 3), (17, 11), (25, 11), (18, 16), (21, 24), (14, 19), (7, 24), (10, 16), (3, 11), (11, 11)],
        # A capital L is no sign.
        "": [(4, 4), (8, 4), (8, 20), (24, 20), (24, 24), (4, 24)],
    }
    mask = np.zeros((29, 29), np.uint8)
    if name == "●":
        cv2.circle(mask, (14, 14), 10, 255, -1)
    else:
        cv2.fillPoly(mask, [np.array(corners[name], np.int32)], 255)
    assert name_sign(mask) == name
