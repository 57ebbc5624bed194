# SPDX-License-Identifier: AGPL-3.0-or-later
"""A last column that names no year: 以降, 将来, 中長期. It begins after the year before it and is open-ended."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from itertools import pairwise

from koteihyo.extract.geometry import union
from koteihyo.extract.model import Direction, Line
from koteihyo.normalize.axis.header import HeaderCell
from koteihyo.normalize.axis.labels import YearLabel
from koteihyo.normalize.text.characters import narrow, normalize_text

# The column stands no further from the last year than this many times the distance between two years.
MAX_PITCHES = 2.5
# Lines of its label stand no further over or under the row of years, line heights.
LEVEL = 0.9
_LATER = re.compile(
    r"(?:それ|これ|次年度|翌年度|同年度)?(?:以降|以後|以遠)|将来(?:像|的|目標|展望)?|今後|(?:中)?長期(?:的?(?:な)?(?:取組|取り組み|課題|目標|展望)?)?"
    r"|後年度|future|beyond|later|onwards?|thereafter|long[- ]?term|[~～〜→⇒]",
    re.IGNORECASE,
)
_AROUND = re.compile(r"[\s()\[\]【】・]")


def with_open_end(run: Sequence[HeaderCell], lines: Sequence[Line]) -> list[HeaderCell]:
    """The run with the column of later times at its right, if there is one."""
    last = run[-1]
    if last.label.end is None or len(run) < 2:
        return list(run)
    pitch = statistics.median(b.box.cx - a.box.cx for a, b in pairwise(run))
    row = union(c.box for c in run)
    beside = [
        ln
        for ln in lines
        if ln.direction is Direction.HORIZONTAL
        and not ln.is_blank
        and ln.box.x0 >= last.box.x1
        and abs(ln.box.cy - row.cy) <= LEVEL * ln.size + row.height / 2
        and ln.box.cx - last.box.cx <= MAX_PITCHES * pitch
    ]
    words = _stack([ln for ln in beside if row.y0 <= ln.box.cy <= row.y1]) or _stack(beside)
    if words is None:
        return list(run)
    text = "\n".join(ln.text.strip() for ln in words)
    label = YearLabel(last.label.end + 1, None, 1.0, last.label.basis)
    return [*run, HeaderCell(label, normalize_text(text), union(ln.box for ln in words), tuple(words), last.assumed)]


def _stack(lines: Sequence[Line]) -> list[Line] | None:
    """The leftmost lines, one over the other, if they speak of later times."""
    if not lines:
        return None
    first = min(lines, key=lambda ln: ln.box.x0)
    words = sorted((ln for ln in lines if ln.box.x_overlap(first.box) > 0), key=lambda ln: ln.box.y0)
    text = "".join(ln.text for ln in words)
    return words if _LATER.fullmatch(_AROUND.sub("", narrow(text))) else None
