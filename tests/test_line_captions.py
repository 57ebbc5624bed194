# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text at line arrows is theirs, on whichever side it stands, and the grid of the table keeps rows apart."""

from __future__ import annotations

from pathlib import Path

import pymupdf

from tests.sketch import Sketch


def _arrow(sketch: Sketch, begin: float, end: float, y: float) -> tuple[float, float]:
    x0, x1 = sketch.edges[0] + 110 * begin + 3, sketch.edges[0] + 110 * end - 3
    sketch.page.draw_line((x0, y), (x1 - 5, y), color=(0, 0, 0), width=0.9)
    sketch.pen.polygon([(x1 - 6, y - 3), (x1, y), (x1 - 6, y + 3)], (0, 0, 0), None)
    return x0, x1


def _text(sketch: Sketch, x: float, y: float, text: str) -> None:
    sketch.page.insert_text((x, y), text, fontname="japan", fontsize=8.5)


def test_texts_above_below_on_and_before_line_arrows_are_theirs(tmp_path: Path) -> None:
    sketch = Sketch(160)
    for x in sketch.edges:
        sketch.page.draw_line((x, 69), (x, 300), color=(0.5, 0.5, 0.5), width=0.5)
    x0, _x1 = _arrow(sketch, 0, 2, 110)
    _text(sketch, x0 + 70, 106, "基本設計")
    x0, _x1 = _arrow(sketch, 2, 5, 110)
    _text(sketch, x0 + 120, 121, "段階的な整備")
    x0, _x1 = _arrow(sketch, 0, 4, 150)
    sketch.page.draw_rect((x0 + 1, 144, x0 + 63, 156), color=None, fill=(1, 1, 1))
    _text(sketch, x0 + 3, 153, "カリキュラム")
    x0, _x1 = _arrow(sketch, 3, 5, 190)
    _text(sketch, x0 - 40, 193, "継続実施")

    items = sketch.read(tmp_path).schedule_items

    assert {(i.text, i.kind.value, i.fy_start, i.fy_end) for i in items} == {
        ("基本設計", "bar", 2024, 2025), ("段階的な整備", "bar", 2026, 2028), ("カリキュラム", "bar", 2024, 2027),
        ("継続実施", "bar", 2027, 2028),
    }  # fmt: skip


def test_a_rule_between_a_text_and_an_arrow_keeps_them_apart(tmp_path: Path) -> None:
    sketch = Sketch(160)
    for x in sketch.edges:
        sketch.page.draw_line((x, 69), (x, 180), color=(0.5, 0.5, 0.5), width=0.5)
    for row, (text, begin, end) in enumerate((("調査", 0, 1), ("設計", 1, 2), ("整備", 0, 3), ("運用", 2, 5))):
        top = 69 + 26 * row
        sketch.page.draw_line((30, top + 26), (sketch.edges[5], top + 26), color=(0, 0, 0), width=0.5)
        x0, _x1 = _arrow(sketch, begin, end, top + 22)
        _text(sketch, x0 - 2, top + 9, text)

    items = sketch.read(tmp_path).schedule_items

    assert {(i.text, i.fy_start, i.fy_end) for i in items} == {
        ("調査", 2024, 2024), ("設計", 2025, 2025), ("整備", 2024, 2026), ("運用", 2026, 2028),
    }  # fmt: skip


def test_arrows_and_boxes_without_text_are_bars_and_cells_and_grounds_are_none(tmp_path: Path) -> None:
    sketch = Sketch(160)
    sketch.bars(80)
    _arrow(sketch, 1, 3, 120)
    page, edges = sketch.page, sketch.edges
    page.draw_rect((edges[2] + 30, 135, edges[4] - 20, 147), color=(0.3, 0.3, 0.3), fill=(0.4, 0.6, 0.5), width=1)
    # The ground of a row, cell by cell; a filled cell of a grid; a white box; a rule.
    for x0, x1 in zip(edges, edges[1:], strict=False):
        page.draw_rect((x0 + 1, 160, x1 - 1, 180), color=None, fill=(1, 0.95, 0.8))
    page.draw_rect((edges[1], 190, edges[2], 210), color=None, fill=(0.8, 0.9, 1))
    page.draw_rect((edges[3], 190, edges[4], 202), color=None, fill=(1, 1, 1))
    for y in (190, 210):
        page.draw_line((30, y), (edges[5], y), color=(0, 0, 0), width=0.5)

    items = [i for i in sketch.read(tmp_path).schedule_items if not i.text]

    assert [(i.kind.value, i.fy_start, i.fy_end) for i in items] == [("bar", 2025, 2026), ("bar", 2026, 2027)]


def test_an_arrow_from_bar_to_bar_is_no_bar(tmp_path: Path) -> None:
    sketch = Sketch(160)
    for begin, end, text in ((0, 2, "調査"), (3, 5, "整備")):
        box = pymupdf.Rect(sketch.edges[begin], 90, sketch.edges[end], 110)
        sketch.pen.shape("rect", box, (0.8, 0.9, 1), (0.1, 0.2, 0.5))
        sketch.pen.centred(box, text, 8.5, (0, 0, 0))
    _arrow(sketch, 2, 3, 100)

    items = sketch.read(tmp_path).schedule_items

    assert {i.text for i in items} == {"調査", "整備"}


