# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koteihyo.pipeline.diff.changes import Comparison, compare_editions
from koteihyo.pipeline.diff.lineage import follow
from koteihyo.pipeline.diff.wording import changed_numbers, word_diff, word_pieces
from koteihyo.pipeline.report.contents import contents_of
from koteihyo.pipeline.report.files import write_csv
from koteihyo.pipeline.report.write import html, markdown
from koteihyo.schema.changes import ChangeType, EditionChange
from koteihyo.schema.errors import ExitCode
from koteihyo.schema.records import (
    Attribute,
    Edition,
    EditionRecords,
    FiscalColumn,
    ItemKind,
    Page,
    PageKind,
    ScheduleItem,
    Section,
    TableRow,
)
from tests.conftest import ROOT
from tests.reading import read

BOX: dict[str, Any] = {"x0": 0.0, "x1": 10.0}


class Plan:
    """Builds one edition by hand: sections by title, items one below the other."""

    def __init__(self, edition_id: str, first: int = 2030, years: int = 4, chapter: str = "章") -> None:
        self.id = edition_id
        self.sections: list[Section] = []
        self.rows: list[TableRow] = []
        self.items: list[ScheduleItem] = []
        self.columns = [
            FiscalColumn(
                edition_id=edition_id,
                page_no=1,
                chart_no=0,
                ordinal=n,
                label=f"{first + n}年度",
                fy_start=first + n,
                fy_end=first + n,
                x0=100.0 * n,
                x1=100.0 * (n + 1),
            )
            for n in range(years)
        ]
        self.page = Page(
            edition_id=edition_id, page_no=1, kind=PageKind.ROADMAP, chapter=chapter, width=900.0, height=500.0
        )

    def section(self, *path: str) -> str:
        number = len(self.sections)
        section_id = f"{self.id}:s{number}"
        self.sections.append(
            Section(
                edition_id=self.id,
                section_id=section_id,
                page_no=1,
                ordinal=number,
                level=1,
                marker="",
                title=path[-1],
                path=list(path),
                y0=number * 100.0,
                y1=number * 100.0 + 10,
                **BOX,
            )
        )
        return section_id

    def row(self, name: str, **cells: Any) -> str:
        number = len(self.rows)
        row_id = f"{self.id}:r{number}"
        self.rows.append(
            TableRow(
                edition_id=self.id,
                row_id=row_id,
                page_no=1,
                ordinal=number,
                name=name,
                y0=number,
                y1=number + 1,
                **BOX,
                **cells,
            )
        )
        return row_id

    def item(self, text: str, start: float, end: float, section: str | None = None, **more: Any) -> None:
        number = len(self.items)
        values: dict[str, Any] = {
            "kind": ItemKind.BAR,
            "fy_start": int(start + 0.75),
            "fy_end": max(int(end - 0.25), int(start + 0.75)),
            "confidence": 1.0,
            **more,
        }
        self.items.append(
            ScheduleItem(
                edition_id=self.id,
                item_id=f"{self.id}:i{number}",
                page_no=1,
                chart_no=0,
                section_id=section,
                text=text,
                text_raw=text,
                start_pos=start,
                end_pos=end,
                y0=number * 10.0,
                y1=number * 10.0 + 8,
                **BOX,
                **values,
            )
        )

    def records(self) -> EditionRecords:
        return EditionRecords(
            edition=Edition(
                edition_id=self.id, title=f"{self.id}の版", source_sha256="", source_file="x.pdf", page_count=1
            ),
            pages=[self.page],
            fiscal_columns=self.columns,
            sections=self.sections,
            table_rows=self.rows,
            schedule_items=self.items,
        )


def compare(old: Plan, new: Plan) -> Comparison:
    return compare_editions(old.records(), new.records())


def types(comparison: Comparison) -> list[tuple[str, str | None, str | None]]:
    return sorted((str(c.change_type), c.old_text, c.new_text) for c in comparison.changes)


def only(comparison: Comparison) -> EditionChange:
    assert len(comparison.changes) == 1, types(comparison)
    return comparison.changes[0]


