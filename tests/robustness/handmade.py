# SPDX-License-Identifier: AGPL-3.0-or-later
"""PDFs written byte by byte: a small roadmap, and documents built to hurt a reader."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/HeiseiKakuGo-W5/Encoding/UniJIS-UTF16-H/DescendantFonts["
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/HeiseiKakuGo-W5/CIDSystemInfo"
    b"<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>/FontDescriptor "
    b"<</Type/FontDescriptor/FontName/HeiseiKakuGo-W5/Flags 4/Ascent 880/Descent -120/CapHeight 700/StemV 80"
    b"/ItalicAngle 0/FontBBox[0 -120 1000 880]>>/DW 1000>>]>>"
)
WIDTH, HEIGHT = 842, 595


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (extra, len(data), data)


def flate(data: bytes, extra: bytes = b"") -> bytes:
    """A compressed stream object's body."""
    return stream(zlib.compress(data), b"/Filter/FlateDecode" + extra)


def document(objects: Mapping[int, bytes], root: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF file of numbered objects, with its cross-reference table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 00000 f \n"
    out += b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, xref)
    return bytes(out)


def pages(contents: Sequence[bytes], *, box: bytes = b"0 0 842 595", resources: bytes = b"", **more: bytes) -> bytes:
    """A PDF with one page for each content stream (whole stream objects). `more`: objects by number, as `o9=…`."""
    first = 10
    kids = b" ".join(b"%d 0 R" % (first + 2 * i) for i in range(len(contents)))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents)),
        3: FONT,
    }
    for i, content in enumerate(contents):
        objects[first + 2 * i] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>%s>>>>"
            % (box, first + 2 * i + 1, resources)
        )
        objects[first + 2 * i + 1] = content
    objects.update({int(name[1:]): body for name, body in more.items()})
    return document(objects)


def text(x: float, y: float, words: str, size: float = 10) -> bytes:
    """Content that writes a text; y from the top."""
    encoded = words.encode("utf-16-be").hex().encode()
    return b"BT /F1 %g Tf %g %g Td <%s> Tj ET\n" % (size, x, HEIGHT - y, encoded)


def rectangle(x0: float, y0: float, x1: float, y1: float) -> bytes:
    """Content that fills a rectangle; y from the top."""
    return b"0.8 0.9 1 rg %g %g %g %g re f 0 g\n" % (x0, HEIGHT - y1, x1 - x0, y1 - y0)


def chart(first_year: int = 2022, rows: int = 4) -> bytes:
    """Content of a roadmap page: title, four fiscal years, headings, bars and a note."""
    parts = [text(40, 40, "重点計画の工程表", 18)]
    left, width = 242, 150
    for i in range(4):
        parts.append(text(left + i * width + 50, 84, f"{first_year + i}年度"))
        parts.append(b"0.5 w %g %g m %g %g l S\n" % (left + i * width, HEIGHT - 70, left + i * width, 45))
    for row in range(rows):
        y = 110 + row * 90
        parts.append(text(50, y + 30, f"({row + 1})" + "施策の名前"))
        parts.append(rectangle(left + 5, y, left + (1 + row % 4) * width - 5, y + 32))
        parts.append(text(left + 12, y + 20, f"システムの整備と運用その{row + 1}"))
    parts.append(text(50, 520, "※この工程表は試験のために作ったものである。"))
    return b"".join(parts)


def roadmap(count: int = 2, *, compressed: bool = False) -> bytes:
    """A small sound roadmap."""
    make = flate if compressed else stream
    return pages([make(chart(2022 + i)) for i in range(count)])
