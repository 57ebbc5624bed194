# SPDX-License-Identifier: AGPL-3.0-or-later
"""Legends of written signs: ○：実施 △：検討, in one line, in several or in the cells of a small table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from koteihyo.extract.model import Line
from koteihyo.normalize.legends.model import Entry
from koteihyo.normalize.text.characters import fold, normalize_text

SIGNS = "○◯〇●◎△▲▽▼□■◇◆☆★×"
# Words after a sign without anything between are at most so many characters: more is a sentence after a bullet.
SHORT = 16
# The words stand right of a sign in a cell of its own within this many line heights.
CELL_GAP = 4.0
_SPOKEN = re.compile(rf"[「『“]?([{SIGNS}])[」』”]?印?\s*[：:＝=…‥は→]+\s*([^{SIGNS}：:、，「『“]+)")
_VERB = re.compile(
    r"(?:を(?:示|表|あらわ|意味)(?:す|している|します|しています)|とする|のこと|です|である)?[。．.]?(?:※.*)?$"
)
_PLAIN = re.compile(rf"([{SIGNS}])\s*([^{SIGNS}：:＝=…‥、，。]+)")
_ALONE = re.compile(rf"\s*([{SIGNS}])\s*")
TITLE = re.compile(r"[\s【〔［\[(（<＜■●◆※]*凡\s*例[\s】〕］\])）>＞：:]*")
_TITLED = re.compile(r"^[\s【〔［\[(（<＜■●◆※]*凡\s*例[\s】〕］\])）>＞：:]*")


def sign_entries(lines: Sequence[Line], used: Sequence[str]) -> list[Entry]:
    """The entries that lines outside the charts spell out.

    Args:
        lines: Lines outside the charts.
        used: Signs that stand alone in cells of the charts: words that only follow a sign explain it when it is one.
    """
    spoken = _entries(lines, _SPOKEN)
    if len({e.sign for e in spoken}) >= 2:
        return spoken
    plain = [e for e in [*_entries(lines, _PLAIN), *_cells(lines)] if e.sign in used and len(e.text) <= SHORT]
    # A sign with several meanings is a bullet.
    known = [e for e in plain if sum(other.sign == e.sign for other in plain) == 1]
    return known if len(known) >= 2 else []


def alone(line: Line) -> str:
    """The sign that a line consists of, or nothing."""
    match = _ALONE.fullmatch(fold(line.text))
    return match[1] if match else ""


def _entries(lines: Sequence[Line], form: re.Pattern[str]) -> list[Entry]:
    told = [(line, _TITLED.sub("", fold(line.text))) for line in lines]
    spoken = [(line, len(form.findall(text))) for line, text in told]
    spoken = [(line, count) for line, count in spoken if count]
    found = []
    for line, text in told:
        # A sentence may come in several pieces.
        in_row = sum(count for other, count in spoken if _is_level(line, other))
        if text.strip()[:1] in SIGNS or in_row >= 2:
            entries = [(sign, meaning(words)) for sign, words in form.findall(text)]
            found += [Entry(words, (line,), sign=sign) for sign, words in entries if words]
    return found


def _is_level(a: Line, b: Line) -> bool:
    return abs(a.box.cy - b.box.cy) <= 0.3 * a.size


def meaning(text: str) -> str:
    """What a sign or an ink means, without the verb of a sentence that says so."""
    return _VERB.sub("", normalize_text(text))


def _cells(lines: Sequence[Line]) -> list[Entry]:
    """Signs in cells of their own, with the words in the cell right of each."""
    found = []
    for line in lines:
        sign = alone(line)
        beside = [
            ln
            for ln in lines
            if sign
            and 0 <= ln.box.x0 - line.box.x1 <= CELL_GAP * line.size
            and abs(ln.box.cy - line.box.cy) <= 0.5 * line.size
        ]
        if beside:
            words = min(beside, key=lambda ln: ln.box.x0)
            found.append(Entry(normalize_text(words.text), (line, words), sign=sign))
    return [e for e in found if not alone(e.lines[-1])]