def pair(old_first: int = 2030, new_first: int = 2031) -> tuple[Plan, Plan, str, str]:
    """Two editions whose axis moves on, with one section each and a measure that stays."""
    old, new = Plan("a", old_first), Plan("b", new_first)
    s_old, s_new = old.section("１．水道", "（１）漏水の検知"), new.section("１．水道", "（１）漏水の検知")
    old.item("検知器の試験設置", 2031, 2032, s_old)
    new.item("検知器の試験設置", 2031, 2032, s_new)
    return old, new, s_old, s_new


def test_an_edition_against_itself_has_no_changes() -> None:
    old, _new, section, _ = pair()
    for text in ("運用開始", "運用開始", "給水車の配備計画の作成", ""):
        old.item(text, 2032, 2034, section)
    comparison = compare(old, old)
    assert comparison.changes == []
    assert comparison.unchanged == 5


def test_what_the_legend_says_of_an_item_is_compared() -> None:
    old, new, s_old, s_new = pair()
    for text, was, now in (
        ("配水池の耐震化", "検討", "実施"),
        ("料金表の公開", "実施", "実 施"),
        ("検針", None, "実施"),
    ):
        old.item(text, 2032, 2033, s_old, category=was)
        new.item(text, 2032, 2033, s_new, category=now)
    change = only(compare(old, new))
    assert (change.change_type, change.new_text) == (ChangeType.RECATEGORIZED, "配水池の耐震化")
    assert (change.old_category, change.new_category) == ("検討", "実施")
    contents = contents_of(compare(old, new))
    assert "区分：検討 → 実施" in html(contents)
    assert "区分：検討 → 実施" in markdown(contents)


def _attributes(**cells: str) -> list[Attribute]:
    return [Attribute(name=name, text=text) for name, text in cells.items()]


def test_cells_beside_the_years_are_compared_row_by_row() -> None:
    old, new, _, _ = pair()
    for plan, owner, goal, name in ((old, "水道課", "漏水率 5%", "旧名"), (new, "給水課", "漏水率 3%", "新しい名")):
        plan.row("漏水調査", owner_text=owner, attributes=_attributes(担当課=owner, 目標=goal))
        plan.row(
            "検針", owner_text="料金課", attributes=_attributes(担当課="料金課", 備考="" if plan is old else "新規")
        )
        # A row whose name changed is known by what stands in it.
        row = plan.row(name, attributes=_attributes(備考="同じ"))
        plan.item("電話による受付の終了", 2031, 2032, row_id=row)
        plan.item("窓口の統合", 2031, 2033, row_id=row)
    found = compare(old, new)
    assert found.changes == []
    assert [(c.name, c.column_name, c.old_text, c.new_text) for c in found.row_changes] == [
        ("漏水調査", "owner_text", "水道課", "給水課"),
        ("漏水調査", "目標", "漏水率 5%", "漏水率 3%"),
        ("検針", "備考", "", "新規"),
        ("新しい名", "name", "旧名", "新しい名"),
    ]
    contents = contents_of(found)
    assert "### 検針" in markdown(contents)
    assert "旧：漏水率 <del>5</del>%" in html(contents)


def test_added_and_removed() -> None:
    old, new, s_old, s_new = pair()
    old.item("配管台帳の電子化", 2032, 2033, s_old)
    new.item("冬期の凍結予報の配信", 2032, 2033, s_new)
    assert types(compare(old, new)) == [
        ("added", None, "冬期の凍結予報の配信"),
        ("removed", "配管台帳の電子化", None),
    ]


def test_what_ended_before_the_newer_chart_begins_is_expired_and_not_removed() -> None:
    old, new, section, _ = pair()
    old.item("事前調査", 2030, 2031, section)
    change = only(compare(old, new))
    assert (change.change_type, change.old_fy_end, change.new_item_id) == (ChangeType.EXPIRED, 2030, None)


