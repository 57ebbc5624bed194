# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares the records of a page with what other readers saw there; what most see otherwise becomes a finding."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from koteihyo.extract.geometry import BBox
from koteihyo.extract.witness import WitnessFailure, WitnessPage
from koteihyo.normalize.text.characters import compare_key
from koteihyo.schema.findings import NOWHERE, Finding, FindingKind, Spot, make_finding
from koteihyo.schema.records import Block, EditionRecords, ItemKind, ScheduleItem

# A record that the two readers see differently is less sure by this factor.
DISAGREEMENT = 0.8
# When more than this part of a page's blocks differ, the second reader failed on the page as a whole.
PAGE_FAILURE = 0.5
# Edges agree within this part of a line of text.
EDGE_TOLERANCE = 0.6
# A character is in a block's box when its middle lies outside by at most this part of its height.
INSIDE = 0.1
# Shapes without an outline of their own, and text that stands on none.
_UNDRAWN = frozenset({"none", "cell"})


class _Signs(dict[int, int | None]):
    """Code point → itself where it is a letter or a number, else None; filled as characters come."""

    def __missing__(self, code: int) -> int | None:
        self[code] = code if unicodedata.category(chr(code))[0] in "LN" else None
        return self[code]


_SIGNS = _Signs()

ThirdReader = Callable[[int], WitnessPage | WitnessFailure]
"""Reads the page of a number once more."""


def with_second_reading(
    records: EditionRecords, witnesses: Iterable[WitnessPage | WitnessFailure], third: ThirdReader | None = None
) -> EditionRecords:
    """The records with a finding for each disagreement, and with lower confidence where one is.

    Args:
        records: What the first reader made of the pages.
        witnesses: What the second reader saw on each page, or that it did not read it.
        third: Asked for a page that the second reader did not read, or sees otherwise: two voices of three decide.
    """
    findings = list(records.findings)
    doubted: set[str] = set()
    blocks: dict[int, list[Block]] = defaultdict(list)
    bars: dict[int, list[ScheduleItem]] = defaultdict(list)
    for block in records.blocks:
        blocks[block.page_no].append(block)
    for item in records.schedule_items:
        if item.kind is ItemKind.BAR and item.shape not in _UNDRAWN:
            bars[item.page_no].append(item)
    for witness in witnesses:
        page_no = witness.page_no
        page = _PageFindings(records.edition.edition_id, page_no, findings)
        doubts = _doubts(witness, blocks[page_no], bars[page_no], third)
        if isinstance(doubts, WitnessFailure):
            page.add(FindingKind.WITNESS_FAILED, why=f"と照合していない: {doubts.message}")
            continue
        if doubts.failed:
            page.add(FindingKind.WITNESS_FAILED, why="はこのページを読めず、照合できない")
            continue
        for block, seen in doubts.blocks:
            spot = Spot(block.text_raw, _box(block), 0, block.record_table, block.record_id)
            page.add(FindingKind.WITNESS_TEXT, spot, seen=seen)
            doubted.add(block.record_id)
        for item in doubts.bars:
            spot = Spot(item.text_raw, _box(item), 0, ScheduleItem.TABLE, item.item_id)
            page.add(FindingKind.WITNESS_SHAPE, spot)
            doubted.add(item.item_id)
    lowered = [
        item.model_copy(update={"confidence": round(item.confidence * DISAGREEMENT, 3)})
        if item.item_id in doubted
        else item
        for item in records.schedule_items
    ]
    return records.model_copy(update={"schedule_items": lowered, "findings": findings})


@dataclass(frozen=True)
class _Doubts:
    """What another reader did not see as the first one did; `failed` when it failed on the page as a whole."""

    width: float
    height: float
    blocks: list[tuple[Block, str]]
    """Blocks in whose box it saw other characters, with what it saw."""
    bars: list[ScheduleItem]
    """Bars without a shape that ends where they do."""
    failed: bool

    def __bool__(self) -> bool:
        return bool(self.blocks or self.bars)


