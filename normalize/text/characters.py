# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text as it should be read: radicals back to kanji, and the producer's spaces and line breaks taken out.

Not NFKC: it would turn ① into 1 and ㎡ into m2, and it leaves most of the CJK Radicals Supplement alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

# Other code points that producers write for the katakana middle dot (U+30FB).
_MIDDLE_DOTS = dict.fromkeys(map(ord, "‧∙⋅·"), "・")
# Mathematical slashes that fonts give for the full-width one.
_SLASHES = dict.fromkeys(map(ord, "∕⁄"), "／")
# Dashes and tildes that producers write for one another.
_ALIKE = dict.fromkeys(map(ord, "-‐‑‒–—―−ー─"), "ー") | dict.fromkeys(map(ord, "~〜∼"), "~")
# Characters without width or meaning of their own in extracted text.
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])

_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f]+")
_IDEOGRAPHIC_SPACES = re.compile("　+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# Folded texts that are kept: each line of a page is asked for by many rules.
KEPT_TEXTS = 8192


@cache
def _fold_table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for row in files("koteihyo.normalize.data").joinpath("radicals.tsv").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            _code, radical, ideograph = row.split("\t")
            table[ord(radical)] = ideograph
    table.update(_MIDDLE_DOTS)
    table.update(_SLASHES)
    table.update(_INVISIBLE)
    # Painted glyphs are seen, so a soft hyphen is a hyphen: fonts give that code for the same glyph.
    table[0x00AD] = "-"
    return table


@lru_cache(maxsize=KEPT_TEXTS)
def fold(text: str) -> str:
    """Radicals and stand-in dots as ordinary characters, invisible ones dropped; white space is left alone."""
    return _CONTROL.sub("", text.translate(_fold_table()))


def normalize_text(raw: str) -> str:
    """Folded text on one line.

    Line breaks and spaces go, unless they separate two Latin words or numbers; an ideographic space between
    Japanese characters was typed by the author and stays as one.
    """
    text = _IDEOGRAPHIC_SPACES.sub("　", _SPACES.sub(" ", fold(raw)))
    result = ""
    for part in re.split(r"(\s)", text):
        if part == "　":
            # At a line's end it is padding.
            result += part if result and result[-1] not in " 　" else ""
        elif part.isspace():
            result += " " if result and result[-1] not in " 　" else ""
        else:
            # Now both neighbours of the pending space are known.
            if result.endswith(" ") and part and not (_is_latin(result[-2:-1]) and _is_latin(part[0])):
                result = result[:-1]
            result += part
    return result.strip(" 　")


def compare_key(text: str) -> str:
    """Form in which two texts are compared: NFKC of the folded text without white space, dashes and tildes alike."""
    folded = unicodedata.normalize("NFKC", fold(text)).translate(_ALIKE)
    return "".join(folded.split())


class _Narrow(dict[int, str]):
    """Code point → its NFKC form where that is one character, else the character itself; filled as characters come."""

    def __missing__(self, code: int) -> str:
        narrowed = unicodedata.normalize("NFKC", chr(code))
        self[code] = narrowed if len(narrowed) == 1 else chr(code)
        return self[code]


_NARROW = _Narrow()


@lru_cache(maxsize=KEPT_TEXTS)
def narrow(text: str) -> str:
    """The folded text with full-width letters and figures narrowed, one character for each: positions stay."""
    folded = fold(text)
    return (folded if len(folded) == len(text) else text).translate(_NARROW)


def _is_latin(ch: str) -> bool:
    return ch.isascii() and (ch.isalnum() or ch in ".,:;!?)('\"&%+")
