# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of passes in docs/architecture.md: `python -m tests.passes_table` writes it anew."""

from __future__ import annotations

from koteihyo.normalize.chart import PASSES
from tests.conftest import ROOT

DOCUMENT = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- passes: `python -m tests.passes_table` writes them -->\n", "<!-- end of passes -->"


def table() -> str:
    """The passes in their order, with the module of each."""
    rows = [f"| {step.name} | {step.reason} | `{_module(step.apply.__module__)}` |" for step in PASSES]
    return "\n".join(["", "| pass | why | in |", "|---|---|---|", *rows, "", ""])


def _module(name: str) -> str:
    return name.removeprefix("koteihyo.").replace(".", "/") + ".py"


def written() -> tuple[str, str, str]:
    """(what stands before the table, the table, what stands after it) in the document."""
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
    inside, after = rest.split(END)
    return before, inside, after


if __name__ == "__main__":
    first, _old, last = written()
    DOCUMENT.write_text(first + BEGIN + table() + END + last, encoding="utf-8")
