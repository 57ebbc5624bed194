# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the site of some stored editions into a folder, as one step: a failure leaves what was there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from koteihyo.pipeline.diff.changes import Comparison
from koteihyo.pipeline.site.contents import Json, clean, edition_contents
from koteihyo.pipeline.site.downloads import table_guide, write_downloads
from koteihyo.pipeline.site.frame import data_script, index_page, slug, static_files
from koteihyo.pipeline.site.history import change_contents, compare_all, derived_rows, lineage_contents
from koteihyo.pipeline.site.pictures import draw_all
from koteihyo.pipeline.site.stored import load_shown
from koteihyo.pipeline.site.words import search_contents
from koteihyo.pipeline.store.stored import chosen_editions
from koteihyo.schema.errors import UsageError, cannot_write
from koteihyo.schema.records import EditionRecords, PageKind

MARK = "koteihyo-site.txt"
"""A file that says that a folder was written by us, so that we may replace it."""

_MARK_TEXT = "Written by koteihyo site; this folder is replaced as a whole by the next run.\n"
_CHART_PAGES = (PageKind.ROADMAP, PageKind.CARD_TABLE)


@dataclass(frozen=True)
class Written:
    """What was written. `without_pictures` are editions whose PDF is missing, another one, or could not be drawn."""

    editions: list[str]
    pairs: int
    bytes: int
    without_pictures: dict[str, str]


def write_site(
    out: Path, raw: Path, target: Path, wanted: Sequence[str], on_step: Callable[[str], None] = lambda _: None
) -> Written:
    """Writes the site.

    Args:
        out: The folder of the tables.
        raw: The folder of the PDFs, for the pictures of their pages.
        target: The folder to write; it must be new, empty, or an earlier site.
        wanted: Ids of stored editions; all when empty.
        on_step: Called with what is being done, for people.

    Raises:
        UsageError: there is no such edition, or the folder holds something else.
        StoreError: nothing was stored yet, or the folder cannot be written.
    """
    editions = chosen_editions(out, wanted)
    _check_target(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            written = _write(out, raw, target, draft, editions, on_step)
            # A folder made for one person alone would be of no use on a web host.
            draft.chmod(0o755)
            _replace(draft, target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise cannot_write(target, error) from error
    return written


def _check_target(target: Path) -> None:
    if target.is_dir() and any(target.iterdir()) and not (target / MARK).is_file():
        raise UsageError(f"{target}: holds something else than a site; name a new folder")
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target}: is a file; name a folder")


def _write(
    out: Path, raw: Path, target: Path, draft: Path, chosen: Sequence[str], on_step: Callable[[str], None]
) -> Written:
    (draft / MARK).write_text(_MARK_TEXT, encoding="utf-8")
    (draft / "static").mkdir()
    for name, content in static_files().items():
        (draft / "static" / name).write_bytes(content)
    on_step("tables")
    editions = [load_shown(out, edition) for edition in chosen]
    (draft / "data").mkdir()
    for records in editions:
        _data(draft, f"edition-{slug(records.edition.edition_id)}", edition_contents(records))
    on_step("changes")
    comparisons = compare_all(editions)
    for name, comparison in pair_files(comparisons):
        _data(draft, name, change_contents(comparison))
    _data(draft, "history", lineage_contents(editions, comparisons))
    _data(draft, "search", search_contents(out, chosen))
    on_step("downloads")
    downloads = write_downloads(out, chosen, derived_rows(editions, comparisons), draft)
    on_step("pictures")
    failures = draw_all(editions, raw, draft / "pictures", target / "pictures")
    _data(draft, "downloads", downloads)
    _data(draft, "catalog", catalog_contents(editions, comparisons, failures.keys()))
    (draft / "index.html").write_text(index_page(downloads, version("koteihyo")), encoding="utf-8")
    size = sum(file.stat().st_size for file in draft.rglob("*") if file.is_file())
    return Written(list(chosen), len(comparisons), size, failures)


def _data(draft: Path, name: str, data: object) -> None:
    (draft / "data" / f"{name}.js").write_text(data_script(name, data), encoding="utf-8")


def catalog_contents(
    editions: Sequence[EditionRecords], comparisons: Sequence[Comparison], without_pictures: Collection[str]
) -> Json:
    """What the browser asks for first: which editions and comparisons there are, and what the tables mean."""
    return {
        "editions": [_entry(records, without_pictures) for records in editions],
        "pairs": [
            {"old": comparison.old.edition_id, "new": comparison.new.edition_id, "file": name}
            for name, comparison in pair_files(comparisons)
        ],
        "tables": table_guide(),
    }


def pair_files(comparisons: Sequence[Comparison]) -> list[tuple[str, Comparison]]:
    """The comparisons with the names of their data files."""
    return [(f"changes-{number}", comparison) for number, comparison in enumerate(comparisons)]


def _entry(records: EditionRecords, without_pictures: Collection[str]) -> Json:
    edition = records.edition
    charts = [page.page_no for page in records.pages if page.kind in _CHART_PAGES]
    return {
        "id": edition.edition_id,
        "slug": slug(edition.edition_id),
        "title": clean(edition.title),
        "published_on": edition.published_on and edition.published_on.isoformat(),
        "pages": len(records.pages),
        "charts": len(records.charts),
        "items": len(records.schedule_items),
        "first_chart_page": charts[0] if charts else 1,
        "pictures": edition.edition_id not in without_pictures,
    }


def _replace(draft: Path, target: Path) -> None:
    if not target.exists():
        os.replace(draft, target)
        return
    # Folders cannot be exchanged in one step everywhere: the old one steps aside, and comes back if that fails.
    aside = draft.with_name(f"{draft.name}.old")
    os.replace(target, aside)
    try:
        os.replace(draft, target)
    except OSError:
        os.replace(aside, target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
