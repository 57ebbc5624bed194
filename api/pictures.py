# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures that a notebook shows by itself and that can be saved as files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from koteihyo.schema.errors import StoreError, UsageError


@dataclass(frozen=True, repr=False)
class Picture:
    """A page of a PDF with what was read drawn on it, two pixels a point."""

    png: bytes
    """The picture as PNG."""

    def __repr__(self) -> str:
        return f"<Picture, {len(self.png):,} bytes of PNG>"

    def _repr_png_(self) -> bytes:
        return self.png

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the PNG.

        Raises:
            UsageError: the name does not end in .png.
            StoreError: the file cannot be written.
        """
        _write(path, ".png", self.png)


@dataclass(frozen=True, repr=False)
class Gantt:
    """A plan drawn as a Gantt chart."""

    svg: str
    """The chart as an SVG document; its blocks have tooltips, its texts can be selected."""

    def __repr__(self) -> str:
        return f"<Gantt, {len(self.svg):,} characters of SVG>"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x: auto; background: white; color: black">{self.svg}</div>'

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the SVG; a browser, Inkscape or a word processor makes other forms of it.

        Raises:
            UsageError: the name does not end in .svg.
            StoreError: the file cannot be written.
        """
        _write(path, ".svg", self.svg.encode())


def _write(path: str | os.PathLike[str], ending: str, content: bytes) -> None:
    if Path(path).suffix.lower() != ending:
        raise UsageError(
            f"{os.fspath(path)}: what is written is {ending[1:].upper()}; name a file that ends in {ending}"
        )
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise StoreError(f"{os.fspath(path)}: cannot be written ({error.strerror})") from error
