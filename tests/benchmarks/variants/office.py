# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes canvases as a flat OpenDocument drawing that LibreOffice exports: outlines and text boxes of their own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path as FilePath

from tests.benchmarks.variants.canvas import FONTS, Block, Canvas, Color, Path
from tests.benchmarks.variants.layouts import Layout

NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in (("office", "office"), ("style", "style"), ("text", "text"), ("draw", "drawing"))
) + (
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)


def available() -> bool:
    """Whether LibreOffice is installed."""
    return shutil.which("soffice") is not None


def write(layout: Layout, canvases: list[Canvas], target: FilePath) -> None:
    """All canvases as the pages of one PDF."""
    styles: dict[str, str] = {}
    family = FONTS[layout.font][1]
    pages = "".join(
        f'<draw:page draw:name="p{n}" draw:master-page-name="M">'
        + "".join(_path(op, styles) if isinstance(op, Path) else _text(op, styles, family) for op in canvas.ops)
        + "</draw:page>"
        for n, canvas in enumerate(canvases, 1)
    )
    width, height = layout.page
    orientation = "landscape" if width > height else "portrait"
    source = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.graphics"><office:styles/><office:automatic-styles>'
        f'<style:page-layout style:name="L"><style:page-layout-properties fo:page-width="{width}pt" '
        f'fo:page-height="{height}pt" style:print-orientation="{orientation}" fo:margin-top="0pt" fo:margin-bottom="0pt" fo:margin-left="0pt" '
        f'fo:margin-right="0pt"/></style:page-layout>{"".join(styles.values())}</office:automatic-styles>'
        '<office:master-styles><style:master-page style:name="M" style:page-layout-name="L"/></office:master-styles>'
        f"<office:body><office:drawing>{pages}</office:drawing></office:body></office:document>"
    )
    with tempfile.TemporaryDirectory() as folder:
        drawing = FilePath(folder) / f"{target.stem}.fodg"
        drawing.write_text(source, encoding="utf-8")
        profile = f"-env:UserInstallation={FilePath(folder, 'profile').as_uri()}"
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(target.parent),
            str(drawing),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=300)


def _rgb(color: Color) -> str:
    return "#" + "".join(f"{round(v * 255):02x}" for v in color)


def _style(styles: dict[str, str], family: str, properties: str) -> str:
    """The name of the style with these properties, made when new."""
    key = family + properties
    if key not in styles:
        name = f"S{len(styles)}"
        styles[key] = f'<style:style style:name="{name}" style:family="{family}">{properties}</style:style>'
    return styles[key].split('"')[1]


def _path(path: Path, styles: dict[str, str]) -> str:
    x0, y0, x1, y1 = path.box
    fill = f'draw:fill="solid" draw:fill-color="{_rgb(path.fill)}"' if path.fill else 'draw:fill="none"'
    stroke = 'draw:stroke="none"'
    if path.stroke:
        dash = "dash" if path.dash else "solid"
        stroke = f'draw:stroke="{dash}" svg:stroke-width="{path.width}pt" svg:stroke-color="{_rgb(path.stroke)}"'
    style = _style(styles, "graphic", f"<style:graphic-properties {fill} {stroke}/>")
    if len(path.commands) == 2:
        ends = f'svg:x1="{x0:.2f}pt" svg:y1="{y0:.2f}pt" svg:x2="{x1:.2f}pt" svg:y2="{y1:.2f}pt"'
        return f'<draw:line draw:style-name="{style}" {ends}/>'
    scale = 100
    d = " ".join(
        c[0] + " ".join(str(round((v - (x0 if n % 2 == 0 else y0)) * scale)) for n, v in enumerate(c[1:]))
        for c in path.commands
    )
    width, height = x1 - x0, y1 - y0
    view = f"0 0 {round(width * scale)} {round(height * scale)}"
    return (
        f'<draw:path draw:style-name="{style}" svg:x="{x0:.2f}pt" svg:y="{y0:.2f}pt" svg:width="{width:.2f}pt" '
        f'svg:height="{height:.2f}pt" svg:viewBox="{view}" svg:d="{d}"/>'
    )


def _text(block: Block, styles: dict[str, str], family: str) -> str:
    top = block.lines[0].y - block.size * 0.98
    side = "center" if block.vertical else block.align
    frame = _style(
        styles,
        "graphic",
        '<style:graphic-properties draw:fill="none" draw:stroke="none" fo:padding-top="0pt" fo:padding-bottom="0pt" fo:padding-left="0pt" fo:padding-right="0pt" fo:wrap-option="no-wrap" '
        f'draw:auto-grow-height="false" draw:auto-grow-width="false" draw:textarea-horizontal-align="{side}" '
        'draw:textarea-vertical-align="top"/>',
    )
    align = {"left": "start", "center": "center", "right": "end"}[side]
    height = (block.lines[1].y - block.lines[0].y) if len(block.lines) > 1 else block.size * 1.25
    paragraph = _style(
        styles,
        "paragraph",
        f'<style:paragraph-properties fo:text-align="{align}" fo:line-height="{height:.2f}pt"/>'
        f'<style:text-properties fo:font-size="{block.size:.2f}pt" style:font-size-asian="{block.size:.2f}pt" '
        f'fo:color="{_rgb(block.color)}" fo:font-family="{family}" style:font-family-asian="{family}" '
        'fo:language="ja" fo:country="JP" style:language-asian="ja" style:country-asian="JP"/>',
    )
    # LibreOffice wraps in drawings whatever one says, so that boxes are wider than their lines.
    spare = {"left": (0.0, 160.0), "center": (80.0, 80.0), "right": (160.0, 0.0)}[block.align]
    if block.vertical:
        spare = (2.0, 2.0)
    x0, x1 = block.box[0] - spare[0], block.box[2] + spare[1]
    paragraphs = "".join(f'<text:p text:style-name="{paragraph}">{escape(line.text)}</text:p>' for line in block.lines)
    return (
        f'<draw:frame draw:style-name="{frame}" svg:x="{x0:.2f}pt" svg:y="{top:.2f}pt" svg:width="{x1 - x0:.2f}pt" '
        f'svg:height="{height * len(block.lines):.2f}pt"><draw:text-box>{paragraphs}</draw:text-box></draw:frame>'
    )