def _doubts(
    witness: WitnessPage | WitnessFailure,
    blocks: Sequence[Block],
    bars: Sequence[ScheduleItem],
    third: ThirdReader | None,
) -> _Doubts | WitnessFailure:
    """What most of the readers doubt of a page: two of three, or the only other one."""
    second = witness if isinstance(witness, WitnessFailure) else _compared(witness, blocks, bars)
    if third is None or not second:
        return second
    other = third(witness.page_no)
    if isinstance(other, WitnessFailure):
        return second
    last = _compared(other, blocks, bars)
    if isinstance(second, WitnessFailure) or second.failed:
        return last
    if last.failed:
        return second
    same_blocks = {id(block) for block, _seen in last.blocks}
    same_bars = {bar.item_id for bar in last.bars}
    return replace(
        second,
        blocks=[(block, seen) for block, seen in second.blocks if id(block) in same_blocks],
        bars=[bar for bar in second.bars if bar.item_id in same_bars],
    )


def _compared(witness: WitnessPage, blocks: Sequence[Block], bars: Sequence[ScheduleItem]) -> _Doubts:
    different = _different_blocks(blocks, witness)
    return _Doubts(
        witness.width,
        witness.height,
        different,
        [bar for bar in bars if not _edges_seen(bar, witness)],
        failed=len(different) > max(3, PAGE_FAILURE * len(blocks)),
    )


def _different_blocks(blocks: Sequence[Block], witness: WitnessPage) -> list[tuple[Block, str]]:
    """Blocks in whose box the other reader saw other characters, with what it saw."""
    left, top, right, bottom = witness.boxes.T
    x, y, margin = (left + right) / 2, (top + bottom) / 2, INSIDE * (bottom - top)
    different = []
    for block in blocks:
        near = (x >= block.x0 - margin) & (x <= block.x1 + margin) & (y >= block.y0 - margin) & (y <= block.y1 + margin)
        inside = np.flatnonzero(near).tolist()
        # Other blocks may overlap this one's box, so every character must be there, but there may be more.
        wanted, got = _comparable(block.text_raw), _comparable("".join([witness.chars[i] for i in inside]))
        if wanted in got:
            continue
        missing = Counter(wanted)
        missing.subtract(got)
        if any(count > 0 for count in missing.values()):
            inside.sort(key=lambda i: (round(y[i]), left[i]))
            different.append((block, "".join([witness.chars[i] for i in inside])[:80]))
    return different


def _comparable(text: str) -> str:
    """Two readers may give different code points for one glyph without either losing it."""
    return compare_key(text).translate(_SIGNS)


def _edges_seen(item: ScheduleItem, witness: WitnessPage) -> bool:
    """Whether the second reader saw shapes whose edges are the bar's left and right ends."""
    tolerance = EDGE_TOLERANCE * max(4.0, min(item.y1 - item.y0, 12.0))
    box = _box(item)
    near = [s for s in witness.shapes if s.y_overlap(box) >= -tolerance and s.x_overlap(box) >= -tolerance]
    left = any(abs(s.x0 - box.x0) <= tolerance or abs(s.x1 - box.x0) <= tolerance for s in near)
    right = any(abs(s.x1 - box.x1) <= tolerance or abs(s.x0 - box.x1) <= tolerance for s in near)
    return left and right


def _box(record: Block | ScheduleItem) -> BBox:
    return BBox(record.x0, record.y0, record.x1, record.y1)


class _PageFindings:
    """Adds findings of one page, numbered after those of the first reading."""

    def __init__(self, edition_id: str, page_no: int, findings: list[Finding]) -> None:
        self._edition_id, self._page_no, self._findings = edition_id, page_no, findings
        self._next = sum(f.page_no == page_no for f in findings)

    def add(self, kind: FindingKind, spot: Spot = NOWHERE, **values: object) -> None:
        number = f"f{self._next}"
        self._findings.append(make_finding(kind, self._edition_id, self._page_no, number, spot, **values))
        self._next += 1
