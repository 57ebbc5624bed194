# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws a page, or a part of it, to look at.

Not by way of a display list, as PyMuPDF does: making one asks for the document's structure, which on some tagged files
MuPDF never finishes.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymupdf
from pymupdf import mupdf

from koteihyo.extract.geometry import BBox

# What drawing may take beside the picture itself. The tile of a pattern can be as large as its numbers say, whatever the
# page: one of 4 points by 2 thousand million took 774 MiB.
MOST_BESIDE = 256 << 20


def render(page: Any, scale: float = 1.0, clip: BBox | None = None) -> pymupdf.Pixmap:
    """The page as seen at `scale` pixels a point, on white; with `clip` only that part of it.

    Raises:
        MemoryError: it takes far more memory than its picture, in a process whose memory is limited.
    """
    matrix = mupdf.FzMatrix(scale, 0, 0, scale, 0, 0)
    part = mupdf.FzRect(*clip) if clip is not None else mupdf.fz_bound_page(page.this)
    area = mupdf.fz_round_rect(mupdf.fz_transform_rect(part, matrix))
    rgb = mupdf.FzColorspace(mupdf.FzColorspace.Fixed_RGB)
    pixmap = mupdf.fz_new_pixmap_with_bbox(rgb, area, mupdf.FzSeparations(), 0)
    mupdf.fz_clear_pixmap_with_value(pixmap, 0xFF)
    device = mupdf.fz_new_draw_device(matrix, pixmap)
    with _bounded(MOST_BESIDE):
        mupdf.fz_run_page(page.this, device, mupdf.FzMatrix(), mupdf.FzCookie())
        mupdf.fz_close_device(device)
    return pymupdf.Pixmap("raw", pixmap)


@contextmanager
def _bounded(extra: int) -> Iterator[None]:
    """Lets this process take only so many more bytes, where its memory is limited at all (a worker's is)."""
    limit, hard = resource.getrlimit(resource.RLIMIT_AS)
    now = _address_space()
    if limit == resource.RLIM_INFINITY or not now:
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (min(limit, now + extra), hard))
    try:
        yield
    except mupdf.FzErrorBase as error:
        if "malloc" in str(error):
            raise MemoryError(str(error)) from error
        raise
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _address_space() -> int:
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0
