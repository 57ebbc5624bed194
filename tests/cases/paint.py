# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws a case's page as a PDF and says what the reader sees on it, before anything is known about plans."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pymupdf

from koteihyo.extract.document import Document
from koteihyo.extract.model import PageLayout
from tests.cases.page import FILLS, HEIGHT, OUTLINE, WIDTH
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "data" / "painted"
SEEN = ("shapes", "rules", "connectors", "lines", "hidden", "pictures", "warnings")
"""What a case may say of a page."""


def painted_cases(path: Path) -> Iterator[tuple[str, list[str], dict[str, Any]]]:
    """Name, what is painted, and what must be seen of each case of a file."""
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
        yield case["name"], case["paint"], {key: value for key, value in case.items() if key in SEEN}


def paint(things: Sequence[str]) -> PageLayout:
    """What the reader takes from a page on which things are painted in this order."""
    with pymupdf.open() as drawn:
        page = drawn.new_page(width=WIDTH, height=HEIGHT)
        for thing in things:
            kind, rest = thing.split(" ", 1)
            _PAINT[kind](page, rest)
        content = drawn.tobytes()
    with Document(pymupdf.open(stream=content, filetype="pdf"), "case.pdf") as document:
        return document.page(1)


def see(layout: PageLayout, what: str) -> list[str]:
    """One of the things that a case may say of a page, as it was seen."""
    return sorted(_SEE[what](layout))


def _text(page: pymupdf.Page, rest: str) -> None:
    x, y, size, text = rest.split(" ", 3)
    page.insert_text((float(x), float(y)), text, fontname="japan", fontsize=float(size))


def _fill(page: pymupdf.Page, rest: str) -> None:
    color, *numbers = rest.split()
    _outline(page, numbers, {"fill": FILLS[color], "color": None, "closePath": True})


def _stroke(page: pymupdf.Page, rest: str) -> None:
    width, *numbers = rest.split()
    dashes = "[4 3] 0" if numbers[-1] == "dashed" else None
    how = {"fill": None, "color": OUTLINE, "width": float(width), "dashes": dashes, "closePath": False}
    _outline(page, numbers[:-1] if dashes else numbers, how)


def _outline(page: pymupdf.Page, numbers: Sequence[str], how: dict[str, Any]) -> None:
    values = [float(word) for word in numbers]
    points = list(zip(values[::2], values[1::2], strict=True))
    shape = page.new_shape()
    shape.draw_polyline([*points, points[0]] if how["closePath"] else points)
    shape.finish(**how)
    shape.commit()


def _oval(page: pymupdf.Page, rest: str) -> None:
    color, *numbers = rest.split()
    page.draw_oval(pymupdf.Rect(*map(float, numbers)), color=None, fill=FILLS[color])


def _round(page: pymupdf.Page, rest: str) -> None:
    color, *numbers, part = rest.split()
    page.draw_rect(pymupdf.Rect(*map(float, numbers)), color=None, fill=FILLS[color], radius=float(part))


def _picture(page: pymupdf.Page, rest: str) -> None:
    color, *numbers = rest.split()
    pixels = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 4, 4))
    pixels.set_rect(pixels.irect, tuple(round(255 * part) for part in FILLS[color]))
    page.insert_image(pymupdf.Rect(*map(float, numbers)), pixmap=pixels, keep_proportion=False)


_PAINT: dict[str, Callable[[pymupdf.Page, str], None]] = {
    "text": _text, "fill": _fill, "stroke": _stroke, "oval": _oval, "round": _round, "picture": _picture,
}  # fmt: skip


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:.1f}" for value in values)


_SEE: dict[str, Callable[[PageLayout], list[str]]] = {
    "shapes": lambda p: [
        f"{s.form.value} {_numbers(s.box)}{' left' if not s.points_right and s.form.value in _POINTED else ''}"
        f"{' dashed' if s.dashed else ''}"
        for s in p.shapes
    ],
    "rules": lambda p: [
        f"{'v' if r.vertical else 'h'} {_numbers((r.at, r.start, r.end))}{' dashed' if r.dashed else ''}" for r in p.rulings
    ],
    "connectors": lambda p: [
        f"{_numbers((*c.start, *c.end))}{' to_start' if c.points_to_start else ''}{' to_end' if c.points_to_end else ''}"
        for c in p.connectors
    ],
    "lines": lambda p: [f"{_numbers((line.box.x0, line.box.y1))} {line.text}" for line in p.lines],
    "hidden": lambda p: [f"{h.reason} {''.join(g.char for g in h.glyphs)}" for h in p.hidden],
    "pictures": lambda p: [_numbers(box) for box in p.images],
    "warnings": lambda p: list(p.warnings),
}  # fmt: skip
_POINTED = ("pentagon", "chevron", "block_arrow", "arrow_line")
