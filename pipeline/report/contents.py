# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a report of changes says, whatever form it is written in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from koteihyo.pipeline.diff.changes import Comparison
from koteihyo.schema.changes import ChangeType, EditionChange, RowChange
from koteihyo.schema.records import Edition

LABELS = {
    ChangeType.ADDED: "追加",
    ChangeType.REMOVED: "削除",
    ChangeType.REWORDED: "文言変更",
    ChangeType.MOVED: "移動",
    ChangeType.RESCHEDULED: "時期変更",
    ChangeType.RECATEGORIZED: "区分変更",
    ChangeType.EXPIRED: "期間終了",
    ChangeType.ROLLED: "年度軸に伴う延長",
}
"""Names of the types, in the order of the report's columns."""

COLUMN_LABELS = {"name": "項目名", "done_text": "実施済みの事項", "owner_text": "担当"}
"""Columns of table rows that have a name of their own in the tables."""

BY_TIME = frozenset({ChangeType.EXPIRED, ChangeType.ROLLED})
"""Types that time brings about: nobody changed the plan."""

NO_CHAPTER = "（章の記載なし）"
NO_OWNER = "（府省の記載なし）"


@dataclass(frozen=True)
class Span:
    """The fiscal years of a measure in one edition."""

    name: str
    side: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """As people write it."""
        return span_text(self.start, self.end)


@dataclass(frozen=True)
class Measure:
    """One measure with all its changes, which share their texts and spans."""

    changes: tuple[EditionChange, ...]

    @property
    def change(self) -> EditionChange:
        """Any of the changes, for what they share."""
        return self.changes[0]

    @property
    def labels(self) -> list[str]:
        """Names of what happened to it."""
        types = {c.change_type for c in self.changes}
        return [label for kind, label in LABELS.items() if kind in types]

    @property
    def decided(self) -> bool:
        """True when people changed it, not only time."""
        return any(c.change_type not in BY_TIME for c in self.changes)

    @property
    def pages(self) -> str:
        """Where it stands in the two files."""
        named = (("旧版", self.change.old_page_no), ("新版", self.change.new_page_no))
        return "、".join(f"{edition}{page}頁" for edition, page in named if page)

    @property
    def reworded(self) -> bool:
        """True when there are two texts that say something else."""
        return any(c.change_type is ChangeType.REWORDED for c in self.changes)

    @property
    def text(self) -> str:
        """The text, the newer one if there are two."""
        return self.change.new_text or self.change.old_text or ""

    @property
    def spans(self) -> list[Span]:
        """The spans of the two editions, as far as they are known."""
        change = self.change
        sides = (
            ("旧", "old", change.old_item_id, change.old_fy_start, change.old_fy_end),
            ("新", "new", change.new_item_id, change.new_fy_start, change.new_fy_end),
        )
        return [
            Span(name, side, start, end)
            for name, side, item, start, end in sides
            if item is not None and start is not None and end is not None
        ]

    @property
    def years(self) -> range:
        """The fiscal years that a drawing of both spans needs; empty when there is no span."""
        spans = self.spans
        return range(min(s.start for s in spans), max(s.end for s in spans) + 1) if spans else range(0)

    @property
    def remarks(self) -> list[str]:
        """What the texts and spans do not show by themselves."""
        return [remark for change in self.changes for remark in _remarks(change)]


@dataclass(frozen=True)
class Group:
    """Measures of one section."""

    title: str
    measures: list[Measure]


@dataclass(frozen=True)
class RowGroup:
    """One table row and its cells that differ."""

    title: str
    changes: tuple[RowChange, ...]


@dataclass(frozen=True)
class Contents:
    """Everything a report says."""

    title: str
    old: str
    new: str
    unchanged: int
    totals: Counter[ChangeType]
    chapters: dict[str, Counter[ChangeType]]
    owners: dict[str, Counter[ChangeType]]
    decided: list[Group]
    by_time: list[Group]
    rows: list[RowGroup]
    """Table rows whose cells beside the years differ."""


