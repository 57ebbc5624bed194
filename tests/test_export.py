# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exports opened by other programs' readers: every value arrives, and the plan is drawn cell by cell."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import koteihyo
from koteihyo.pipeline.drawing.colours import Palette
from koteihyo.pipeline.export.plan_sheet import sheet_names
from koteihyo.schema.records import ItemKind

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl reads the workbook back")


def export(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "koteihyo.pipeline.cli", "export", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def workbook(processed: Path, tmp_path_factory: pytest.TempPathFactory) -> object:
    path = tmp_path_factory.mktemp("xlsx") / "plan.xlsx"
    result = export(path, "--format", "xlsx", "--out", processed)
    assert result.returncode == 0, result.stderr
    return openpyxl.load_workbook(path, rich_text=True)


@pytest.mark.parametrize("edition", ["sample-2024", "sample-2025"])
def test_every_item_is_a_cell_over_its_years_in_its_colour(edition: str, workbook, processed: Path) -> None:
    plan = koteihyo.open(processed).plan(edition)
    sheet = workbook[f"工程表 {edition}"]
    years = _header_row(sheet)
    header = {int(str(c.value)[:4]): c.column for c in sheet[years] if str(c.value)[:2] == "20"}
    legend = [c.value for row in sheet.iter_rows(2, years - 2, 2) for c in row if c.value]
    assert legend[0] == "凡例"
    assert "検討" in legend
    # Nothing stands right over the years that could be taken for theirs.
    assert not any(c.value for c in sheet[years - 1])
    merged = {(r.min_row, r.min_col): r.max_col for r in sheet.merged_cells.ranges}
    assert all(r.min_row == r.max_row for r in sheet.merged_cells.ranges)
    palette = Palette(plan.items)
    left = [item for item in plan.items if item.fy_start is not None]
    titles = {s.section_id: s.marker + s.title for s in plan.sections}
    titles |= {r.row_id: r.name for r in plan.records.table_rows}
    for row in sheet.iter_rows(min_row=years + 1):
        for cell in row[2 : 2 + len(header)]:
            if not cell.value:
                continue
            last = merged.get((cell.row, cell.column), cell.column)
            fits = [
                item
                for item in left
                if item.text == str(cell.value)
                and (header[item.fy_start], header[item.fy_end]) == (cell.column, last)
                and titles.get(item.section_id or item.row_id or "", "") == (sheet.cell(cell.row, 2).value or "")
            ]
            assert fits, f"{cell.coordinate} {cell.value}"
            left.remove(fits[0])
            if fits[0].kind is ItemKind.BAR:
                assert cell.fill.fgColor.rgb == "FF" + palette.of(fits[0])[1:]
    assert left == []


def _header_row(sheet) -> int:
    return next(row for row in range(1, 20) if sheet.cell(row, 1).value == "章")


def test_headings_fold_and_the_sheet_prints_on_a3(workbook) -> None:
    sheet = workbook["工程表 sample-2024"]
    header = _header_row(sheet)
    levels = {sheet.cell(n, 2).value: sheet.row_dimensions[n].outlineLevel for n in range(sheet.max_row, header, -1)}
    assert levels["１．手続の入口づくり"] == 0
    assert levels["（１）オンラインでの本人確認"] == 1
    assert levels["①認証の共通部品"] == 2
    assert sheet.sheet_properties.outlinePr.summaryBelow is False
    assert sheet.freeze_panes == f"C{header + 1}"
    assert sheet.auto_filter.ref.startswith(f"A{header}:")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert sheet.print_title_rows == f"${header}:${header}"
    assert sheet.page_setup.fitToHeight == 0


def test_notes_stand_below_the_plan(workbook, processed: Path) -> None:
    notes = {note.text for note in koteihyo.open(processed).plan("sample-2024").records.notes}
    sheet = workbook["工程表 sample-2024"]
    assert notes <= {cell.value for cell in sheet["B"]}


def test_changed_words_are_red_and_both_texts_whole(workbook, processed: Path) -> None:
    sheet = next(sheet for sheet in workbook if sheet.title.startswith("変更点"))
    changes = [
        c
        for c in koteihyo.open(processed).diff("sample-2024", "sample-2025").changes
        if c.change_type not in ("rolled", "expired")
    ]
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == len(changes)
    for row, change in zip(rows, changes, strict=True):
        assert str(row[1].value or "") == (change.old_text or "")
        assert str(row[2].value or "") == (change.new_text or "")
        if change.old_text and change.new_text and change.old_text != change.new_text and change.kind == "bar":
            red = [p for c in row[1:3] for p in c.value if hasattr(p, "font") and p.font.color.rgb == "FFC00000"]
            assert red


def test_tables_have_their_sheets_and_no_cell_is_a_formula(workbook, processed: Path) -> None:
    sheet = workbook["schedule_items"]
    assert sheet.max_row == 1 + koteihyo.open(processed).frame("schedule_items").height
    assert all(cell.data_type != "f" for sheet in workbook for row in sheet.iter_rows() for cell in row)


def test_named_tables_are_the_only_sheets(processed: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    assert export(path, "--format", "xlsx", "--table", "notes", "--out", processed).returncode == 0
    assert openpyxl.load_workbook(path).sheetnames == ["notes", "columns"]


def test_csv_and_json_lines_hold_the_same_rows(processed: Path, tmp_path: Path) -> None:
    for kind in ("csv", "jsonl"):
        assert export(tmp_path, "--format", kind, "--table", "schedule_items", "--out", processed).returncode == 0
    with (tmp_path / "schedule_items.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [json.loads(line) for line in (tmp_path / "schedule_items.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows] == [line["text"] for line in lines]
    assert len(rows) == koteihyo.open(processed).frame("schedule_items").height


def test_a_data_package_says_what_its_columns_are(processed: Path, tmp_path: Path) -> None:
    assert export(tmp_path, "--format", "datapackage", "--out", processed).returncode == 0
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    items = next(r for r in package["resources"] if r["name"] == "schedule_items")
    assert items["schema"]["primaryKey"] == ["item_id"]
    assert (tmp_path / items["path"]).stat().st_size == items["bytes"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("x.csv", "--format", "xlsx"), ".xlsx"),
        (("x", "--table", "nothing"), "no table nothing"),
        (("x", "--edition", "no"), "edition no"),
    ],
)
def test_what_cannot_be_exported_is_said(
    arguments: tuple[str, ...], said: str, processed: Path, tmp_path: Path
) -> None:
    result = export(tmp_path / arguments[0], *arguments[1:], "--out", processed)
    assert result.returncode == 2
    assert said in result.stderr


def test_sheet_names_are_what_excel_takes() -> None:
    names = sheet_names("工程表", {"a": "x/y", "b": "z" * 40, "c": "z" * 41})
    assert names["a"] == "工程表 x_y"
    assert len({name.casefold() for name in names.values()}) == 3
    assert all(len(name) <= 31 for name in names.values())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_prints_the_plan_on_a3(processed: Path, tmp_path: Path) -> None:
    import pymupdf

    assert export(tmp_path / "plan.xlsx", "--format", "xlsx", "--out", processed).returncode == 0
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "plan.xlsx")], check=True, capture_output=True, timeout=240)
    with pymupdf.open(tmp_path / "plan.pdf") as pdf:
        assert [round(side / 72 * 25.4) for side in pdf[0].rect[2:]] == [420, 297]
        first, second = (pdf[number].get_text() for number in (0, 1))
        assert "所有者台帳と地図の統合" in first.replace("\n", "")
        assert "2028年度" in first
        assert "2028年度" in second