def test_a_caption_at_the_end_of_a_leader_line_is_its_bars(tmp_path: Path) -> None:
    sketch = Sketch(160)
    sketch.bars(80)
    for x in sketch.edges:
        sketch.page.draw_line((x, 69), (x, 300), color=(0.5, 0.5, 0.5), width=0.5)
    x0, _x1 = _arrow(sketch, 1, 3, 130)
    sketch.page.draw_line((x0 + 60, 131), (x0 + 90, 158), color=(0, 0, 0), width=0.5)
    _text(sketch, x0 + 80, 168, "関係機関との調整")
    x0, _x1 = _arrow(sketch, 3, 5, 210)
    sketch.page.draw_line((x0 + 60, 211), (x0 + 60, 240), color=(0, 0, 0), width=0.5)
    _text(sketch, x0 + 40, 250, "継続的な見直し")

    items = [i for i in sketch.read(tmp_path).schedule_items if i.y0 > 120]

    assert {(i.text, i.kind.value, i.fy_start, i.fy_end) for i in items} == {
        ("関係機関との調整", "bar", 2025, 2026), ("継続的な見直し", "bar", 2027, 2028),
    }  # fmt: skip


def test_a_target_with_a_star_in_a_box_is_a_callout_and_a_bare_one_a_milestone(tmp_path: Path) -> None:
    sketch = Sketch(160)
    sketch.bars(80)
    box = pymupdf.Rect(sketch.edges[3] + 2, 120, sketch.edges[4] - 2, 136)
    sketch.page.draw_rect(box, color=(0.7, 0, 0), fill=(1, 1, 1), width=0.8)
    sketch.pen.centred(box, "★目標 年間12件", 8.5, (0.7, 0, 0))
    _text(sketch, sketch.edges[1] + 40, 160, "★方針の決定")
    _text(sketch, sketch.edges[2] + 40, 160, "▲公表")

    items = [i for i in sketch.read(tmp_path).schedule_items if i.y0 > 110]

    assert {(i.text.replace(" ", ""), i.kind.value, i.fy_start) for i in items} == {
        ("★目標年間12件", "callout", 2027), ("★方針の決定", "marker", 2025), ("▲公表", "marker", 2026),
    }  # fmt: skip


def test_the_arrow_of_time_over_a_history_makes_it_no_plan(tmp_path: Path) -> None:
    page = Sketch(60, labels=())
    for i, year in enumerate(range(2019, 2024)):
        _text(page, page.edges[i] + 40, 60, str(year))
    _arrow(page, 0, 5, 75)
    for i, text in enumerate(("指針の公表", "勧告の採択", "原則の改定", "法案の提出", "暫定合意")):
        page.pen.centred(pymupdf.Rect(page.edges[i] + 5, 90, page.edges[i + 1] - 5, 130), text, 8.5, (0, 0, 0))
        page.page.draw_rect((page.edges[i] + 5, 90, page.edges[i + 1] - 5, 130), color=(0.5, 0.5, 0.5))

    assert page.read(tmp_path).schedule_items == []


def test_arrows_alone_are_a_plan_where_headings_say_what_for(tmp_path: Path) -> None:
    sketch = Sketch(160)
    for x in sketch.edges:
        sketch.page.draw_line((x, 69), (x, 200), color=(0.5, 0.5, 0.5), width=0.5)
    for row, (text, begin, end) in enumerate((("（１）調査", 0, 1), ("（２）設計", 1, 3), ("（３）運用", 3, 5))):
        _text(sketch, 40, 95 + 40 * row, text)
        _arrow(sketch, begin, end, 92 + 40 * row)

    items = sketch.read(tmp_path).schedule_items

    assert [(i.text, i.fy_start, i.fy_end) for i in items] == [("", 2024, 2024), ("", 2025, 2026), ("", 2027, 2028)]


def test_dated_boxes_side_by_side_are_no_plan(tmp_path: Path) -> None:
    sketch = Sketch(60, labels=())
    for i, date in enumerate(("2019年5月", "2021年11月", "2023年12月")):
        box = pymupdf.Rect(60 + 150 * i, 60, 180 + 150 * i, 130)
        sketch.page.draw_rect(box, color=(0.5, 0.5, 0.5))
        sketch.pen.centred(box, f"原則の採択\n{date}:\n理事会", 8.5, (0, 0, 0))
    for i, text in enumerate(("指針の公表", "枠組みの決定")):
        box = pymupdf.Rect(100 + 150 * i, 140, 220 + 150 * i, 190)
        sketch.page.draw_rect(box, color=(0.5, 0.5, 0.5))
        sketch.pen.centred(box, text, 8.5, (0, 0, 0))

    assert sketch.read(tmp_path).schedule_items == []
