# SPDX-License-Identifier: AGPL-3.0-or-later
"""Accounts for every glyph of a page: it is in exactly one record's source or in a finding that says why not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from koteihyo.extract.geometry import union
from koteihyo.extract.model import UNREADABLE, Glyph, Line, PageLayout, Shape
from koteihyo.normalize.axis.doubts import Doubt
from koteihyo.normalize.layout.blocks import group_blocks
from koteihyo.normalize.trust.pictures import unread_pictures
from koteihyo.schema.findings import HIDDEN, NOWHERE, UNREAD, Finding, FindingKind, Spot, make_finding
from koteihyo.schema.records import Block

# A page of whose characters this part is in no record is to be looked at as a page.
LEFT_OVER = 0.1
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")


@dataclass
class Ledger:
    """Which record each glyph of a page went to; the first claim counts."""

    edition_id: str
    layout: PageLayout
    claims: dict[int, tuple[str, str]] = field(default_factory=dict)
    whole: dict[Line, tuple[str, str]] = field(default_factory=dict)
    """Lines of the page that were claimed whole before any piece of a line was."""

    def claim(self, table: str, record_id: str, lines: Iterable[Line]) -> None:
        """Enters the glyphs of lines as the source of a record."""
        for line in lines:
            if not self.claims and line in self._lines:
                self.whole.setdefault(line, (table, record_id))
                continue
            for glyph in line.glyphs:
                self.claims.setdefault(glyph.number, (table, record_id))

    @cached_property
    def _lines(self) -> frozenset[Line]:
        return frozenset(self.layout.lines)


@dataclass(frozen=True)
class Account:
    """The account of one page. Glyph counts leave white space out."""

    blocks: list[Block]
    findings: list[Finding]
    glyph_count: int
    in_records: int


def account_page(ledger: Ledger, empty_shapes: Sequence[Shape], doubts: Sequence[Doubt]) -> Account:
    """Blocks for the claimed glyphs of a page, findings for all others and for what was only assumed.

    Args:
        ledger: The page and who claims its glyphs.
        empty_shapes: Shapes of charts that became no item.
        doubts: What is to be said of the page's year headers.
    """
    findings = _Findings(ledger.edition_id, ledger.layout.page_no)
    blocks, loose = _claimed(ledger, findings)
    _add_private_use(findings, ledger.layout)
    for passage in group_blocks(loose):
        text = "\n".join(ln.text.strip() for ln in passage.lines)
        findings.add(FindingKind.UNASSIGNED, Spot(text, passage.box, sum(ln.inked_count for ln in passage.lines)))
    left = sum(ln.inked_count for ln in loose)
    in_records = sum(block.glyph_count for block in blocks)
    if left >= LEFT_OVER * (in_records + left) > 0:
        findings.add(FindingKind.LEFT_OVER, percent=round(100 * left / (in_records + left)))
    hidden = _add_hidden(findings, ledger.layout)
    for shape in empty_shapes:
        findings.add(FindingKind.EMPTY_SHAPE, Spot(box=shape.box))
    for picture in unread_pictures(ledger.layout):
        findings.add(FindingKind.UNREAD_PICTURE, Spot(box=picture))
    for doubt in doubts:
        findings.add(doubt.kind, Spot(doubt.text, doubt.box), **doubt.values)
    for warning in ledger.layout.warnings:
        findings.add(FindingKind(warning))
    total = in_records + left + hidden
    if total == 0 and (ledger.layout.images or ledger.layout.shapes):
        findings.add(FindingKind.NO_TEXT)
    elif total == 0 and not UNREAD & set(ledger.layout.warnings):
        findings.add(FindingKind.EMPTY_PAGE)
    return Account(blocks, findings.items, total, in_records)


def _claimed(ledger: Ledger, findings: _Findings) -> tuple[list[Block], list[Line]]:
    """(a block for each piece of a line with one claim, the pieces without one)."""
    blocks: list[Block] = []
    loose: list[Line] = []
    for line in ledger.layout.lines:
        for claim, piece in _by_claim(ledger, line):
            inked = piece.inked_count
            if not inked:
                continue
            if claim is None:
                loose.append(piece)
                continue
            blocks.append(_block(ledger, len(blocks), claim, piece, inked))
            if UNREADABLE in piece.text:
                findings.add(FindingKind.UNREADABLE_TEXT, Spot(piece.text, piece.box, 0, *claim))
    return blocks, loose


def _add_hidden(findings: _Findings, layout: PageLayout) -> int:
    """A finding for each group of glyphs that a reader does not see, or that were lost; how many glyphs they are."""
    total = 0
    for group in layout.hidden:
        count = _inked(group.glyphs)
        if count:
            total += count
            spot = Spot("".join(g.char for g in group.glyphs), union(g.box for g in group.glyphs), count)
            kind = FindingKind.LOST_TEXT if group.reason == "lost" else FindingKind.HIDDEN_TEXT
            findings.add(kind, spot, why=HIDDEN.get(group.reason, ""))
    return total


def _by_claim(ledger: Ledger, line: Line) -> Iterator[tuple[tuple[str, str] | None, Line]]:
    """The pieces of a line that one record claims, or none."""
    if line in ledger.whole or not ledger.claims:
        yield ledger.whole.get(line), line
        return
    claims = [ledger.claims.get(g.number) for g in line.glyphs]
    if len(set(claims)) == 1:
        yield claims[0], line
        return
    for claim, group in groupby(zip(claims, line.glyphs, strict=True), key=itemgetter(0)):
        yield claim, Line(tuple(glyph for _claim, glyph in group), line.direction)


def _inked(glyphs: Iterable[Glyph]) -> int:
    return len([g for g in glyphs if not g.char.isspace()])


def _block(ledger: Ledger, number: int, claim: tuple[str, str], piece: Line, inked: int) -> Block:
    table, record_id = claim
    x0, y0, x1, y1 = (round(v, 2) for v in piece.box)
    return Block(
        edition_id=ledger.edition_id,
        page_no=ledger.layout.page_no,
        block_no=number,
        record_table=table,
        record_id=record_id,
        text_raw=piece.text,
        glyph_count=inked,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
    )


def _add_private_use(findings: _Findings, layout: PageLayout) -> None:
    """One finding for all of a page: a font's bullets are such characters, and there are hundreds of them."""
    lines = [ln for ln in layout.lines if _PRIVATE.search(ln.text)]
    glyphs = [g for ln in lines for g in ln.glyphs if _PRIVATE.match(g.char)]
    if glyphs:
        text = "".join(dict.fromkeys(g.char for g in glyphs))
        findings.add(FindingKind.PRIVATE_USE, Spot(text, union(g.box for g in glyphs)), count=len(glyphs))


class _Findings:
    """Collects a page's findings and numbers them."""

    def __init__(self, edition_id: str, page_no: int) -> None:
        self.items: list[Finding] = []
        self._edition_id, self._page_no = edition_id, page_no

    def add(self, kind: FindingKind, spot: Spot = NOWHERE, **values: object) -> None:
        number = f"f{len(self.items)}"
        self.items.append(make_finding(kind, self._edition_id, self._page_no, number, spot, **values))
