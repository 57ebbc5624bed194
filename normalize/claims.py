# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has what on a page: the table of claims, which the passes of a reading fill one after another.

A claim says which line, or which piece of a line, belongs to which bar, mark, heading … , given by which pass and why.
The table is never changed: every operation returns another one. So the state after any pass can be kept, shown and
compared, and nobody edits a list that another one reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Glyph, Line, Shape
from koteihyo.normalize.layout.date_signs import marks_date
from koteihyo.normalize.reading import HeadingReading, ItemReading, RowReading


class Holder(Protocol):
    """What a line can belong to. Holders are compared by identity."""

    @property
    def what(self) -> str:
        """What it is, in a few words for a person."""


class Area(StrEnum):
    """Where a line stands before anything has claimed it."""

    PAGE = "page"
    """Outside every chart."""
    HEADER = "header"
    LEFT = "left of the years"
    BODY = "under the years"
    RIGHT = "right of the years"

    @property
    def what(self) -> str:
        """What it is, in a few words for a person."""
        return f"nothing yet ({self.value})"


@dataclass(frozen=True, eq=False)
class Bar:
    """A shape of the chart's body that stands for a stretch of time."""

    shape: Shape

    @property
    def box(self) -> BBox:
        """The shape's box."""
        return self.shape.box

    @property
    def what(self) -> str:
        """What it is, in a few words for a person."""
        return f"bar ({self.shape.form.value} at {self.box.x0:.0f}, {self.box.y0:.0f})"


@dataclass(frozen=True, eq=False)
class Mark:
    """A small triangle, diamond, star or disc, or the head of an arrow, with a caption beside it."""

    shape: Shape

    @property
    def box(self) -> BBox:
        """The shape's box."""
        return self.shape.box

    @property
    def is_milestone(self) -> bool:
        """Whether it marks a date; a small arrow only points at a bar."""
        return marks_date(self.shape)

    @property
    def what(self) -> str:
        """What it is, in a few words for a person."""
        return f"mark ({self.shape.form.value} at {self.box.x0:.0f}, {self.box.y0:.0f})"


@dataclass(frozen=True, eq=False)
class Passage:
    """Text of the chart's body that stands on no shape: lines that belong together."""

    lines: tuple[Line, ...]
    box: BBox

    @property
    def what(self) -> str:
        """What it is, in a few words for a person."""
        return f"text of its own (at {self.box.x0:.0f}, {self.box.y0:.0f})"


@dataclass(frozen=True, eq=False)
class Printed:
    """Text around the plan itself: the year header, a chart's title, a note, the page number …"""

    what: str


@dataclass(frozen=True)
class SideColumns:
    """Columns beside the years that their header names; x extents of the done and owner columns."""

    lines: tuple[Line, ...]
    done: tuple[float, float] | None
    owner: tuple[float, float] | None
    is_card: bool = False
    """Whether the rows are things with attributes, not numbered sections."""


@dataclass(frozen=True)
class Claim:
    """Whose a line is, which pass said so and why; `before` is the claim that this one replaced."""

    holder: Holder
    by: str
    why: str
    before: Claim | None = None

    @property
    def trail(self) -> list[Claim]:
        """The claims that led here, the first one first."""
        return [*(self.before.trail if self.before else []), self]


