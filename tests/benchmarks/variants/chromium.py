# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes canvases as SVG pages printed by Chromium."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path as FilePath

from tests.benchmarks.variants.canvas import FONTS, RADICALS, Block, Canvas, Color, Path
from tests.benchmarks.variants.layouts import Layout

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
]


def available() -> bool:
    """Whether Chromium is installed."""
    return shutil.which("chromium") is not None


def write(layout: Layout, canvases: list[Canvas], target: FilePath) -> None:
    """All canvases as the pages of one PDF."""
    width, height = layout.page
    family = FONTS[layout.font][1]
    svgs = "".join(
        f'<svg width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}">'
        + "".join(_path(op) if isinstance(op, Path) else _text(op, layout) for op in canvas.ops)
        + "</svg>"
        for canvas in canvases
    )
    style = (
        f"@page{{size:{width}pt {height}pt;margin:0}}html,body{{margin:0}}svg{{display:block;break-after:page}}"
        f"text{{font-family:'{family}';white-space:pre}}"
    )
    html = f'<!doctype html><html lang="ja"><meta charset="utf-8"><style>{style}</style><body>{svgs}</body></html>'
    with tempfile.TemporaryDirectory() as folder:
        page = FilePath(folder) / "page.html"
        page.write_text(html, encoding="utf-8")
        command = ["chromium", *FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=180)


def _rgb(color: Color | None) -> str:
    return "none" if color is None else "#" + "".join(f"{round(v * 255):02x}" for v in color)


def _path(path: Path) -> str:
    d = " ".join(c[0] + " ".join(f"{v:.2f}" for v in c[1:]) for c in path.commands)
    dash = ' stroke-dasharray="3 2"' if path.dash else ""
    fill, defs = _rgb(path.fill), ""
    if path.gradient and path.fill:
        name = f"g{abs(hash(path))}"
        defs = (
            f'<linearGradient id="{name}"><stop offset="0" stop-color="{fill}"/>'
            '<stop offset="1" stop-color="#ffffff"/></linearGradient>'
        )
        fill = f"url(#{name})"
    return f'{defs}<path d="{d}" fill="{fill}" stroke="{_rgb(path.stroke)}" stroke-width="{path.width}"{dash}/>'


def _text(block: Block, layout: Layout) -> str:
    attributes = f'font-size="{block.size:.2f}" fill="{_rgb(block.color)}"'
    if block.vertical:
        first = block.lines[0]
        text = _characters("".join(line.text for line in block.lines), layout)
        x, y = first.x + block.size / 2, first.y - block.size
        style = 'style="writing-mode:vertical-rl;letter-spacing:0.08em"'
        return f'<text x="{x:.2f}" y="{y:.2f}" {attributes} {style}>{text}</text>'
    return "".join(
        f'<text x="{line.x:.2f}" y="{line.y:.2f}" {attributes}>{_characters(line.text, layout)}</text>'
        for line in block.lines
    )


def _characters(text: str, layout: Layout) -> str:
    return escape(text.translate(RADICALS) if layout.glyphs == "radicals" else text)
