# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fingerprints that tell whether something must be read or built again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from koteihyo.schema.catalog import EDITION_TABLES, PAIR_TABLES
from koteihyo.schema.tables import comment_sql, create_table_sql

# Sources that decide what a PDF's rows are. The rest of `pipeline` only moves them about.
READER_SOURCES = (
    "schema",
    "extract",
    "normalize",
    "pipeline/run/parts.py",
    "pipeline/run/reading.py",
    "pipeline/sources/corrections.py",
    "pipeline/store/soundness.py",
)
READER_PACKAGES = ("pymupdf", "pypdfium2", "pdfplumber", "SudachiPy", "SudachiDict-core")
# Of the optional extra: once it is there, scans can be read.
OCR_PACKAGES = ("rapidocr", "onnxruntime", "opencv-python-headless")
DATABASE_SOURCES = ("pipeline/store/views", "pipeline/store/fill", "pipeline/store/database.py")
BLOCK = 1 << 20


def sha256_file(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


@cache
def reader_version() -> str:
    """Versions of koteihyo and of the libraries it reads with, for people."""
    names = ("koteihyo", *READER_PACKAGES)
    return " ".join(f"{name}/{_version(name)}" for name in names)


@cache
def reader_key() -> str:
    """Changes when the same PDF might give other rows: versions and sources of the reader."""
    extras = [_version(name) for name in OCR_PACKAGES]
    return _digest([reader_version(), schema_key(), _sources(READER_SOURCES), *extras])


@cache
def schema_key() -> str:
    """Changes when a table's definition changes."""
    models = (*EDITION_TABLES, *PAIR_TABLES)
    return _digest([create_table_sql(model) for model in models])


@cache
def database_key() -> str:
    """Changes when the DuckDB file must be built anew from the same rows: views, comments, DuckDB itself."""
    comments = [line for model in (*EDITION_TABLES, *PAIR_TABLES) for line in comment_sql(model)]
    return _digest([schema_key(), *comments, _version("duckdb"), _sources(DATABASE_SOURCES)])


def edition_key(sha256: str, registration: str, corrections: Iterable[Path]) -> str:
    """Changes when an edition must be read again."""
    parts = [reader_key(), sha256, registration]
    parts += [f"{path.name} {sha256_file(path)}" for path in sorted(corrections)]
    return _digest(parts)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _sources(names: Iterable[str]) -> str:
    """Digest of source and data files; compiled files and editors' leftovers do not count.

    Raises:
        FileNotFoundError: a name is of no file or folder: a fix there would be read by nobody.
    """
    return _digest(f"{name} {hashlib.sha256(data).hexdigest()}" for name, data in sorted(_contents(names)))


def _contents(names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        place: Traversable = files("koteihyo").joinpath(*name.split("/"))
        if place.is_file():
            yield name, place.read_bytes()
        elif place.is_dir():
            inside = [child.name for child in place.iterdir()]
            yield from _contents(f"{name}/{child}" for child in inside if _counts(child))
        else:
            raise FileNotFoundError(f"koteihyo/{name} decides what is read, and is not there")


def _counts(name: str) -> bool:
    return name != "__pycache__" and not name.startswith(".")


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
