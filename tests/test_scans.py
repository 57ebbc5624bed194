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
