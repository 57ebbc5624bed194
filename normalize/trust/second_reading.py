# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares the records of a page with what the second reader saw there; what differs becomes a finding."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from koteihyo.extract.geometry import BBox
from koteihyo.extract.witness import WitnessFailure, WitnessPage
from koteihyo.normalize.text.characters import compare_key
from koteihyo.schema.records import Block, EditionRecords, Finding, ItemKind, ScheduleItem

# A record that the two readers see differently is less sure by this factor.
DISAGREEMENT = 0.8
# When more than this part of a page's blocks differ, the second reader failed on the page as a whole.
PAGE_FAILURE = 0.5
# Edges agree within this part of a line of text.
EDGE_TOLERANCE = 0.6
# Cells of the index of characters, PDF points.
CELL = 24.0
# Shapes without an outline of their own, and text that stands on none.
_UNDRAWN = frozenset({"none", "cell"})


def with_second_reading(records: EditionRecords, witnesses: Iterable[WitnessPage | WitnessFailure]) -> EditionRecords:
    """The records with a finding for each disagreement, and with lower confidence where one is."""
    findings = list(records.findings)
    doubted: set[str] = set()
    blocks: dict[int, list[Block]] = defaultdict(list)
    items: dict[int, list[ScheduleItem]] = defaultdict(list)
    for block in records.blocks:
        blocks[block.page_no].append(block)
    for item in records.schedule_items:
        items[item.page_no].append(item)
    for witness in witnesses:
        page = _PageFindings(records.edition.edition_id, witness.page_no, findings)
        if isinstance(witness, WitnessFailure):
            message = f"第二の読み取り（pdfplumber）と照合していない: {witness.message}"
            page.add("witness_failed", "info", message, "", BBox(0, 0, 0, 0), None)
            continue
        different = _different_blocks(blocks[witness.page_no], witness)
        if len(different) > max(3, PAGE_FAILURE * len(blocks[witness.page_no])):
            page.add("witness_failed", "info", "第二の読み取り（pdfplumber）はこのページを読めず、照合できない", "",
                     BBox(0, 0, witness.width, witness.height), None)  # fmt: skip
            continue
        for block, seen in different:
            page.add("witness_text", "warning", f"第二の読み取りでは「{seen}」", block.text_raw, _box(block),
                     (block.record_table, block.record_id))  # fmt: skip
            doubted.add(block.record_id)
        for item in items[witness.page_no]:
            if item.kind is ItemKind.BAR and item.shape not in _UNDRAWN and not _edges_seen(item, witness):
                page.add("witness_shape", "info", "第二の読み取りでは同じ左右端の図形が見つからない", item.text_raw,
                         _box(item), ("schedule_items", item.item_id))  # fmt: skip
                doubted.add(item.item_id)
    lowered = [
        item.model_copy(update={"confidence": round(item.confidence * DISAGREEMENT, 3)})
        if item.item_id in doubted
        else item
        for item in records.schedule_items
    ]
    return records.model_copy(update={"schedule_items": lowered, "findings": findings})


def _different_blocks(blocks: Sequence[Block], witness: WitnessPage) -> list[tuple[Block, str]]:
    """Blocks in whose box the second reader saw other characters, with what it saw."""
    index: dict[tuple[int, int], list[tuple[str, BBox]]] = defaultdict(list)
    for char, box in witness.chars:
        index[int(box.cx // CELL), int(box.cy // CELL)].append((char, box))
    different = []
    for block in blocks:
        box = _box(block)
        columns = range(int(box.x0 // CELL), int(box.x1 // CELL) + 1)
        rows = range(int(box.y0 // CELL), int(box.y1 // CELL) + 1)
        near = [entry for c in columns for r in rows for entry in index.get((c, r), ())]
        inside = [(ch, b) for ch, b in near if box.contains_point(b.cx, b.cy, 0.1 * b.height)]
        seen = "".join(ch for ch, _b in sorted(inside, key=lambda e: (round(e[1].cy), e[1].x0)))
        # Other blocks may overlap this one's box, so every character must be there, but there may be more.
        missing = Counter(_comparable(block.text_raw)) - Counter(_comparable(seen))
        if missing:
            different.append((block, seen[:80]))
    return different


def _comparable(text: str) -> str:
    """Two readers may give different code points for one glyph without either losing it."""
    folded = compare_key(text)
    return "".join(ch for ch in folded if unicodedata.category(ch)[0] in "LN")


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

    def add(self, kind: str, severity: str, message: str, text: str, box: BBox, record: tuple[str, str] | None) -> None:
        x0, y0, x1, y1 = (round(v, 2) for v in box)
        self._findings.append(
            Finding(
                edition_id=self._edition_id,
                page_no=self._page_no,
                finding_id=f"{self._edition_id}:p{self._page_no}:f{self._next}",
                kind=kind,
                severity=severity,
                message=message,
                text=text,
                record_table=record[0] if record else None,
                record_id=record[1] if record else None,
                x0=x0,
                y0=y0,
                x1=x1,
                y1=y1,
            )
        )
        self._next += 1
