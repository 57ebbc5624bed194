# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said of things on a page that became no record, or that the reader is not sure of: kinds, weights, words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from koteihyo.schema.places import OnPage

Box = tuple[float, float, float, float]


class Severity(StrEnum):
    """How much a finding matters."""

    INFO = "info"
    """Expected."""
    WARNING = "warning"
    """Look at it."""
    ERROR = "error"


class FindingKind(StrEnum):
    """What was found; the words are stable."""

    UNASSIGNED = "unassigned"
    LEFT_OVER = "left_over"
    UNREADABLE_TEXT = "unreadable_text"
    PRIVATE_USE = "private_use"
    HIDDEN_TEXT = "hidden_text"
    LOST_TEXT = "lost_text"
    EMPTY_SHAPE = "empty_shape"
    UNREAD_PICTURE = "unread_picture"
    ASSUMED_ERA = "assumed_era"
    ASSUMED_YEAR = "assumed_year"
    UNDATED_HEADER = "undated_header"
    UNREAD_HEADER = "unread_header"
    TWO_YEARS = "two_years"
    NO_PLAN = "no_plan"
    TOO_MANY_SEGMENTS = "too_many_segments"
    TOO_MANY_PICTURES = "too_many_pictures"
    REPAIRED = "repaired"
    DAMAGED_PAGE = "damaged_page"
    UNREADABLE_PAGE = "unreadable_page"
    PAGE_NOT_READ = "page_not_read"
    PAGE_FAILED = "page_failed"
    RECOGNISED = "recognised"
    OCR_MISSING = "ocr_missing"
    NO_TEXT = "no_text"
    EMPTY_PAGE = "empty_page"
    WITNESS_FAILED = "witness_failed"
    WITNESS_TEXT = "witness_text"
    WITNESS_SHAPE = "witness_shape"
    CORRECTION_UNUSED = "correction_unused"
    CORRECTION_INVALID = "correction_invalid"
    BROKEN_ROW = "broken_row"


# What is said of a page that is known not to have been read: it is not empty, nobody knows.
LEFT_OUT = frozenset({FindingKind.PAGE_NOT_READ, FindingKind.PAGE_FAILED})
UNREAD = LEFT_OUT | {FindingKind.UNREADABLE_PAGE}

_Info, _Warning, _Error = Severity.INFO, Severity.WARNING, Severity.ERROR
MESSAGES: dict[FindingKind, tuple[Severity, str]] = {
    FindingKind.UNASSIGNED: (_Warning, "どの項目にも属さない文字"),
    FindingKind.LEFT_OVER: (_Warning, "ページの文字の{percent}%がどの項目にも属さない。紙面と見比べてほしい"),
    FindingKind.UNREADABLE_TEXT: (_Warning, "文字コードが不明な文字がある"),
    FindingKind.PRIVATE_USE: (
        _Info,
        "私用領域の文字（外字）が{count}字ある。何の字かはフォントでしか分からない",
    ),
    FindingKind.HIDDEN_TEXT: (_Info, "{why}"),
    FindingKind.LOST_TEXT: (
        _Warning,
        "読み取れていない文字。MuPDFの文字抽出にはあるが、ここの読み取りでは失われた。ページと見比べてほしい",
    ),
    FindingKind.EMPTY_SHAPE: (_Info, "文字のない図形（項目にしていない）"),
    FindingKind.UNREAD_PICTURE: (_Info, "文字のない大きな画像。図表なら、その中の文字や帯は読んでいない"),
    FindingKind.ASSUMED_ERA: (_Warning, "年度の元号が書かれていない。「{label}」を{year}年度とみなした"),
    FindingKind.ASSUMED_YEAR: (_Warning, "見出しに年がない。「{title}」により{year}年からとみなした"),
    FindingKind.UNDATED_HEADER: (_Warning, "月・四半期・半期の見出しのようだが、{why}。読んでいない"),
    FindingKind.UNREAD_HEADER: (_Info, "{what}。{drawn}項目として読んでいない"),
    FindingKind.TWO_YEARS: (
        _Warning,
        "二つの年が並び、その下に矢印があるが、年の境が描かれていない。読んでいない",
    ),
    FindingKind.NO_PLAN: (_Info, "年の見出しがあるが、工程表とは読まなかった（数値の表・グラフ・沿革など）"),
    FindingKind.TOO_MANY_SEGMENTS: (_Warning, "図形の数が多すぎるため、一部の図形を読まなかった"),
    FindingKind.TOO_MANY_PICTURES: (_Warning, "画像の数が多すぎるため、文字の載った画像を帯として読まなかった"),
    FindingKind.REPAIRED: (_Warning, "ファイルが壊れていたため、修復して読んだ。失われたページがあり得る"),
    FindingKind.DAMAGED_PAGE: (
        _Warning,
        "ページのデータが壊れているか解釈できず、読めなかった部分があり得る",
    ),
    FindingKind.UNREADABLE_PAGE: (_Warning, "このページは壊れていて読めない（ほかのページは読んだ）"),
    FindingKind.PAGE_NOT_READ: (
        _Warning,
        "時間かメモリの上限に達したため、このページは読んでいない（--timeout、--memory で上げられる）",
    ),
    FindingKind.PAGE_FAILED: (
        _Warning,
        "このページで読み取りが異常終了したため、読んでいない。このファイルを報告してほしい",
    ),
    FindingKind.RECOGNISED: (
        _Warning,
        "画像だけのページ。文字と図形を画像認識で読んだ（誤読があり得る。縦書きと、ごく不鮮明な行は読んでいない）",
    ),
    FindingKind.OCR_MISSING: (
        _Warning,
        "画像だけのページ。読むには文字認識の追加機能が必要: pip install 'koteihyo[ocr]'",
    ),
    FindingKind.NO_TEXT: (_Warning, "文字のない画像や図形だけのページ（読み取れない）"),
    FindingKind.EMPTY_PAGE: (_Info, "何も描かれていないページ"),
    FindingKind.WITNESS_FAILED: (_Info, "第二の読み取り（pdfium、pdfplumber）{why}"),
    FindingKind.WITNESS_TEXT: (_Warning, "第二の読み取りでは「{seen}」"),
    FindingKind.WITNESS_SHAPE: (_Info, "第二の読み取りでは同じ左右端の図形が見つからない"),
    FindingKind.CORRECTION_UNUSED: (_Warning, "訂正 {correction} は適用されなかった: {problem}"),
    FindingKind.CORRECTION_INVALID: (_Error, "訂正に誤りがあり、適用していない: {problem}"),
    FindingKind.BROKEN_ROW: (_Error, "読み取った行（{table}）が表の条件を満たさないため{done}: {why}"),
}
"""How much each kind matters and what is said of it, for a person who reads Japanese."""

