# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bars, marks and remarks that were once read wrongly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from koteihyo.extract.document import open_document
from koteihyo.extract.model import Line
from koteihyo.normalize.axis.columns import find_axes
from koteihyo.normalize.axis.extent import find_regions
from koteihyo.schema.records import EditionRecords, ItemKind
from tests.sketch import Sketch

BLUE, EDGE, RED = (0.85, 0.9, 0.97), (0.1, 0.2, 0.5), (0.9, 0.1, 0.1)


def _texts(records: EditionRecords, kind: ItemKind) -> set[tuple[str, int | None]]:
    return {(i.text, i.fy_start) for i in records.schedule_items if i.kind is kind}


def _bar(page: Sketch, box: tuple[float, float, float, float], text: str) -> None:
    """A bar with its text at the top left."""
    rect = pymupdf.Rect(*box)
    page.pen.shape("rect", rect, BLUE, EDGE)
    page.pen.text((rect.x0 + 4, rect.y0 + 11), text, 8.5)


def _mark(page: Sketch, x: float, y: float) -> None:
    page.pen.polygon([(x - 5, y + 8), (x, y), (x + 5, y + 8)], RED, None)


def test_a_large_arrow_with_a_shallow_tip_is_a_bar(tmp_path: Path) -> None:
    page = Sketch(200)
    page.pen.polygon([(200, 72), (742, 72), (750, 270), (742, 468), (200, 468)], BLUE, EDGE)
    page.pen.text((206, 84), "海の観測網を整え、使いやすくする", 9)
    for y in range(100, 440, 60):
        _bar(page, (210, y, 600, y + 24), f"観測点{y}の更新")
    page.pen.text((40, 90), "１．海の見える化", 9)
    records = page.read(tmp_path)
    whole = next(i for i in records.schedule_items if i.text == "海の観測網を整え、使いやすくする")
    assert (whole.kind, whole.fy_start, whole.fy_end) == (ItemKind.BAR, 2024, 2028)


def test_a_gradient_that_is_stored_as_an_image_is_a_bar(tmp_path: Path) -> None:
    page = Sketch(200)
    strip = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 300, 1))
    strip.set_rect(strip.irect, (210, 225, 250))
    page.page.insert_image(pymupdf.Rect(312, 90, 528, 112), pixmap=strip, keep_proportion=False)
    page.pen.text((330, 104), "手引の作成", 8.5)
    page.bars(130)
    page.pen.text((40, 104), "１．水門の操作", 9)
    item = next(i for i in page.read(tmp_path).schedule_items if i.text == "手引の作成")
    assert (item.kind, item.fy_start, item.fy_end) == (ItemKind.BAR, 2025, 2026)


def _shade(page: Sketch, points: list[tuple[float, float]]) -> None:
    """Fills an outline with a gradient and nothing else."""
    document, height = page.document, page.page.rect.height
    path = " ".join(f"{x:g} {height - y:g} {'l' if i else 'm'}" for i, (x, y) in enumerate(points))
    content = document.get_new_xref()
    document.update_object(content, "<<>>")
    document.update_stream(content, f"q {path} h W n /Gradient sh Q".encode())
    xrefs = [*page.page.get_contents(), content]
    document.xref_set_key(page.page.xref, "Contents", f"[{' '.join(f'{xref} 0 R' for xref in xrefs)}]")
    document.xref_set_key(
        int(document.xref_get_key(page.page.xref, "Resources")[1].split()[0]),
        "Shading/Gradient",
        "<</ShadingType 2/ColorSpace/DeviceRGB/Coords[200 0 750 0]/Extend[true true]"
        "/Function<</FunctionType 2/Domain[0 1]/C0[0.6 0.8 1]/C1[1 1 1]/N 1>>>>",
    )


