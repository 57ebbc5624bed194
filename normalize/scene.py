# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the passes of a reading look at, what a pass is, and how a list of them is run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from koteihyo.extract.model import Line, PageLayout, Ruling, Shape
from koteihyo.normalize.axis.extent import Region
from koteihyo.normalize.claims import Claims
from koteihyo.normalize.layout.cells import Grid


@dataclass(frozen=True, eq=False)
class Scene:
    """One chart's place on its page, and what is drawn and written there. Nothing of it changes while it is read."""

    layout: PageLayout
    region: Region
    lines: tuple[Line, ...]
    """Lines of the page that no other chart has."""

    @property
    def em(self) -> float:
        """Size of the text under the years, PDF points."""
        return self.region.em

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Closed outlines of the page, in painting order."""
        return self.layout.shapes

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        """Straight lines along an axis."""
        return self.layout.rulings

    @cached_property
    def solid_grid(self) -> Grid:
        """Cells between the lines that are not dashed."""
        return Grid(self.layout, solid_only=True)


@dataclass(frozen=True)
class Pass:
    """One step of a reading: it looks at the scene and at what is claimed so far, and returns more claims.

    `apply` takes (scene, claims), and `settings` where there are some. It has no other effect.
    """

    name: str
    reason: str
    """Why there is such a step, in one line."""
    apply: Callable[..., Claims]
    settings: object | None = None
    """Its thresholds: a frozen object whose fields say what they mean, in which unit, and in what range they hold."""

    def __call__(self, scene: Scene, claims: Claims) -> Claims:
        """The claims after this step."""
        named = replace(claims, by=self.name)
        after = self.apply(scene, named) if self.settings is None else self.apply(scene, named, self.settings)
        return replace(after, by="")


def stages(scene: Scene, passes: Sequence[Pass]) -> Iterator[tuple[Pass, Claims]]:
    """Every pass with the claims as they stand after it."""
    claims = Claims.start(scene.lines)
    for step in passes:
        claims = step(scene, claims)
        yield step, claims


def run(scene: Scene, passes: Sequence[Pass]) -> Claims:
    """The claims after all passes."""
    return [claims for _step, claims in stages(scene, passes)][-1]
