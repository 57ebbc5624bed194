# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds arrows made of a line and heads, however each was drawn, and the lines that only connect things.

A head is a small filled outline or two short strokes that meet in its tip. A line is a stroke, a thin fill, a row of
dashes, or level legs with steps between them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from koteihyo.extract.forms import simplify
from koteihyo.extract.geometry import BBox, bounding, union
from koteihyo.extract.model import Color, Connector, Form, Shape
from koteihyo.extract.paths import Path, Point
from koteihyo.extract.rulings import DASH_GAP, LEAN, SAME_LINE, is_level, is_thin, is_upright

# Lengths in line heights.
# A head is at most this large; larger outlines are shapes of their own.
HEAD_SIZE = 1.6
# A line with a head is at least this long; a shorter one is a sign in a text.
SHORTEST = 1.0
# A line ends this close to its head: producers stop it at the head's base, in its middle or at its tip.
REACH = 0.15
# The last dash of a row may be its gap away.
DASH_REACH = 0.5
# A head is neither flatter nor steeper than this: width against height.
HEAD_RATIO = 4.0
# Office programs make heads at most so many times as large as the line is thick (a point, where it is thinner).
HEAD_OVER_THIN = 12.0
# Parts of a head's length and width: corners this near to its end are its tip, which is this narrow; its wings, further
# from its middle than this, are as far behind.
TIP_PART = 0.12
TIP_WIDTH = 0.2
WING_PART = 0.3
# A head is at least this many times as high as its line is thick.
HEAD_OVER_LINE = 1.6
# Of a line with steps this part is in one level leg, if it is an arrow in the plan and no connection.
LEG_PART = 0.6
# A head's middle is off its line by at most this part of its height.
OFF_MIDDLE = 0.15
# Arms of an open head meet within this, PDF points.
MEETING = 0.6
# A patch under a text on a line is as white as this in every channel and at most this high.
WHITE = 0.97
PATCH_HEIGHT = 3.0
# A page with more lines that are not level is a drawing or a plot, and their ends say nothing.
MAX_LINES = 2000

_HEAD_CORNERS = range(3, 13)


@dataclass(frozen=True)
class _Head:
    """A small outline that could be the head of an arrow; `parts` are the numbers of its paths."""

    box: BBox
    corners: tuple[Point, ...]
    color: Color | None
    parts: tuple[int, ...]

    def points(self, direction: Point) -> bool:
        """Whether it has its tip in a direction, in its middle, and its width behind."""
        dx, dy = direction
        along = [x * dx + y * dy for x, y in self.corners]
        across = [y * dx - x * dy for x, y in self.corners]
        end, length = max(along), max(along) - min(along)
        middle, width = (max(across) + min(across)) / 2, max(across) - min(across)
        tips = [c for a, c in zip(along, across, strict=True) if end - a <= TIP_PART * length]
        wide = [a for a, c in zip(along, across, strict=True) if abs(c - middle) >= WING_PART * width]
        return all(abs(c - middle) <= TIP_WIDTH * width for c in tips) and all(
            end - a >= WING_PART * length for a in wide
        )


@dataclass(frozen=True)
class _Shaft:
    """A level line between two x, with the numbers of the paths that draw it."""

    at: float
    start: float
    end: float
    thickness: float
    color: Color | None
    dashed: bool
    parts: tuple[int, ...]
    seqno: int


@dataclass(frozen=True)
class Arrows:
    """What the lines of a page are: arrows, connections, and the paths that are neither."""

    shapes: tuple[Shape, ...]
    connectors: tuple[Connector, ...]
    rest: tuple[Path, ...]


