# SPDX-License-Identifier: AGPL-3.0-or-later
"""Groups glyphs into lines: first as painted, then by place, so that the order of painting does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import Direction, Line
from koteihyo.extract.placed import Flags, Floats, Ints, PlacedGlyphs
from koteihyo.extract.placed_lines import placed_lines

# Lengths in ems (font sizes).
SAME_BASELINE = 0.25
# Widest gap inside a line. Japanese sets solid; half an em is already a visible gap, and neighbouring bars keep more.
JOIN_GAP = 0.5
# Kerning and overhang pull glyphs over one another by less than this.
JOIN_OVERLAP = 0.35
# One character per line: gap between the boxes of a stack; wider ones are separate lines of a table.
STACK_GAP = 0.8
STACK_SHIFT = 0.35
STACK_SIZE_RATIO = 1.3
# A raised or lowered small figure (※１) belongs to the line whose body it touches.
SCRIPT_SIZE_RATIO = 0.8
SCRIPT_GAP = 0.2


def build_lines(placed: PlacedGlyphs) -> list[Line]:
    """Lines of a page from its visible glyphs; every glyph is in exactly one line."""
    found: list[tuple[Ints, Direction]] = []
    for direction in Direction:
        for forward in (1, -1):
            mine = [s.direction is direction and s.forward == forward for s in placed.styles]
            if not any(mine):
                continue
            places = np.flatnonzero(placed.of_style(mine, np.bool_))
            for run in _runs(placed.take(places), direction, forward):
                found.append((places[run], direction))
    lines = _attach_scripts(placed_lines(placed, found))
    return sorted(_stack(lines), key=lambda line: (round(line.box.y0, 1), line.box.x0))


def _runs(placed: PlacedGlyphs, direction: Direction, forward: int) -> list[Ints]:
    """Places of the glyphs of each line, of glyphs that run the same way."""
    if not len(placed):
        return []
    x0, y0, x1, y1 = placed.boxes.T
    start, end = (x0, x1) if direction is Direction.HORIZONTAL else (y0, y1)
    if forward < 0:
        start, end = -end, -start
    row = _Row(start, end, placed.baselines, placed.sizes)
    before = np.arange(len(placed) - 1)
    cuts = np.flatnonzero(~row.follows(before, before + 1)) + 1
    runs = np.split(np.arange(len(placed)), cuts)
    order = np.argsort(start[[run[0] for run in runs]], kind="stable")
    return _merge_runs([runs[i] for i in order], row)


@dataclass(frozen=True, eq=False)
class _Row:
    """Glyphs along the axis of their text: extent, growing in reading direction; place across it; font size."""

    start: Floats
    end: Floats
    baseline: Floats
    size: Floats

    def follows(self, before: Ints, after: Ints) -> Flags:
        """(n) whether one glyph continues the other without a visible gap."""
        small = np.minimum(self.size[before], self.size[after])
        large = np.maximum(self.size[before], self.size[after])
        level = ~(np.abs(self.baseline[before] - self.baseline[after]) > SAME_BASELINE * small)
        gap = self.start[after] - self.end[before]
        return level & (-JOIN_OVERLAP * small <= gap) & (gap <= JOIN_GAP * large)


def _merge_runs(runs: Sequence[Ints], row: _Row) -> list[Ints]:
    """Joins runs that continue one another in place, whatever order they were painted in."""
    firsts, lasts = np.array([run[0] for run in runs]), np.array([run[-1] for run in runs])
    following: dict[int, int] = {}
    taken: set[int] = set()
    # Runs that may follow start within a gap's reach of the last glyph's end.
    reach = float(row.size.max())
    starts = row.start[firsts]
    low = np.searchsorted(starts, row.end[lasts] - 2 * JOIN_OVERLAP * reach, "left").tolist()
    high = np.searchsorted(starts, row.end[lasts] + 2 * JOIN_GAP * reach, "right").tolist()
    for i, last in enumerate(lasts.tolist()):
        near = np.arange(low[i], high[i])
        near = near[row.follows(np.full(len(near), last), firsts[near])]
        gaps = np.abs(starts[near] - row.end[last]).tolist()
        rows = row.baseline[firsts[near]].tolist()
        found = [
            (gap, round(baseline), j)
            for gap, baseline, j in zip(gaps, rows, near.tolist(), strict=True)
            if j != i and j not in taken
        ]
        if found:
            _gap, _row, best = min(found)
            if not _reaches(following, best, i):
                following[i] = best
                taken.add(best)
    merged = []
    for i in range(len(runs)):
        if i in taken:
            continue
        chain, at = [runs[i]], i
        while at in following:
            at = following[at]
            chain.append(runs[at])
        merged.append(np.concatenate(chain))
    return merged


def _reaches(following: dict[int, int], start: int, goal: int) -> bool:
    while start in following:
        start = following[start]
        if start == goal:
            return True
    return start == goal


def _attach_scripts(lines: Sequence[Line]) -> list[Line]:
    """Puts raised and lowered small figures into the line they belong to."""
    small = [ln for ln in lines if ln.direction is Direction.HORIZONTAL and len(ln.text.strip()) <= 4]
    result = list(lines)
    hosts = _Hosts(result)
    for script in small:
        if script.is_blank:
            continue
        for at in hosts.near(script):
            host = result[at]
            if host is script:
                continue
            gap = script.box.x0 - host.box.x1
            place = _insertion(host, script)
            if abs(gap) <= SCRIPT_GAP * host.size or place is not None:
                glyphs = list(host.glyphs)
                into = len(glyphs) if place is None else place
                glyphs[into:into] = script.glyphs
                result[at] = Line(tuple(glyphs), host.direction)
                result.remove(script)
                hosts = _Hosts(result)
                break
    return result


class _Hosts:
    """Lines that may have a raised or lowered figure, in columns."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._usable = np.array([ln.direction is Direction.HORIZONTAL and not ln.is_blank for ln in lines], np.bool_)
        self._boxes = np.array([ln.box for ln in lines], np.float64).reshape(-1, 4)
        self._sizes = np.array([ln.size for ln in lines], np.float64)

    def near(self, script: Line) -> list[int]:
        """Places of the lines of larger type that the figure stands beside or in."""
        _x0, y0, _x1, y1 = self._boxes.T
        overlap = np.minimum(y1, script.box.y1) - np.maximum(y0, script.box.y0)
        fits = ~(script.size > SCRIPT_SIZE_RATIO * self._sizes) & ~(overlap < 0.5 * script.box.height)
        return np.flatnonzero(self._usable & fits).tolist()