def contents_of(comparison: Comparison) -> Contents:
    """Counts, and the changes by section."""
    measures = measures_of(comparison.changes)
    chapters: defaultdict[str, Counter[ChangeType]] = defaultdict(Counter)
    owners: defaultdict[str, Counter[ChangeType]] = defaultdict(Counter)
    for change in comparison.changes:
        chapters[_chapter(change)][change.change_type] += 1
        for owner in change.owners or [NO_OWNER]:
            owners[owner][change.change_type] += 1
    old, new = comparison.old, comparison.new
    return Contents(
        title=f"工程表の変更点　{old.edition_id} → {new.edition_id}",
        old=_named(old),
        new=_named(new),
        unchanged=comparison.unchanged,
        totals=Counter(c.change_type for c in comparison.changes),
        chapters=dict(chapters),
        owners=dict(sorted(owners.items(), key=lambda o: (o[0] == NO_OWNER, -o[1].total(), o[0]))),
        decided=_groups(m for m in measures if m.decided),
        by_time=_groups(m for m in measures if not m.decided),
        rows=_row_groups(comparison.row_changes),
    )


def _named(edition: Edition) -> str:
    # An edition that nobody registered has its id for a title.
    return edition.edition_id if edition.title == edition.edition_id else f"{edition.title}（{edition.edition_id}）"


def span_text(start: int | None, end: int | None) -> str:
    """A span as people write it."""
    if start is None or end is None:
        return "年度の記載なし"
    return f"{start}年度" if start == end else f"{start}〜{end}年度"


def measures_of(changes: Sequence[EditionChange]) -> list[Measure]:
    """The changes put together by the item that they happened to."""
    grouped: defaultdict[tuple[str | None, str | None], list[EditionChange]] = defaultdict(list)
    for change in changes:
        grouped[change.old_item_id, change.new_item_id].append(change)
    return [Measure(tuple(group)) for group in grouped.values()]


def _groups(measures: Iterable[Measure]) -> list[Group]:
    grouped: defaultdict[str, list[Measure]] = defaultdict(list)
    for measure in measures:
        grouped[section_of(measure.change)].append(measure)
    return [Group(title, found) for title, found in grouped.items()]


def _row_groups(changes: Sequence[RowChange]) -> list[RowGroup]:
    grouped = groupby(changes, key=lambda c: c.new_row_id)
    found = [tuple(group) for _row_id, group in grouped]
    return [RowGroup("　›　".join(filter(None, (g[0].group_label, g[0].name))), g) for g in found]


def column_label(change: RowChange) -> str:
    """The name of a column that a reader knows it by."""
    return COLUMN_LABELS.get(change.column_name, change.column_name)


def _chapter(change: EditionChange) -> str:
    path = change.new_path or change.old_path
    return change.new_chapter or change.old_chapter or (path[0] if path else NO_CHAPTER)


def section_of(change: EditionChange) -> str:
    """Where the measure stands, in the newer edition if it is there: headings and row, outermost first."""
    path = [*(change.new_path or change.old_path)]
    row = change.new_row or change.old_row
    return "　›　".join([*path, *([row] if row else [])]) or _chapter(change)


def _remarks(change: EditionChange) -> list[str]:
    remarks = []
    if change.change_type is ChangeType.RESCHEDULED:
        for name, years in (("開始", change.start_years), ("終了", change.end_years)):
            if years:
                remarks.append(f"{name}が{abs(years)}年{'遅く' if years > 0 else '早く'}なった")
    if change.change_type is ChangeType.MOVED:
        old = [*change.old_path, *([change.old_row] if change.old_row else [])]
        remarks.append(f"移動元：{'　›　'.join(old)}")
    if change.change_type is ChangeType.RECATEGORIZED:
        remarks.append(f"区分：{change.old_category} → {change.new_category}")
    if change.old_numbers or change.new_numbers:
        was, now = "、".join(change.old_numbers) or "なし", "、".join(change.new_numbers) or "なし"
        remarks.append(f"数値・日付：{was} → {now}")
    if change.split_from_item_id:
        remarks.append("旧版の一つの施策が分割された")
    if change.merged_into_item_id:
        remarks.append("新版の別の施策に統合された")
    return remarks
