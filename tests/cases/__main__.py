# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m tests.cases FILE …`: prints what is read in the cases of files, to be judged by eye."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.cases.read import SAID, cases_of, read_case, say

for name in sys.argv[1:]:
    for case in cases_of(Path(name)):
        records = read_case(case)
        print(case.name)
        for what in case.expected or SAID:
            print(f"    {what} = {say(records, what)!r}")
