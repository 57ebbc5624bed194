# SPDX-License-Identifier: AGPL-3.0-or-later
"""Says, and draws, which pass of the reading gave each line of a page to what, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.pipeline.picture import SCALE
from koteihyo.schema.errors import UsageError

if TYPE_CHECKING:
    from koteihyo.extract.model import PageLayout
    from koteihyo.normalize.claims import Claims

_SHAPE = (0, 90, 200)
_CLAIMED = (0, 140, 60)
_UNCLAIMED = (230, 0, 160)


def explain_page(layout: PageLayout) -> list[tuple[str, str, str, str]]:
    """(text, pass, what it was given to, why) of every line of a page, from the top."""
    from koteihyo.normalize.page import read_page

    table = read_page(layout).claims.table
    rows = []
    for line in sorted(table, key=lambda ln: (round(ln.box.y0), ln.box.x0)):
        claim = table[line]
        rows.append((line.text.strip(), claim.by or "no pass", claim.holder.what, claim.why))
    return rows


def save_stage(pdf: Path, page_no: int, stage: str, target: Path) -> None:
    """Renders a page and writes it with its bars, marks and lines as they stood after one pass.

    Raises:
        DocumentError: the PDF or the page cannot be read.
        UsageError: no pass is called so.
    """
    from koteihyo.extract.document import open_document
    from koteihyo.normalize.chart import PASSES
    from koteihyo.normalize.page import page_stages

    if stage not in {step.name for step in PASSES}:
        names = ", ".join(step.name for step in PASSES)
        raise UsageError(f"--stage {stage}: there is no such pass; name one of: {names}")
    with open_document(pdf) as document:
        samples, width, height = document.render(page_no, SCALE)
        states = [claims for step, claims in page_stages(document.page(page_no)) if step.name == stage]
    if not states:
        raise UsageError(f"{pdf.name}, page {page_no}: no year header, so no pass was made; take another page")
    target.write_bytes(_draw(states[-1], samples, (width, height)))


def _draw(claims: Claims, samples: bytes, size: tuple[int, int]) -> bytes:
    from io import BytesIO

    from PIL import Image, ImageDraw

    image = Image.frombytes("RGB", size, samples)
    draw = ImageDraw.Draw(image)
    for shape in [bar.shape for bar in claims.bars] + [mark.shape for mark in claims.marks]:
        draw.rectangle(tuple(v * SCALE for v in shape.box), outline=_SHAPE, width=3)
    for line, claim in claims.table.items():
        color = _UNCLAIMED if claim.holder.what.startswith("nothing") else _CLAIMED
        box = tuple(v * SCALE for v in line.box)
        draw.rectangle(box, outline=color, width=1)
        draw.text((box[0], box[1] - 10), claim.by, fill=color)
    out = BytesIO()
    image.save(out, format="PNG", optimize=False)
    return out.getvalue()
