# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the characters of cut-out lines of text, with the place and the likelihood of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from koteihyo.extract.raster.models import recognition_model
from koteihyo.extract.raster.picture import Pixels

# What the model takes: lines of this height, pixels; one step of its output is this wide.
HEIGHT = 48
STEP = 8
# Longest line in one piece, pixels at that height: 40 characters. Longer ones are cut in a gap.
MAX_WIDTH = 2400
# Lines read together; more would only need memory, one core is busy with a few.
BATCH = 6
# Width of a batch is that of its longest line: lines are put together only within this ratio.
BATCH_RATIO = 1.25


_FULL_WIDTH = {"~": "～", "·": "・", "•": "・"}
_LIKE_KANA = dict(zip("一―—-－力口工夕二八卜", "ーーーーーカロエタニハト", strict=True))


@dataclass(frozen=True, slots=True)
class Read:
    """One character: `at` is the middle of its ink as a part of the line's width, `sure` the model's likelihood."""

    char: str
    at: float
    sure: float


def read_lines(ready: Sequence[Pixels]) -> list[list[Read]]:
    """The characters of each prepared line."""
    order = sorted(range(len(ready)), key=lambda i: ready[i].shape[1])
    result: list[list[Read]] = [[] for _ in ready]
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) == BATCH or ready[i].shape[1] > BATCH_RATIO * ready[batch[0]].shape[1] + STEP):
            _read_batch(ready, batch, result)
            batch = []
        batch.append(i)
    if batch:
        _read_batch(ready, batch, result)
    return result


def mean_sure(line: Sequence[Read]) -> float:
    """Mean likelihood of a line's characters, 0 for an empty line."""
    return sum(r.sure for r in line) / len(line) if line else 0.0


def prepared(crop: Pixels) -> Pixels:
    """The crop of a line (height × width × 3, text from left to right) at the height that the model takes."""
    width = min(MAX_WIDTH, max(STEP, round(crop.shape[1] * HEIGHT / crop.shape[0])))
    shrinks = crop.shape[0] > HEIGHT
    return cast(Pixels, cv2.resize(crop, (width, HEIGHT), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC))


def _read_batch(ready: Sequence[Pixels], batch: Sequence[int], result: list[list[Read]]) -> None:
    session, characters, japanese = recognition_model()
    width = max(ready[i].shape[1] for i in batch)
    # The rest of a shorter line is mid-grey, as in training.
    stack = np.zeros((len(batch), 3, HEIGHT, width), np.float32)
    for row, i in enumerate(batch):
        line = ready[i][:, :, ::-1].astype(np.float32) / 127.5 - 1
        stack[row, :, :, : line.shape[1]] = line.transpose(2, 0, 1)
    (out,) = session.run(None, {"x": stack})
    for row, i in enumerate(batch):
        result[i] = _decode(out[row] * japanese, characters, width / ready[i].shape[1])


def in_japanese(line: Sequence[Read]) -> list[Read]:
    """The line with the signs that Japanese has for those of the same look, and with the kana that neighbours call for.

    The model takes a long vowel (ー) for the figure 一 or for a dash, and writes ～ and ・ as the Western signs.
    """
    chars = [_FULL_WIDTH.get(read.char, read.char) for read in line]
    for i, char in enumerate(chars):
        beside = [chars[j] for j in (i - 1, i + 1) if 0 <= j < len(chars)]
        if char in _LIKE_KANA and len(beside) == 2 and all(_is_katakana(c) for c in beside):
            chars[i] = _LIKE_KANA[char]
        elif char == "工" and chars[i + 1 : i + 2] == ["ネ"]:
            # 省エネ, 再エネ: no word has 工ネ.
            chars[i] = "エ"
    return [replace(read, char=char) for read, char in zip(line, chars, strict=True)]


def _is_katakana(char: str) -> bool:
    return "ァ" <= char <= "ヺ" or char == "ー"


def _decode(likelihoods: NDArray[np.float32], characters: Sequence[str], stretch: float) -> list[Read]:
    """Greedy decoding: of each run of steps with the same best character, one character at the run's middle."""
    best = likelihoods.argmax(axis=1)
    line: list[Read] = []
    steps = len(best)
    start = 0
    for step in range(1, steps + 1):
        if step < steps and best[step] == best[start]:
            continue
        if best[start]:
            at = (start + step) / 2 / steps * stretch
            # Of the characters that a Japanese text may have, how much more likely than all others.
            sure = float((likelihoods[start:step, best[start]] / likelihoods[start:step].sum(axis=1)).max())
            line.append(Read(characters[best[start]], min(at, 1.0), sure))
        start = step
    return line