def take_arrows(paths: Sequence[Path], line_height: float) -> Arrows:
    """Takes the arrows of a page out of its paths, and names its connections."""
    heads = _Heads(_heads(paths, line_height), line_height)
    used: set[int] = set()
    shapes: list[Shape] = []
    for shaft in _shafts(paths, heads, line_height):
        ends = heads.at(shaft)
        if ends:
            shapes.append(_arrow(shaft, ends))
            used.update(shaft.parts, *(head.parts for head in ends))
    connectors: list[Connector] = []
    lines = [i for i, path in enumerate(paths) if i not in used and _connects(path)]
    for i in lines if len(lines) <= MAX_LINES else ():
        points = paths[i].points
        at_start = heads.tipping(points[0], points[1], paths[i])
        at_end = heads.tipping(points[-1], points[-2], paths[i])
        tips = [head for head in (at_start, at_end) if head is not None]
        leg = _leg(paths[i], i)
        if (
            leg is not None
            and leg.end - leg.start >= SHORTEST * line_height
            and any(abs(head.box.cy - leg.at) <= LEAN for head in tips)
        ):
            shapes.append(_arrow(leg, tips))
        elif tips or _slants(paths[i]):
            connectors.append(Connector(points[0], points[-1], at_start is not None, at_end is not None))
        if tips:
            used.update({i}, *(head.parts for head in tips))
    rest = tuple(path for i, path in enumerate(paths) if i not in used)
    return Arrows(tuple(shapes), tuple(connectors), rest)