def test_reworded_carries_word_diff_and_numbers() -> None:
    old, new, s_old, s_new = pair()
    old.item("令和12年度までに漏水率を95％に抑える方式を検討", 2031, 2033, s_old)
    new.item("令和13年度までに漏水率を97％に抑える方式を試行", 2031, 2033, s_new)
    change = only(compare(old, new))
    assert change.change_type is ChangeType.REWORDED
    assert change.word_diff == "令和[-12-]{+13+}年度までに漏水率を[-95-]{+97+}％に抑える方式を[-検討-]{+試行+}"
    assert change.old_numbers == ["令和12年度", "95%"]
    assert change.new_numbers == ["令和13年度", "97%"]
    assert 0.6 < change.similarity < 1


def test_full_width_forms_and_spaces_are_no_rewording() -> None:
    old, new, s_old, s_new = pair()
    old.item("AI による ５Ｇ 網の点検", 2031, 2033, s_old)
    new.item("ＡＩによる5G網の点検", 2031, 2033, s_new)
    assert compare(old, new).changes == []


def test_moved_to_another_section() -> None:
    old, new, s_old, _s_new = pair()
    for plan in (old, new):
        plan.section("１．水道", "（２）料金")
        plan.section("１．水道", "（３）広域化")
        plan.section("１．水道", "（４）人材")
    old.item("検針員の研修教材の作成", 2031, 2033, s_old)
    new.item("検針員の研修教材の作成", 2031, 2033, new.sections[-1].section_id)
    change = only(compare(old, new))
    assert change.change_type is ChangeType.MOVED
    assert (change.old_path[-1], change.new_path[-1]) == ("（１）漏水の検知", "（４）人材")


def test_numbers_of_headings_and_missing_ancestors_are_no_move() -> None:
    old, new = Plan("a"), Plan("b")
    s_old, s_new = old.section("１．水道", "（１）漏水の検知"), new.section("（２）漏水の検知")
    old.item("検知器の試験設置", 2031, 2032, s_old)
    new.item("検知器の試験設置", 2031, 2032, s_new)
    assert compare(old, new).changes == []


def test_a_renamed_section_moves_nobody() -> None:
    old, new = Plan("a"), Plan("b")
    s_old, s_new = old.section("漏水の検知"), new.section("管路の見守りと早期補修")
    for text in ("検知器の試験設置", "夜間流量の常時監視", "補修班の待機体制の整備"):
        old.item(text, 2031, 2032, s_old)
        new.item(text, 2031, 2032, s_new)
    assert compare(old, new).changes == []


def test_headings_that_look_alike_are_two_when_both_editions_have_both() -> None:
    old, new = Plan("a"), Plan("b")
    for plan in (old, new):
        for title in ("・北部業務のデジタル化", "・研修", "・予算", "・南部業務のデジタル化"):
            plan.section(title)
    old.item("三者共同での点検", 2031, 2032, old.sections[0].section_id)
    new.item("三者共同での点検", 2031, 2032, new.sections[3].section_id)
    assert only(compare(old, new)).change_type is ChangeType.MOVED


def test_a_doubtful_reading_at_a_seam_is_no_move() -> None:
    old, new = Plan("a"), Plan("b")
    for plan in (old, new):
        plan.section("漏水の検知")
        plan.section("料金の収納")
    old.item("共同点検", 2031, 2032, old.sections[0].section_id, section_confidence=0.85)
    new.item("共同点検", 2031, 2032, new.sections[1].section_id, section_confidence=0.99)
    assert compare(old, new).changes == []


