# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps what the models said of pictures, so that a page is recognised once, however often it is read."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from koteihyo.extract.geometry import BBox
from koteihyo.extract.raster.detect import find_text
from koteihyo.extract.raster.models import models_version
from koteihyo.extract.raster.picture import Picture, Pixels
from koteihyo.extract.raster.recognise import Read, prepared, read_lines

FOLDER_VARIABLE = "KOTEIHYO_OCR_CACHE"
# Of a page about 20 kB are kept; the oldest go when there are more than this.
MOST_FILES = 5000


def kept_folder() -> Path | None:
    """Where recognised characters are kept: `KOTEIHYO_OCR_CACHE`, else the user's cache; None when it is set to nothing."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named is not None:
        return Path(named) if named else None
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "koteihyo" / "recognised"


class Recogniser:
    """Finds and reads the text of one picture; what the models said of its pixels before is not asked again."""

    def __init__(self, picture: Picture, folder: Path | None) -> None:
        self._picture = picture
        self._file = folder / f"{_digest(picture.pixels, models_version())}.json.z" if folder is not None else None
        self._known: dict[str, Any] = _load(self._file) if self._file is not None else {}
        self._new = False

    def boxes(self) -> list[BBox]:
        """Boxes of lines of text, in pixels of the picture, from the top."""
        if "boxes" not in self._known:
            self._known["boxes"] = find_text(self._picture)
            self._new = True
        return [BBox(*box) for box in self._known["boxes"]]

    def read(self, crops: Sequence[Pixels]) -> list[list[Read]]:
        """The characters of each crop of a line, as `read_lines` gives them."""
        lines = [prepared(crop) for crop in crops]
        keys = [_digest(line) for line in lines]
        unknown = [i for i, key in enumerate(keys) if key not in self._known]
        for i, reads in zip(unknown, read_lines([lines[i] for i in unknown]), strict=True):
            self._known[keys[i]] = [(r.char, round(r.at, 5), round(r.sure, 4)) for r in reads]
            self._new = True
        return [[Read(*read) for read in self._known[key]] for key in keys]

    def keep(self) -> None:
        """Keeps what is new. It only saves time: a full or missing disk costs nothing but that."""
        if self._file is None or not self._new:
            return
        temporary = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(zlib.compress(json.dumps(self._known, ensure_ascii=False).encode()))
            temporary.replace(self._file)
            _forget_oldest(self._file.parent)
        except OSError:
            return


def _load(file: Path) -> dict[str, Any]:
    try:
        known = json.loads(zlib.decompress(file.read_bytes()))
        return known if isinstance(known, dict) else {}
    except (OSError, ValueError, zlib.error):
        return {}


def _forget_oldest(folder: Path) -> None:
    files = sorted(folder.glob("*.json.z"), key=lambda file: file.stat().st_mtime)
    for file in files[:-MOST_FILES]:
        file.unlink(missing_ok=True)


def _digest(pixels: Pixels, *more: str) -> str:
    digest = hashlib.sha256(repr((pixels.shape, more)).encode())
    digest.update(pixels.tobytes())
    return digest.hexdigest()[:32]