def test_a_gradient_without_an_outline_is_a_bar(tmp_path: Path) -> None:
    page = Sketch(200)
    _shade(page, [(312, 90), (520, 90), (528, 101), (520, 112), (312, 112)])
    page.bars(130)
    page.pen.text((330, 104), "手引の作成", 8.5)
    page.pen.text((40, 104), "１．水門の操作", 9)
    item = next(i for i in page.read(tmp_path).schedule_items if i.text == "手引の作成")
    assert (item.kind, item.fy_start, item.fy_end) == (ItemKind.BAR, 2025, 2026)


def test_what_stands_beyond_nested_bars_is_no_part_of_the_text_around_them(tmp_path: Path) -> None:
    page = Sketch(200)
    page.pen.shape("pentagon", pymupdf.Rect(202, 80, 748, 220), BLUE, EDGE)
    page.pen.text((206, 91), "森の道を直し、点検を続ける", 8.5)
    for y in (105, 135):
        _bar(page, (210, y, 600, y + 22), f"橋の補修{y}")
    page.pen.text((430, 200), "結果を反映", 8.5)
    page.pen.text((40, 104), "１．森の道", 9)
    records = page.read(tmp_path)
    assert ("森の道を直し、点検を続ける", 2024) in _texts(records, ItemKind.BAR)
    assert ("結果を反映", 2026) in _texts(records, ItemKind.LABEL)


def test_marks_set_closely_one_over_another_keep_the_captions_under_them(tmp_path: Path) -> None:
    page = Sketch(200)
    for x, y, caption in (
        (255, 90, "一号機"),
        (365, 90, "二号機"),
        (475, 90, "三号機"),
        (475, 110, "四号機"),
        (475, 130, "五号機"),
        (585, 90, "六号機"),
    ):
        _mark(page, x, y)
        page.pen.centred(pymupdf.Rect(x - 50, y + 9, x + 50, y + 21), caption, 8.5, (0, 0, 0))
    page.bars(190)
    page.pen.text((40, 104), "１．観測機", 9)
    years = {"一号機": 2024, "二号機": 2025, "三号機": 2026, "四号機": 2026, "五号機": 2026, "六号機": 2027}
    records = page.read(tmp_path)
    assert _texts(records, ItemKind.MARKER) == set(years.items())
    tops = {i.text: i.y0 for i in records.schedule_items}
    assert tops["三号機"] < tops["四号機"] < tops["五号機"]


def test_captions_that_touch_are_parted_between_their_marks(tmp_path: Path) -> None:
    page = Sketch(200)
    # Nine characters of 8.5 points for each mark, side by side without a gap worth speaking of.
    for x, caption in ((421, "観測機の一号機の出発"), (507.5, "観測機の二号機の出発")):
        _mark(page, x, 90)
        page.pen.centred(pymupdf.Rect(x - 60, 99, x + 60, 111), caption, 8.5, (0, 0, 0))
    page.bars(190)
    page.pen.text((40, 104), "１．観測機", 9)
    assert _texts(page.read(tmp_path), ItemKind.MARKER) == {
        ("観測機の一号機の出発", 2026),
        ("観測機の二号機の出発", 2026),
    }


def test_a_painted_over_text_is_found_where_an_edge_runs_past(tmp_path: Path) -> None:
    page = Sketch(200)
    page.pen.text((700, 99), "27", 9)
    _bar(page, (202, 80, 748, 140), "森の道を直し、点検を続ける")
    # This edge crosses the covered number.
    _bar(page, (210, 94, 740, 130), "橋の補修")
    page.pen.text((40, 104), "１．森の道", 9)
    records = page.read(tmp_path)
    assert all("27" not in i.text for i in records.schedule_items)
    assert [f.text for f in records.findings if f.kind == "hidden_text"] == ["27"]


def test_a_painted_over_text_is_found_under_the_words_of_what_covers_it(tmp_path: Path) -> None:
    page = Sketch(200)
    page.pen.text((215, 108), "［森林局、道路局、消防局］", 9)
    _bar(page, (202, 94, 748, 122), "")
    # Half a line lower: each character beneath has strokes of these in its place.
    page.pen.text((217, 112), "山道の点検を続ける", 9)
    page.bars(190)
    page.pen.text((40, 112), "１．森の道", 9)
    records = page.read(tmp_path)
    assert "山道の点検を続ける" in {i.text for i in records.schedule_items}
    assert not any("森林局" in i.text for i in records.schedule_items)
    assert [f.text for f in records.findings if f.kind == "hidden_text"] == ["［森林局、道路局、消防局］"]