def test_moved_to_another_row_of_a_table() -> None:
    old, new = Plan("a"), Plan("b")
    rows = [[plan.row(name) for name in ("給水証", "排水証", "検査済証", "工事許可証")] for plan in (old, new)]
    old.item("様式の統一", 2031, 2032, row_id=rows[0][0])
    new.item("様式の統一", 2031, 2032, row_id=rows[1][3])
    change = only(compare(old, new))
    assert (change.change_type, change.old_row, change.new_row) == (ChangeType.MOVED, "給水証", "工事許可証")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param((2030, 2032), (2031, 2032), None, id="start clipped to the newer chart"),
        pytest.param((2030, 2034), (2031, 2035), ("rolled", 0, 1), id="reaches the last column in both"),
        pytest.param((2031, 2034), (2031, 2034), None, id="stays although the chart goes on"),
        pytest.param((2031, 2032), (2032, 2033), ("rescheduled", 1, 1), id="put off by a year"),
        pytest.param((2032, 2034), (2033, 2035), ("rescheduled", 1, 1), id="put off, to the last column in both"),
        pytest.param((2032, 2034), (2032, 2033), ("rescheduled", 0, -1), id="ends earlier"),
        pytest.param((2031, 2032), (2031, 2034), ("rescheduled", 0, 2), id="ends two years later"),
        pytest.param((2030, 2032), (2032, 2033), ("rescheduled", 1, 1), id="clipped start put off"),
        pytest.param((2031.0, 2032.24), (2031.0, 2032.26), None, id="an edge that wavers about a quarter"),
        pytest.param((2031.0, 2032.1), (2031.0, 2032.4), ("rescheduled", 0, 1), id="an edge that really moved"),
    ],
)
def test_spans(before: tuple[float, float], after: tuple[float, float], expected: tuple[str, int, int] | None) -> None:
    old, new, s_old, s_new = pair()
    old.item("送水管の更新", *before, s_old)
    new.item("送水管の更新", *after, s_new)
    found = [(str(c.change_type), c.start_years, c.end_years) for c in compare(old, new).changes]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize("kind", [ItemKind.LABEL, ItemKind.HEADING, ItemKind.CALLOUT])
def test_kinds_without_dates_are_never_rescheduled(kind: ItemKind) -> None:
    old, new, s_old, s_new = pair()
    old.item("▶参考となる先進地域", 2031, 2032, s_old, kind=kind)
    new.item("▶参考となる先進地域", 2033, 2034, s_new, kind=kind)
    assert compare(old, new).changes == []


def test_a_marker_in_both_last_columns_is_rescheduled_and_not_rolled() -> None:
    old, new, s_old, s_new = pair()
    old.item("▲中間評価", 2033.5, 2033.5, s_old, kind=ItemKind.MARKER, fy_start=2033, fy_end=2033)
    new.item("▲中間評価", 2034.5, 2034.5, s_new, kind=ItemKind.MARKER, fy_start=2034, fy_end=2034)
    change = only(compare(old, new))
    assert (change.change_type, change.start_years, change.end_years) == (ChangeType.RESCHEDULED, 1, 1)


def test_equal_texts_are_matched_by_section_and_order() -> None:
    old, new = Plan("a"), Plan("b")
    places = [[plan.section(f"第{n}の{word}") for n, word in enumerate(("堰", "門", "橋"))] for plan in (old, new)]
    for number in range(3):
        old.item("運用開始", 2031 + number, 2032 + number, places[0][number])
    for number in (2, 0, 1):
        new.item("運用開始", 2031 + number, 2032 + number, places[1][number])
    assert compare(old, new).changes == []


def test_one_sure_match_outweighs_two_doubtful_ones() -> None:
    old, new, s_old, s_new = pair()
    old.item("浄水場の遠隔監視の導入に向けた調査", 2031, 2032, s_old)
    old.item("浄水場の遠隔監視の導入に向けた調査と試行", 2032, 2033, s_old)
    new.item("浄水場の遠隔監視の導入に向けた調査", 2031, 2032, s_new)
    assert types(compare(old, new)) == [("removed", "浄水場の遠隔監視の導入に向けた調査と試行", None)]


def test_a_split_bar_is_reported_with_the_bar_it_came_from() -> None:
    old, new, s_old, s_new = pair()
    old.item("老朽管の更新計画の策定、住民向け断水情報の配信基盤の構築", 2031, 2033, s_old)
    new.item("住民向け断水情報の配信基盤の構築", 2031, 2033, s_new)
    new.item("老朽管の更新計画の策定", 2031, 2033, s_new)
    comparison = compare(old, new)
    assert Counter(c.change_type for c in comparison.changes) == {ChangeType.REWORDED: 1, ChangeType.ADDED: 1}
    added = next(c for c in comparison.changes if c.change_type is ChangeType.ADDED)
    assert (added.new_text, added.split_from_item_id) == ("老朽管の更新計画の策定", "a:i1")