def _insertion(host: Line, script: Line) -> int | None:
    """Index at which a gap inside `host` takes `script`, if there is one."""
    for i in range(1, len(host.glyphs)):
        left, right = host.glyphs[i - 1].box.x1, host.glyphs[i].box.x0
        slack = SCRIPT_GAP * host.size
        if left - slack <= script.box.x0 and script.box.x1 <= right + slack and right > left:
            return i
    return None


def _stack(lines: list[Line]) -> list[Line]:
    """Joins one-character lines that stand under one another into vertical lines."""
    singles = sorted((ln for ln in lines if _is_stackable(ln)), key=lambda ln: (ln.box.y0, ln.box.x0))
    chains: list[list[Line]] = []
    for line in singles:
        for chain in chains:
            if _stacks_on(chain[-1], line):
                chain.append(line)
                break
        else:
            chains.append([line])
    chains = [c for c in chains if len(c) >= 2 and _has_letter(c) and not _has_neighbour(c, lines)]
    used = {line for chain in chains for line in chain}
    vertical = [Line(tuple(g for ln in chain for g in ln.glyphs), Direction.VERTICAL) for chain in chains]
    return [ln for ln in lines if ln not in used] + vertical


def _has_letter(chain: Sequence[Line]) -> bool:
    """Whether a stack can be a word: numbers and signs under one another (○ ○, → →, 1 2 3) are cells of a column."""
    return any(char.isalpha() for line in chain for char in line.text)


def _is_stackable(line: Line) -> bool:
    text = line.text.strip()
    if line.direction is Direction.ROTATED or not text:
        return False
    # Two narrow figures side by side (tate-chu-yoko) count as one character.
    return len(text) == 1 or (len(text) == 2 and text.isascii() and text.isdigit())


def _stacks_on(upper: Line, lower: Line) -> bool:
    small, large = sorted((upper.size, lower.size))
    gap = lower.box.y0 - upper.box.y1
    return (
        large <= STACK_SIZE_RATIO * small
        and abs(upper.box.cx - lower.box.cx) <= STACK_SHIFT * small
        and -JOIN_OVERLAP * small <= gap <= STACK_GAP * small
    )


def _has_neighbour(chain: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether text continues to the left or right of most characters: then they are columns, not a stack."""
    members = set(chain)
    box: BBox = union(line.box for line in chain)
    em = chain[0].size
    beside = [
        ln
        for ln in lines
        if ln not in members
        and not ln.is_blank
        and ln.box.y_overlap(box) > 0
        and 0 <= max(ln.box.x0 - box.x1, box.x0 - ln.box.x1) < JOIN_GAP * em
        and len(ln.text.strip()) == 1
    ]
    return len(beside) * 2 > len(chain)
