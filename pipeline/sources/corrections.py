# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads files of corrections by hand: `data/corrections/<edition>.yaml`, or the same as a CSV table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from koteihyo.schema.corrections import Correction
from koteihyo.schema.errors import DocumentError

# Columns of the CSV form; those of an item's new values are empty where nothing changes.
_SET = ("new_text", "kind", "fy_start", "fy_end", "section", "row", "owners")
# Actions that need no values.
_PLAIN = ("drop", "accept", "ignore")


def load_corrections(paths: Sequence[Path]) -> tuple[list[Correction], list[str]]:
    """All corrections of an edition, in the order of the files, and what is wrong with entries that make no sense.

    Raises:
        DocumentError: a file as a whole is not of the form that docs/corrections.md describes.
    """
    corrections: list[Correction] = []
    problems: list[str] = []
    for path in paths:
        try:
            entries = list(_yaml(path) if path.suffix == ".yaml" else _csv(path))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise _unreadable(path, str(error)) from error
        for number, entry in enumerate(entries, start=1):
            try:
                corrections.append(Correction.model_validate(entry))
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"])) or "entry"
                problems.append(f"{path.name}: correction {number}, {where}: {first['msg']}")
    return corrections, problems


def _yaml(path: Path) -> Iterable[Any]:
    import yaml

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise _unreadable(path, "nested too deeply") from error
    except (yaml.YAMLError, ValueError) as error:
        # ValueError: numbers and dates that Python cannot hold.
        raise _unreadable(path, f"not valid YAML ({error})") from error
    if document is None:
        return []
    if not isinstance(document, list):
        raise _unreadable(path, "must be a list of corrections, each beginning with '- page:'")
    return document


def _csv(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            given = {key: value for key, value in row.items() if key and value}
            values: dict[str, Any] = {name: given.pop(name) for name in _SET if name in given}
            if "new_text" in values:
                values["text"] = values.pop("new_text")
            if "owners" in values:
                values["owners"] = values["owners"].split("、")
            action = given.pop("action", "set")
            entry: dict[str, Any] = dict(given)
            if action in _PLAIN:
                entry[action] = True
            else:
                entry[action] = values
            yield entry


def _unreadable(path: Path, problem: str) -> DocumentError:
    return DocumentError(f"{path}: {problem}; see docs/corrections.md", reason="corrections")
