# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public Python API: its names, what it answers, and that it loads nothing before it is needed."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

import koteihyo
from tests.conftest import ROOT
from tests.robustness.corpus import expensive

PUBLIC = [
    "Comparison",
    "Dataset",
    "DocumentError",
    "Gantt",
    "KoteihyoError",
    "Limits",
    "Picture",
    "Plan",
    "QueryLimits",
    "StoreError",
    "UsageError",
    "__version__",
    "compare",
    "open",
    "read",
    "samples",
    "tables",
]
MEMBERS = {
    "Plan": [
        "edition",
        "explain",
        "findings",
        "frame",
        "frames",
        "gantt",
        "items",
        "least_certain",
        "pages",
        "picture",
        "sections",
        "sql",
    ],
    "Comparison": ["changes", "counts", "frame", "new", "of", "old", "row_changes", "save", "unchanged"],
    "Dataset": ["ask", "database", "diff", "editions", "export", "frame", "plan", "search", "site", "sql"],
    "Picture": ["save"],
    "Gantt": ["save"],
}


@pytest.fixture(scope="module")
def plan(samples: Path) -> koteihyo.Plan:
    return koteihyo.read(samples / "sample-2024.pdf")


def test_the_public_names_stay() -> None:
    assert koteihyo.__all__ == PUBLIC
    assert all(getattr(koteihyo, name) is not None for name in PUBLIC)
    assert set(PUBLIC) <= set(dir(koteihyo))
    for name, members in MEMBERS.items():
        public = {member for member in vars(getattr(koteihyo, name)) if not member.startswith("_")}
        # Fields of a dataclass without a default are not attributes of its class.
        assert sorted(public) == members
    with pytest.raises(AttributeError):
        _ = koteihyo.nothing


@pytest.mark.parametrize("module", ["koteihyo", "koteihyo.plan", "koteihyo.comparison", "koteihyo.dataset"])
def test_the_examples_in_the_docstrings_run(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_importing_is_quick_and_loads_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import time; began = time.process_time(); import koteihyo\n"
        "heavy = ('koteihyo.', 'polars', 'duckdb', 'pymupdf', 'pydantic', 'numpy', 'sudachipy', 'PIL', 'typer')\n"
        "print(time.process_time() - began, sorted(m for m in set(sys.modules) - before if m.startswith(heavy)))"
    )
    seconds, loaded = min(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split(" ", 1)
        for _ in range(3)
    )
    assert float(seconds) < 0.1
    assert loaded.strip() == "[]"


def test_a_plan_holds_every_table(plan: koteihyo.Plan) -> None:
    frames = plan.frames()
    assert frames["schedule_items"].height == len(plan.items) == 71
    assert frames["schedule_items"].schema["owners"] == pl.List(pl.String)
    assert frames["item_dates"].height > 0
    assert plan.frame("sections").height == len(plan.sections)
    assert plan.frame("findings").height == len(plan.findings)
    with pytest.raises(koteihyo.UsageError, match="there are editions"):
        plan.frame("nothing")


def test_views_need_no_store(plan: koteihyo.Plan, processed: Path) -> None:
    stored = koteihyo.open(processed).sql("FROM items WHERE edition_id = 'sample-2024'")
    # The titles of stored editions come from their register.
    one, other = (frame.drop("edition_title", strict=False).sort("item_id") for frame in (plan.frame("items"), stored))
    assert one.select("item_id", "place", "chapter", "fy_start").equals(
        other.select("item_id", "place", "chapter", "fy_start")
    )
    assert plan.frame("timeline").height > 0


def test_reading_in_a_process_of_its_own_gives_the_same(plan: koteihyo.Plan, samples: Path) -> None:
    apart = koteihyo.read(samples / "sample-2024.pdf", isolated=True)
    assert apart.items == plan.items
    assert apart.edition == plan.edition


