# SPDX-License-Identifier: AGPL-3.0-or-later
"""Legends in a sentence: ※網掛けは重点事業, 赤字は変更箇所, 青色の部分は実施期間を示す。"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Sequence

from koteihyo.extract.model import Color, Line
from koteihyo.normalize.legends.model import Entry, Ink, as_rgb
from koteihyo.normalize.legends.signs import meaning
from koteihyo.normalize.text.characters import fold

_NAMES = "赤|青|緑|黄|橙|オレンジ|紫|水|灰|グレー|ピンク|桃"
_WHERE = r"(?:の?(?:部分|セル|欄|箇所|事業|項目|もの))?"
_TEXT = re.compile(rf"({_NAMES})(?:字|文字|書き|色の(?:文字|字)){_WHERE}は[、，,]?\s*([^。、，]+)")
_FILL = re.compile(
    rf"(?:({_NAMES})色?の?)?(?:網掛け?|網かけ|着色|色付け?|色つき|色塗り|塗りつぶし|塗り潰し)(?:し[たて]?)?{_WHERE}は[、，,]?\s*([^。、，]+)"
    rf"|({_NAMES})色?の(?:部分|セル|欄|箇所|矢印|帯|バー)は[、，,]?\s*([^。、，]+)"
)
# Degrees of the colour wheel that a name covers.
_HUES = {
    "赤": (-20, 18), "橙": (15, 45), "オレンジ": (15, 45), "黄": (40, 70), "緑": (70, 170), "水": (165, 215), "青": (180, 260),
    "紫": (255, 310), "ピンク": (300, 360), "桃": (300, 360),
}  # fmt: skip
# A colour is grey when its saturation is lower than this, and coloured when it is higher.
GREY = 0.12
MAX_WORDS = 24


def prose_entries(lines: Sequence[Line], texts: Iterable[Color], fills: Iterable[Color]) -> list[Entry]:
    """The entries that sentences outside the charts spell out.

    Args:
        lines: Lines outside the charts.
        texts: The colours that words in the charts are written in.
        fills: The colours that shapes in the charts are filled with.
    """
    found = []
    for line in lines:
        text = fold(line.text)
        for name, said in _TEXT.findall(text):
            found += [Entry(words, (line,), text_color=c) for c in _named(name, texts) if (words := _words(said))]
        for first, said, second, told in _FILL.findall(text):
            inks = [Ink(color, False, None) for color in _named(first or second, fills)]
            found += [Entry(words, (line,), ink=ink) for ink in inks if (words := _words(said or told))]
    return found


def _words(said: str) -> str:
    words = meaning(said)
    return words if len(words) <= MAX_WORDS else ""


def _named(name: str, colors: Iterable[Color]) -> list[Color]:
    """The colours that a name means; without a name the only one there is."""
    known = {color for c in colors if (color := as_rgb(c)) is not None and len(color) == 3}
    if not name:
        return sorted(known) if len(known) == 1 else []
    return sorted(color for color in known if _is_called(color, name))


def _is_called(color: Color, name: str) -> bool:
    hue, saturation, value = colorsys.rgb_to_hsv(*color)
    if name in ("灰", "グレー"):
        return saturation < GREY and 0.1 < value < 0.97
    low, high = _HUES[name]
    degrees = 360 * hue
    return saturation >= GREY and (low <= degrees <= high or low <= degrees - 360 <= high)
