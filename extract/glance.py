# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the text layer of a page says, for a tenth of what its layout costs, and whether it says all there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pymupdf

# PDF points: what is painted flatter or slimmer than this is a rule and no lettering.
RULE_THICKNESS = 4.0
_PAINTED = ("fill-path", "stroke-path", "fill-image", "fill-imgmask", "fill-shade")
# Signs that stand where a font does not say what its glyphs mean.
_UNKNOWN = ("\ufffd", *map(chr, (0xE000, 0xF8FF)))


@dataclass(frozen=True)
class Glance:
    """The lines of a page's text layer."""

    lines: tuple[str, ...]
    is_all: bool
    """Whether nothing else on the page could be lettering: no picture, nothing painted but rules, no unknown sign."""


def glance(page: pymupdf.Page) -> Glance:
    """A page at a glance; the errors are MuPDF's."""
    text = page.get_text("text")
    lines = tuple(line.strip() for line in text.split("\n") if line.strip())
    return Glance(lines, not _has_unknown(text) and not _has_paintings(page))


def _has_unknown(text: str) -> bool:
    return _UNKNOWN[0] in text or any(_UNKNOWN[1] <= char <= _UNKNOWN[2] for char in text)


def _has_paintings(page: pymupdf.Page) -> bool:
    return any(
        kind in _PAINTED and min(box[2] - box[0], box[3] - box[1]) > RULE_THICKNESS for kind, box in page.get_bboxlog()
    )
