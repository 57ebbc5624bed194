# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws a page, or a part of it, to look at.

Not by way of a display list, as PyMuPDF does: making one asks for the document's structure, which on some tagged files
MuPDF never finishes.
"""

from __future__ import annotations

from typing import Any

import pymupdf
from pymupdf import mupdf

from koteihyo.extract.geometry import BBox


def render(page: Any, scale: float = 1.0, clip: BBox | None = None) -> pymupdf.Pixmap:
    """The page as seen at `scale` pixels a point, on white; with `clip` only that part of it."""
    matrix = mupdf.FzMatrix(scale, 0, 0, scale, 0, 0)
    part = mupdf.FzRect(*clip) if clip is not None else mupdf.fz_bound_page(page.this)
    area = mupdf.fz_round_rect(mupdf.fz_transform_rect(part, matrix))
    rgb = mupdf.FzColorspace(mupdf.FzColorspace.Fixed_RGB)
    pixmap = mupdf.fz_new_pixmap_with_bbox(rgb, area, mupdf.FzSeparations(), 0)
    mupdf.fz_clear_pixmap_with_value(pixmap, 0xFF)
    device = mupdf.fz_new_draw_device(matrix, pixmap)
    mupdf.fz_run_page(page.this, device, mupdf.FzMatrix(), mupdf.FzCookie())
    mupdf.fz_close_device(device)
    return pymupdf.Pixmap("raw", pixmap)
