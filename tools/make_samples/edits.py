# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the 2025 edition does differently, and the list of changes that follows from it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from tools.make_samples.plan import EDITION_2024, Edition, Item, Page, Row, Section, bar, mark

REWORDED = {
    "auth-wide": "実証の成果を踏まえ、約150自治体に拡大［総務省］",
    "desk-build": "共同窓口の整備（令和11年度末までに全市町村の90％）［総務省等］",
    "mail-try": "３分野で先行導入",
    "fee-start": "電子納付の開始（利用率65％を目標）［財務省］",
    "stat-api": "機械判読しやすい形での提供（主要統計の97％）［総務省］",
    "map-cycle": "更新周期を５年から１年半に短縮",
    "gate-fit": "遠隔操作装置の設置（約３万５千か所）［農林水産省］",
    "wood-merge": "所有者台帳と地図の統合（令和９年度までに約９割の市町村）［林野庁］",
    "trash-open": "公開・随時更新",
    "skill-pr": "事業者・受講者への周知・広報",
    "auth-audit": "▲外部監査の実施（2028年10月）",
}
RESCHEDULED = {
    "auth-audit": (2028.5, 2028.5),
    "paper-law": (2025.5, 2028.0),
    "paper-widen": (2028.0, 2030.0),
    "shelter-api": (2025.0, 2027.5),
    "shelter-join": (2027.5, 2030.0),
    "auto-limit": (2027.0, 2029.0),
    "auto-wide": (2029.0, 2030.0),
    "cargo-drone": (2024.5, 2027.0),
    "wood-merge": (2024.0, 2028.0),
    "wood-fix": (2028.0, 2030.0),
    "skill-sys": (2024.0, 2027.0),
    "skill-go": (2027.0, 2028.0),
}
REMOVED = {"form-help", "road-note", "deer-model", "sea-law"}
# key → marker and title of the section (or name of the table row) it goes to; it becomes a lane of its own there.
MOVED = {"desk-voice": "③様式の統一", "stat-review": "②災害時の共有", "fee-study": "①添付書類の削減"}
ADDED: dict[str, list[Item]] = {
    "①認証の共通部品": [mark("auth-law", "事故発生時の報告義務の開始（令和８年４月）", 2026.06)],
    "③様式の統一": [bar("form-audit", "切替え状況の点検・公表［総務省］", 2027.0, 2030.0, "rect")],
    "・鳥獣被害の予測": [bar("deer-sensor", "赤外線カメラによる観測網の整備（1,200地点）", 2025.5, 2028.0)],
    "（２）荷物の共同配送": [bar("cargo-night", "夜間の荷受け場所の確保に向けた支援", 2026.0, 2029.0, "roundRect")],
    "ごみの分別案内": [bar("trash-lang", "多言語化（８言語）", 2026.0, 2028.0, "roundRect")],
}
DONE_TEXTS = {
    "図書の貸出証": "貸出アプリの公開（令和７年３月）",
    "営業の届出（※２）": "制度の検討結果の公表（令和７年２月）",
}
FIRST_YEAR = 2025


@dataclass(frozen=True)
class Change:
    """One row of the list of changes."""

    change: str
    old: Item | None
    new: Item | None


def years(item: Item) -> tuple[int, int]:
    """First and last fiscal year of which the item covers a quarter or more, or the year of its centre."""
    covered = [y for y in range(2020, 2035) if min(item.end, y + 1) - max(item.start, y) >= 0.25 - 1e-9]
    centre = math.floor((item.start + item.end) / 2)
    return (covered[0], covered[-1]) if covered else (centre, centre)


def next_edition() -> Edition:
    """The 2025 edition."""
    everything = {i.key: i for p in EDITION_2024.pages for lanes in _lanes(p) for lane in lanes for i in lane}
    pages = [_next_page(page, everything) for page in EDITION_2024.pages]
    return Edition("sample-2025", "令和７年６月13日", FIRST_YEAR, pages)


def changes(old: Edition, new: Edition) -> tuple[int, list[Change]]:
    """How many items stay as they are, and what changed about the others."""
    before, after = _placed(old), _placed(new)
    found: list[Change] = []
    unchanged = 0
    for key, (item, place, last) in before.items():
        if key not in after:
            found.append(Change("expired" if years(item)[1] < new.first_year else "removed", item, None))
            continue
        later, new_place, new_last = after[key]
        rows = [Change("reworded", item, later)] if item.text != later.text else []
        rows += [Change("moved", item, later)] if place != new_place else []
        if item.kind in ("bar", "marker"):
            (start, end), (new_start, new_end) = years(item), years(later)
            same_start = max(start, new.first_year) == new_start
            if same_start and end == last and new_end == new_last:
                rows.append(Change("rolled", item, later))
            elif not same_start or end != new_end:
                rows.append(Change("rescheduled", item, later))
        found += rows
        unchanged += not rows
    found += [Change("added", None, item) for key, (item, _, _) in after.items() if key not in before]
    return unchanged, found


def _lanes(page: Page) -> list[list[list[Item]]]:
    return [part.lanes for part in _parts(page)]


def _parts(page: Page) -> list[Section | Row]:
    return [*page.sections, *page.rows]


def _placed(edition: Edition) -> dict[str, tuple[Item, str, int]]:
    """Each item with its section or row and the last year of its chart."""
    found: dict[str, tuple[Item, str, int]] = {}
    for page in edition.pages:
        last = (edition.card_years if page.rows else edition.years)[-1]
        for part in _parts(page):
            place = part.name if isinstance(part, Row) else part.marker + part.title
            found |= {i.key: (i, place, last) for lane in part.lanes for i in lane}
    return found


def _next_page(page: Page, everything: dict[str, Item]) -> Page:
    last = (EDITION_2024.card_years if page.rows else EDITION_2024.years)[-1] + 1

    def lanes_of(name: str, lanes: list[list[Item]]) -> list[list[Item]]:
        kept = [[i for i in lane if i.key not in REMOVED and i.key not in MOVED] for lane in lanes]
        arrived = [[everything[key]] for key, place in MOVED.items() if place == name]
        changed = [[_next_item(i, last) for i in lane] for lane in kept + arrived]
        fresh = [[i] for i in ADDED.get(name, [])]
        alive = [[i for i in lane if i.kind in ("label", "heading") or years(i)[1] >= FIRST_YEAR] for lane in changed]
        return [lane for lane in alive + fresh if lane]

    sections = [
        s if not s.lanes else Section(s.level, s.marker, s.title, lanes_of(s.marker + s.title, s.lanes), s.printed)
        for s in page.sections
    ]
    rows = [replace(r, lanes=lanes_of(r.name, r.lanes), done=DONE_TEXTS.get(r.name, r.done)) for r in page.rows]
    return replace(page, sections=sections, rows=rows)


def _next_item(item: Item, last: int) -> Item:
    """The item in the next edition: reworded, moved in time by people, or clipped and rolled with the chart."""
    text = REWORDED.get(item.key, item.text)
    if item.key in RESCHEDULED:
        start, end = RESCHEDULED[item.key]
    elif item.kind in ("label", "heading"):
        start, end = item.start + 1, item.end + 1
    else:
        start, end = item.start, item.end + (item.kind == "bar" and item.end == last)
    if item.kind == "bar" and end > FIRST_YEAR:
        start = max(start, FIRST_YEAR)
    return replace(item, text=text, start=start, end=end)
