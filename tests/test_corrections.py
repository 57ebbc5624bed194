# SPDX-License-Identifier: AGPL-3.0-or-later
"""Corrections by hand, the second witness, and what `audit` and `review` say of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from koteihyo.extract.geometry import BBox
from koteihyo.extract.witness import WitnessPage, open_witness, read_witness
from koteihyo.normalize.trust.corrections import correct
from koteihyo.normalize.trust.second_reading import with_second_reading
from koteihyo.pipeline.run.batch import Options, corrections_file, run
from koteihyo.pipeline.run.jobs import Limits
from koteihyo.pipeline.run.kept import kept_file
from koteihyo.pipeline.sources.corrections import load_corrections
from koteihyo.pipeline.sources.corrections_file import append_entry, entries, entry_key, remove_entry
from koteihyo.pipeline.store.stored import load_edition
from koteihyo.schema.corrections import Correction
from koteihyo.schema.errors import DocumentError, ExitCode, UsageError
from koteihyo.schema.records import EditionRecords, Finding
from tests.drawing import layouts, write
from tests.reading import read
from tests.robustness.handmade import roadmap
from tests.test_cli import koteihyo


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, EditionRecords]:
    pdf, _drawing = write(layouts()[0], tmp_path_factory.mktemp("drawn"))
    return pdf, read(pdf)


def _correction(**fields: object) -> Correction:
    return Correction.model_validate({"page": 1, "reason": "seen", **fields})


def test_years_are_corrected_and_the_old_ones_kept(drawn: tuple[Path, EditionRecords]) -> None:
    fix = _correction(text="試行公開", set={"fy_start": 2024, "fy_end": 2026}, by="山田")
    (item,) = [i for i in correct(drawn[1], [fix]).schedule_items if i.text == "試行公開"]
    assert (item.fy_start, item.fy_end, item.confidence, item.corrected_by) == (2024, 2026, 1.0, "山田: seen")
    assert json.loads(item.original or "")["fy_start"] == 2025


def test_an_item_moves_to_another_heading(drawn: tuple[Path, EditionRecords]) -> None:
    fix = _correction(text="試行公開", set={"section": "②渇水への備え"})
    corrected = correct(drawn[1], [fix])
    (item,) = [i for i in corrected.schedule_items if i.text == "試行公開"]
    assert [s.title for s in corrected.sections if s.section_id == item.section_id] == ["渇水への備え"]


def test_items_are_dropped_and_added(drawn: tuple[Path, EditionRecords]) -> None:
    fixes = [
        _correction(text="試行公開", drop=True),
        _correction(add={"text": "新しい項目", "fy_start": 2024, "fy_end": 2025, "section": "①観測網の更新"}),
    ]
    texts = [i.text for i in correct(drawn[1], fixes).schedule_items]
    assert "試行公開" not in texts
    assert texts[-1] == "新しい項目"


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "ない項目", "drop": True},
        {"text": "試行公開", "set": {"section": "ない見出し"}},
        {"page": 9, "add": {"text": "x", "fy_start": 2024, "fy_end": 2024}},
    ],
)
def test_a_correction_that_does_not_apply_is_said(
    fields: dict[str, object], drawn: tuple[Path, EditionRecords]
) -> None:
    corrected = correct(drawn[1], [_correction(**fields)])
    assert [f.kind for f in corrected.findings] == ["correction_unused"]
    assert corrected.schedule_items == drawn[1].schedule_items


def test_yaml_and_csv_say_the_same(tmp_path: Path) -> None:
    yaml, csv = tmp_path / "e.yaml", tmp_path / "e.csv"
    yaml.write_text("- {page: 1, text: 試行公開, set: {fy_start: 2024}, reason: seen, by: a}\n", encoding="utf-8")
    csv.write_text("page,text,action,fy_start,reason,by\n1,試行公開,set,2024,seen,a\n", encoding="utf-8")
    assert load_corrections([yaml]) == load_corrections([csv])
    assert load_corrections([yaml])[1] == []


@pytest.mark.parametrize("text", ["page: 1", "- [", "[" * 5000 + "]" * 5000, "- " + "9" * 9000])
def test_a_file_that_cannot_be_understood_is_an_error_that_names_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / "e.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"e\.yaml"):
        load_corrections([path])


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        ("{page: 1, reason: r}", "entry"),
        ("{page: 0, text: a, drop: true, reason: r}", "page"),
        ("{page: 99999999999999999999999, text: a, drop: true, reason: r}", "page"),
        ("{page: 1, text: a, set: {fy_start: 2026, fy_end: 2024}, reason: r}", "set"),
        ("{page: 1, text: a, set: {fy_start: 20260}, reason: r}", "set.fy_start"),
        ("{page: 1, add: {text: a, fy_start: 2026, fy_end: 2024}, reason: r}", "add"),
        ("{page: 1, text: a, at: [.nan, .inf], drop: true, reason: r}", "at.0"),
        (r'{page: 1, text: "\ud800", drop: true, reason: r}', "text"),
        ("[[[[]]]]", "entry"),
        ("17", "entry"),
    ],
)
def test_an_entry_that_makes_no_sense_is_said_and_left_out(
    entry: str, where: str, drawn: tuple[Path, EditionRecords], tmp_path: Path
) -> None:
    path = tmp_path / "e.yaml"
    path.write_text(f"- {{page: 1, text: 試行公開, drop: true, reason: r}}\n- {entry}\n", encoding="utf-8")
    corrections, invalid = load_corrections([path])
    assert [c.text for c in corrections] == ["試行公開"]
    corrected = correct(drawn[1], corrections, invalid)
    assert "試行公開" not in [item.text for item in corrected.schedule_items]
    (finding,) = [f for f in corrected.findings if f.kind == "correction_invalid"]
    assert f"e.yaml: correction 2, {where}" in finding.message


def test_years_that_would_run_backwards_are_not_set(drawn: tuple[Path, EditionRecords]) -> None:
    fix = _correction(text="試行公開", set={"fy_start": 2100})
    corrected = correct(drawn[1], [fix])
    assert corrected.schedule_items == drawn[1].schedule_items
    assert "年度が逆" in corrected.findings[-1].message


def test_files_that_correct_nothing_are_said(tmp_path: Path) -> None:
    raw, folder = tmp_path / "raw", tmp_path / "corrections"
    raw.mkdir()
    folder.mkdir()
    (raw / "a.pdf").write_bytes(roadmap(1))
    for name in ("a.yml", "b.yaml", "a.csv"):
        (folder / name).write_text("", encoding="utf-8")
    done = koteihyo("run", "--raw", raw, "--out", tmp_path / "out", "--no-witness")
    assert done.returncode == ExitCode.OK
    assert "a.yml: is not read; a file of corrections ends in .yaml or .csv" in done.stderr
    assert "b.yaml: is of no edition; there are: a" in done.stderr
    assert "a.csv" not in done.stderr


def test_two_readers_agree_on_a_sound_page(drawn: tuple[Path, EditionRecords]) -> None:
    with open_witness(drawn[0]) as pdf:
        checked = with_second_reading(drawn[1], [read_witness(pdf, 1)])
    assert checked == drawn[1]


def test_what_the_second_reader_sees_otherwise_lowers_confidence(drawn: tuple[Path, EditionRecords]) -> None:
    pdf, records = drawn
    with open_witness(pdf) as second:
        page = read_witness(second, 1)
    (item,) = [i for i in records.schedule_items if i.text == "試行公開"]
    box = BBox(item.x0, item.y0, item.x1, item.y1)
    kept = [i for i, b in enumerate(page.boxes) if not box.contains_point(BBox(*b).cx, BBox(*b).cy)]
    chars = tuple(page.chars[i] for i in kept)
    checked = with_second_reading(
        records, [WitnessPage(1, page.width, page.height, chars, page.boxes[kept], page.shapes)]
    )
    (after,) = [i for i in checked.schedule_items if i.item_id == item.item_id]
    assert after.confidence < item.confidence
    assert [(f.kind, f.record_id) for f in checked.findings] == [("witness_text", item.item_id)]


def test_corrections_survive_a_run_and_are_seen_in_the_tables(tmp_path: Path) -> None:
    raw, out = tmp_path / "data" / "raw", tmp_path / "data" / "processed"
    raw.mkdir(parents=True)
    write(layouts()[0], raw)
    arguments = ("run", "--raw", raw, "--out", out)
    assert koteihyo(*arguments).returncode == ExitCode.OK
    folder = tmp_path / "data" / "corrections"
    folder.mkdir()
    (folder / "plain.yaml").write_text(
        "- {page: 1, text: 試行公開, set: {fy_end: 2026}, reason: seen}\n"
        "- {page: 1, text: ない, drop: true, reason: x}\n",
        encoding="utf-8",
    )
    assert "read" in koteihyo(*arguments).stdout
    query = "SELECT fy_end, corrected_by FROM schedule_items WHERE text = '試行公開'"
    assert json.loads(koteihyo("sql", query, "--out", out, "--json").stdout) == [
        {"fy_end": 2026, "corrected_by": "unnamed: seen"}
    ]
    assert "correction_unused" in koteihyo("audit", "plain", "--out", out).stdout
    images = tmp_path / "images"
    listed = koteihyo("review", "plain", "--out", out, "--raw", raw, "--limit", 3, "--images", images)
    assert listed.returncode == ExitCode.OK, listed.stderr
    assert len(list(images.glob("*.png"))) == 3


def test_accepted_is_certain_and_ignored_is_only_information(drawn: tuple[Path, EditionRecords]) -> None:
    finding = Finding(
        edition_id="plain", page_no=1, finding_id="plain:p1:f9", kind="unassigned", severity="warning",
        message="どの項目にも属さない文字", text="出典：架空", x0=500, y0=300, x1=560, y1=310,
    )  # fmt: skip
    records = drawn[1].model_copy(update={"findings": [finding]})
    doubtful = [i.model_copy(update={"confidence": 0.5}) for i in records.schedule_items]
    records = records.model_copy(update={"schedule_items": doubtful})
    fixes = [
        _correction(text="試行公開", accept=True, by="山田"),
        _correction(text="出典：架空", ignore=True, by="山田"),
    ]
    corrected = correct(records, fixes)
    (item,) = [i for i in corrected.schedule_items if i.text == "試行公開"]
    assert (item.confidence, item.corrected_by, item.original) == (1.0, "山田: seen", "{}")
    assert [(f.severity, f.message) for f in corrected.findings] == [
        ("info", "どの項目にも属さない文字（確認済み：山田: seen）")
    ]
    added = correct(records, [_correction(add={"text": "出典：架空", "fy_start": 2024, "fy_end": 2024})])
    assert added.findings[0].severity == "info"
    assert (added.schedule_items[-1].x0, added.schedule_items[-1].y1) == (500, 310)


def test_items_of_the_same_text_and_years_are_told_apart_by_place(drawn: tuple[Path, EditionRecords]) -> None:
    (item,) = [i for i in drawn[1].schedule_items if i.text == "試行公開"]
    twin = item.model_copy(update={"item_id": "twin", "y0": item.y0 + 100, "y1": item.y1 + 100})
    records = drawn[1].model_copy(update={"schedule_items": [*drawn[1].schedule_items, twin]})
    fix = _correction(text="試行公開", at=[item.x0 + 1, item.y0 + 101], set={"owners": ["総務省"], "text": "公開"})
    corrected = correct(records, [fix])
    assert [(i.text, i.owners) for i in corrected.schedule_items if i.item_id == "twin"] == [("公開", ["総務省"])]
    assert [i.text for i in corrected.schedule_items if i.item_id == item.item_id] == ["試行公開"]


def test_a_heading_may_be_named_by_its_path_and_the_first_reading_is_remembered(
    drawn: tuple[Path, EditionRecords],
) -> None:
    path = next(s.path for s in drawn[1].sections if s.title == "渇水への備え")
    fixes = [_correction(text="試行公開", set={"fy_start": 2024}), _correction(text="試行公開", set={"section": path}),
             _correction(text="試行公開", set={"fy_start": 2023})]  # fmt: skip
    (item,) = [i for i in correct(drawn[1], fixes).schedule_items if i.text == "試行公開"]
    assert item.section_id == next(s.section_id for s in drawn[1].sections if s.path == path)
    assert json.loads(item.original or "")["fy_start"] == 2025


WRITTEN = """# 2024年版の訂正（山田）

  - page: 3            # 3ページ
    text: "観測"
    drop: true
    reason: 'legend'

  # 次は部長に確認
  - {page: 4, text: 公開, accept: true, reason: ok}
