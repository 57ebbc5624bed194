# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes cases to files, and what is read in them now.

`python -m tests.cases.record FILE …` writes what is read now into files whose cases were found by `tests.mutate.search`:
when a rule was changed on purpose. What changed is then in the diff, to be judged by eye.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.cases import paint, read

LICENCE = "# SPDX-License-Identifier: AGPL-3.0-or-later\n"
# A list longer than this has a line for each of its parts.
WIDTH = 110


def add_case(path: Path, name: str, page: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """Adds a case to a file, which need not exist."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(LICENCE, encoding="utf-8")
    rows = ["", "[[case]]", f"name = {_value(name)}"]
    rows += [f"{key} = {_value(value)}" for key, value in {**page, **said}.items()]
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join([*rows, ""]))


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_flat(part)}" for key, part in value.items()) + " }"
    flat = _flat(value)
    if isinstance(value, list) and len(flat) > WIDTH:
        return "[\n" + "".join(f"    {_flat(part)},\n" for part in value) + "]"
    return flat


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def write_again(path: Path) -> None:
    """Writes a file anew, with what is read in its cases now."""
    painted = path.parent == paint.FOLDER
    cases = list(paint.painted_cases(path)) if painted else list(read.filled_cases(path))
    path.write_text(LICENCE, encoding="utf-8")
    for name, page, said in cases:
        if isinstance(page, list):
            layout = paint.paint(page)
            add_case(path, name, {"paint": page}, {what: paint.see(layout, what) for what in said})
        else:
            records = read.read_case(read.case_of(path.stem, name, page, said))
            add_case(path, name, page, {what: read.say(records, what) for what in said})


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        write_again(Path(argument).resolve())
