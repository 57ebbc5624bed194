# SPDX-License-Identifier: AGPL-3.0-or-later
"""Groups glyphs into lines: first as painted, then by place, so that the order of painting does not matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.glyphs import PlacedGlyph
from koteihyo.extract.model import Direction, Glyph, Line

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


def build_lines(placed: Sequence[PlacedGlyph]) -> list[Line]:
    """Lines of a page from its visible glyphs; every glyph is in exactly one line."""
    lines: list[Line] = []
    for direction in Direction:
        for forward in (1, -1):
            glyphs = [p.glyph for p in placed if p.direction is direction and p.forward == forward]
            runs = _merge_runs(_painted_runs(glyphs, direction, forward), direction, forward)
            lines += [Line(tuple(run), direction) for run in runs]
    lines = _attach_scripts(lines)
    return sorted(_stack(lines), key=lambda line: (round(line.box.y0, 1), line.box.x0))


def _span(glyph: Glyph, direction: Direction, forward: int) -> tuple[float, float]:
    """Extent along the text's axis, growing in reading direction."""
    box = glyph.box
    start, end = (box.x0, box.x1) if direction is Direction.HORIZONTAL else (box.y0, box.y1)
    return (start, end) if forward > 0 else (-end, -start)


def _follows(before: Glyph, after: Glyph, direction: Direction, forward: int) -> bool:
    small, large = sorted((before.size, after.size))
    if abs(before.baseline - after.baseline) > SAME_BASELINE * small:
        return False
    gap = _span(after, direction, forward)[0] - _span(before, direction, forward)[1]
    return -JOIN_OVERLAP * small <= gap <= JOIN_GAP * large


def _painted_runs(glyphs: Iterable[Glyph], direction: Direction, forward: int) -> list[list[Glyph]]:
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and _follows(runs[-1][-1], glyph, direction, forward):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return runs


def _merge_runs(runs: list[list[Glyph]], direction: Direction, forward: int) -> list[list[Glyph]]:
    """Joins runs that continue one another in place, whatever order they were painted in."""
    runs = sorted(runs, key=lambda run: _span(run[0], direction, forward)[0])
    starts: dict[int, list[int]] = defaultdict(list)
    for i, run in enumerate(runs):
        starts[round(run[0].baseline)].append(i)
    following: dict[int, int] = {}
    taken: set[int] = set()
    for i, run in enumerate(runs):
        last = run[-1]
        reach = max(1, round(SAME_BASELINE * last.size) + 1)
        best: tuple[float, int] | None = None
        for row in range(round(last.baseline) - reach, round(last.baseline) + reach + 1):
            for j in starts.get(row, ()):
                if j == i or j in taken or not _follows(last, runs[j][0], direction, forward):
                    continue
                gap = abs(_span(runs[j][0], direction, forward)[0] - _span(last, direction, forward)[1])
                if best is None or gap < best[0]:
                    best = (gap, j)
        if best is not None and not _reaches(following, best[1], i):
            following[i] = best[1]
            taken.add(best[1])
    merged = []
    for i in range(len(runs)):
        if i in taken:
            continue
        chain, at = list(runs[i]), i
        while at in following:
            at = following[at]
            chain += runs[at]
        merged.append(chain)
    return merged


def _reaches(following: dict[int, int], start: int, goal: int) -> bool:
    while start in following:
        start = following[start]
        if start == goal:
            return True
    return start == goal


def _attach_scripts(lines: list[Line]) -> list[Line]:
    """Puts raised and lowered small figures into the line they belong to."""
    small = [ln for ln in lines if ln.direction is Direction.HORIZONTAL and len(ln.text.strip()) <= 4]
    result = list(lines)
    for script in small:
        if script.is_blank:
            continue
        for host in result:
            if host is script or host.direction is not Direction.HORIZONTAL or host.is_blank:
                continue
            if script.size > SCRIPT_SIZE_RATIO * host.size:
                continue
            if script.box.y_overlap(host.box) < 0.5 * script.box.height:
                continue
            gap = script.box.x0 - host.box.x1
            place = _insertion(host, script)
            if abs(gap) <= SCRIPT_GAP * host.size or place is not None:
                glyphs = list(host.glyphs)
                at = len(glyphs) if place is None else place
                glyphs[at:at] = script.glyphs
                result[result.index(host)] = Line(tuple(glyphs), host.direction)
                result.remove(script)
                break
    return result


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
    chains = [c for c in chains if len(c) >= 2 and not _has_neighbour(c, lines)]
    used = {line for chain in chains for line in chain}
    vertical = [Line(tuple(g for ln in chain for g in ln.glyphs), Direction.VERTICAL) for chain in chains]
    return [ln for ln in lines if ln not in used] + vertical


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