def _boxes(page: Sketch, rows: list[list[tuple[str, float, float]]]) -> None:
    """Rounded boxes under year labels that stand without any line."""
    for i in range(5):
        label = pymupdf.Rect(page.edges[i], 45, page.edges[i + 1], 69)
        page.pen.centred(label, f"{2024 + i}年度", 8.5, (0, 0, 0))
    for y, row in enumerate(rows):
        for text, begin, end in row:
            box = pymupdf.Rect(
                page.edges[0] + 110 * begin + 2, 90 + 60 * y, page.edges[0] + 110 * end - 2, 112 + 60 * y
            )
            page.pen.shape("round", box, BLUE, None)
            page.pen.centred(box, text, 8.5, (0, 0, 0))


def test_a_plan_needs_no_column_lines_where_bars_cover_years(tmp_path: Path) -> None:
    page = Sketch(200, [])
    _boxes(page, [[("調査", 0, 1), ("整備", 1, 5)], [("試作", 0, 2), ("実証", 2, 4)]])
    for y, title in ((104, "水門の操作"), (164, "川の見える化")):
        page.pen.text((40, y), title, 9)
    read = page.read(tmp_path)
    assert {(i.text, i.fy_start, i.fy_end) for i in read.schedule_items} == {
        ("調査", 2024, 2024),
        ("整備", 2025, 2028),
        ("試作", 2024, 2025),
        ("実証", 2026, 2027),
    }


def test_a_time_line_of_events_is_no_plan(tmp_path: Path) -> None:
    page = Sketch(200, [])
    _boxes(page, [[("宣言の採択", 0, 1), ("勧告", 2, 3)], [("条約の発効", 1, 2), ("会議の開催", 4, 5)]])
    assert page.read(tmp_path).schedule_items == []


def test_milestones_under_the_last_bar_are_in_the_chart(tmp_path: Path) -> None:
    page = Sketch(200)
    page.bars(90)
    page.pen.text((40, 104), "１．水門の操作", 9)
    page.pen.text((225, 130), "▲手引の公表", 8.5)
    _mark(page, 475, 122)
    page.pen.centred(pymupdf.Rect(425, 131, 525, 143), "運用の開始", 8.5, (0, 0, 0))
    page.pen.text((205, 165), "▲：時期は今後の検討による。", 8.5)
    records = page.read(tmp_path)
    assert _texts(records, ItemKind.MARKER) == {("▲手引の公表", 2024), ("運用の開始", 2026)}
    assert len(records.schedule_items) == 4


def test_a_line_of_invisible_characters_under_the_last_bar_is_no_milestone(tmp_path: Path) -> None:
    page = Sketch(200)
    page.bars(90)
    page.pen.text((225, 130), "注釈", 8.5)
    path = tmp_path / "invisible.pdf"
    path.write_bytes(page.document.tobytes())
    with open_document(path) as document:
        layout = document.page(1)
    lines = [
        Line(tuple(g._replace(char="\u200b") for g in line.glyphs)) if line.text == "注釈" else line
        for line in layout.lines
    ]
    region = find_regions(replace(layout, lines=tuple(lines)), find_axes(layout))[0]
    assert region.body.y1 < 115


PERIODS = [("要領の調査", 0.0, 1.5), ("整備の実施", 1.5, 4.0)]


def _text_above(page: Sketch, bar: pymupdf.Rect, text: str) -> None:
    page.pen.shape("rect", pymupdf.Rect(bar.x0, bar.y1 - 6, bar.x1, bar.y1), BLUE, None)
    page.pen.text((bar.x0 + 2, bar.y1 - 9), text, 8.5)


