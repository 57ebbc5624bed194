# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words of a Japanese text, by Sudachi."""

from __future__ import annotations

from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from sudachipy import Morpheme, Tokenizer

# Sudachi takes at most 49,149 bytes a call; a Japanese character has three.
MAX_CHARS = 16_000
# Texts whose words are kept: a heading is printed on every page it holds for, and an item's text is asked for twice.
KEPT_TEXTS = 2048
# Units whose words are kept: a long plan has ten thousand different ones.
KEPT_UNITS = 100_000
# Sudachi's numbers of words that no dictionary has begin here: figures that it joins, whose reading depends on the text.
MADE_UP = 0xF0000000
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
            surface, start = morpheme.surface(), offset + morpheme.begin()
            key = (morpheme.word_id(), morpheme.part_of_speech_id(), surface)
            unit = _UNITS.get(key) or _known(key, morpheme)
            token = _token((*unit.word, start, start + len(surface)))
            long_part.append(token)
            if unit.parts:
                short_part += [_token((*word, start + first, start + last)) for word, first, last in unit.parts]
            else:
                short_part.append(token)
        short += _of_source(short_part)
        long += _of_source(long_part)
    return tuple(short), tuple(long)


_Word = tuple[str, str, str, str, str]
"""What a token says but for where it stands."""


class _Unit(NamedTuple):
    """A long unit wherever it stands: its word, and (word, start, end) of its short units where it has several."""

    word: _Word
    parts: tuple[tuple[_Word, int, int], ...]


_token = partial(tuple.__new__, Token)
# A word of the dictionary, written in one way, is the same wherever it stands: Sudachi is asked for it once.
_UNITS: dict[tuple[int, int, str], _Unit] = {}


def _known(key: tuple[int, int, str], morpheme: Morpheme) -> _Unit:
    """The unit of a morpheme, from now on known if it is a word of the dictionary."""
    from sudachipy import SplitMode

    start = morpheme.begin()
    parts = morpheme.split(SplitMode.A, add_single=False)
    unit = _Unit(_word(morpheme), tuple((_word(part), part.begin() - start, part.end() - start) for part in parts))
    if key[0] < MADE_UP:
        if len(_UNITS) >= KEPT_UNITS:
            _UNITS.clear()
        _UNITS[key] = unit
    return unit


def _word(morpheme: Morpheme) -> _Word:
    return (
        morpheme.surface(),
        morpheme.normalized_form(),
        morpheme.dictionary_form(),
        _pos(morpheme.part_of_speech()),
        morpheme.reading_form(),
    )


@cache
def _pos(levels: tuple[str, ...]) -> str:
    return ",".join(part for part in levels[:4] if part != "*")


def _of_source(tokens: list[Token]) -> list[Token]:
    """The tokens with those of one character made one.

    Sudachi reads … as three full stops, ⑴ as (, 1 and ): the first has the character, the others have none.
    """
    if "" not in [token[0] for token in tokens]:
        return tokens
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
