# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds lines of text in a picture with the detection model of RapidOCR's wheel."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from koteihyo.extract.geometry import BBox
from koteihyo.extract.raster.models import detection_model
from koteihyo.extract.raster.picture import Picture, Pixels

# The model works best on text of 10 to 20 pixels: 8 pt at this resolution, dots an inch.
DETECT_DPI = 120
# Pictures are shown to the model in tiles of this many pixels at most: its memory grows with the area.
TILE = 1024
# Tiles overlap, so that a line cut by one edge is whole in the neighbour, pixels.
OVERLAP = 96
# The model's own settings: how sure a pixel must be, and a line on average.
SURE_PIXEL = 0.3
SURE_LINE = 0.5
# The model marks the core of a line; its full extent is reached by growing that by this ratio of area to outline.
UNCLIP = 1.6
# Cores thinner than this are specks, pixels.
LEAST_SIDE = 3


def find_text(picture: Picture) -> list[BBox]:
    """Boxes of lines of text, in pixels of the picture, from the top."""
    factor = DETECT_DPI / (picture.scale * 72.0)
    small = cv2.resize(picture.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    likely = _likelihood(cast(Pixels, small))
    boxes = []
    core = (likely > SURE_PIXEL).astype(np.uint8)
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(core, connectivity=8)
    for label in range(1, count):
        x, y, width, height, area = (int(v) for v in stats[label])
        if min(width, height) < LEAST_SIDE:
            continue
        inside = labels[y : y + height, x : x + width] == label
        if float(likely[y : y + height, x : x + width][inside].mean()) < SURE_LINE:
            continue
        grow = UNCLIP * area / (2 * (width + height))
        box = BBox(x - grow, y - grow, x + width + grow, y + height + grow)
        boxes.append(_within(BBox(*(v / factor for v in box)), picture))
    return sorted(boxes, key=lambda b: (b.y0, b.x0))


def _within(box: BBox, picture: Picture) -> BBox:
    return BBox(
        max(0.0, box.x0), max(0.0, box.y0), min(float(picture.width), box.x1), min(float(picture.height), box.y1)
    )


def _likelihood(pixels: Pixels) -> NDArray[np.float32]:
    """How likely each pixel is in the core of a line of text, 0 to 1."""
    height, width = pixels.shape[:2]
    result = np.zeros((height, width), np.float32)
    for top in _starts(height):
        for left in _starts(width):
            tile = pixels[top : top + TILE, left : left + TILE]
            part = _run(tile)
            place = result[top : top + tile.shape[0], left : left + tile.shape[1]]
            np.maximum(place, part, out=place)
    return result


def _starts(length: int) -> list[int]:
    if length <= TILE:
        return [0]
    count = -(-(length - OVERLAP) // (TILE - OVERLAP))
    return [round(i * (length - TILE) / (count - 1)) for i in range(count)]


def _run(tile: Pixels) -> NDArray[np.float32]:
    # The model halves its picture five times.
    height, width = (-(-side // 32) * 32 for side in tile.shape[:2])
    padded = np.full((height, width, 3), 255, np.uint8)
    padded[: tile.shape[0], : tile.shape[1]] = tile
    # It was trained on blue, green, red, from -1 to 1.
    batch = (padded[:, :, ::-1].astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]
    (out,) = detection_model().run(None, {"x": np.ascontiguousarray(batch)})
    return cast(NDArray[np.float32], out[0, 0, : tile.shape[0], : tile.shape[1]])