def test_merged_bars_are_reported_with_the_bar_they_went_into() -> None:
    new, old, s_new, s_old = pair(2031, 2030)
    new.item("老朽管の更新計画の策定、住民向け断水情報の配信基盤の構築", 2031, 2033, s_new)
    old.item("住民向け断水情報の配信基盤の構築", 2031, 2033, s_old)
    old.item("老朽管の更新計画の策定", 2031, 2033, s_old)
    removed = next(c for c in compare(old, new).changes if c.change_type is ChangeType.REMOVED)
    assert (removed.old_text, removed.merged_into_item_id) == ("老朽管の更新計画の策定", "a:i1")


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_records_does_not_matter(shuffler: random.Random) -> None:
    old, new, s_old, s_new = pair()
    for number, text in enumerate(("運用開始", "運用開始", "送水管の更新", "▲中間評価", "配水池の耐震診断の実施")):
        old.item(text, 2030 + number % 3, 2032 + number % 3, s_old)
        new.item(text.replace("診断", "補強"), 2031 + number % 2, 2033 + number % 2, s_new)
    expected = compare(old, new).changes
    for plan in (old, new):
        for rows in (plan.items, plan.sections, plan.columns):
            shuffler.shuffle(rows)
    assert compare(old, new).changes == expected


TEXTS = st.lists(
    st.sampled_from(["検討", "運用開始", "送水管の更新", "配水池の耐震診断", "水質の常時監視", "料金の改定", "研修"]),
    max_size=8,
)


@given(TEXTS, TEXTS)
@settings(max_examples=40, deadline=None)
def test_every_item_is_matched_once_added_or_gone(before: list[str], after: list[str]) -> None:
    old, new = Plan("a"), Plan("b")
    for text in before:
        old.item(text, 2031, 2032)
    for text in after:
        new.item(text, 2031, 2032)
    comparison = compare(old, new)
    gone = [c.old_item_id or "" for c in comparison.changes if c.new_item_id is None]
    fresh = [c.new_item_id or "" for c in comparison.changes if c.old_item_id is None]
    assert sorted([*gone, *(a for a, _ in comparison.matches)]) == sorted(i.item_id for i in old.items)
    assert sorted([*fresh, *(b for _, b in comparison.matches)]) == sorted(i.item_id for i in new.items)


@given(TEXTS.map("、".join), TEXTS.map("、".join))
@settings(max_examples=40, deadline=None)
def test_word_pieces_hold_both_texts(old: str, new: str) -> None:
    pieces = word_pieces(old, new)
    assert "".join(p.text for p in pieces if p.op != "new") == old
    assert "".join(p.text for p in pieces if p.op != "dropped") == new


def test_words_are_compared_and_not_characters() -> None:
    assert word_diff("方式を検討する", "方式を検証する") == "方式を[-検討-]{+検証+}する"


def test_numbers_that_stayed_are_not_listed() -> None:
    assert changed_numbers("令和４年度に約９万世帯、３か所", "令和５年度に約９万世帯、３か所") == (
        ["令和4年度"],
        ["令和5年度"],
    )


def test_lineage_counts_delays_through_three_editions() -> None:
    plans = [Plan(name, 2030 + n) for n, name in enumerate("abc")]
    for number, plan in enumerate(plans):
        section = plan.section("漏水の検知")
        plan.item("送水管の更新", 2032 + number, 2033 + number, section)
        if number < 2:
            plan.item("配管台帳の電子化と公開", 2033, 2034, section)
    chain = [compare(plans[0], plans[1]), compare(plans[1], plans[2])]
    found = {row.first_text: row for row in follow(chain, [i for plan in plans for i in plan.items])}
    pipes, ledger = found["送水管の更新"], found["配管台帳の電子化と公開"]
    assert (pipes.edition_ids, pipes.delays, pipes.delay_years, pipes.ended) == (["a", "b", "c"], 2, 2, None)
    assert (ledger.first_seen, ledger.last_seen, ledger.ended, ledger.delays) == ("a", "b", "removed", 0)


