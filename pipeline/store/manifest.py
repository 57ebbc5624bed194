# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a generation of the outputs holds and what each part of it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MANIFEST_FILE = "manifest.json"
FORMAT = 1


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EditionSummary(_Entry):
    """What a run says of an edition in one line."""

    pages: int
    charts: int
    items: int
    sections: int
    notes: int
    paragraphs: int
    findings: int
    warnings: int
    chart_glyphs: int
    """Glyphs on roadmap and card-table pages."""
    chart_glyphs_in_records: int
    pages_not_read: int = 0
    """Pages that were left out because of a limit, or because the reader failed on them: the rows are partial."""

    @property
    def coverage(self) -> float | None:
        """Share of the glyphs of chart pages that are in a record; None without such pages."""
        return self.chart_glyphs_in_records / self.chart_glyphs if self.chart_glyphs else None


class EditionEntry(_Entry):
    """One edition as it was read."""

    key: str
    """Fingerprint of everything the rows depend on: PDF, reader, registration, corrections."""
    file: str
    summary: EditionSummary
    tried: dict[str, float] | None = None
    """The limits under which pages of it were left out; None when all were read."""


class Part(_Entry):
    """The files of one partition: `edition=…`, `pair=…--…` or `chain=all`."""

    editions: tuple[str, ...]
    """The editions its rows were made from."""
    files: dict[str, str]
    """Table → SHA-256 of its Parquet file."""

    @property
    def digest(self) -> str:
        """Changes when one of the files does."""
        listed = "\n".join(f"{table} {sha256}" for table, sha256 in sorted(self.files.items()))
        return hashlib.sha256(listed.encode()).hexdigest()


class Manifest(_Entry):
    """Contents of a generation."""

    format: int = FORMAT
    schema_key: str
    """Fingerprint of the table definitions all files of the generation follow."""
    database_key: str
    """Fingerprint of what the DuckDB file is built with besides the rows: views and versions."""
    editions: dict[str, EditionEntry] = Field(default_factory=dict)
    parts: dict[str, Part] = Field(default_factory=dict)

    def without(self, labels: Collection[str]) -> Manifest:
        """The manifest without some partitions, and without the editions that lie in them."""
        editions = {name: entry for name, entry in self.editions.items() if edition_label(name) not in labels}
        parts = {label: part for label, part in self.parts.items() if label not in labels}
        return self.model_copy(update={"editions": editions, "parts": parts})

    def to_json(self) -> str:
        """The file's text: the same contents give the same bytes."""
        ordered = self.model_copy(
            update={"editions": dict(sorted(self.editions.items())), "parts": dict(sorted(self.parts.items()))}
        )
        return ordered.model_dump_json(indent=1) + "\n"


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a generation's folder; None when it is missing, damaged or of another format."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST_FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    return manifest if manifest.format == FORMAT else None


def edition_label(edition_id: str) -> str:
    """Folder name of an edition's partition."""
    return f"edition={edition_id}"


def pair_label(old: str, new: str) -> str:
    """Folder name of a pair's partition."""
    return f"pair={old}--{new}"


CHAIN_LABEL = "chain=all"
"""Folder name of the partition of tables made from all editions together."""
