# SPDX-License-Identifier: AGPL-3.0-or-later
"""A chart that is a picture is said to be unread, with its box."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from tests.reading import read

BOX = (300.0, 150.0, 700.0, 450.0)


def _page(folder: Path, box: tuple[float, float, float, float], *, tiles: int = 1, text: bool = False) -> Path:
    document = pymupdf.open()
    page = document.new_page(width=842, height=595)
    page.insert_text((40, 60), "推進の考え方を示す", fontname="japan", fontsize=12)
    height = (box[3] - box[1]) / tiles
    for i in range(tiles):
        picture = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 40 + i, 30))
        picture.clear_with(200)
        page.insert_image(
            (box[0], box[1] + i * height, box[2], box[1] + (i + 1) * height), pixmap=picture, keep_proportion=False
        )
    if text:
        for i in range(12):
            page.insert_text(
                (box[0] + 20, box[1] + 24 + 22 * i), "写真の上に書かれた説明の文", fontname="japan", fontsize=11
            )
    path = folder / "picture.pdf"
    document.save(path)
    return path


@pytest.mark.parametrize(
    ("box", "tiles", "text", "count"),
    [
        (BOX, 1, False, 1),
        (BOX, 3, False, 1),
        (BOX, 1, True, 0),
        ((700, 20, 800, 60), 1, False, 0),
        ((0, 0, 842, 595), 1, False, 0),
    ],
)
def test_a_large_picture_without_text_is_a_finding(
    box: tuple[float, float, float, float], tiles: int, text: bool, count: int, tmp_path: Path
) -> None:
    records = read(_page(tmp_path, box, tiles=tiles, text=text))
    found = [f for f in records.findings if f.kind == "unread_picture"]
    assert [(round(f.x0), round(f.y0), round(f.x1), round(f.y1)) for f in found] == [tuple(map(round, box))] * count
