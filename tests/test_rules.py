# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every pass, and every step beside the passes, claims what it must and leaves what it must not claim."""

from __future__ import annotations

import pytest

from koteihyo.normalize.chart import PASSES
from tests.cases import paint
from tests.cases.read import FOLDER, NUMBERS, SAID, Case, cases_of, read_case, say

CASES = [case for path in sorted(FOLDER.glob("*.toml")) for case in cases_of(path)]
HELD = [case for path in sorted(NUMBERS.glob("*.toml")) for case in cases_of(path)]
PAINTED = [case for path in sorted(paint.FOLDER.glob("*.toml")) for case in paint.painted_cases(path)]


@pytest.mark.parametrize("case", [*CASES, *HELD], ids=lambda case: f"{case.rule}: {case.name}")
def test_a_case_is_read_as_it_says(case: Case) -> None:
    records = read_case(case)
    assert {what: say(records, what) for what in case.expected} == {
        what: sorted(value) if what == "items" else value for what, value in case.expected.items()
    }


@pytest.mark.parametrize(("name", "things", "seen"), PAINTED, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_painted_is_seen_as_it_says(name: str, things: list[str], seen: dict[str, list[str]]) -> None:
    layout = paint.paint(things)
    assert {what: paint.see(layout, what) for what in seen} == {what: sorted(value) for what, value in seen.items()}


def test_every_pass_has_cases() -> None:
    assert {step.name.replace(" ", "-") for step in PASSES} <= {path.stem for path in FOLDER.glob("*.toml")}


def test_every_case_says_something() -> None:
    assert [case.name for case in CASES if not case.expected.keys() & set(SAID)] == []
