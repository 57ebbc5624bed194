# SPDX-License-Identifier: AGPL-3.0-or-later
"""The corpus of damaged documents: made anew each time, the same in every run."""

from __future__ import annotations

import io
import random
import re
import zlib
from collections.abc import Iterator, Mapping

from tests.robustness.handmade import (
    FONT,
    chart,
    document,
    flate,
    pages,
    rectangle,
    roadmap,
    stream,
    text,
)

COMMON_PIECE = re.compile(rb"\d+ 0 obj\b.*?\bendobj", re.DOTALL)


def mutations(name: str, sound: bytes, each: int) -> Iterator[tuple[str, bytes]]:
    """`each` documents of every kind of damage, made from a sound one."""
    kinds = (_truncated, _flipped, _zeroed, _without_object, _swapped_streams, _wrong_numbers, _shuffled_bytes)
    for kind in kinds:
        for seed in range(each):
            rng = random.Random(f"{name} {kind.__name__} {seed}")
            yield f"{name}{kind.__name__}-{seed}", kind(sound, rng)


def _truncated(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(1, len(data))]


def _flipped(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 10, 100, 1000))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _zeroed(data: bytes, rng: random.Random) -> bytes:
    start, length = rng.randrange(len(data)), rng.choice((16, 512, 4096))
    return data[:start] + bytes(min(length, len(data) - start)) + data[start + length :]


def _without_object(data: bytes, rng: random.Random) -> bytes:
    found = list(COMMON_PIECE.finditer(data))
    gone = rng.choice(found)
    # Same length: the cross-reference table still fits, but the object is blank.
    return data[: gone.start()] + b" " * len(gone.group()) + data[gone.end() :]


def _swapped_streams(data: bytes, rng: random.Random) -> bytes:
    found = [m for m in COMMON_PIECE.finditer(data) if b"stream" in m.group()]
    a, b = sorted(rng.sample(found, 2), key=lambda m: m.start())
    bodies = [re.sub(rb"^\d+ 0 obj", b"", m.group()) for m in (a, b)]
    heads = [m.group()[: len(m.group()) - len(body)] for m, body in zip((a, b), bodies, strict=True)]
    return b"".join(
        (data[: a.start()], heads[0], bodies[1], data[a.end() : b.start()], heads[1], bodies[0], data[b.end() :])
    )


def _wrong_numbers(data: bytes, rng: random.Random) -> bytes:
    values = (b"0", b"-1", b"99999999999", b"1e30", b"2147483648", b"0.0000001", b"nan", b"null", b"<<>>")
    share = rng.choice((0.002, 0.02, 0.2))
    return re.sub(rb"\b\d+\b", lambda m: rng.choice(values) if rng.random() < share else m.group(), data)


def _shuffled_bytes(data: bytes, rng: random.Random) -> bytes:
    cut = sorted(rng.sample(range(len(data)), 3))
    return data[: cut[0]] + data[cut[1] : cut[2]] + data[cut[0] : cut[1]] + data[cut[2] :]


def saved(data: bytes, **options: object) -> bytes:
    """The document as another producer would write it: compressed, with object streams, or encrypted."""
    import pymupdf

    out = io.BytesIO()
    with pymupdf.open(stream=data, filetype="pdf") as pdf:
        pdf.save(out, **options)
    return out.getvalue()


def encrypted(data: bytes, user: str) -> bytes:
    """The document behind a user password."""
    import pymupdf

    return saved(data, encryption=pymupdf.mupdf.PDF_ENCRYPT_AES_256, owner_pw="owner", user_pw=user)