def _report_case(text: str) -> Comparison:
    old, new, s_old, s_new = pair()
    old.item("送水管の更新を検討", 2031, 2032, s_old)
    new.item("送水管の更新を試行", 2032, 2033, s_new)
    new.item(text, 2032, 2033, s_new)
    return compare(old, new)


def test_the_html_report_escapes_texts_and_loads_nothing() -> None:
    page = html(contents_of(_report_case('<script>alert("x")</script>の導入')))
    assert "&lt;script&gt;alert" in page
    assert "<script" not in page
    assert "://" not in page
    assert "<del>検討</del>" in page
    assert "<ins>試行</ins>" in page
    assert "変更のない施策：1件" in page
    assert 'aria-label="旧 2031年度、新 2032年度"' in page


def test_the_markdown_report_escapes_texts_and_draws_spans() -> None:
    text = markdown(contents_of(_report_case("*速報*の[配信](x)|<b>")))
    assert r"\*速報\*の\[配信\]\(x\)\|\<b\>" in text
    assert "送水管の更新を~~検討~~**試行**" in text
    assert "旧　`■□`　2031年度" in text
    assert "開始が1年遅くなった" in text
    assert "| 計 | 1 | 0 | 1 | 0 | 1 | 0 | 0 |" in text


def test_changes_come_in_reading_order_and_what_is_gone_stands_in_its_place() -> None:
    old, new, s_old, _s_new = pair()
    later_old, later_new = old.section("２．下水道"), new.section("２．下水道")
    old.item("配管台帳の電子化", 2032, 2033, s_old)
    for plan, section, end in ((old, later_old, 2033), (new, later_new, 2034)):
        plan.item("処理場の共同運転", 2031, end, section)
    old.item("雨水の再利用の調査", 2032, 2033, later_old)
    new.item("冬期の凍結予報の配信", 2032, 2033, later_new)
    changes = compare(old, new).changes
    assert [c.old_text or c.new_text for c in changes] == [
        "配管台帳の電子化",
        "処理場の共同運転",
        "雨水の再利用の調査",
        "冬期の凍結予報の配信",
    ]


@pytest.mark.parametrize("write", [html, markdown], ids=["html", "markdown"])
def test_reports_say_so_when_nothing_changed(write: Callable[[Any], str]) -> None:
    old, _new, _s, _t = pair()
    assert "なし" in write(contents_of(compare(old, old)))


def test_csv_cells_are_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "changes.csv"
    write_csv(path, _report_case('=HYPERLINK("x")').changes)
    assert "'=HYPERLINK" in path.read_text(encoding="utf-8-sig")


def _judged(comparison: Comparison, truth: Path) -> dict[str, float]:
    """F1 of all changes and of each type, as score_changes.py counts them."""

    def norm(text: str | None) -> str:
        import unicodedata

        return "".join(unicodedata.normalize("NFKC", text or "").split())

    wanted = json.loads(truth.read_text(encoding="utf-8"))["changes"]
    want = Counter((c["change"], norm(c["old"]), norm(c["new"])) for c in wanted)
    got = Counter((str(c.change_type), norm(c.old_text), norm(c.new_text)) for c in comparison.changes)
    free = {(norm(c["old"]), norm(c["new"])) for c in wanted if c["borderline"]}
    for key in {*want, *got}:
        if key[0] in ("rescheduled", "rolled") and key[1:] in free:
            want.pop(key, None)
            got.pop(key, None)

    def f1(kinds: set[str]) -> float:
        w = Counter({k: v for k, v in want.items() if k[0] in kinds})
        g = Counter({k: v for k, v in got.items() if k[0] in kinds})
        return 2 * (w & g).total() / (w.total() + g.total()) if w or g else 1.0

    names = {str(kind) for kind in ChangeType}
    return {"all": f1(names), **{name: f1({name}) for name in names}}


