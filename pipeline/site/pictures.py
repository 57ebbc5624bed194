# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of pages as WebP, drawn once for each PDF and kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

from koteihyo.pipeline.site.frame import slug
from koteihyo.pipeline.store.fingerprint import sha256_file
from koteihyo.schema.errors import DocumentError
from koteihyo.schema.records import EditionRecords

# Pixels a point. 1.5 makes 8 pt text legible.
SCALE = 1.5
# The longest side of a picture, pixels: a poster would take more memory than anybody looks at.
LONGEST_SIDE = 3000
QUALITY = 60
# WebP's own effort, 0 to 6: at 2 a page takes half the time of 4 and a twentieth more space.
EFFORT = 2
# What the pictures in a folder were drawn from and how.
SOURCE = "source.txt"


def picture_name(page_no: int) -> str:
    """The name of a page's picture in its edition's folder."""
    return f"p{page_no}.webp"


def draw_all(editions: Sequence[EditionRecords], raw: Path, folder: Path, earlier: Path) -> dict[str, str]:
    """Draws the pages of all editions into folders of their own, several pages at a time.

    Pictures that an earlier site has of the same PDF are taken over. Returns edition id → why it has no pictures.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir()
    failures: dict[str, str] = {}
    with ProcessPoolExecutor(max_workers=os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for records in editions:
            edition = records.edition
            place = folder / slug(edition.edition_id)
            if _taken_over(earlier / place.name, place, _source(edition.source_sha256)):
                continue
            place.mkdir()
            pages = [page.page_no for page in records.pages]
            problem = _draw(pool, raw / edition.source_file, edition.source_sha256, pages, place)
            if problem is None:
                (place / SOURCE).write_text(_source(edition.source_sha256), encoding="utf-8")
            else:
                failures[edition.edition_id] = problem
                shutil.rmtree(place)
    return failures


def _draw(pool: ProcessPoolExecutor, pdf: Path, sha256: str, pages: Sequence[int], place: Path) -> str | None:
    """Draws the pages; what is wrong when that is not possible."""
    if not pdf.is_file():
        return f"{pdf} is not there; name the folder of the PDFs with --raw"
    try:
        if sha256_file(pdf) != sha256:
            return f"{pdf} is not the file that was read; run `koteihyo run`"
        workers = os.cpu_count() or 1
        list(pool.map(draw_pictures, *zip(*((pdf, pages[i::workers], place) for i in range(workers)), strict=True)))
    except BrokenProcessPool:
        return f"{pdf}: drawing its pages crashed"
    except (OSError, DocumentError) as error:
        return str(error)
    return None


def _source(sha256: str) -> str:
    return f"{sha256} {SCALE} {QUALITY}\n"


def _taken_over(earlier: Path, place: Path, source: str) -> bool:
    mark = earlier / SOURCE
    if not mark.is_file() or mark.read_text(encoding="utf-8") != source:
        return False
    shutil.copytree(earlier, place)
    return True


def draw_pictures(pdf: Path, pages: Sequence[int], folder: Path) -> None:
    """Writes the pictures of some pages into a folder.

    Raises:
        DocumentError: the PDF or a page cannot be read.
        OSError: the folder cannot be written.
    """
    from koteihyo.extract.document import open_document

    if not pages:
        return
    with open_document(pdf) as document:
        for page_no in pages:
            scale = min(SCALE, LONGEST_SIDE / max(document.size(page_no)))
            (folder / picture_name(page_no)).write_bytes(webp(*document.render(page_no, scale)))


def webp(samples: bytes, width: int, height: int) -> bytes:
    """RGB samples as WebP."""
    from PIL import Image

    buffer = BytesIO()
    Image.frombytes("RGB", (width, height), samples).save(buffer, "WEBP", quality=QUALITY, method=EFFORT)
    return buffer.getvalue()