def refused() -> Mapping[str, tuple[str, bytes]]:
    """Name → (the reason it must be refused with, document)."""
    image = b"<</Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8/Length 64>>"
    scan = pages(
        [stream(b"800 0 0 500 20 20 cm /I Do")] * 3,
        resources=b"/XObject<</I 5 0 R>>",
        o5=image + b"\nstream\n" + bytes(range(64)) + b"\nendstream",
    )
    outlines = pages([stream(rectangle(10, 10, 300, 300))])
    return {
        "empty-file": ("empty", b""),
        "spaces": ("not_a_pdf", b" \n" * 600),
        "html": ("not_a_pdf", b"<html><body>404 Not Found</body></html>"),
        "png": ("not_a_pdf", b"\x89PNG\r\n\x1a\n" + bytes(500)),
        "zip": ("not_a_pdf", b"PK\x03\x04" + bytes(500)),
        "only-header": ("damaged", b"%PDF-1.7\n"),
        "header-and-noise": ("damaged", b"%PDF-1.7\n" + random.Random(1).randbytes(20_000)),
        "no-pages": ("damaged", document({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"})),
        "no-catalog": ("damaged", document({1: b"<</Type/Nothing>>", 2: b"[1 2 3]"})),
        "password": ("password", encrypted(roadmap(), "secret")),
        "scanned": ("no_text", scan),
        "blank-page": ("no_text", pages([stream(b"")])),
        "outlines-only": ("no_text", outlines),
        "too-many-pages": ("too_many_pages", pages([stream(b"")] * 2001)),
    }


def hostile() -> Mapping[str, bytes]:
    """Documents that are legal in parts and built to hurt: they must end within the limits, with rows or a reason."""
    nested = {20 + i: _form(b"/A%d Do " % (i + 1) * 10, b"/XObject<</A%d %d 0 R>>" % (i + 1, 21 + i)) for i in range(3)}
    return {
        "encrypted-empty-password": encrypted(roadmap(), ""),
        "object-streams": saved(roadmap(), use_objstms=1, deflate=True, garbage=4),
        "cyclic-pages": document({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"}),
        "cyclic-parent": document(
            {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 3 0 R>>"}
            | {3: b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 100 100]/Contents 3 0 R>>"}
        ),
        "cyclic-form": pages(
            [stream(chart() + b"/A Do")],
            resources=b"/XObject<</A 5 0 R>>",
            o5=_form(b"/A Do", b"/XObject<</A 5 0 R>>"),
        ),
        "cyclic-length": pages([b"<</Length 11 0 R>>\nstream\n" + chart() + b"\nendstream"]),
        "cyclic-prev": document(
            {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]>>"}, trailer=b"/Prev 9"
        ),
        "cyclic-contents": pages([b"[11 0 R 11 0 R]"]),
        "cyclic-font": pages([stream(chart())], o3=b"<</Type/Font/Subtype/Type0/DescendantFonts[3 0 R]>>"),
        "nested-forms": pages(
            [stream(chart() + b"/A0 Do")],
            resources=b"/XObject<</A0 20 0 R>>",
            **{f"o{n}": body for n, body in nested.items()},
            o23=_form(text(50, 50, "入れ子"), b"/Font<</F1 3 0 R>>"),
        ),
        "type3-recursion": pages(
            [stream(b"BT /T 10 Tf 50 50 Td (aaaa) Tj ET")],
            resources=b"/Font<</T 5 0 R/F1 3 0 R>>",
            o5=b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 6 0 R>>"
            b"/FirstChar 97/LastChar 97/Widths[1]/Encoding<</Differences[97/a]>>/Resources<</Font<</T 5 0 R>>>>>>",
            o6=stream(b"1 0 d0 BT /T 10 Tf (a) Tj ET"),
        ),
        "deep-arrays": pages([stream(chart())], o5=b"[" * 50_000 + b"]" * 50_000),
        "deep-arrays-in-content": pages([stream(b"[" * 50_000 + chart())]),
        "deep-q": pages([stream(b"q " * 100_000 + chart())]),
        "deep-dicts-in-trailer": document(
            {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]>>"}, trailer=b"/X" + b"<</X" * 20_000
        ),
        "zero-area-paths": pages([stream(chart() + b"5 5 0 0 re f 9 9 m 9 9 l 9 9 l h B " * 3000)]),
        "huge-numbers": pages([stream(chart() + b"1e38 -1e38 m 99999999999999999999 1e38 l S 0 0 1e38 1e38 re f ")]),
        "singular-matrix": pages([stream(b"0 0 0 0 0 0 cm " + chart())]),
        "tiny-matrix": pages([stream(b"1e-9 0 0 1e-9 0 0 cm " + chart())]),
        "huge-matrix": pages([stream(b"1e9 0 0 1e9 0 0 cm " + chart())]),
        "mirrored": pages([stream(b"-1 0 0 1 842 0 cm " + chart())]),
        "sheared": pages([stream(b"1 0.7 0.3 1 0 0 cm " + chart())]),
        "zero-mediabox": pages([stream(chart())], box=b"0 0 0 0"),
        "inverted-mediabox": pages([stream(chart())], box=b"842 595 0 0"),
        "huge-mediabox": pages([stream(chart())], box=b"-1e9 -1e9 1e9 1e9"),
        "wrong-mediabox": pages([stream(chart())], box=b"/a (b) null"),
        "far-mediabox": pages([stream(chart())], box=b"100000 100000 100842 100595"),
        "zero-size-font": pages([stream(text(50, 50, "見えない", 0) + chart())]),
        "huge-font": pages([stream(text(50, 50, "大きい", 90_000) + chart())]),
        "many-glyphs-in-one-place": pages([stream(text(50, 50, "重", 10) * 5000)]),
        "huge-count": document({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 2147483647>>"}),
        "negative-count": document({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count -5>>"}),
        "missing-font": pages([stream(chart())], o3=b"null"),
        "unknown-filter": pages([stream(chart(), b"/Filter/NoSuchFilter")]),
        "wrong-flate": pages([stream(b"\x78\x9c" + bytes(500), b"/Filter/FlateDecode")]),
        "half-flate": pages([_half_flate(chart(rows=4))]),
        "endless-inline-image": pages([stream(chart() + b"BI /W 99999 /H 99999 /BPC 8 /CS /G ID " + bytes(200))]),
        "infinite-years": pages([stream(b"".join(text(x * 3, 84, f"{1 + x}年度", 3) for x in range(270)))]),
        "years-backwards": pages([stream(b"".join(text(50 + x * 90, 84, f"{2030 - x}年度") for x in range(8)))]),
        "same-year-everywhere": pages(
            [stream(b"".join(text(50 + x % 8 * 90, 84 + x // 8 * 20, "2024年度") for x in range(160)))]
        ),
        "year-zero": pages([stream(b"".join(text(50 + x * 90, 84, f"令和{x}年度") for x in range(8)))]),
        **{f"tounicode-{name}": _with_tounicode(cmap) for name, cmap in _CMAPS.items()},
    }


def expensive() -> Mapping[str, tuple[tuple[str, ...], bytes]]:
    """Name → (how a real worker with small limits may end: a reason, or `read`; document)."""
    zeros = zlib.compress(bytes(1 << 26), 9)
    bomb = zlib.compress(zlib.compress(b" " * (1 << 28), 9), 9)
    vertices = b"".join(b"%d %d l " % (i % 800, i * 7 % 590) for i in range(1_000_000))
    return {
        "bomb": (
            ("memory", "timeout", "no_text", "damaged"),
            pages([stream(bomb, b"/Filter[/FlateDecode/FlateDecode]")]),
        ),
        "zeros": (("memory", "timeout", "no_text", "damaged"), pages([stream(zeros, b"/Filter/FlateDecode")])),
        "million-vertices": (("read", "timeout", "memory"), pages([flate(chart() + b"0 0 m " + vertices + b"S")])),
        "billion-laughs": (
            ("timeout", "memory", "crashed"),
            pages(
                [stream(chart() + b"/A0 Do")],
                resources=b"/XObject<</A0 20 0 R>>",
                **_laughs(),
            ),
        ),
    }


def endless_page(before: bytes = b"") -> bytes:
    """Two roadmap pages and between them one that is not painted to its end before the sun goes down."""
    contents = [stream(chart()), stream(before + b"/A0 Do"), stream(chart(2030))]
    return pages(contents, resources=b"/XObject<</A0 20 0 R>>", **_laughs())


def _laughs() -> Mapping[str, bytes]:
    """Objects for `pages`: the form 20 0 R paints a rectangle a thousand million times."""
    forms = {20 + i: _form(b"/A%d Do " % (i + 1) * 10, b"/XObject<</A%d %d 0 R>>" % (i + 1, 21 + i)) for i in range(9)}
    return {**{f"o{n}": body for n, body in forms.items()}, "o29": _form(rectangle(10, 10, 50, 50), b"")}


def _form(content: bytes, resources: bytes) -> bytes:
    return stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 842 595]/Resources<<%s>>" % resources)


def _half_flate(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return stream(packed[: len(packed) // 2], b"/Filter/FlateDecode")


def _with_tounicode(cmap: bytes) -> bytes:
    font = FONT.removesuffix(b">>") + b"/ToUnicode 5 0 R>>"
    return pages([stream(chart())] * 2, o3=font, o5=stream(cmap))


def _cmap(mapping: bytes) -> bytes:
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <ffff> endcodespacerange\n" + mapping + b"\nendcmap end end"
    )


_CMAPS = {
    "to-nul": _cmap(b"1 beginbfrange <0000> <ffff> <0000> endbfrange"),
    "to-surrogates": _cmap(b"1 beginbfrange <0000> <07ff> <d800> endbfrange 1 beginbfchar <5e74> <dc00> endbfchar"),
    "to-controls": _cmap(b"2 beginbfchar <5e74> <001b> <5ea6> <202e> endbfchar"),
    "to-replacement": _cmap(b"1 beginbfrange <0000> <ffff> <fffd> endbfrange"),
    "to-private-use": _cmap(b"1 beginbfrange <0000> <00ff> <e000> endbfrange"),
    "to-long-strings": _cmap(b"1 beginbfchar <5e74> <" + b"4e00" * 200 + b"> endbfchar"),
    "garbage": bytes(range(256)) * 4,
    "empty": b"",
}
