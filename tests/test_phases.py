# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stage of a measure by its text; accuracy against labels that were set by hand before the rules."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from koteihyo.normalize.facts.phases import phase_of
from koteihyo.normalize.text.characters import normalize_text
from koteihyo.schema.facts import Phase
from tests.facts_tables import rows


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("導入の可否を検討", Phase.STUDY),
        ("検討結果を踏まえ、システムを構築", Phase.BUILDING),
        ("開発・導入について引き続き検討を行う", Phase.STUDY),
        ("運用を開始", Phase.LAUNCH),
        ("窓口での受付開始（令和６年４月～）［デジタル庁］", Phase.LAUNCH),
        ("本格運用", Phase.OPERATION),
        ("法案の国会提出", Phase.LEGISLATION),
        ("要素技術の研究開発を推進する", Phase.DEVELOPMENT),
        ("手続のデジタル化を推進", Phase.EXPANSION),
        ("モデル事業の実施", Phase.TRIAL),
        ("先進事例の横展開", Phase.EXPANSION),
        ("引き続き担当者間の連携を密にする", Phase.CONTINUATION),
        ("運用ルールの見直しを行う", Phase.REVIEW),
        ("検討状況に応じた対応", None),
        ("研修の支援", None),
        ("＜港湾分野の整備＞", None),
        ("", None),
    ],
)
def test_phase(text: str, phase: Phase | None) -> None:
    assert phase_of(text) == phase


def _texts(folder: Path, edition: str) -> dict[tuple[str, str], tuple[str, str]]:
    path = next(folder.rglob(f"{edition}.truth.json"))
    texts = {}
    for page in json.loads(path.read_text(encoding="utf-8"))["pages"]:
        for holder in (page, *page.get("charts", []), *page.get("rows", [])):
            for item in holder.get("items", []):
                texts[str(page["page"]), item["id"]] = (item["kind"], normalize_text(item["text"]))
    return texts


def test_labels_of_the_shared_editions(shared: Path) -> None:
    texts: dict[str, dict[tuple[str, str], tuple[str, str]]] = {}
    confusion: Counter[tuple[str, str]] = Counter()
    for edition, page, item, label in rows("phase_labels.tsv"):
        kind, text = texts.setdefault(edition, _texts(shared / "editions", edition))[page, item]
        confusion[label, "-" if kind in ("heading", "callout") else str(phase_of(text) or "-")] += 1
    right = sum(count for (label, read), count in confusion.items() if label == read)
    assert right / confusion.total() >= 0.9, {pair: n for pair, n in confusion.items() if pair[0] != pair[1]}