HIDDEN = {
    "doubled": "同じ文字が重ねて描かれている（疑似太字・影）。一つだけを読んだ",
    "painted_over": "図形の下に隠れて見えない文字",
    "invisible": "透明な文字（表示されない）",
    "off_page": "ページの外にある文字",
}
"""Why a reader of the page does not see some glyphs."""


class Finding(OnPage):
    """Something on a page that became no record, or that the reader is not sure of."""

    TABLE: ClassVar[str] = "findings"
    KEY: ClassVar[tuple[str, ...]] = ("finding_id",)
    CHECKS: ClassVar[tuple[str, ...]] = (
        "(x0 IS NULL) = (y1 IS NULL) AND (x0 IS NULL) = (x1 IS NULL) AND (x0 IS NULL) = (y0 IS NULL)",
    )

    finding_id: str = Field(description="Id of the finding, the same in every run.")
    kind: FindingKind = Field(description="Stable word: unassigned, unreadable_text, hidden_text, lost_text …")
    severity: Severity = Field(description="info (expected), warning (look at it) or error.")
    message: str = Field(description="What was found, in Japanese.")
    text: str = Field(default="", description="Text concerned, as in the PDF.")
    glyph_count: int = Field(default=0, ge=0, description="Glyphs that are in no record because of it.")
    record_table: str | None = Field(default=None, description="Table of the record concerned, if any.")
    record_id: str | None = Field(default=None, description="Id of the record concerned, if any.")
    x0: float | None = Field(default=None, description="Left edge, PDF points; NULL when it is about no place.")
    y0: float | None = Field(default=None, description="Top edge, PDF points from the top of the page.")
    x1: float | None = Field(default=None, description="Right edge, PDF points.")
    y1: float | None = Field(default=None, description="Bottom edge, PDF points from the top of the page.")

    @property
    def box(self) -> Box | None:
        """Left, top, right and bottom edge, PDF points; None when it is about no place."""
        if self.x0 is None or self.y0 is None or self.x1 is None or self.y1 is None:
            return None
        return self.x0, self.y0, self.x1, self.y1


@dataclass(frozen=True)
class Spot:
    """What a finding is about, as far as it is about something: its text, where it stands, which record has it."""

    text: str = ""
    box: Box | None = None
    glyph_count: int = 0
    record_table: str | None = None
    record_id: str | None = None


NOWHERE = Spot()


def make_finding(
    kind: FindingKind, edition_id: str, page_no: int, number: str, spot: Spot = NOWHERE, **values: object
) -> Finding:
    """A finding with the words of its kind.

    Args:
        kind: What was found.
        edition_id: The edition.
        page_no: The page.
        number: What names it among the findings of its page: f0, f1 …
        spot: What it is about.
        values: What the words of the kind leave open; `severity` where it weighs otherwise than its kind does.
    """
    usual, message = MESSAGES[kind]
    x0, y0, x1, y1 = (round(v, 2) for v in spot.box) if spot.box else (None,) * 4
    return Finding(
        edition_id=edition_id,
        page_no=page_no,
        finding_id=f"{edition_id}:p{page_no}:{number}",
        kind=kind,
        severity=Severity(str(values.get("severity", usual))),
        message=message.format_map(values),
        text=spot.text,
        glyph_count=spot.glyph_count,
        record_table=spot.record_table,
        record_id=spot.record_id,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
    )
