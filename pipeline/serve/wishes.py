# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a browser may ask the desk for, and the correction that each wish is written as."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat

from koteihyo.normalize.text.characters import compare_key
from koteihyo.normalize.trust.corrections import correct
from koteihyo.pipeline.site.contents import clean, short_id
from koteihyo.schema.corrections import Correction
from koteihyo.schema.errors import KoteihyoError
from koteihyo.schema.records import EditionRecords, Finding, ItemKind, ScheduleItem, Section, TableRow

Year = Annotated[int, Field(ge=1900, le=2200)]
Words = Annotated[str, AfterValidator(lambda text: clean(text).replace("\n", " ").strip())]
Id = Annotated[str, Field(max_length=200)]
R = TypeVar("R", ScheduleItem, Finding)


class Refused(KoteihyoError):
    """The desk does not write this. The message is for the person at the desk."""


class Outdated(Refused):
    """Somebody else was faster: the record is not what the person at the desk saw."""


class Seen(BaseModel):
    """What a person saw of an item when they decided."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    kind: ItemKind
    fy_start: int | None
    fy_end: int | None
    owners: list[str]
    section: str | None
    row: str | None
    corrected_by: str | None


class Wish(BaseModel):
    """One decision of a person at the desk. Records are named by the ids that the page shows, without the edition's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    edition: Id
    action: Literal["accept", "set", "drop", "add", "ignore"]
    item: Id | None = None
    finding: Id | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] | None = None
    box: tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat] | None = None
    seen: Seen | None = None
    text: Annotated[Words, Field(max_length=2000)] | None = None
    kind: ItemKind | None = None
    fy_start: Year | None = None
    fy_end: Year | None = None
    section: Id | None = None
    """The new heading; an empty one takes the item's heading away. So does `row`."""
    row: Id | None = None
    owners: Annotated[list[Annotated[Words, Field(max_length=100)]], Field(max_length=30)] | None = None
    reason: Annotated[Words, Field(min_length=1, max_length=500)]
    by: Annotated[Words, Field(min_length=1, max_length=100)]