def test_the_bundled_samples_differ_as_their_truth_says(samples: Path) -> None:
    comparison = compare_editions(read(samples / "sample-2024.pdf"), read(samples / "sample-2025.pdf"))
    scores = _judged(comparison, ROOT / "tests" / "data" / "sample-changes.json")
    assert scores == dict.fromkeys(scores, 1.0)
    assert comparison.unchanged == 19


@pytest.mark.parametrize("layout", ["ruled", "svg"])
def test_changes_between_the_editions_with_ground_truth(shared: Path, layout: str) -> None:
    editions = shared / "editions"
    comparison = compare_editions(read(editions / f"2022-06-{layout}.pdf"), read(editions / "2023-06-ruled.pdf"))
    scores = _judged(comparison, editions / "changes-2022-06-ruled--2023-06-ruled.json")
    assert scores["all"] >= 0.97, scores
    assert min(scores.values()) >= 0.9, scores


def test_a_layout_change_is_no_policy_change(shared: Path) -> None:
    ruled = read(shared / "editions" / "2022-06-ruled.pdf")
    cells = read(shared / "editions" / "2022-06-cells.pdf")
    # One item at the seam of two headings is read into the wrong one in the ruled layout.
    assert len(compare_editions(ruled, cells).changes) <= 1
    assert compare_editions(ruled, ruled).changes == []


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """The bundled samples, run into a folder."""
    out = tmp_path_factory.mktemp("diff") / "out"
    _koteihyo("run", "--raw", str(samples), "--out", str(out), "--no-witness")
    return out


def _koteihyo(*args: str, expected: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "koteihyo.pipeline.cli", *args],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == expected, done.stderr
    return done.stdout + done.stderr


def _stored_changes(out: Path) -> list[tuple[str, str, int]]:
    import duckdb

    query = "SELECT old_edition_id, new_edition_id, count(*) FROM edition_changes GROUP BY ALL ORDER BY ALL"
    with duckdb.connect(str(out / "koteihyo.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_command_stores_the_pair_and_replaces_it(stored: Path, tmp_path: Path) -> None:
    report, csv = tmp_path / "r" / "changes.html", tmp_path / "changes.csv"
    args = ("diff", "sample-2024", "sample-2025", "--out", str(stored))
    printed = json.loads(_koteihyo(*args, "--json", "--report", str(report), "--csv", str(csv)))
    assert printed["pairs"][0]["counts"]["expired"] == 10
    _koteihyo(*args)
    changes = len(printed["pairs"][0]["changes"])
    assert _stored_changes(stored) == [("sample-2024", "sample-2025", changes)]
    assert "工程表の変更点" in report.read_text(encoding="utf-8")
    assert len(csv.read_text(encoding="utf-8-sig").splitlines()) == changes + 1


def test_fail_on_gives_exit_code_10_only_for_such_changes(stored: Path) -> None:
    args = ("diff", "sample-2024", "sample-2025", "--out", str(stored), "--fail-on")
    _koteihyo(*args, "removed,moved", expected=ExitCode.CHANGES_FOUND)
    _koteihyo("diff", "sample-2024", "sample-2024", "--out", str(stored), "--fail-on", "removed,moved")
    assert "no such change: dropped" in _koteihyo(*args, "dropped", expected=ExitCode.USAGE)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("sample-2024",), "two editions"),
        (("sample-2024", "sample-2031"), "sample-2031 is not stored"),
        (("sample-2024", "sample-2025", "--report", "changes.pdf"), ".md or .html"),
        (("sample-2024", "sample-2025", "sample-2024"), "each edition once"),
    ],
)
def test_wrong_usage_is_said_and_stores_nothing(stored: Path, args: tuple[str, ...], message: str) -> None:
    before = _stored_changes(stored)
    assert message in _koteihyo("diff", *args, "--out", str(stored), expected=ExitCode.USAGE)
    assert _stored_changes(stored) == before
