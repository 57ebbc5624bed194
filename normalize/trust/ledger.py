# SPDX-License-Identifier: AGPL-3.0-or-later
"""Accounts for every glyph of a page: it is in exactly one record's source or in a finding that says why not."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from koteihyo.extract.geometry import BBox, union
from koteihyo.extract.model import UNREADABLE, Glyph, Line, PageLayout, Shape
from koteihyo.normalize.axis.doubts import Doubt
from koteihyo.normalize.layout.blocks import group_blocks
from koteihyo.schema.records import Block, Finding

_HIDDEN = {
    "lost": (
        "lost_text",
        "warning",
        "読み取れていない文字。MuPDFの文字抽出にはあるが、ここの読み取りでは失われた。ページと見比べてほしい",
    ),
    "doubled": ("hidden_text", "info", "同じ文字が重ねて描かれている（疑似太字・影）。一つだけを読んだ"),
    "painted_over": ("hidden_text", "info", "図形の下に隠れて見えない文字"),
    "invisible": ("hidden_text", "info", "透明な文字（表示されない）"),
    "off_page": ("hidden_text", "info", "ページの外にある文字"),
}
_WARNINGS = {
    "too_many_segments": "図形の数が多すぎるため、一部の図形を読まなかった",
    "too_many_pictures": "画像の数が多すぎるため、文字の載った画像を帯として読まなかった",
    "repaired": "ファイルが壊れていたため、修復して読んだ。失われたページがあり得る",
    "unreadable_page": "このページは壊れていて読めない（ほかのページは読んだ）",
    "page_not_read": "時間かメモリの上限に達したため、このページは読んでいない（--timeout、--memory で上げられる）",
    "page_failed": "このページで読み取りが異常終了したため、読んでいない。このファイルを報告してほしい",
    "recognised": "画像だけのページ。文字と図形を画像認識で読んだ（誤読があり得る。縦書きと、ごく不鮮明な行は読んでいない）",
    "ocr_missing": "画像だけのページ。読むには文字認識の追加機能が必要: pip install 'koteihyo[ocr]'",
    "damaged_page": "ページのデータが壊れているか解釈できず、読めなかった部分があり得る",
}
# What is said of a page that is known not to have been read: it is not empty, nobody knows.
LEFT_OUT = frozenset({"page_not_read", "page_failed"})
UNREAD = LEFT_OUT | {"unreadable_page"}


# A page of whose characters this part is in no record is to be looked at as a page.
LEFT_OVER = 0.1


@dataclass
class Ledger:
    """Which record each glyph of a page went to; the first claim counts."""

    edition_id: str
    layout: PageLayout
    claims: dict[int, tuple[str, str]] = field(default_factory=dict)

    def claim(self, table: str, record_id: str, lines: Iterable[Line]) -> None:
        """Enters the glyphs of lines as the source of a record."""
        for line in lines:
            for glyph in line.glyphs:
                self.claims.setdefault(glyph.number, (table, record_id))


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
    blocks: list[Block] = []
    loose: list[Line] = []
    in_records = 0
    for line in ledger.layout.lines:
        for claim, piece in _by_claim(ledger, line):
            inked = len(piece.inked)
            if not inked:
                continue
            if claim is None:
                loose.append(piece)
                continue
            in_records += inked
            blocks.append(_block(ledger, len(blocks), claim, piece, inked))
            if UNREADABLE in piece.text:
                findings.add(
                    "unreadable_text", "warning", "文字コードが不明な文字がある", piece.text, piece.box, 0, claim
                )
    _add_private_use(findings, ledger.layout)
    for passage in group_blocks(loose):
        text = "\n".join(ln.text.strip() for ln in passage.lines)
        count = sum(_inked(ln.glyphs) for ln in passage.lines)
        findings.add("unassigned", "warning", "どの項目にも属さない文字", text, passage.box, count)
    left = sum(_inked(ln.glyphs) for ln in loose)
    page_box = BBox(0, 0, ledger.layout.width, ledger.layout.height)
    if left >= LEFT_OVER * (in_records + left) > 0:
        percent = round(100 * left / (in_records + left))
        message = f"ページの文字の{percent}%がどの項目にも属さない。紙面と見比べてほしい"
        findings.add("left_over", "warning", message, "", page_box, 0)
    hidden = 0
    for group_hidden in ledger.layout.hidden:
        count = _inked(group_hidden.glyphs)
        if count:
            hidden += count
            name, severity, message = _HIDDEN[group_hidden.reason]
            text = "".join(g.char for g in group_hidden.glyphs)
            findings.add(name, severity, message, text, union(g.box for g in group_hidden.glyphs), count)
    for shape in empty_shapes:
        findings.add("empty_shape", "info", "文字のない図形（項目にしていない）", "", shape.box, 0)
    for doubt in doubts:
        findings.add(doubt.kind, doubt.severity, doubt.message, doubt.text, doubt.box, 0)
    for warning in ledger.layout.warnings:
        findings.add(warning, "warning", _WARNINGS[warning], "", page_box, 0)
    total = in_records + left + hidden
    if total == 0 and (ledger.layout.images or ledger.layout.shapes):
        findings.add("no_text", "warning", "文字のない画像や図形だけのページ（読み取れない）", "", page_box, 0)
    elif total == 0 and not UNREAD & set(ledger.layout.warnings):
        findings.add("empty_page", "info", "何も描かれていないページ", "", page_box, 0)
    return Account(blocks, findings.items, total, in_records)


def _by_claim(ledger: Ledger, line: Line) -> Iterator[tuple[tuple[str, str] | None, Line]]:
    """The pieces of a line that one record claims, or none."""
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
    glyphs = [g for ln in layout.lines for g in ln.glyphs if unicodedata.category(g.char) == "Co"]
    if glyphs:
        message = f"私用領域の文字（外字）が{len(glyphs)}字ある。何の字かはフォントでしか分からない"
        text = "".join(dict.fromkeys(g.char for g in glyphs))
        findings.add("private_use", "info", message, text, union(g.box for g in glyphs), 0)


class _Findings:
    """Collects a page's findings and numbers them."""

    def __init__(self, edition_id: str, page_no: int) -> None:
        self.items: list[Finding] = []
        self._edition_id, self._page_no = edition_id, page_no

    def add(
        self,
        kind: str,
        severity: str,
        message: str,
        text: str,
        box: BBox,
        glyphs: int,
        claim: tuple[str, str] | None = None,
    ) -> None:
        x0, y0, x1, y1 = (round(v, 2) for v in box)
        self.items.append(
            Finding(
                edition_id=self._edition_id,
                page_no=self._page_no,
                finding_id=f"{self._edition_id}:p{self._page_no}:f{len(self.items)}",
                kind=kind,
                severity=severity,
                message=message,
                text=text,
                glyph_count=glyphs,
                record_table=claim[0] if claim else None,
                record_id=claim[1] if claim else None,
                x0=x0,
                y0=y0,
                x1=x1,
                y1=y1,
            )
        )
