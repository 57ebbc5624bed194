# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes canvases with PyMuPDF, which leaves the most to choose: glyph by glyph, twice, rotated, not embedded."""

from __future__ import annotations

from pathlib import Path as FilePath

import pymupdf

from tests.benchmarks.variants.canvas import FONTS, Block, Canvas, Color, Path, text_width
from tests.benchmarks.variants.layouts import Layout

STRIPES = 24


def write(layout: Layout, canvases: list[Canvas], target: FilePath) -> None:
    """All canvases as the pages of one PDF."""
    with pymupdf.open() as document:
        for canvas in canvases:
            page = document.new_page(width=canvas.width, height=canvas.height)
            file, _ = FONTS[canvas.font]
            name = "F0" if file else "japan"
            page.insert_font(fontname=name, fontfile=file or None)
            for op in canvas.ops:
                if isinstance(op, Path):
                    _path(page, op)
                else:
                    _text(page, op, name, canvas.font, layout.glyphs)
            if layout.rotate:
                _rotate(document, page, layout.rotate)
        document.subset_fonts()
        document.set_metadata({"producer": "", "creator": ""})
        document.save(target, garbage=4, deflate=True, no_new_id=True)


def _path(page: pymupdf.Page, path: Path) -> None:
    if path.gradient and path.fill:
        _stripes(page, path)
    shape = page.new_shape()
    _trace(shape, path)
    shape.finish(
        color=path.stroke,
        fill=None if path.gradient else path.fill,
        width=path.width,
        dashes="[3 2] 0" if path.dash else None,
        closePath=path.commands[-1][0] == "Z",
    )
    shape.commit()


def _trace(shape: pymupdf.Shape, path: Path) -> None:
    at = start = pymupdf.Point(0, 0)
    for kind, *values in path.commands:
        points = [pymupdf.Point(a, b) for a, b in zip(values[::2], values[1::2], strict=True)]
        if kind == "M":
            at = start = points[0]
        elif kind == "L":
            shape.draw_line(at, points[0])
            at = points[0]
        elif kind == "C":
            shape.draw_bezier(at, *points)
            at = points[2]
        elif at != start:
            shape.draw_line(at, start)


def _stripes(page: pymupdf.Page, path: Path) -> None:
    """A gradient the way old exporters wrote it: narrow rectangles, lighter from left to right."""
    x0, y0, x1, y1 = path.box
    assert path.fill
    for n in range(STRIPES):
        share = n / STRIPES
        color: Color = tuple(v + (1 - v) * share * 0.8 for v in path.fill)  # type: ignore[assignment]
        left = x0 + (x1 - x0) * share
        tip = 8.0
        # Stripes in the tip are shorter, so that none stands out of the outline.
        reach = min(1.0, (x1 - left) / tip)
        middle, half = (y0 + y1) / 2, (y1 - y0) / 2 * reach
        shape = page.new_shape()
        shape.draw_rect(pymupdf.Rect(left, middle - half, left + (x1 - x0) / STRIPES + 0.2, middle + half))
        shape.finish(color=None, fill=color)
        shape.commit()


def _text(page: pymupdf.Page, block: Block, name: str, font: str, glyphs: str) -> None:
    shape = page.new_shape()
    for line in block.lines:
        for dx in (0.0, 0.25) if glyphs == "double" else (0.0,):
            if glyphs == "single":
                x = line.x
                for char in line.text:
                    shape.insert_text((x, line.y), char, fontsize=block.size, fontname=name, color=block.color)
                    x += text_width(char, block.size, font)
            else:
                shape.insert_text(
                    (line.x + dx, line.y), line.text, fontsize=block.size, fontname=name, color=block.color
                )
    shape.commit()


def _rotate(document: pymupdf.Document, page: pymupdf.Page, angle: int) -> None:
    """Turns the page's coordinates so that /Rotate brings them back upright."""
    width, height = page.rect.width, page.rect.height
    matrix = {
        90: f"0 1 -1 0 {height:.2f} 0",
        180: f"-1 0 0 -1 {width:.2f} {height:.2f}",
        270: f"0 -1 1 0 0 {width:.2f}",
    }[angle]
    page.clean_contents()
    (xref,) = page.get_contents()
    turned = f"q {matrix} cm\n".encode() + document.xref_stream(xref) + b"\nQ"
    document.update_stream(xref, turned)
    if angle != 180:
        page.set_mediabox(pymupdf.Rect(0, 0, height, width))
    page.set_rotation(angle)
