# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words of a Japanese text, by Sudachi."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from sudachipy import Morpheme, Tokenizer

# Sudachi takes at most 49,149 bytes a call; a Japanese character has three.
MAX_CHARS = 16_000
# Texts whose words are kept: a heading is printed on every page it holds for, and an item's text is asked for twice.
KEPT_TEXTS = 2048
# What Sudachi calls these says nothing of the subject: particles, auxiliaries, signs.
PASSED_OVER = ("助詞", "助動詞", "補助記号", "空白")


class Token(NamedTuple):
    """One word. `pos` is Sudachi's part of speech, its levels joined by commas; offsets are into the text.

    The tokens of a text follow each other without gap or overlap, and each has at least one character.
    """

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


def tokenize(text: str, mode: Literal["A", "C"] = "C") -> tuple[Token, ...]:
    """Words of a text in order, in short (A) or long (C) units."""
    short, long = both_units(text)
    return short if mode == "A" else long


@lru_cache(maxsize=KEPT_TEXTS)
def both_units(text: str) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Words of a text in order: (short units, long units). A unit that is both is one object."""
    from sudachipy import SplitMode

    short: list[Token] = []
    long: list[Token] = []
    for offset in range(0, len(text), MAX_CHARS):
        # The short units are the parts of the long ones, so the text is looked at once.
        short_part: list[Token] = []
        long_part: list[Token] = []
        for morpheme in _tokenizer().tokenize(text[offset : offset + MAX_CHARS], SplitMode.C):
            token = _read(morpheme, offset)
            long_part.append(token)
            parts = morpheme.split(SplitMode.A, add_single=False)
            short_part += [_read(part, offset) for part in parts] if len(parts) else [token]
        short += _of_source(short_part)
        long += _of_source(long_part)
    return tuple(short), tuple(long)


def _read(morpheme: Morpheme, offset: int) -> Token:
    return Token(
        morpheme.surface(),
        morpheme.normalized_form(),
        morpheme.dictionary_form(),
        _pos(morpheme.part_of_speech()),
        morpheme.reading_form(),
        offset + morpheme.begin(),
        offset + morpheme.end(),
    )


@cache
def _pos(levels: tuple[str, ...]) -> str:
    return ",".join(part for part in levels[:4] if part != "*")


def _of_source(tokens: Iterable[Token]) -> list[Token]:
    """The tokens with those of one character made one.

    Sudachi reads … as three full stops, ⑴ as (, 1 and ): the first has the character, the others have none.
    """
    result: list[Token] = []
    for token in tokens:
        if result and (token.start == token.end or result[-1].start == result[-1].end):
            result[-1] = _joined(result[-1], token)
        else:
            result.append(token)
    return result


def _joined(first: Token, second: Token) -> Token:
    # ⑴ is a number, not a bracket: what a search passes over does not decide what the whole is.
    subject = second if first.pos.startswith(PASSED_OVER) and not second.pos.startswith(PASSED_OVER) else first
    return Token(
        first.surface + second.surface,
        first.normalized + second.normalized,
        first.dictionary + second.dictionary,
        subject.pos,
        first.reading + second.reading,
        first.start,
        second.end,
    )
