# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is stored comes back unchanged, is the same in every run, and holds its promises."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import ClassVar

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from koteihyo.pipeline.run.batch import Options, run
from koteihyo.pipeline.run.reading import read_edition
from koteihyo.pipeline.store import stored as store
from koteihyo.pipeline.store.database import update_database
from koteihyo.pipeline.store.frames import read_table, records_of, table_schema, to_frame, write_frame, write_table
from koteihyo.pipeline.store.generation import current_generation
from koteihyo.pipeline.store.layout import part_path
from koteihyo.pipeline.store.manifest import Part
from koteihyo.pipeline.store.soundness import sound
from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES
from koteihyo.schema.errors import StoreError, UsageError
from koteihyo.schema.record import Record
from koteihyo.schema.records import (
    Attribute,
    Block,
    Edition,
    EditionRecords,
    Finding,
    ItemKind,
    Note,
    Page,
    ScheduleItem,
    TableRow,
)
from koteihyo.schema.tables import columns
from tests.robustness.handmade import roadmap

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


class Change(Record):
    """A table made from two editions."""

    TABLE: ClassVar[str] = "test_changes"
    KEY: ClassVar[tuple[str, ...]] = ("old_edition_id", "new_edition_id", "number")

    old_edition_id: str
    new_edition_id: str
    number: int


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "2022-06.pdf").write_bytes(roadmap(2))
    (folder / "2023-06.pdf").write_bytes(roadmap(3))
    return folder


@pytest.fixture
def out(raw: Path) -> Path:
    run(Options(raw, raw.parent / "out"))
    return raw.parent / "out"


def _read(raw: Path, edition_id: str) -> EditionRecords:
    pdf = raw / f"{edition_id}.pdf"
    edition = Edition(edition_id=edition_id, title=edition_id, source_sha256="", source_file=pdf.name, page_count=0)
    return read_edition(pdf, edition)


def _rows(out: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(out / "koteihyo.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_stored_edition_is_what_was_read(raw: Path, out: Path) -> None:
    assert store.load_edition(out, "2022-06") == _read(raw, "2022-06")


def test_parquet_and_duckdb_hold_the_same_rows(out: Path) -> None:
    for model in EDITION_TABLES:
        frame = pl.read_parquet(out / model.TABLE / "*" / "*.parquet", hive_partitioning=False)
        assert _rows(out, f"SELECT count(*) FROM {model.TABLE}") == [(frame.height,)]
        assert frame.columns == [column.name for column in columns(model)]
    assert _rows(out, "SELECT count(*) FROM schedule_items") == [(20,)]


def test_every_table_view_and_column_of_a_table_is_explained_in_the_database(out: Path) -> None:
    bare = "coalesce(comment, '') = '' AND NOT internal"
    in_tables = "table_name IN (SELECT table_name FROM duckdb_tables())"
    assert _rows(out, f"SELECT table_name FROM duckdb_tables() WHERE {bare}") == []
    assert _rows(out, f"SELECT view_name FROM duckdb_views() WHERE {bare}") == []
    assert _rows(out, f"SELECT table_name, column_name FROM duckdb_columns() WHERE {bare} AND {in_tables}") == []


def test_the_same_inputs_give_the_same_bytes_with_one_and_two_workers(raw: Path, out: Path) -> None:
    other = raw.parent / "other"
    run(Options(raw, other, jobs=2))
    assert _hashes(out) == _hashes(other)
    assert len(_hashes(out)) == 2 * len(EDITION_TABLES)


def test_stored_editions_come_oldest_first(out: Path) -> None:
    assert [edition.edition_id for edition in store.stored_editions(out)] == ["2022-06", "2023-06"]


def test_asking_for_an_edition_that_is_not_there_names_those_that_are(out: Path) -> None:
    with pytest.raises(UsageError, match="2022-06, 2023-06"):
        store.load_edition(out, "2024-06")
    with pytest.raises(StoreError, match="koteihyo run"):
        store.load_edition(out / "nowhere", "2022-06")


def test_a_damaged_parquet_file_is_a_clear_error(out: Path) -> None:
    (out / "notes" / "edition=2022-06" / "part-0.parquet").write_bytes(b"nonsense")
    with pytest.raises(StoreError, match=r"edition=2022-06 is not as it was stored.*koteihyo run"):
        store.load_edition(out, "2022-06")


def test_rows_of_a_pair_are_replaced_whole(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _add_pair_table(monkeypatch)
    run(Options(out.parent / "raw", out))
    for count in (3, 1):
        changes = [Change(old_edition_id="2022-06", new_edition_id="2023-06", number=i) for i in range(count)]
        store.write_derived(out, [store.of_pair("2022-06", "2023-06", {Change: changes})])
        assert _rows(out, "SELECT count(*) FROM test_changes") == [(count,)]
        assert _rows(out, "SELECT count(*) FROM schedule_items") == [(20,)]
    with pytest.raises(UsageError, match="2030-06"):
        store.write_derived(out, [store.of_pair("2022-06", "2030-06", {Change: []})])


def test_rows_of_a_pair_go_when_one_of_its_editions_changes(
    raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add_pair_table(monkeypatch)
    run(Options(raw, out))
    changes = [Change(old_edition_id="2022-06", new_edition_id="2023-06", number=1)]
    store.write_derived(out, [store.of_pair("2022-06", "2023-06", {Change: changes})])
    assert not run(Options(raw, out)).changed
    (raw / "2023-06.pdf").write_bytes(roadmap(1))
    report = run(Options(raw, out))
    assert report.dropped == (("2022-06", "2023-06"),)
    assert _rows(out, "SELECT count(*) FROM test_changes") == [(0,)]


def _add_pair_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ALL_TABLES", (*EDITION_TABLES, *PAIR_TABLES, Change))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"section_id": "2022-06:nowhere"}, "section_id names rows of sections that do not exist: .*nowhere"),
        ({"fy_start": 2030, "fy_end": 2020}, "CHECK"),
        ({"confidence": 0.5, "item_id": "2022-06:p1:i1"}, "[Dd]uplicate key"),
    ],
)
def test_rows_that_break_a_promise_never_reach_the_database(
    change: dict[str, object], complaint: str, raw: Path, tmp_path: Path
) -> None:
    tables = _tables(raw, change)
    for model, frame in tables.items():
        write_frame(part_path(tmp_path, model.TABLE, "edition=2022-06"), model, frame)
    part = Part(editions=("2022-06",), files={model.TABLE: "" for model in tables})
    with pytest.raises(StoreError, match=complaint):
        update_database(tmp_path / "test.duckdb", tmp_path, {"edition=2022-06": part}, store.ALL_TABLES)


def _tables(raw: Path, change: dict[str, object]) -> dict[type[Record], pl.DataFrame]:
    """The tables of an edition whose first item is not as it should be."""
    records = _read(raw, "2022-06")
    first = records.schedule_items[0].model_copy(update=change)
    broken = records.model_copy(update={"schedule_items": [first, *records.schedule_items[1:]]})
    return {model: to_frame(model, records_of(broken, model)) for model in EDITION_TABLES}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"fy_start": 2030, "fy_end": 2020}, "fy_start <= fy_end"),
        ({"x0": 500.0, "x1": 100.0}, "x0 <= x1"),
        ({"item_id": "2022-06:p2:i1"}, "KEY"),
    ],
)
def test_a_row_that_breaks_a_promise_costs_itself_and_becomes_a_finding(
    change: dict[str, object], why: str, raw: Path
) -> None:
    tables = _tables(raw, change)
    mended = sound(tables)
    assert mended[ScheduleItem].height == tables[ScheduleItem].height - 1
    (finding,) = mended[Finding].filter(pl.col("kind") == "broken_row").iter_rows(named=True)
    assert why in finding["message"]
    assert finding["text"] in tables[ScheduleItem]["text_raw"]
    assert sound(mended)[Finding].height == mended[Finding].height


