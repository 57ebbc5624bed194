# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m tests.benchmarks.calibration FOLDER DB`: how often items of each confidence are right.

FOLDER holds ground truth (`EDITION.truth.json`, at any depth), DB is a database built by `koteihyo run` from its PDFs. An
item is right when its text, its years and its place are. ECE is the expected calibration error over steps of 0.05.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.benchmarks.variants.score import UNDATED, overlap, plain

STEP = 0.05
SURE = 0.95

Row = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """The confidence of one item that was read, and whether the truth bears it out."""

    confidence: float
    right: bool


def judge(connection: duckdb.DuckDBPyConnection, truth: Row, edition: str) -> Iterator[Judged]:
    """Every item of the truth's pages, judged."""

    def table(name: str) -> list[Row]:
        cursor = connection.execute(f"select * from {name} where edition_id = ?", [edition])
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    places = {s["section_id"]: [plain(part) for part in s["path"]] for s in table("sections")}
    places |= {
        r["row_id"]: [plain(part) for part in (r["group_label"], r["name"]) if part] for r in table("table_rows")
    }
    by_page: defaultdict[int, list[Row]] = defaultdict(list)
    for item in table("schedule_items"):
        by_page[item["page_no"]].append(item)
    for page in truth["pages"]:
        yield from _judge_page(page, by_page[page["page"]], places)


def _judge_page(page: Row, items: Sequence[Row], places: dict[str, list[str]]) -> Iterator[Judged]:
    true = [(t, None) for t in page.get("items", [])]
    true += [(t, row) for row in page.get("rows", []) for t in row.get("items", [])]
    true += [(t, None) for chart in page.get("charts", []) for t in chart["items"]]
    ignored = [plain(i.get("text")) for chart in page.get("charts", []) for i in chart.get("ignore", [])]
    pairs = sorted(
        (
            (-overlap(t["bbox"], [p["x0"], p["y0"], p["x1"], p["y1"]]), n, m)
            for n, (t, _row) in enumerate(true)
            for m, p in enumerate(items)
            if plain(t["text"]) == plain(p["text"])
        ),
    )
    partner: dict[int, int] = {}
    for _, n, m in pairs:
        if m not in partner and n not in partner.values():
            partner[m] = n
    for m, item in enumerate(items):
        if m in partner:
            t, row = true[partner[m]]
            # A page whose truth names charts says nothing of headings.
            placed = bool(page.get("charts")) or _place_right(t, row, item, places)
            yield Judged(item["confidence"], _years_right(t, item) and placed)
        elif plain(item["text"]) not in ignored:
            yield Judged(item["confidence"], False)


def _years_right(true: Row, item: Row) -> bool:
    if true["kind"] in UNDATED:
        return True
    slack = 1 if true.get("fy_borderline") else 0
    mark = true.get("fy_marker") if true["kind"] == "marker" else None
    for name in ("fy_start", "fy_end"):
        want, other = true[name] if mark is None else mark, true.get(f"alt_{name}")
        others = other if isinstance(other, list) else [other]
        if item[name] is None or (abs(item[name] - want) > slack and item[name] not in others):
            return False
    return True


def _place_right(true: Row, row: Row | None, item: Row, places: dict[str, list[str]]) -> bool:
    got = places.get(item["row_id"] or item["section_id"] or "", [])
    if row is not None:
        return got[-1:] == [plain(row["name"])]
    want = [plain(part) for part in true.get("section_path") or []]
    return got[-len(want) :] == want if want else not got


def calibration_error(judged: Sequence[Judged]) -> float:
    """The mean distance, over all items, of a step's mean confidence from the part of it that is right."""
    return sum(abs(mean - right) * count for _low, count, mean, right in steps(judged)) / max(len(judged), 1)


def steps(judged: Sequence[Judged]) -> list[tuple[float, int, float, float]]:
    """(lower edge, items, mean confidence, part that is right) of each step of confidence that has items."""
    by_step: defaultdict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        by_step[min(int(one.confidence / STEP), int(1 / STEP) - 1)].append(one)
    return [
        (
            STEP * number,
            len(found),
            sum(j.confidence for j in found) / len(found),
            sum(j.right for j in found) / len(found),
        )
        for number, found in sorted(by_step.items())
    ]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("database", type=Path)
    arguments = parser.parse_args()
    judged: list[Judged] = []
    with duckdb.connect(str(arguments.database), read_only=True) as connection:
        for path in sorted(arguments.folder.rglob("*.truth.json")):
            truth = json.loads(path.read_text(encoding="utf-8"))
            judged += judge(connection, truth, path.name.removesuffix(".truth.json"))
    print("| confidence | items | mean | right |\n|---|---|---|---|")
    for low, count, mean, right in steps(judged):
        print(f"| {low:.2f}–{low + STEP:.2f} | {count} | {mean:.3f} | {right:.3f} |")
    sure = [one.right for one in judged if one.confidence >= SURE]
    print(f"\n{len(judged)} items, ECE {calibration_error(judged):.3f}; of {len(sure)} with {SURE} or more ", end="")
    print(f"{sum(sure) / max(len(sure), 1):.1%} are right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