def without_patches(shapes: Sequence[Shape], arrows: Sequence[Shape], line_height: float) -> list[Shape]:
    """The shapes without the white patches that keep an arrow's line out of the text on it."""
    patches = [
        s for s in shapes
        if s.form is Form.RECT and s.stroke is None and s.fill is not None and min(s.fill) >= WHITE
        and s.box.height <= PATCH_HEIGHT * line_height
    ]  # fmt: skip
    rows: dict[int, list[Shape]] = defaultdict(list)
    for arrow in arrows:
        rows[int(arrow.box.cy // (PATCH_HEIGHT * line_height))].append(arrow)
    hidden = set()
    for patch in patches:
        row = int(patch.box.cy // (PATCH_HEIGHT * line_height))
        for arrow in (a for d in (-1, 0, 1) for a in rows.get(row + d, ())):
            crossed = patch.box.y0 < arrow.box.cy < patch.box.y1 and patch.seqno > arrow.seqno
            if crossed and patch.box.x_overlap(arrow.box) >= 0.8 * patch.box.width:
                hidden.add(patch)
    return [s for s in shapes if s not in hidden]


def _heads(paths: Sequence[Path], line_height: float) -> Iterator[_Head]:
    limit = HEAD_SIZE * line_height
    arms: dict[tuple[int, int], list[tuple[Point, Point, int]]] = defaultdict(list)
    for i, path in enumerate(paths):
        if path.closed:
            head = _filled_head(path, i, limit)
            if head is not None:
                yield head
        elif path.stroke is not None and max(path.box.height, 0.5) <= limit:
            for tip, far in _arms(path, limit):
                arms[round(tip[0] / MEETING), round(tip[1] / MEETING)].append((tip, far, i))
    for meeting in arms.values():
        for (tip, upper, i), (_tip, lower, j) in pairwise(sorted(meeting, key=lambda arm: arm[1][1])):
            across, down = upper[0] - tip[0], upper[1] - tip[1]
            if abs(lower[0] - tip[0] - across) <= 0.3 * abs(across) and abs(lower[1] - tip[1] + down) <= 0.3 * abs(
                down
            ):
                corners = (upper, tip, lower)
                yield _Head(bounding(corners), corners, paths[i].stroke, tuple({i, j}))


def _arms(path: Path, limit: float) -> Iterator[tuple[Point, Point]]:
    """(end, other end) of each short slanted piece of a stroke, from both of its ends."""
    if len(path.points) > 4:
        return
    for a, b in pairwise(path.points):
        dx, dy = abs(a[0] - b[0]), abs(a[1] - b[1])
        if 0.6 < dx <= limit and 0.6 < dy <= limit and 1 / HEAD_RATIO <= dx / dy <= HEAD_RATIO:
            yield a, b
            yield b, a


def _filled_head(path: Path, number: int, limit: float) -> _Head | None:
    box = path.box
    color = path.fill or path.stroke
    if color is None or max(box.width, box.height) > limit or min(box.width, box.height) < 1.0:
        return None
    if not 1 / HEAD_RATIO <= box.width / box.height <= HEAD_RATIO or len(path.points) > 24:
        return None
    corners = simplify(path.points)
    return _Head(box, tuple(corners), color, (number,)) if len(corners) in _HEAD_CORNERS else None


class _Heads:
    """The heads of a page, found by where they are."""

    def __init__(self, heads: Iterable[_Head], line_height: float) -> None:
        self._all = list(heads)
        self._slack = max(REACH * line_height, 0.8)
        self._gap = max(DASH_REACH * line_height, 0.8)
        self._step = HEAD_SIZE * line_height + 2 * self._gap
        self._cells: dict[tuple[int, int], list[_Head]] = defaultdict(list)
        for head in self._all:
            self._cells[int(head.box.cx // self._step), int(head.box.cy // self._step)].append(head)
        self._levels = sorted(head.box.cy for head in self._all)

    def __bool__(self) -> bool:
        return bool(self._all)

    def on_level(self, y: float, slack: float) -> bool:
        """Whether any head points along a line at this height."""
        at = bisect_left(self._levels, y - slack)
        return at < len(self._levels) and self._levels[at] <= y + slack

    def near(self, point: Point, slack: float | None = None) -> Iterator[_Head]:
        """The heads whose box, with a margin, holds a point."""
        margin = self._slack if slack is None else slack
        x, y = int(point[0] // self._step), int(point[1] // self._step)
        for cell in ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            for head in self._cells.get(cell, ()):
                if head.box.contains_point(*point, margin):
                    yield head

    def pointed(self, point: Point) -> bool:
        """Whether a head at a place points to the left or right."""
        return any(head.points((1.0, 0.0)) or head.points((-1.0, 0.0)) for head in self.near(point))

    def at(self, shaft: _Shaft) -> list[_Head]:
        """The heads at the ends of a level line: those that point away from it, or dots at both ends."""
        ends: list[_Head] = []
        dots: dict[float, _Head] = {}
        for side, x in ((1.0, shaft.end), (-1.0, shaft.start)):
            for head in self.near((x, shaft.at), self._gap if shaft.dashed else None):
                fits = (
                    abs(head.box.cy - shaft.at) <= max(OFF_MIDDLE * head.box.height, 0.4)
                    and head.box.height >= HEAD_OVER_LINE * shaft.thickness
                    and head.box.width < shaft.end - shaft.start + head.box.width / 2
                )
                if fits and head.points((side, 0.0)):
                    ends.append(head)
                elif fits and same_color(head.color, shaft.color) and not head.points((-side, 0.0)):
                    dots[side] = head
        return [*ends, *dots.values()] if ends or len(dots) == 2 else []

    def tipping(self, end: Point, before: Point, path: Path) -> _Head | None:
        """The head in which a line from `before` to `end` ends: of its own colour, and no milestone that it points at."""
        length = ((end[0] - before[0]) ** 2 + (end[1] - before[1]) ** 2) ** 0.5
        if length <= LEAN:
            return None
        direction = (end[0] - before[0]) / length, (end[1] - before[1]) / length
        limit = HEAD_OVER_THIN * max(path.line_width, 1.0)
        fitting = (
            h for h in self.near(end)
            if same_color(h.color, path.stroke) and max(h.box.width, h.box.height) <= limit and h.points(direction)
        )  # fmt: skip
        return next(fitting, None)


def same_color(a: Color | None, b: Color | None) -> bool:
    """Whether two colours look the same."""
    return (
        a is not None
        and b is not None
        and len(a) == len(b)
        and all(abs(x - y) <= 0.1 for x, y in zip(a, b, strict=True))
    )


def _shafts(paths: Sequence[Path], heads: _Heads, line_height: float) -> list[_Shaft]:
    """Level lines at the height of some head; rows of dashes are one line."""
    pieces = []
    for i, path in enumerate(paths):
        piece = _level_piece(path, i, line_height)
        if piece is not None and heads.on_level(piece.at, max(0.3 * line_height, 1.0)):
            pieces.append(piece)
    pieces.sort(key=lambda p: p.at)
    rows: list[list[_Shaft]] = []
    for piece in pieces:
        if rows and piece.at - rows[-1][0].at <= SAME_LINE:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    shafts = [shaft for row in rows for shaft in _chains(row, heads, line_height)]
    return [s for s in shafts if s.end - s.start >= SHORTEST * line_height]


def _level_piece(path: Path, number: int, line_height: float) -> _Shaft | None:
    box = path.box
    if path.stroke is not None and path.fill is None and not path.closed:
        legs = [(a, b) for a, b in pairwise(path.points) if is_level(a, b)]
        # An arm of the head may be drawn in one go with the line.
        arms = set(_arms(path, HEAD_SIZE * line_height))
        if not legs or len(legs) + len(arms) / 2 < len(path.points) - 1:
            return None
        leg = bounding(point for pair in legs for point in pair)
        return _Shaft(leg.cy, leg.x0, leg.x1, path.line_width, path.stroke, path.dashed, (number,), path.seqno)
    if path.fill is not None and box.height <= box.width and is_thin(path, line_height):
        return _Shaft(box.cy, box.x0, box.x1, box.height, path.fill, False, (number,), path.seqno)
    return None


def _chains(row: Sequence[_Shaft], heads: _Heads, line_height: float) -> list[_Shaft]:
    """The lines of one height: short pieces of one colour that follow one another are dashes of one."""
    chains: list[_Shaft] = []
    for piece in sorted(row, key=lambda p: (p.start, p.end)):
        last = chains[-1] if chains else None
        gap = piece.start - last.end if last else 0.0
        short = max(piece.end - piece.start, 0.0) <= 2 * line_height
        if (
            last is not None
            and same_color(last.color, piece.color)
            and -SAME_LINE <= gap <= (DASH_GAP * line_height if short else SAME_LINE)
            and not any(heads.pointed((x, piece.at)) for x in (last.end, piece.start))
        ):
            dashed = last.dashed or piece.dashed or gap > SAME_LINE
            chains[-1] = _Shaft(last.at, last.start, max(last.end, piece.end), max(last.thickness, piece.thickness),
                                last.color, dashed, last.parts + piece.parts, last.seqno)  # fmt: skip
        else:
            chains.append(piece)
    return chains


def _arrow(shaft: _Shaft, ends: Sequence[_Head]) -> Shape:
    box = union([BBox(shaft.start, shaft.at, shaft.end, shaft.at), *(head.box for head in ends)])
    corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
    right = any(head.points((1.0, 0.0)) for head in ends)
    return Shape(Form.ARROW_LINE, box, corners, None, shaft.color, shaft.seqno, shaft.seqno, right, dashed=shaft.dashed)


def _connects(path: Path) -> bool:
    """Whether a stroke could connect two things: it slants, is upright, or has steps."""
    if path.fill is not None or path.stroke is None or path.closed or path.curves or not 2 <= len(path.points) <= 6:
        return False
    if len(path.points) == 2:
        return not is_level(*path.points)
    return all(is_level(a, b) or is_upright(a, b) for a, b in pairwise(path.points))


def _slants(path: Path) -> bool:
    return len(path.points) == 2 and not is_level(*path.points) and not is_upright(*path.points)


def _leg(path: Path, number: int) -> _Shaft | None:
    """A line with steps as one level line, where most of it is in one level leg."""
    steps = [(abs(a[0] - b[0]), abs(a[1] - b[1]), a[1]) for a, b in pairwise(path.points)]
    across, down, at = max(steps)
    if len(steps) < 2 or down > LEAN or across < LEG_PART * sum(dx + dy for dx, dy, _y in steps):
        return None
    box = path.box
    return _Shaft(at, box.x0, box.x1, path.line_width, path.stroke, path.dashed, (number,), path.seqno)