def _text_below(page: Sketch, bar: pymupdf.Rect, text: str) -> None:
    page.pen.shape("rect", pymupdf.Rect(bar.x0, bar.y0, bar.x1, bar.y0 + 6), BLUE, None)
    page.pen.text((bar.x0 + 2, bar.y1 - 3), text, 8.5)


def _text_below_an_arrow(page: Sketch, bar: pymupdf.Rect, text: str) -> None:
    page.pen.line((bar.x0, bar.y0 + 4), (bar.x1 - 6, bar.y0 + 4), width=1.2)
    page.pen.polygon([(bar.x1 - 6, bar.y0 + 1), (bar.x1, bar.y0 + 4), (bar.x1 - 6, bar.y0 + 7)], EDGE, None)
    page.pen.text((bar.x0 + 20, bar.y0 + 16), text, 8.5)


def _text_in_the_middle_of_an_arrow(page: Sketch, bar: pymupdf.Rect, text: str) -> None:
    half = pymupdf.get_text_length(text, "japan", 8.5) / 2
    middle, y = (bar.x0 + bar.x1) / 2, bar.y0 + 10
    page.pen.line((bar.x0, y), (middle - half - 3, y), width=1.2)
    page.pen.line((middle + half + 3, y), (bar.x1 - 6, y), width=1.2)
    page.pen.polygon([(bar.x1 - 6, y - 3), (bar.x1, y), (bar.x1 - 6, y + 3)], EDGE, None)
    page.pen.text((middle - half, y + 3), text, 8.5)


def _text_above_a_thick_line(page: Sketch, bar: pymupdf.Rect, text: str) -> None:
    page.pen.line((bar.x0, bar.y1), (bar.x1, bar.y1), width=5)
    page.pen.text((bar.x0 + 2, bar.y1 - 5), text, 8.5)


def _text_in_a_stroke(page: Sketch, bar: pymupdf.Rect, text: str) -> None:
    page.page.draw_line((bar.x0, bar.y0 + 10), (bar.x1, bar.y0 + 10), color=BLUE, width=18)
    page.pen.text((bar.x0 + 20, bar.y0 + 13), text, 8.5)


@pytest.mark.parametrize(
    "draw",
    [
        _text_above,
        _text_below,
        _text_below_an_arrow,
        _text_in_the_middle_of_an_arrow,
        _text_above_a_thick_line,
        _text_in_a_stroke,
    ],
)
def test_text_in_or_beside_bars_of_any_kind_is_theirs(
    draw: Callable[[Sketch, pymupdf.Rect, str], None], tmp_path: Path
) -> None:
    page = Sketch(200)
    for row, title in enumerate(("１．水門", "２．川")):
        page.pen.text((40, 104 + 60 * row), title, 9)
        for text, begin, end in PERIODS:
            x0, x1 = (page.edges[0] + 110 * position for position in (begin, end))
            draw(page, pymupdf.Rect(x0 + 2, 92 + 60 * row, x1 - 2, 112 + 60 * row), f"{text}{row}")
    read = {(i.text, i.kind, i.fy_start, i.fy_end) for i in page.read(tmp_path).schedule_items}
    years = {"要領の調査": (2024, 2025), "整備の実施": (2025, 2027)}
    assert read == {(f"{text}{row}", ItemKind.BAR, *years[text]) for text in years for row in range(2)}


def test_text_at_the_right_of_empty_bars_is_theirs(tmp_path: Path) -> None:
    page = Sketch(200)
    page.pen.text((40, 104), "１．水門", 9)
    for y, text, begin, end in ((90, "要領の調査", 0, 1), (120, "整備の実施", 1, 3)):
        box = pymupdf.Rect(page.edges[0] + 110 * begin + 2, y, page.edges[0] + 110 * end - 2, y + 10)
        page.pen.shape("rect", box, BLUE, EDGE)
        page.pen.text((box.x1 + 4, y + 8), text, 8.5)
    read = {(i.text, i.kind, i.fy_start, i.fy_end) for i in page.read(tmp_path).schedule_items}
    assert read == {("要領の調査", ItemKind.BAR, 2024, 2024), ("整備の実施", ItemKind.BAR, 2025, 2026)}