@dataclass(frozen=True, eq=False)
class Claims:
    """The state of a reading. Lines are in reading order of the page, bars and marks in painting order."""

    table: Mapping[Line, Claim]
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    passages: tuple[Passage, ...] = ()
    around: Mapping[Bar, Bar] = field(default_factory=dict)
    """The bar that a bar lies in."""
    side_columns: SideColumns | None = None
    headings: tuple[HeadingReading, ...] = ()
    rows: tuple[RowReading, ...] = ()
    items: tuple[ItemReading, ...] = ()
    empty_shapes: tuple[Shape, ...] = ()
    by: str = ""
    """The pass at work, whose name goes into its claims."""

    @classmethod
    def start(cls, lines: Iterable[Line], area: Area = Area.PAGE) -> Claims:
        """A table in which nothing is claimed yet."""
        unclaimed = Claim(area, "", "")
        return cls(dict.fromkeys(lines, unclaimed))

    @property
    def is_card(self) -> bool:
        """Whether the chart is a table of cards."""
        return self.side_columns is not None and self.side_columns.is_card

    @cached_property
    def _held(self) -> dict[Holder, tuple[Line, ...]]:
        held: dict[Holder, list[Line]] = {}
        for line, claim in self.table.items():
            held.setdefault(claim.holder, []).append(line)
        return {holder: tuple(lines) for holder, lines in held.items()}

    @cached_property
    def _line_of(self) -> dict[Glyph, Line]:
        return {glyph: line for line in self.table for glyph in line.glyphs}

    def lines_of(self, holder: Holder) -> tuple[Line, ...]:
        """The lines that a holder has."""
        return self._held.get(holder, ())

    @property
    def free(self) -> tuple[Line, ...]:
        """Lines under the years that nothing has claimed."""
        return self.lines_of(Area.BODY)

    def is_around(self, outer: Bar, inner: Bar) -> bool:
        """Whether `inner` lies in `outer`, or in a bar that does."""
        at = self.around.get(inner)
        while at is not None and at is not outer:
            at = self.around.get(at)
        return at is outer

    def give(self, lines: Iterable[Line], holder: Holder, why: str) -> Claims:
        """The table with lines claimed for a holder; see `give_each`."""
        return self.give_each((line, holder, why) for line in lines)

    def give_each(self, claims: Iterable[tuple[Line, Holder, str]]) -> Claims:
        """The table with (line, holder, why) claimed.

        A line that is not in the table is one that a pass cut or joined: it takes its glyphs from the lines that had
        them, and what is left of those, white space apart, stays where it was.
        """
        table = dict(self.table)
        new: list[tuple[Line, Holder, str]] = []
        for line, holder, why in claims:
            if line in table:
                table[line] = Claim(holder, self.by, why, table[line])
            else:
                new.append((line, holder, why))
        if new:
            table = self._recut(table, new)
        return replace(self, table=table)

    def _recut(self, table: Mapping[Line, Claim], new: Sequence[tuple[Line, Holder, str]]) -> dict[Line, Claim]:
        pieces: dict[Line, list[tuple[Line, Holder, str]]] = {}
        taken = {glyph for line, _holder, _why in new for glyph in line.glyphs}
        for line, holder, why in new:
            pieces.setdefault(self._line_of[line.glyphs[0]], []).append((line, holder, why))
        result: dict[Line, Claim] = {}
        for line, claim in table.items():
            if not any(glyph in taken for glyph in line.glyphs):
                result[line] = claim
                continue
            for piece, holder, why in pieces.get(line, ()):
                result[piece] = Claim(holder, self.by, why, claim)
            rest = Line(tuple(g for g in line.glyphs if g not in taken), line.direction) if line.glyphs else line
            if rest.glyphs and not rest.is_blank:
                result[rest] = claim
        return result

    def cut(self, pieces: Mapping[Line, Sequence[Line]]) -> Claims:
        """The table with lines in pieces; each piece is whose its line was."""
        if not pieces:
            return self
        table: dict[Line, Claim] = {}
        for line, claim in self.table.items():
            for piece in pieces.get(line, (line,)):
                table[piece] = claim
        return replace(self, table=table)

    def replace_bar(self, old: Bar, new: Bar) -> Claims:
        """The table with one bar in the place of another."""
        return replace(
            self,
            bars=tuple(new if bar is old else bar for bar in self.bars),
            around={
                new if inner is old else inner: new if outer is old else outer for inner, outer in self.around.items()
            },
            table={ln: replace(c, holder=new) if c.holder is old else c for ln, c in self.table.items()},
        )

    def without_bars(self, gone: Iterable[Bar]) -> Claims:
        """The table without some bars, which have no lines; what lay in them lies in what was around them."""
        left_out = set(gone)
        if not left_out:
            return self
        around = {}
        for inner, outer in self.around.items():
            at: Bar | None = outer
            while at is not None and at in left_out:
                at = self.around.get(at)
            if inner not in left_out and at is not None:
                around[inner] = at
        return replace(self, bars=tuple(bar for bar in self.bars if bar not in left_out), around=around)

    def with_chart(self, chart: Claims) -> Claims:
        """The table of a page with that of one of its charts, which began with the page's unclaimed lines.

        What nothing beside the chart has claimed is the page's again: it may be a chart side by side with this one.
        """
        table = {line: claim for line, claim in self.table.items() if claim.holder is not Area.PAGE}
        for line, claim in chart.table.items():
            left_over = claim.holder in (Area.LEFT, Area.RIGHT)
            table[line] = replace(claim, holder=Area.PAGE, why=f"{claim.why}, left over") if left_over else claim
        return replace(self, table=table, bars=(*self.bars, *chart.bars), marks=(*self.marks, *chart.marks))
