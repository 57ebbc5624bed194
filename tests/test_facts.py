# SPDX-License-Identifier: AGPL-3.0-or-later
"""Organisations and words, and all facts of a whole edition."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from koteihyo.normalize.facts.edition_facts import with_facts
from koteihyo.normalize.facts.organizations import find_organizations, owner_organizations
from koteihyo.normalize.text.tokens import tokenize
from koteihyo.schema.facts import OrganizationRole, Phase
from koteihyo.schema.records import Edition, EditionRecords, ItemKind, Note, ScheduleItem, TableRow
from tests.reading import read

BOX = {"x0": 0.0, "y0": 0.0, "x1": 1.0, "y1": 1.0}


def _item(text: str, **more: object) -> ScheduleItem:
    fields = {"edition_id": "e", "item_id": "i", "page_no": 3, "chart_no": 0, "kind": ItemKind.BAR, "confidence": 1}
    return ScheduleItem.model_validate(fields | BOX | {"text": text, "text_raw": text} | more)


def _facts(*items: ScheduleItem, rows: list[TableRow] | None = None, notes: list[Note] | None = None) -> EditionRecords:
    edition = Edition(
        edition_id="e", title="e", source_sha256="", source_file="e.pdf", page_count=3, published_on=dt.date(2024, 6, 1)
    )
    return with_facts(
        EditionRecords(edition=edition, schedule_items=list(items), table_rows=rows or [], notes=notes or [])
    )


def test_organizations_have_one_name_for_all_spellings() -> None:
    names = [m.name for m in find_organizations("経産省、ＩＰＡ及びNICTが各府省庁と連携")]
    assert names == ["経済産業省", "情報処理推進機構", "情報通信研究機構", "府省庁"]


def test_a_latin_name_inside_a_word_is_no_organization() -> None:
    assert find_organizations("IPAddress の管理") == []


def test_owners_with_bureaus() -> None:
    owners = owner_organizations(["厚生労働省健康局健康課（医政局医事課、文部科学省初等中等教育局健康課）"])
    assert [(o.name, o.unit) for o in owners] == [
        ("厚生労働省", "健康局健康課"),
        ("厚生労働省", "医政局医事課"),
        ("文部科学省", "初等中等教育局健康課"),
    ]


def test_an_owner_outside_the_register_stands_for_itself() -> None:
    assert [o.name for o in owner_organizations(["未来庁", "総務省"])] == ["未来庁", "総務省"]


def test_owner_of_the_row_and_mentions() -> None:
    row = TableRow.model_validate(
        {"edition_id": "e", "row_id": "r", "page_no": 3, "ordinal": 0, "name": "旅券"}
        | BOX
        | {"owner_text": "外務省領事局旅券課", "owners": ["外務省領事", "局旅券課"]}
    )
    records = _facts(_item("デジタル庁及び外務省による検討", row_id="r"), rows=[row])
    assert [(o.organization, o.unit, o.role) for o in records.item_organizations] == [
        ("外務省", "領事局旅券課", OrganizationRole.OWNER),
        ("デジタル庁", None, OrganizationRole.MENTIONED),
    ]


def test_facts_of_one_item() -> None:
    records = _facts(_item("2026年度末までに全国1,700団体で運用開始［総務省］", owners=["総務省"]))
    assert records.schedule_items[0].phase is Phase.LAUNCH
    [date] = records.item_dates
    [target] = records.item_targets
    assert (date.text, date.date_to) == ("2026年度末まで", dt.date(2027, 3, 31))
    assert (target.value, target.unit, target.deadline) == (1700, "団体", dt.date(2027, 3, 31))
    assert [o.organization for o in records.item_organizations] == ["総務省"]


def test_cells_beside_the_years_promise_figures_and_name_dates() -> None:
    attributes = [{"name": "担当課", "text": "総務課"}, {"name": "KPI", "text": "2026年度末までに導入率80％以上"}]
    row = TableRow.model_validate(
        {"edition_id": "e", "row_id": "r", "page_no": 1, "ordinal": 0, "name": "電子決裁", "attributes": attributes}
        | BOX
    )
    records = _facts(_item("検討", row_id="r"), rows=[row])
    assert [(d.row_id, d.attribute, d.text, d.date_to) for d in records.row_dates] == [
        ("r", "KPI", "2026年度末まで", dt.date(2027, 3, 31))
    ]
    assert [(t.attribute, t.value, t.unit, t.comparator, t.deadline) for t in records.row_targets] == [
        ("KPI", 80.0, "%", ">=", dt.date(2027, 3, 31))
    ]
    assert [t.text for t in records.row_targets] == ["80％以上"]


def test_compounds_have_their_parts_as_tokens() -> None:
    text = "健康保険証の利用"
    records = _facts(
        _item(text),
        notes=[Note.model_validate({"edition_id": "e", "note_id": "n", "page_no": 1} | BOX | {"text": "※予定"})],
    )
    item_tokens = [t for t in records.tokens if t.record_id == "i"]
    assert {"健康", "保険", "証", "利用"} <= {t.surface for t in item_tokens if t.unit == "A"}
    assert any(t.surface.startswith("健康保険") for t in item_tokens if t.unit == "C")
    assert all(text[t.char_start : t.char_end] == t.surface for t in item_tokens)
    assert {t.record_table for t in records.tokens} == {"schedule_items", "notes"}
    keys = [(t.record_table, t.record_id, t.unit, t.position) for t in records.tokens]
    assert len(keys) == len(set(keys))


# Sudachi reads each of these as several words: … as three stops, ⑴ as (, 1 and ).
SEVERAL_WORDS = "…‥⁇⁉‼⑴⒈⒜㈠㈱㈹㋀㍘㍿㏠㏂℡№™ﬃ🄀🄐🈀"


def test_words_cover_a_text_character_by_character() -> None:
    for char in SEVERAL_WORDS:
        for text in (char, f"改善{char}の繰返し", char * 3):
            for mode in ("A", "C"):
                tokens = tokenize(text, mode)
                assert "".join(t.surface for t in tokens) == text
                assert all(t.start < t.end and text[t.start : t.end] == t.surface for t in tokens)
    assert [(t.normalized, t.pos.split(",")[0]) for t in tokenize("⑴", "A")] == [("(1)", "名詞")]


def test_characters_of_several_words_have_rows_like_any_other() -> None:
    text = f"検証、改善{SEVERAL_WORDS}の繰返し"
    tokens = [t for t in _facts(_item(text)).tokens if t.unit == "A"]
    assert "".join(t.surface for t in tokens) == text
    assert [t.position for t in tokens] == list(range(len(tokens)))


def test_a_whole_edition(samples: Path) -> None:
    records = with_facts(read(samples / "sample-2024.pdf"))
    assert records == with_facts(records), "facts depend on the texts alone"
    for table in (records.item_dates, records.item_targets, records.item_organizations, records.tokens):
        assert table
    assert sum(item.phase is not None for item in records.schedule_items) >= len(records.schedule_items) / 2
