# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words of a Japanese text, by Sudachi."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sudachipy import Tokenizer

# Sudachi takes at most 49,149 bytes a call; a Japanese character has three.
MAX_CHARS = 16_000


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `pos` is Sudachi's part of speech, its levels joined by commas; offsets are into the text."""

    surface: str
    normalized: str
    dictionary: str
    pos: str
    reading: str
    start: int
    end: int


@cache
def _tokenizer() -> Tokenizer:
    from sudachipy import Dictionary

    return Dictionary().tokenizer()


def tokenize(text: str, mode: Literal["A", "C"] = "C") -> list[Token]:
    """Words of a text in order, in short (A) or long (C) units."""
    from sudachipy import SplitMode

    split = SplitMode.A if mode == "A" else SplitMode.C
    tokens: list[Token] = []
    for offset in range(0, len(text), MAX_CHARS):
        for m in _tokenizer().tokenize(text[offset : offset + MAX_CHARS], split):
            pos = ",".join(p for p in m.part_of_speech()[:4] if p != "*")
            tokens.append(
                Token(
                    m.surface(),
                    m.normalized_form(),
                    m.dictionary_form(),
                    pos,
                    m.reading_form(),
                    offset + m.begin(),
                    offset + m.end(),
                )
            )
    return tokens
