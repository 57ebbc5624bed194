# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers in text: a table of targets with their values, and what they measure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koteihyo.normalize.facts.dates import find_dates
from koteihyo.normalize.facts.targets import TargetMention, find_targets
from tests.facts_tables import compare


def _targets(text: str) -> list[TargetMention]:
    return find_targets(text, find_dates(text))


def _written(target: TargetMention) -> str:
    approximate = "yes" if target.approximate else "no"
    return f"{target.value:.15g}|{target.unit}|{target.comparator}|{approximate}|{target.deadline or '-'}"


def test_table_of_targets() -> None:
    outcome = compare("targets.tsv", lambda text: [_written(target) for target in _targets(text)])
    assert outcome.expected >= 55
    assert outcome.precision >= 0.97, outcome.wrong
    assert outcome.recall >= 0.97, outcome.wrong


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("令和７年度までにオンライン申請率80%を達成", "オンライン申請率"),
        ("100万法人のID取得", "ID取得"),
        ("運用経費の３割削減", "運用経費削減"),
        ("未整備世帯約９万世帯", "未整備世帯"),
    ],
)
def test_what_is_measured(text: str, measure: str) -> None:
    assert [target.measure for target in _targets(text)] == [measure]


@given(
    st.text(alphabet="約全国0123456789１２.,万億千百十一二三割％%世帯法人台1人当たり第回以上未満程度のをが、。（） ")
)
def test_no_text_breaks_it(text: str) -> None:
    for target in _targets(text):
        assert text[target.start : target.end] == target.text
        assert target.value >= 0
