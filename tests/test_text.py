# SPDX-License-Identifier: AGPL-3.0-or-later
"""Normalisation of text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koteihyo.normalize.text.characters import compare_key, fold, narrow, normalize_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("⾮⽴⽅⾼", "非立方高"),
        ("⼾籍と⿊字", "戸籍と黒字"),
        ("⻘森の⺠間", "青森の民間"),
        ("①と㎡と５Ｇ", "①と㎡と５Ｇ"),
        ("利用‧機能", "利用・機能"),
        ("ＡＩ 等を IT 基盤に", "ＡＩ等をIT基盤に"),
        ("Wi-Fi 6 の\n整備", "Wi-Fi 6の整備"),
        ("一段目\n二段目", "一段目二段目"),
        ("開発　運用", "開発　運用"),
        ("  端の空白 　", "端の空白"),
    ],
)
def test_normalize_text(raw: str, text: str) -> None:
    assert normalize_text(raw) == text


def test_no_radical_is_left() -> None:
    radicals = [chr(c) for c in (*range(0x2E80, 0x2FE0),) if unicodedata.category(chr(c)) == "So"]
    left = [c for c in radicals if 0x2E80 <= ord(fold(c)) < 0x2FE0]
    # CJK RADICAL REPEAT is the one that stands for no ideograph.
    assert left == ["⺀"]


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalize_text(text)
    assert normalize_text(once) == once
    assert "\n" not in once


@given(st.text())
def test_narrow_keeps_positions(text: str) -> None:
    assert len(narrow(text)) == len(text)


@given(st.text(), st.sampled_from(["\n", " ", "　"]), st.integers(0, 50))
def test_white_space_does_not_matter_in_comparison(text: str, space: str, at: int) -> None:
    assert compare_key(text[:at] + space + text[at:]) == compare_key(text)
