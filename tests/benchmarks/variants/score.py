# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m tests.benchmarks.variants.score OUTDIR DB`: a table of layouts and measures.

The database is one built by `koteihyo run` from OUTDIR's PDFs, whose names are the edition ids.
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

MEASURES = (
    "text_f1", "span_exact", "place_exact", "kind_exact", "record_f1", "owners_exact", "parent_exact", "sections_f1",
    "rows_f1", "axis_f1", "pages_exact", "printed_exact", "notes_f1",
)  # fmt: skip
UNDATED = ("label", "heading", "callout")
DASHES = dict.fromkeys(map(ord, "-‐‑‒–—―−─"), "ー") | dict.fromkeys(map(ord, "〜∼"), "~")

Row = dict[str, Any]


@dataclass
class Tally:
    """Hits, and how many there were to hit and how many were read."""

    hits: int = 0
    true: int = 0
    read: int = 0

    def count(self, hit: bool) -> None:
        """Counts one case that is right or wrong."""
        self.hits += hit
        self.true += 1
        self.read += 1

    @property
    def share(self) -> float | None:
        """F1, which is the share of hits where every case was read; None when there was nothing."""
        return 2 * self.hits / (self.true + self.read) if self.true + self.read else None


@dataclass
class Score:
    """The measures of one edition, and what was wrong."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in MEASURES})
    errors: list[str] = field(default_factory=list)

    def bag(self, measure: str, read: list[Any], true: list[Any]) -> None:
        """Compares two multisets."""
        r, t = Counter(read), Counter(true)
        tally = self.tallies[measure]
        tally.hits += sum((r & t).values())
        tally.read += len(read)
        tally.true += len(true)
        self.errors += [f"{measure} missed {k}" for k in (t - r)] + [f"{measure} spurious {k}" for k in (r - t)]


def plain(text: str | None) -> str:
    """Text as far as it matters here: NFKC, one dash, one tilde, no space."""
    folded = unicodedata.normalize("NFKC", text or "").translate(DASHES)
    return "".join(c for c in folded if not c.isspace())


def stored(connection: duckdb.DuckDBPyConnection, edition: str) -> Callable[[str], list[Row]]:
    """Gives the rows that a table of a database has for an edition."""

    def table(name: str) -> list[Row]:
        cursor = connection.execute(f"select * from {name} where edition_id = ?", [edition])
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    return table


def score(table: Callable[[str], list[Row]], truth: Row) -> Score:
    """Compares an edition's tables with its truth."""
    result = Score()
    items, columns, notes = table("schedule_items"), table("fiscal_columns"), table("notes")
    sections = {s["section_id"]: s for s in table("sections")}
    rows = {r["row_id"]: r for r in table("table_rows")}
    pages = {p["page_no"]: p for p in table("pages")}
    texts = {i["item_id"]: plain(i["text"]) for i in items}
    for page in truth["pages"]:
        number = page["page"]
        _items(result, page, [i for i in items if i["page_no"] == number], sections, rows, texts)
        _page_head(result, page, pages.get(number))
    result.bag(
        "sections_f1",
        [(s["page_no"], plain((s["marker"] or "") + (s["title"] or ""))) for s in sections.values()],
        [(p["page"], plain(s["marker"] + s["text"])) for p in truth["pages"] for s in p["sections"]],
    )
    cells = ("group_label", "name", "done_text", "owner_text")
    result.bag(
        "rows_f1",
        [(r["page_no"], *(plain(r[c]) for c in cells)) for r in rows.values()],
        [
            (p["page"], *(plain(r[c]) for c in ("group", "name", "done", "owner")))
            for p in truth["pages"]
            for r in p.get("rows", [])
        ],
    )
    result.bag(
        "axis_f1",
        [(c["page_no"], c["fy_start"], c["fy_end"]) for c in columns],
        [(p["page"], c["start"], c["end"]) for p in truth["pages"] for axis in _axes(p) for c in axis],
    )
    result.bag(
        "notes_f1",
        [(n["page_no"], plain(n["text"])) for n in notes],
        [(p["page"], plain(n["text"])) for p in truth["pages"] for n in p["notes"]],
    )
    return result


def _axes(page: Row) -> list[list[Row]]:
    return [page["axis"], *(chart["axis"] for chart in page.get("charts", []))]


def _true_items(page: Row) -> list[tuple[Row, Row | None]]:
    loose = [*page["items"], *(i for chart in page.get("charts", []) for i in chart["items"])]
    return [(i, None) for i in loose] + [(i, row) for row in page.get("rows", []) for i in row["items"]]