class Undo(BaseModel):
    """A correction to take back, by its key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    edition: Id
    key: Annotated[str, Field(max_length=64)]


def as_correction(wish: Wish, records: EditionRecords) -> tuple[Correction, EditionRecords]:
    """The correction that fulfils a wish, and the records with it.

    Raises:
        Outdated: the item is not any more what the person saw.
        Refused: the wish names something that is not there, or would change nothing.
    """
    last = Refused("この訂正は書けません。ページの見出しを選び直してください。")
    for correction in _ways(wish, records):
        after = correct(records, [correction])
        unused = [f.message for f in after.findings[len(records.findings) :]]
        if unused:
            last = Refused(unused[0])
        elif _is_fulfilled(wish, records, after):
            return correction, after
    raise last


def _ways(wish: Wish, records: EditionRecords) -> Iterator[Correction]:
    """Ways of saying a wish, the shortest first: names that are printed twice need more words."""
    if wish.action == "add" and wish.finding is None:
        ways = _of_place
    else:
        ways = _of_finding if wish.action in ("add", "ignore") else _of_item
    for fields in ways(wish, records):
        yield Correction.model_validate({**fields, "reason": wish.reason, "by": wish.by})


def _of_finding(wish: Wish, records: EditionRecords) -> Iterator[dict[str, object]]:
    finding = _found(records.findings, "finding_id", wish.finding, records)
    named: dict[str, object] = {"page": finding.page_no, **({"at": _middle(finding.box)} if finding.box else {})}
    if wish.action == "ignore":
        yield {**named, "text": finding.text, "ignore": True}
        return
    values = {**_new_item(wish, finding.text), "chart": _chart(records, finding.page_no, finding.box)}
    for place in _places(wish, records):
        yield {**named, "add": {**values, **place}}


def _of_place(wish: Wish, records: EditionRecords) -> Iterator[dict[str, object]]:
    """An item that a person drew on the page."""
    if wish.page is None or wish.box is None:
        raise Refused("加える項目の場所を、ページの上で囲んでください。")
    box = [round(edge, 1) for edge in wish.box]
    values = {**_new_item(wish, None), "chart": _chart(records, wish.page, wish.box), "box": box}
    for place in _places(wish, records):
        yield {"page": wish.page, "add": {**values, **place}}


def _new_item(wish: Wish, found: str | None) -> dict[str, object]:
    text = wish.text or found
    if not text:
        raise Refused("項目の文を書いてください。")
    if wish.fy_start is None or wish.fy_end is None:
        raise Refused("年度を選んでください。")
    values: dict[str, object] = {"text": text, "fy_start": wish.fy_start, "fy_end": wish.fy_end}
    return {**values, "kind": wish.kind} if wish.kind else values


def _of_item(wish: Wish, records: EditionRecords) -> Iterator[dict[str, object]]:
    item = _found(records.schedule_items, "item_id", wish.item, records)
    if wish.seen is None or _seen(item, records) != wish.seen:
        raise Outdated(
            f"この項目は、その間に訂正されました（{item.corrected_by or '再読み取り'}）。今の値を確かめてください。"
        )
    named = _naming(item, records.schedule_items)
    if wish.action != "set":
        yield {**named, wish.action: True}
        return
    values = {n: v for n in ("text", "kind", "fy_start", "fy_end", "owners") if (v := getattr(wish, n)) is not None}
    if not values and wish.section is None and wish.row is None:
        raise Refused("変わる値がありません。")
    for place in _places(wish, records):
        yield {**named, "set": {**values, **place}}


def _places(wish: Wish, records: EditionRecords) -> Iterator[dict[str, object]]:
    """Ways of naming the heading and the row that are wished for."""
    for heading in _names(records.sections, "section_id", wish.section, records):
        for row in _names(records.table_rows, "row_id", wish.row, records):
            yield {**heading, **row}


def _found(rows: Sequence[R], key: str, wanted: str | None, records: EditionRecords) -> R:
    row = next((row for row in rows if short_id(getattr(row, key), records.edition.edition_id) == wanted), None)
    if row is None:
        raise Outdated("これはもうありません。一覧を読み直してください。")
    return row


def _naming(item: ScheduleItem, items: Sequence[ScheduleItem]) -> dict[str, object]:
    same = [i for i in items if i.page_no == item.page_no and compare_key(i.text) == compare_key(item.text)]
    named: dict[str, object] = {"page": item.page_no, "text": item.text}
    if len(same) == 1:
        return named
    years = (item.fy_start, item.fy_end)
    if None not in years:
        named["years"] = list(years)
        same = [i for i in same if (i.fy_start, i.fy_end) == years]
    return named if len(same) == 1 else {**named, "at": _middle(item.box)}


def _middle(box: tuple[float, float, float, float]) -> list[float]:
    return [round((box[0] + box[2]) / 2, 1), round((box[1] + box[3]) / 2, 1)]


def _chart(records: EditionRecords, page_no: int, box: tuple[float, float, float, float] | None) -> int:
    """The chart of a place on a page: the one it stands in, else the nearest by height."""
    charts = [c for c in records.charts if c.page_no == page_no]
    if not charts:
        raise Refused("このページに工程表がないので、項目を加えられません。")
    if box is None:
        return charts[0].chart_no
    middle = (box[1] + box[3]) / 2
    return min(charts, key=lambda c: max(c.y0 - middle, middle - c.y1, 0)).chart_no


def _names(
    rows: Sequence[Section] | Sequence[TableRow], key: str, wanted: str | None, records: EditionRecords
) -> Iterator[dict[str, object]]:
    if not wanted:
        # "" takes away what is there.
        yield {} if wanted is None else {key.removesuffix("_id"): None}
        return
    edition = records.edition.edition_id
    row = next((row for row in rows if short_id(getattr(row, key), edition) == wanted), None)
    if isinstance(row, Section):
        yield {"section": row.marker + row.title}
        yield {"section": row.path}
    elif isinstance(row, TableRow):
        yield {"row": row.name}
        yield {"row": [part for part in (row.group_label, row.name) if part]}


def _seen(item: ScheduleItem, records: EditionRecords) -> Seen:
    edition = records.edition.edition_id
    return Seen(
        text=clean(item.text),
        kind=item.kind,
        fy_start=item.fy_start,
        fy_end=item.fy_end,
        owners=[clean(owner) for owner in item.owners],
        section=short_id(item.section_id, edition),
        row=short_id(item.row_id, edition),
        corrected_by=item.corrected_by and clean(item.corrected_by),
    )


def _is_fulfilled(wish: Wish, before: EditionRecords, after: EditionRecords) -> bool:
    """Whether the right heading and row came out, and anything at all is different."""
    edition = before.edition.edition_id
    was = {i.item_id: i for i in before.schedule_items}
    changed = [i for i in after.schedule_items if was.get(i.item_id) != i]
    if wish.action in ("set", "add") and not changed:
        return False
    return all(
        wish.section in (None, short_id(i.section_id, edition) or "")
        and wish.row in (None, short_id(i.row_id, edition) or "")
        for i in changed
    )
