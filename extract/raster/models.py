# SPDX-License-Identifier: AGPL-3.0-or-later
"""The models that come in RapidOCR's wheel, run by ONNX Runtime; nothing is ever downloaded."""

from __future__ import annotations

import os
import unicodedata
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DETECTION = "PP-OCRv6_det_small.onnx"
# Counts the ways in which characters were made of the models' outputs.
DECODING = 2
RECOGNITION = "PP-OCRv6_rec_small.onnx"


def _folder() -> Path | None:
    # The package itself is not imported: its wrapper would look for models elsewhere, and drop what is needed here
    # (the place and the likelihood of each character).
    spec = find_spec("rapidocr")
    return Path(spec.origin).parent / "models" if spec is not None and spec.origin else None


@cache
def models_version() -> str:
    """Changes when the models may say something else of the same pixels."""
    return f"{DETECTION} {RECOGNITION} {DECODING} rapidocr/{version('rapidocr')} onnxruntime/{version('onnxruntime')}"


@cache
def detection_model() -> Any:
    """The session that finds lines of text."""
    return _session(DETECTION)


@cache
def recognition_model() -> tuple[Any, tuple[str, ...], NDArray[np.float32]]:
    """(the session that reads a line, its characters in the order of its outputs, 1 for each that Japanese has)."""
    session = _session(RECOGNITION)
    characters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    # Output 0 is the blank between characters, the last one a space.
    known = ("", *characters, " ")
    return session, known, np.array([_is_japanese(char) for char in known], np.float32)


def _is_japanese(char: str) -> bool:
    """Whether a character can stand in a Japanese text: the model knows the scripts of many languages."""
    if not unicodedata.category(char[:1] or " ").startswith("L"):
        return True
    try:
        char.encode("shift_jis")
    except UnicodeEncodeError:
        return False
    # Greek and Cyrillic are in it for formulas; printed plans have the Latin letters that look the same.
    return unicodedata.name(char[0], "").split()[0] not in ("GREEK", "CYRILLIC")


def threads() -> int:
    """Threads of one recogniser: the machine's cores, unless KOTEIHYO_OCR_THREADS says otherwise."""
    try:
        return max(1, int(os.environ["KOTEIHYO_OCR_THREADS"]))
    except (KeyError, ValueError):
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _session(name: str) -> Any:
    import onnxruntime

    folder = _folder()
    if folder is None:
        raise RuntimeError("koteihyo[ocr] is not installed")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The arena keeps the largest batch's memory for good.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