def test_facts_and_corrections_are_options(samples: Path, tmp_path: Path) -> None:
    correction = tmp_path / "mend.yaml"
    correction.write_text(
        "- page: 2\n  text: 認証方式の比較検討\n  set: {fy_end: 2025}\n  reason: 見本\n", encoding="utf-8"
    )
    mended = koteihyo.read(samples / "sample-2024.pdf", facts=False, corrections=[correction], edition_id="mended")
    assert mended.frame("item_dates").height == 0
    assert mended.items[0].fy_end == 2025
    assert mended.edition.edition_id == "mended"


@pytest.mark.parametrize("isolated", [False, True])
def test_what_is_no_pdf_says_why(isolated: bool, tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    with pytest.raises(koteihyo.DocumentError, match=r"x\.pdf") as missing:
        koteihyo.read(path, isolated=isolated)
    assert missing.value.reason == "not_found"
    path.write_text("no pdf")
    with pytest.raises(koteihyo.DocumentError, match="not a PDF"):
        koteihyo.read(path, isolated=isolated)


def test_limits_hold(samples: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pages"):
        koteihyo.Limits(pages=3)  # type: ignore[call-arg]
    pdf = samples / "sample-2024.pdf"
    with pytest.raises(koteihyo.DocumentError, match="limit of 2"):
        koteihyo.read(pdf, limits=koteihyo.Limits(max_pages=2))
    with pytest.raises(koteihyo.DocumentError, match="more than the limit"):
        koteihyo.read(pdf, limits=koteihyo.Limits(max_size=100))
    endless = tmp_path / "endless.pdf"
    endless.write_bytes(expensive()["billion-laughs"][1])
    began = time.monotonic()
    with pytest.raises(koteihyo.DocumentError, match="raise --timeout"):
        koteihyo.read(endless, limits=koteihyo.Limits(timeout=2), isolated=True)
    assert time.monotonic() - began < 60


def test_a_notebook_shows_the_page_and_the_plan(plan: koteihyo.Plan, tmp_path: Path) -> None:
    picture = plan.picture(3)
    assert picture._repr_png_().startswith(b"\x89PNG")
    picture.save(tmp_path / "page.png")
    with pytest.raises(koteihyo.UsageError, match=r"ends in \.png"):
        picture.save(tmp_path / "page.jpg")
    with pytest.raises(koteihyo.UsageError, match=r"ends in \.svg"):
        plan.gantt().save(tmp_path / "plan.png")
    for page in (0, -1, 99):
        with pytest.raises(koteihyo.DocumentError, match="has 5 pages"):
            plan.picture(page)
    assert (tmp_path / "page.png").read_bytes() == picture.png
    gantt = plan.gantt()
    assert gantt.svg in gantt._repr_html_()
    tree = ElementTree.fromstring(gantt._repr_svg_())
    titles = [title.text or "" for title in tree.iter("{http://www.w3.org/2000/svg}title")]
    dated = [item for item in plan.items if item.fy_start is not None]
    assert sum(any(title.startswith(item.text) for title in titles) for item in dated) == len(dated)
    assert len(plan.gantt(page=3).svg) < len(gantt.svg)
    with pytest.raises(koteihyo.UsageError, match="page 1 has no items"):
        plan.gantt(page=1)
    with pytest.raises(koteihyo.StoreError, match="cannot be written"):
        gantt.save(tmp_path / "no" / "x.svg")


def test_two_pdfs_are_compared(plan: koteihyo.Plan, samples: Path, tmp_path: Path) -> None:
    changes = koteihyo.compare(plan, samples / "sample-2025.pdf")
    assert changes.counts["rescheduled"] == 12
    assert changes.frame().height == len(changes.changes)
    assert [c.new_text for c in changes.of("added")][-1] == "多言語化（８言語）"
    for name in ("changes.md", "changes.html", "changes.csv"):
        changes.save(tmp_path / name)
        assert "多言語化" in (tmp_path / name).read_text(encoding="utf-8")
    with pytest.raises(koteihyo.UsageError, match=r"\.csv or \.atom"):
        changes.save(tmp_path / "changes.xlsx")
    with pytest.raises(koteihyo.UsageError, match="no such change"):
        changes.of("vanished")
    with pytest.raises(koteihyo.UsageError, match="both editions are called"):
        koteihyo.compare(plan, plan)


def test_stored_tables_answer(processed: Path, plan: koteihyo.Plan, samples: Path) -> None:
    data = koteihyo.open(processed)
    assert [edition.edition_id for edition in data.editions] == ["sample-2024", "sample-2025"]
    counted = data.sql(
        "SELECT kind, count(*) AS n, NULL::DATE AS day FROM schedule_items WHERE edition_id = ? GROUP BY 1",
        ["sample-2024"],
    )
    assert counted["n"].sum() == 71
    assert counted.schema["day"] == pl.Date
    assert data.frame("items").schema["owners"] == pl.List(pl.String)
    assert data.search("実証")[0].text == "実証"
    assert data.diff("sample-2024", "sample-2025").counts["removed"] == 4
    stored = data.plan("sample-2024")
    assert [item.text for item in stored.items] == [item.text for item in plan.items]
    elsewhere = koteihyo.open(processed, raw=processed).plan("sample-2024")
    with pytest.raises(koteihyo.UsageError, match="where its PDF lies"):
        elsewhere.picture(2)
    with_pdf = koteihyo.open(processed, raw=samples).plan("sample-2024")
    assert with_pdf.picture(2).png == plan.picture(2).png
    with pytest.raises(koteihyo.UsageError, match="more than 2 rows"):
        data.sql("FROM schedule_items", limits=koteihyo.QueryLimits(rows=2))
    with pytest.raises(koteihyo.UsageError):
        data.frame("x; DROP TABLE notes")


def test_tables_are_described() -> None:
    names = koteihyo.tables()
    assert {"schedule_items", "timeline", "edition_changes"} <= set(names["table"])
    assert all(names["meaning"])
    meaning = {row["column"]: row for row in koteihyo.tables("schedule_items").iter_rows(named=True)}
    assert meaning["fy_start"]["type"] == "SMALLINT" or "INT" in meaning["fy_start"]["type"]
    assert "fiscal year" in meaning["fy_start"]["meaning"].lower()
    with pytest.raises(koteihyo.UsageError, match="there are editions"):
        koteihyo.tables("nothing")


def test_every_line_of_a_page_is_explained(plan: koteihyo.Plan) -> None:
    lines = plan.explain(3)
    assert lines.columns == ["text", "pass", "to", "why"]
    texts = {item.text for item in plan.items if item.page_no == 3}
    assert texts & set(lines["text"])
    assert [page.page_no for page in plan.pages] == [1, 2, 3, 4, 5]
    least = plan.least_certain(3)
    assert [item.confidence for item in least] == sorted(item.confidence for item in plan.items)[:3]


def test_tables_leave_for_other_programs(processed: Path, samples: Path, tmp_path: Path) -> None:
    data = koteihyo.open(processed, raw=samples)
    rows = data.export(tmp_path / "csv", tables=["schedule_items"], editions=["sample-2024"])
    assert rows == {"schedule_items": 71}
    assert (tmp_path / "csv/schedule_items.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert data.export(tmp_path / "plan.ics", "ics")["events"] > 0
    with pytest.raises(koteihyo.UsageError, match="there are csv, xlsx"):
        data.export(tmp_path, "parquet")
    with pytest.raises(koteihyo.UsageError, match=r"ends in \.xlsx"):
        data.export(tmp_path / "plan.xls", "xlsx")
    page = data.site(tmp_path / "site", ["sample-2024"])
    assert page.is_file()
    assert list((tmp_path / "site").rglob("*.webp"))


def test_nothing_stored_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(koteihyo.StoreError, match="koteihyo run"):
        koteihyo.open(tmp_path)


def test_types_that_polars_does_not_know_become_what_they_are(processed: Path) -> None:
    frame = koteihyo.open(processed).sql("SELECT {'a': 1} AS s, INTERVAL 1 DAY AS i, 1.5::DECIMAL(4, 1) AS d, 1 AS s")
    assert frame.row(0)[:1] == ({"a": 1},)
    assert frame.columns == ["s", "i", "d", "s_1"]
