# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parts the lines of a chart by where they stand: in the year header, beside the years, under them."""

from __future__ import annotations

from dataclasses import dataclass

from koteihyo.extract.model import Line
from koteihyo.normalize.axis.extent import ARROW_FORMS
from koteihyo.normalize.claims import Area, Claims
from koteihyo.normalize.layout.margins import is_note_start
from koteihyo.normalize.scene import Scene


@dataclass(frozen=True)
class AreaSettings:
    """Where a chart's areas end. Lengths in sizes of the header's text."""

    side_slack: float = 1.0
    """Lines reach this far out of the chart's sides."""
    header_slack: float = 0.3
    """Lines of the header stand this far over its first row."""


AREAS = AreaSettings()


def part_by_area(scene: Scene, claims: Claims, settings: AreaSettings = AREAS) -> Claims:
    """Every line of the chart in the area that its middle lies in; lines elsewhere stay where they were."""
    labels = {g for ln in scene.region.axis.label_lines for g in ln.glyphs}
    given = []
    for line in claims.lines_of(Area.PAGE):
        area, why = _area_of(scene, line, settings)
        if any(g in labels for g in line.glyphs):
            area, why = Area.HEADER, "names years"
        if area is not Area.PAGE:
            given.append((line, area, why))
    return claims.give_each(given)


def _area_of(scene: Scene, line: Line, settings: AreaSettings) -> tuple[Area, str]:
    region, box, em = scene.region, line.box, scene.em
    header = region.axis.header
    slack = settings.side_slack * em
    if not region.box.x0 - slack <= box.cx <= region.box.x1 + slack:
        return Area.PAGE, ""
    if header.y0 - settings.header_slack * em <= box.cy <= header.y1:
        return Area.HEADER, "level with the years"
    if not region.body.y0 <= box.cy <= region.body.y1:
        return Area.PAGE, ""
    if box.cx < region.body.x0:
        return Area.LEFT, "left of the first year"
    if box.cx > region.body.x1:
        return Area.RIGHT, "right of the last year"
    return Area.BODY, "between the years' edges"


@dataclass(frozen=True)
class EndSettings:
    """Where a chart without a frame ends. Lengths in sizes of the header's text."""

    overhang: float = 1.0
    """The last bar may reach this far out of the body."""
    over_note: float = 0.1
    """A line belongs to what is below when it begins this far over the first note."""


END = EndSettings()


def release_below(scene: Scene, claims: Claims, settings: EndSettings = END) -> Claims:
    """Where nothing is drawn under a chart, notes and prose begin at the first ※ line below its last bar."""
    region, em = scene.region, scene.em
    if region.ruled_bottom:
        return claims
    last = max(
        (
            s.box.y1
            for s in scene.shapes
            if s.form in ARROW_FORMS and s.box.y1 <= region.body.y1 + settings.overhang * em
        ),
        default=region.body.y1,
    )
    starts = [ln.box.y0 for ln in claims.free if ln.box.y0 >= last and is_note_start(ln.text)]
    if not starts:
        return claims
    cut = min(starts) - settings.over_note * em
    return claims.give([ln for ln in claims.free if ln.box.y0 >= cut], Area.PAGE, "below the first note")