def overlap(a: list[float], b: list[float]) -> float:
    """The area that two boxes share."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return max(width, 0.0) * max(height, 0.0)


def _items(
    result: Score, page: Row, read: list[Row], sections: dict[str, Row], rows: dict[str, Row], texts: dict[str, str]
) -> None:
    true = _true_items(page)
    tally = result.tallies
    for measure in ("text_f1", "record_f1"):
        tally[measure].true += len(true)
        tally[measure].read += len(read)
    by_id = {t["id"]: plain(t["text"]) for t, _ in true}
    pairs = sorted(
        (
            (overlap(t["bbox"], [p["x0"], p["y0"], p["x1"], p["y1"]]), n, m)
            for n, (t, _) in enumerate(true)
            for m, p in enumerate(read)
            if plain(t["text"]) == plain(p["text"])
        ),
        reverse=True,
    )
    seen_true: set[int] = set()
    seen_read: set[int] = set()
    for _, n, m in pairs:
        if n in seen_true or m in seen_read:
            continue
        seen_true.add(n)
        seen_read.add(m)
        (t, row), p = true[n], read[m]
        span, place = _span_right(p, t), _place_right(p, t, row, sections, rows)
        tally["text_f1"].hits += 1
        tally["record_f1"].hits += span and place
        tally["span_exact"].count(span)
        tally["place_exact"].count(place)
        tally["kind_exact"].count(p["kind"] == t["kind"])
        if "owners" in t:
            tally["owners_exact"].count(sorted(map(plain, p["owners"] or [])) == sorted(map(plain, t["owners"])))
        if t.get("parent"):
            tally["parent_exact"].count(texts.get(p["parent_item_id"]) == by_id[t["parent"]])
        where = f"p{page['page']} {plain(t['text'])[:30]}:"
        if not span:
            years = f"{t['fy_start']}-{t['fy_end']} read as {p['fy_start']}-{p['fy_end']}"
            result.errors.append(f"{where} span {years}")
        if not place:
            got = (sections.get(p["section_id"]) or {}).get("path") or (rows.get(p["row_id"]) or {}).get("name")
            result.errors.append(f"{where} place {row['name'] if row else t['section_path']} read as {got}")
        if p["kind"] != t["kind"]:
            result.errors.append(f"{where} kind {t['kind']} read as {p['kind']}")
    result.errors += [
        f"p{page['page']} missed: {plain(t['text'])}" for n, (t, _) in enumerate(true) if n not in seen_true
    ]
    result.errors += [f"p{page['page']} spurious: {plain(p['text'])}" for m, p in enumerate(read) if m not in seen_read]


def _span_right(read: Row, true: Row) -> bool:
    if true["kind"] in UNDATED:
        return True
    slack = 1 if true["fy_borderline"] else 0
    return all(read[name] is not None and abs(read[name] - true[name]) <= slack for name in ("fy_start", "fy_end"))


def _place_right(read: Row, true: Row, row: Row | None, sections: dict[str, Row], rows: dict[str, Row]) -> bool:
    if row is not None:
        return plain((rows.get(read["row_id"]) or {}).get("name")) == plain(row["name"])
    got = [plain(part) for part in (sections.get(read["section_id"]) or {}).get("path") or []]
    want = [plain(part) for part in true["section_path"]]
    return got[-len(want) :] == want if want else read["section_id"] is None


def _page_head(result: Score, page: Row, read: Row | None) -> None:
    kinds = page.get("kinds", [page["kind"]])
    same = read is not None and read["kind"] in kinds
    if same and read is not None and page["kind"] in ("roadmap", "card_table"):
        same = plain(read["chapter"]) == plain(page["chapter"])
    result.tallies["pages_exact"].count(same)
    printed = read["printed_page"] if read else None
    want = page["printed_page"]
    result.tallies["printed_exact"].count(str(printed or "") == str(want or ""))
    if str(printed or "") != str(want or ""):
        result.errors.append(f"p{page['page']} printed page {want} read as {printed}")
    if not same:
        got = read and (read["kind"], read["chapter"])
        result.errors.append(f"p{page['page']} page is {page['kind']} {page['chapter']}, read as {got}")


def main() -> int:
    """Print the table, or one layout's errors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("database", type=Path)
    parser.add_argument("--errors", metavar="LAYOUT", help="list what was wrong in one layout")
    arguments = parser.parse_args()
    totals: dict[str, list[float]] = {name: [] for name in MEASURES}
    print(f"{'layout':26}" + "".join(f"{name.split('_')[0]:>9}" for name in MEASURES))
    with duckdb.connect(str(arguments.database), read_only=True) as connection:
        for path in sorted(arguments.folder.glob("*.truth.json")):
            truth = json.loads(path.read_text(encoding="utf-8"))
            result = score(stored(connection, truth["edition"]), truth)
            shares = {name: tally.share for name, tally in result.tallies.items()}
            print(f"{truth['edition']:26}" + "".join(f"{'-' if s is None else f'{s:.3f}':>9}" for s in shares.values()))
            for name, share in shares.items():
                totals[name] += [] if share is None else [share]
            if arguments.errors == truth["edition"]:
                print(*result.errors, sep="\n")
    for label, pick in (("mean", lambda v: sum(v) / len(v)), ("worst", min)):
        print(f"{label:26}" + "".join(f"{pick(v) if v else 0.0:9.3f}" for v in totals.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
