# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a reader of charts hands over: items, headings and rows with the lines they were read from, before ids are given.

Every way of reading a chart (bars under years, ruled tables …) makes these, and `edition` makes records of them only.
Lengths are PDF points, origin top left; years are Japanese fiscal years, positions fiscal-year coordinates (2024.5 is
the middle of fiscal year 2024).
"""

from __future__ import annotations

from dataclasses import dataclass

from koteihyo.extract.geometry import BBox
from koteihyo.extract.model import Line, Shape
from koteihyo.normalize.axis.extent import Region
from koteihyo.schema.records import ItemKind

UNMARKED_RANK = 10
UNMARKED_LEVEL = 4


@dataclass(frozen=True)
class Years:
    """When an item is: first and last fiscal year, and where it begins and ends on the axis."""

    fy_start: int
    fy_end: int
    start: float
    end: float
    open_end: bool = False
    """Whether it runs on beyond the axis."""


@dataclass(frozen=True, eq=False)
class HeadingReading:
    """One printed heading. `band` is the ruled cell it stands in, (top, bottom)."""

    level: int
    marker: str
    title: str
    lines: tuple[Line, ...]
    box: BBox
    band: tuple[float, float]
    rank: float = UNMARKED_RANK
    """Depth by which headings nest: finer than the level, from the marker's form and, without one, the indent."""
    column: int = 0
    """Which of the left sub-columns it stands in, 0 outermost."""

    @property
    def label(self) -> str:
        """Marker and title, the form used in paths."""
        return self.marker + self.title

    @property
    def what(self) -> str:
        """What it is, in a few words for a person."""
        return f"heading {self.label[:20]}"


@dataclass(frozen=True, eq=False)
class RowReading:
    """One row of a table whose columns are more than years."""

    box: BBox
    name: str
    lines: tuple[Line, ...]
    group: str | None = None
    """The label that several rows share."""
    done: str | None = None
    owner: str | None = None
    owners: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    """(column header, cell text) of the other columns, from the left."""
    group_lines: tuple[Line, ...] = ()
    """The words of its group, where they stand on this page."""

    @property
    def what(self) -> str:
        """What it is, in a few words for a person."""
        return f"row {self.name[:20]}"


@dataclass(frozen=True)
class ColumnHead:
    """A column beside the years of a table: its extent in x, its printed header, and what it is for."""

    x0: float
    x1: float
    label: str
    role: str


@dataclass(frozen=True)
class Placement:
    """The heading or the row that an item belongs to (None when there is none to choose), how sure that is, and why."""

    heading: HeadingReading | None = None
    row: RowReading | None = None
    confidence: float = 0.5
    evidence: str = "no headings"


UNPLACED = Placement()


@dataclass(frozen=True, eq=False)
class ItemReading:
    """One object of a chart: a bar, a mark, a label or a remark.

    `number` names the item within its chart; `parent` is the number of the item around it.
    """

    number: int
    kind: ItemKind
    text: str
    text_raw: str
    lines: tuple[Line, ...]
    box: BBox
    reach: BBox
    """The box that its years come from."""
    years: Years
    form: str
    """Form of its shape; `none` for text that stands on none, `cell` for text in a ruled cell."""
    owners: tuple[str, ...] = ()
    owner_lines: tuple[Line, ...] = ()
    """Lines outside its own text that name its owners."""
    category: str | None = None
    """What a legend says about its ink."""
    parent: int | None = None
    confidence: float = 1.0
    """How sure its kind, text and reach are."""
    placement: Placement = UNPLACED

    @property
    def what(self) -> str:
        """What it is, in a few words for a person."""
        return f"{self.kind.value} {self.text[:20]}"


@dataclass(frozen=True, eq=False)
class CarriedTable:
    """What a table's rows on the next pages need of the first one: its columns, the group that goes on, the last row."""

    columns: tuple[ColumnHead, ...]
    group: str | None
    headed: bool = False
    """Whether the next page prints the columns' headers again."""
    row: RowReading | None = None
    """The last row, which the page's end may part."""
    items: tuple[ItemReading, ...] = ()
    """What the year cells of that row say."""
    open_rows: int = 0
    """How many of the last rows share a group cell without words: these may stand on the next page."""


@dataclass(frozen=True, eq=False)
class ItemAmendment:
    """An item of the page before, by its box, with the whole of its text as printed on both pages."""

    box: BBox
    text_raw: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, eq=False)
class Amendment:
    """What a page says of the last `rows` rows of the page before. Fields that are None say nothing."""

    rows: int
    group: str | None = None
    name: str | None = None
    owner: str | None = None
    done: str | None = None
    attributes: tuple[tuple[str, str], ...] | None = None
    lines: tuple[Line, ...] = ()
    """Lines of this page that belong to the last one of these rows."""
    text_raw: str = ""
    """These lines as in the PDF."""
    items: tuple[ItemAmendment, ...] = ()

    @property
    def all_lines(self) -> list[Line]:
        """Every line of this page that belongs to the page before."""
        return [*self.lines, *(line for item in self.items for line in item.lines)]


@dataclass(frozen=True, eq=False)
class ChartReading:
    """One chart of a page with everything read from it. `placement` of an item is one of its `headings` or `rows`."""

    region: Region
    items: tuple[ItemReading, ...]
    headings: tuple[HeadingReading, ...] = ()
    rows: tuple[RowReading, ...] = ()
    is_card: bool = False
    """Whether its rows are things with attributes, not numbered sections."""
    title: str | None = None
    heading: str | None = None
    """What stands beside the whole chart, from top to bottom."""
    header_lines: tuple[Line, ...] = ()
    title_lines: tuple[Line, ...] = ()
    label_lines: tuple[Line, ...] = ()
    """Labels of groups of rows, and the chart's own heading."""
    side_lines: tuple[Line, ...] = ()
    """Lines of the side columns that no heading, row or item has."""
    empty_shapes: tuple[Shape, ...] = ()
    """Shapes that look like bars and became no item."""
    confidence: float = 1.0
    """How sure the years of the columns are."""
    columns: tuple[ColumnHead, ...] = ()
    """The columns beside the years, for the pages that the table goes on over."""
    continued_from: int | None = None
    """The page whose year header holds here; None when the chart has its own."""
    open_rows: int = 0
    """How many of its last rows share a group cell without words."""
    amendments: tuple[Amendment, ...] = ()
    """What it says of the rows of the page before."""
