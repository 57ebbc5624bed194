# SPDX-License-Identifier: AGPL-3.0-or-later
"""A header in type of 5 points over bars in type of 8.5 changes nothing of what is read under it."""

from __future__ import annotations

import pytest

from tests.cases.page import small_header
from tests.cases.read import FOLDER, Case, cases_of, read_case, say

# Their subject is the header itself, or lines told apart by it.
OF_THE_HEADER = ("areas", "continued", "extent", "header-cells", "year-columns", "text-boxes")
CASES = [
    case
    for path in sorted(FOLDER.glob("*.toml"))
    if path.stem not in OF_THE_HEADER
    for case in cases_of(path, small_header)
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_what_is_read_does_not_hang_on_the_headers_size(case: Case) -> None:
    records = read_case(case)
    assert {what: say(records, what) for what in case.expected} == {
        what: sorted(value) if what == "items" else value for what, value in case.expected.items()
    }
