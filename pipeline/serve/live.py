# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages of the site ask for, made from the live tables when it is asked for and kept until they change."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from koteihyo.pipeline.diff.changes import Comparison, compare_editions
from koteihyo.pipeline.site.contents import Json, edition_contents
from koteihyo.pipeline.site.downloads import FOLDER, write_downloads
from koteihyo.pipeline.site.frame import data_script, slug
from koteihyo.pipeline.site.history import change_contents, compare_all, derived_rows, lineage_contents
from koteihyo.pipeline.site.stored import load_shown
from koteihyo.pipeline.site.words import search_contents
from koteihyo.pipeline.site.write import catalog_contents, pair_files
from koteihyo.pipeline.store.generation import current_generation
from koteihyo.pipeline.store.stored import database_path, stored_editions
from koteihyo.schema.records import EditionRecords


@dataclass
class _Generation:
    """One state of the tables, and what was made from it so far."""

    mark: tuple[int, int]
    stored: dict[str, EditionRecords]
    shown: dict[str, EditionRecords]
    """The stored ones, and in their place those that are shown until the tables hold them."""
    scripts: dict[str, str] = field(default_factory=dict)
    comparisons: list[Comparison] | None = None
    downloads: list[Json] | None = None


class Live:
    """The live tables as data files of the site. Any thread may ask."""

    def __init__(self, out: Path, raw: Path, editions: tuple[str, ...] = ()) -> None:
        """`editions` are the only ones that are shown; all when empty. `raw` has the PDFs, for pictures."""
        self._out, self._raw, self._wanted = out, raw, editions
        self._lock = threading.RLock()
        self._folder = Path(tempfile.mkdtemp(prefix="koteihyo-serve-"))
        self._generation: _Generation | None = None
        self._loaded: dict[tuple[str, str], EditionRecords] = {}
        """By id and fingerprint: most editions stay as they are when the tables change."""
        self._compared: dict[tuple[int, int], Comparison] = {}

    def close(self) -> None:
        """Removes temporary files."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def editions(self) -> list[str]:
        """Ids of the editions, oldest first."""
        with self._lock:
            return list(self._now().shown)

    def records(self, edition_id: str) -> EditionRecords | None:
        """What is shown of an edition; None when there is none of that id."""
        with self._lock:
            return self._now().shown.get(edition_id)

    def amend(self, edition_id: str, records: EditionRecords) -> None:
        """Shows other records of an edition until the tables hold them."""
        with self._lock:
            generation = self._now()
            generation.shown[edition_id] = records
            generation.scripts.pop(f"edition-{slug(edition_id)}", None)

    def forget(self) -> None:
        """Shows again what the tables hold."""
        with self._lock:
            self._generation = None

    def script(self, name: str) -> str | None:
        """A data file by its name without ending; None when there is none of that name."""
        with self._lock:
            generation = self._now()
            if name not in generation.scripts:
                make = self._makers(generation).get(name) or self._pair(generation, name)
                if make is None:
                    return None
                generation.scripts[name] = data_script(name, make())
            return generation.scripts[name]

    def download(self, name: str) -> Path | None:
        """A file that is offered; None when there is none of that name."""
        with self._lock:
            offered = {entry["name"] for entry in self._downloads(self._now())}
            return self._folder / FOLDER / name if name in offered else None

    def _makers(self, generation: _Generation) -> dict[str, Callable[[], object]]:
        stored = list(generation.stored.values())
        makers: dict[str, Callable[[], object]] = {
            "catalog": lambda: catalog_contents(stored, self._comparisons(generation), self._without_pdf(stored)),
            "downloads": lambda: self._downloads(generation),
            "history": lambda: lineage_contents(stored, self._comparisons(generation)),
            "search": lambda: search_contents(self._out, list(generation.stored)),
        }
        for edition_id, records in generation.shown.items():
            makers[f"edition-{slug(edition_id)}"] = lambda records=records: edition_contents(records)  # type: ignore[misc]
        return makers

    def _without_pdf(self, editions: list[EditionRecords]) -> list[str]:
        return [e.edition.edition_id for e in editions if not (self._raw / e.edition.source_file).is_file()]

    def _pair(self, generation: _Generation, name: str) -> Callable[[], object] | None:
        """The maker of a comparison's file; what the others are made of does not need to wait for comparisons."""
        comparison = dict(pair_files(self._comparisons(generation))).get(name)
        return None if comparison is None else lambda: change_contents(comparison)

    def _comparisons(self, generation: _Generation) -> list[Comparison]:
        if generation.comparisons is None:
            generation.comparisons = compare_all(list(generation.stored.values()), self._compare)
        return generation.comparisons

    def _downloads(self, generation: _Generation) -> list[Json]:
        if generation.downloads is None:
            shutil.rmtree(self._folder / FOLDER, ignore_errors=True)
            derived = derived_rows(list(generation.stored.values()), self._comparisons(generation))
            generation.downloads = write_downloads(self._out, list(generation.stored), derived, self._folder)
        return generation.downloads

    def _now(self) -> _Generation:
        found = database_path(self._out).stat()
        mark = (found.st_ino, found.st_mtime_ns)
        if self._generation is None or self._generation.mark != mark:
            stored = self._load()
            self._generation = _Generation(mark, stored, dict(stored))
        return self._generation

    def _load(self) -> dict[str, EditionRecords]:
        found = current_generation(self._out)
        keys = {edition_id: entry.key for edition_id, entry in found[1].editions.items()} if found else {}
        wanted = [
            (edition.edition_id, keys.get(edition.edition_id, ""))
            for edition in stored_editions(self._out)
            if edition.edition_id in self._wanted or not self._wanted
        ]
        self._loaded = {of: self._loaded.get(of) or load_shown(self._out, of[0]) for of in wanted}
        return {of[0]: records for of, records in self._loaded.items()}

    def _compare(self, old: EditionRecords, new: EditionRecords) -> Comparison:
        pair = (id(old), id(new))
        if pair not in self._compared:
            # Editions stay in memory as long as they are shown, so an identity names one.
            alive = {id(records) for records in self._loaded.values()}
            self._compared = {k: c for k, c in self._compared.items() if alive.issuperset(k)}
            self._compared[pair] = compare_editions(old, new)
        return self._compared[pair]
