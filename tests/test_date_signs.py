# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small figures that mark dates: triangles, diamonds, stars, discs with a caption."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from koteihyo.schema.records import ItemKind
from tests.sketch import Sketch

RED = (0.8, 0.0, 0.0)
SIZE = 4.0


def _ring(*radii: float, corners: int, turn: float = 0.0) -> list[tuple[float, float]]:
    steps = [turn + 2 * math.pi * i / corners for i in range(corners)]
    return [(radii[i % len(radii)] * math.sin(a), -radii[i % len(radii)] * math.cos(a)) for i, a in enumerate(steps)]


FIGURES = {
    "diamond": _ring(SIZE, corners=4),
    "five rays": _ring(SIZE, SIZE * 0.4, corners=10),
    "four rays": _ring(SIZE, SIZE * 0.4, corners=8),
    "pointer": [(-5, -1.5), (1, -1.5), (1, -4), (5, 0), (1, 4), (1, 1.5), (-5, 1.5)],
}


@pytest.mark.parametrize(
    ("figure", "kind"),
    [
        ("diamond", ItemKind.MARKER),
        ("five rays", ItemKind.MARKER),
        ("four rays", ItemKind.MARKER),
        ("disc", ItemKind.MARKER),
        ("pointer", ItemKind.CALLOUT),
    ],
)
def test_a_small_figure_with_a_caption_is_a_date(figure: str, kind: ItemKind, tmp_path: Path) -> None:
    page = Sketch(200)
    page.bars(90)
    page.pen.text((40, 104), "１．観測機", 9)
    x, y = 475.0, 130.0
    if figure == "disc":
        page.page.draw_circle((x, y), SIZE, color=None, fill=RED)
    else:
        page.pen.polygon([(x + dx, y + dy) for dx, dy in FIGURES[figure]], RED, None)
    page.pen.text((x + 8, y + 3), "試行開始", 8)
    page.bars(150)
    found = [(i.kind, i.fy_start, i.fy_end) for i in page.read(tmp_path).schedule_items if i.text == "試行開始"]
    assert found == [(kind, 2026, 2026)]


def test_a_disc_without_a_caption_is_an_ornament(tmp_path: Path) -> None:
    page = Sketch(200)
    page.bars(90)
    page.page.draw_circle((475, 130), SIZE, color=None, fill=RED)
    page.bars(150)
    assert {i.kind for i in page.read(tmp_path).schedule_items} == {ItemKind.BAR}