"""


def test_entries_come_and_go_and_what_a_person_wrote_stays(tmp_path: Path) -> None:
    path = tmp_path / "corrections" / "e.yaml"
    key = append_entry(path, _correction(text="a: b", accept=True))
    assert [c.text for c in load_corrections([path])[0]] == ["a: b"]
    remove_entry(path, key)
    assert entries(path) == []
    for text in (WRITTEN, WRITTEN.rstrip("\n"), WRITTEN.replace("\n", "\r\n")):
        path.write_text(text, encoding="utf-8", newline="")
        key = append_entry(path, _correction(text="試行公開", set={"fy_start": 2024, "owners": ["総務省"]}))
        assert path.read_bytes().startswith(text.encode())
        assert [c.text for c in load_corrections([path])[0]] == ["観測", "公開", "試行公開"]
        remove_entry(path, key)
        assert path.read_bytes().rstrip() == text.encode().rstrip()
        remove_entry(path, entry_key(entries(path)[0]))
        assert "# 次は部長に確認" in path.read_text(encoding="utf-8")
        with pytest.raises(UsageError):
            remove_entry(path, key)


@pytest.mark.parametrize(
    "text",
    ["[{page: 1, text: a, drop: true, reason: b}]", "page: 1", "- [", "- 2022-99-99", "- " + "[" * 9999 + "]" * 9999],
    ids=["flow", "mapping", "open", "date", "deep"],
)
def test_a_file_that_cannot_be_added_to_stays_as_it_is(text: str, tmp_path: Path) -> None:
    path = tmp_path / "e.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"e\.yaml"):
        append_entry(path, _correction(text="b", drop=True))
    assert path.read_text(encoding="utf-8") == text


def test_a_correction_needs_no_second_reading_of_the_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    write(layouts()[0], raw)
    path = corrections_file(raw, "plain")
    append_entry(path, _correction(text="試行公開", set={"fy_end": 2026}))
    run(Options(raw, out, limits=Limits(witness=False)))
    kept = kept_file(out, "plain")
    # A reading that nobody can have made: what comes out can only be from here.
    kept.write_text(kept.read_text(encoding="utf-8").replace("試行公開", "試行非公開"), encoding="utf-8")
    append_entry(path, _correction(text="試行非公開", set={"fy_end": 2025}))
    run(Options(raw, out, limits=Limits(witness=False)))
    assert "試行非公開" in [i.text for i in load_edition(out, "plain").schedule_items]
    # With another registration or reader it is not used.
    run(Options(raw, out, limits=Limits(witness=True)))
    assert "試行公開" in [i.text for i in load_edition(out, "plain").schedule_items]