def test_the_glyphs_of_a_row_that_goes_are_counted_in_its_finding(raw: Path) -> None:
    tables = _tables(raw, {"x0": 500.0, "x1": 100.0})
    mended = sound(tables)
    assert mended[Finding]["glyph_count"].sum() > tables[Finding]["glyph_count"].sum()
    for each in (tables, mended):
        assert each[Block]["glyph_count"].sum() == each[Page]["glyphs_in_records"].sum()
        in_findings, all_glyphs = each[Finding]["glyph_count"].sum(), each[Page]["glyph_count"].sum()
        assert each[Block]["glyph_count"].sum() + in_findings == all_glyphs


def test_what_names_a_row_that_is_not_there_is_mended(raw: Path) -> None:
    tables = _tables(raw, {"section_id": "2022-06:nowhere"})
    mended = sound(tables)
    assert mended[ScheduleItem].height == tables[ScheduleItem].height
    assert mended[ScheduleItem]["section_id"][0] is None
    assert "section_id → sections" in mended[Finding]["message"][-1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    text=TEXTS,
    owners=st.lists(TEXTS),
    kind=st.sampled_from(ItemKind),
    year=st.none() | st.integers(1868, 2500),
    confidence=st.floats(0, 1),
)
def test_any_record_survives_parquet(
    text: str, owners: list[str], kind: ItemKind, year: int | None, confidence: float, tmp_path: Path
) -> None:
    item = ScheduleItem(
        edition_id="x", page_no=1, item_id="i", chart_no=0, kind=kind, text=text, text_raw=text, owners=owners,
        fy_start=year, confidence=confidence, x0=0, y0=0, x1=1, y1=1,
    )  # fmt: skip
    path = tmp_path / "items.parquet"
    write_table(path, ScheduleItem, [item])
    assert read_table(path, ScheduleItem) == [item]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(cells=st.lists(st.tuples(TEXTS, TEXTS)))
def test_a_row_keeps_its_attributes_and_their_order(cells: list[tuple[str, str]], tmp_path: Path) -> None:
    attributes = [Attribute(name=name, text=text) for name, text in cells]
    row = TableRow(
        edition_id="x", page_no=1, row_id="r", ordinal=0, name="n", attributes=attributes, x0=0, y0=0, x1=1, y1=1,
    )  # fmt: skip
    path = tmp_path / "rows.parquet"
    write_table(path, TableRow, [row])
    assert read_table(path, TableRow) == [row]


def test_a_table_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "notes.parquet"
    write_table(path, Note, [])
    assert pl.read_parquet_schema(path) == table_schema(Note)


def test_texts_of_a_pdf_are_data_everywhere(raw: Path, tmp_path: Path) -> None:
    name = "x'); DROP TABLE notes; --[*]?"
    (raw / f"{name}.pdf").write_bytes(roadmap(1))
    out = tmp_path / "o'ut [a]*"
    run(Options(raw, out))
    assert _rows(out, "SELECT count(*) FROM editions") == [(3,)]
    assert any(name.split("?")[0].split("*")[0] in edition.edition_id for edition in store.stored_editions(out))


def test_a_folder_that_duckdb_cannot_use_is_said(raw: Path) -> None:
    with pytest.raises(StoreError, match="question mark"):
        run(Options(raw, raw.parent / "out?"))


def _hashes(out: Path) -> dict[str, str]:
    live = current_generation(out)
    assert live is not None
    return {
        str(path.relative_to(live[0])): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in live[0].rglob("*.parquet")
    }
