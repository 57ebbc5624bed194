# SPDX-License-Identifier: AGPL-3.0-or-later
"""A picture of a page or of a part of it, upright and with white paper, and the way from its pixels to points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from koteihyo.extract.geometry import BBox

if TYPE_CHECKING:
    import pymupdf

Pixels = NDArray[np.uint8]
"""Height × width, or height × width × 3 (red, green, blue)."""

# Pixels an inch at which pictures are looked at: the recogniser's best, and the thresholds below are in these pixels.
LOOK_DPI = 200
POINT = 72.0
# Of a poster more pixels than this are not looked at (a sheet of A3 has 7.7 million).
MAX_PIXELS = 12_000_000
# Scans lean by less than this, degrees.
MAX_SKEW = 3.0
# Below this a lean is not worth the blur of turning, degrees: a pixel in the width of an A4 sheet.
LEAST_SKEW = 0.03
# Side of the small picture on which the lean is measured, pixels.
_SKEW_SIDE = 1400


@dataclass(frozen=True)
class Picture:
    """Pixels of a region of a page. `scale` is pixels a point, `origin` the region's top left corner in points."""

    pixels: Pixels
    scale: float
    origin: tuple[float, float] = (0.0, 0.0)
    skew: float = 0.0
    """Degrees, counter-clockwise, by which the region leant before it was turned upright."""

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return int(self.pixels.shape[1])

    def part(self, box: BBox) -> Pixels:
        """The pixels in a box of the picture."""
        return self.pixels[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]

    def to_points(self, x: float, y: float) -> tuple[float, float]:
        """The place on the page of a place in the picture."""
        return self.origin[0] + x / self.scale, self.origin[1] + y / self.scale

    def box_to_points(self, box: BBox) -> BBox:
        """A box of the picture as a box on the page."""
        return BBox(*self.to_points(box.x0, box.y0), *self.to_points(box.x1, box.y1))


def take_picture(page: pymupdf.Page, region: BBox) -> Picture:
    """The region of a page (as viewed) as a picture, turned upright and with its paper made white."""
    import pymupdf

    scale = LOOK_DPI / POINT
    area = region.area * scale * scale
    if area > MAX_PIXELS:
        scale *= (MAX_PIXELS / area) ** 0.5
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), clip=pymupdf.Rect(*region), alpha=False)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
    origin = (pixmap.x / scale, pixmap.y / scale)
    skew = measure_skew(pixels)
    if abs(skew) >= LEAST_SKEW:
        pixels = _turned(pixels, skew)
    else:
        skew = 0.0
    return Picture(whiten(pixels), scale, origin, skew)


def measure_skew(pixels: Pixels) -> float:
    """Degrees, counter-clockwise, by which lines of text and rules lean.

    The angle at which the rows (and columns) of ink are told apart most sharply, found from coarse to fine.
    """
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    factor = _SKEW_SIDE / max(gray.shape)
    if factor < 1:
        gray = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    edges = cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8))
    edges = np.where(edges > 30, edges, 0).astype(np.float32)
    if not edges.any():
        return 0.0
    best, reach = 0.0, MAX_SKEW
    for step in (0.5, 0.1, 0.02):
        angles = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(angles, key=lambda angle: _sharpness(edges, float(angle))))
        reach = step
    return round(best, 3) if abs(best) <= MAX_SKEW else 0.0


def _sharpness(edges: NDArray[np.float32], angle: float) -> float:
    turned = cv2.warpAffine(edges, _matrix(edges.shape, angle), (edges.shape[1], edges.shape[0]))
    rows, columns = turned.sum(axis=1), turned.sum(axis=0)
    return float(np.square(np.diff(rows)).sum() + np.square(np.diff(columns)).sum())


def _matrix(shape: tuple[int, ...], skew: float) -> NDArray[np.float64]:
    """Turns a picture that leans by `skew` upright about its middle."""
    return cast(NDArray[np.float64], cv2.getRotationMatrix2D((shape[1] / 2, shape[0] / 2), -skew, 1.0))


def _turned(pixels: Pixels, skew: float) -> Pixels:
    size = (pixels.shape[1], pixels.shape[0])
    turned = cv2.warpAffine(
        pixels, _matrix(pixels.shape, skew), size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return cast(Pixels, turned)


def whiten(pixels: Pixels) -> Pixels:
    """The picture with its paper at full white, channel by channel: grey and yellowed paper alike."""
    sample = pixels[::4, ::4].reshape(-1, 3)
    light = sample[sample.min(axis=1) >= 150]
    if len(light) < 0.2 * len(sample):
        return pixels
    paper = np.median(light, axis=0)
    # A page that is mostly filled has no paper to go by.
    if paper.min() < 200:
        return pixels
    gain = 255.0 / np.clip(paper, 1, 255)
    table = np.clip(np.arange(256)[:, None] * gain[None, :], 0, 255).astype(np.uint8)
    return cast(Pixels, np.stack([table[:, c][pixels[:, :, c]] for c in range(3)], axis=2))
