# SPDX-License-Identifier: AGPL-3.0-or-later
"""A run: reads the PDFs that changed, keeps what did not, and switches the outputs in one step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from koteihyo.pipeline.run.jobs import Failure, Limits, Request, table_file
from koteihyo.pipeline.run.kept import forget_others, kept_file
from koteihyo.pipeline.run.pool import OnProgress, read_all, too_large
from koteihyo.pipeline.sources.discover import Source, discover, problem_of
from koteihyo.pipeline.store.fingerprint import database_key, edition_key, schema_key
from koteihyo.pipeline.store.generation import (
    add_part,
    building,
    current_generation,
    store_errors,
)
from koteihyo.pipeline.store.known_hashes import KnownHashes, load_known
from koteihyo.pipeline.store.lock import locked
from koteihyo.pipeline.store.manifest import EditionEntry, EditionSummary, Manifest, Part, edition_label
from koteihyo.pipeline.store.refused import Refusal, load_refused, save_refused
from koteihyo.pipeline.store.stamps import damaged
from koteihyo.schema.catalog import EDITION_TABLES
from koteihyo.schema.errors import UsageError

STAGING = ".staging"
CORRECTION_SUFFIXES = (".yaml", ".csv")
# Failures that may be gone the next time though nothing here changed.
PASSING = frozenset({"changed", "not_found", "crashed", "internal_error"})

Status = Literal["read", "unchanged", "failed", "removed", "renamed"]


@dataclass(frozen=True)
class Options:
    """What to run and how."""

    raw: Path
    out: Path
    editions: tuple[str, ...] = ()
    """Only these; all when empty."""
    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    wait: float = 0.0
    """Seconds to wait for another run to end."""
    keep_readings: bool = False
    """Keep what is read also of editions without corrections, so that the first one needs no second look."""


@dataclass(frozen=True)
class Outcome:
    """What became of one edition. A failed one with a summary keeps the rows of its last good reading."""

    edition_id: str
    file: str
    status: Status
    summary: EditionSummary | None = None
    failure: Failure | None = None
    now: str | None = None
    """The id under which the file of a renamed edition is registered now."""


@dataclass(frozen=True)
class Report:
    """What a run did."""

    outcomes: tuple[Outcome, ...]
    changed: bool
    """Whether a new generation of the outputs was made."""
    dropped: tuple[tuple[str, ...], ...] = ()
    """Editions whose common tables (changes, lineage) were made from older rows and had to go."""
    unused: tuple[str, ...] = ()
    """Files of corrections that are read for no edition, and why."""

    @property
    def failed(self) -> list[Outcome]:
        """Editions that could not be read."""
        return [outcome for outcome in self.outcomes if outcome.status == "failed"]

    @property
    def partial(self) -> list[Outcome]:
        """Editions of which pages were left out, because of a limit or because the reader failed on them."""
        return [outcome for outcome in self.outcomes if outcome.summary is not None and outcome.summary.pages_not_read]


@dataclass
class _Plan:
    """What must be read, what stays, and what cannot be read at all."""

    requests: list[Request] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    reading_keys: dict[str, str] = field(default_factory=dict)
    """The same without the corrections."""
    hashes: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)
    """What is known of documents that are, or now were, refused."""
    known: KnownHashes = field(default_factory=KnownHashes)


def run(options: Options, on_progress: OnProgress | None = None) -> Report:
    """Brings the outputs up to date with the PDFs.

    One bad PDF does not keep the others from being stored: see `Report.failed`.

    Raises:
        UsageError: there is nothing to read, or an edition is named that does not exist.
        LockedError: another run holds the output folder.
        StoreError: the outputs cannot be written. They are as before.
    """
    sources = discover(options.raw)
    with locked(options.out, options.wait):
        live = current_generation(options.out)
        if live is not None and live[1].schema_key != schema_key():
            # Rows of other tables than ours: nothing of it can be taken over.
            live = None
        broken: set[str] = set()
        if live is not None:
            broken = damaged(*live)
            live = live[0], live[1].without(broken)
        plan = _plan(options, sources, live[1] if live else None, load_refused(options.out))
        with building(options.out) as folder:
            report = _Builder(options, plan, live, folder, rebuild=bool(broken)).build(on_progress)
        save_refused(options.out, plan.refused)
        plan.known.save(options.out)
        known = {source.edition.edition_id for source in sources}
        return replace(report, unused=_unused_corrections(options, known))


def _plan(
    options: Options, sources: Sequence[Source], manifest: Manifest | None, refused: Mapping[str, Refusal]
) -> _Plan:
    known = {source.edition.edition_id for source in sources}
    unknown = [edition_id for edition_id in options.editions if edition_id not in known]
    if unknown:
        raise UsageError(
            f"{options.raw}: no PDF of edition {', '.join(unknown)}; there are: {', '.join(sorted(known))}"
        )
    stored = manifest.editions if manifest else {}
    plan = _Plan(known=load_known(options.out))
    for source in sources:
        edition_id = source.edition.edition_id
        entry = stored.get(edition_id)
        if options.editions and edition_id not in options.editions:
            if entry is not None:
                plan.outcomes[edition_id] = Outcome(edition_id, entry.file, "unchanged", entry.summary)
            if edition_id in refused:
                plan.refused[edition_id] = refused[edition_id]
            continue
        failure = _check(source, options, plan)
        if failure is not None:
            plan.outcomes[edition_id] = _failed(source.edition.source_file, edition_id, failure, entry)
        elif entry is not None and entry.key == plan.keys[edition_id] and not _worthwhile(options, entry.tried):
            plan.outcomes[edition_id] = Outcome(edition_id, entry.file, "unchanged", entry.summary)
        elif (refusal := refused.get(edition_id)) is not None and (
            refusal.key == plan.keys[edition_id] and not _worthwhile(options, refusal.tried)
        ):
            failure = Failure(reason=refusal.reason, message=refusal.message)
            plan.outcomes[edition_id] = _failed(source.edition.source_file, edition_id, failure, entry)
            plan.refused[edition_id] = refusal
        else:
            corrections = tuple(p.absolute() for p in _corrections(options, edition_id))
            kept = kept_file(options.out, edition_id).absolute() if corrections or options.keep_readings else None
            plan.requests.append(
                Request(
                    pdf=source.pdf.absolute(),
                    edition=source.edition,
                    limits=options.limits,
                    corrections=corrections,
                    kept=kept,
                    kept_key=plan.reading_keys[edition_id],
                )
            )
    ids = {source.edition.source_file: source.edition.edition_id for source in sources}
    for edition_id, entry in stored.items():
        if edition_id not in known:
            now = ids.get(entry.file)
            # Only a run over everything may conclude that an edition is gone.
            status: Status = "unchanged" if options.editions else "renamed" if now else "removed"
            plan.outcomes[edition_id] = Outcome(edition_id, entry.file, status, entry.summary, now=now)
    return plan


def _worthwhile(options: Options, tried: Mapping[str, float] | None) -> bool:
    """Whether limits are higher than when something was left out for their sake."""
    return tried is not None and options.limits.raised(tried)


def _corrections(options: Options, edition_id: str) -> list[Path]:
    """The edition's files of corrections: `corrections/<edition>.yaml` or `.csv` beside the folder of PDFs."""
    files = (corrections_file(options.raw, edition_id, suffix) for suffix in CORRECTION_SUFFIXES)
    return [file for file in files if os.path.lexists(file)]


def _unused_corrections(options: Options, editions: Collection[str]) -> tuple[str, ...]:
    """What is wrong with files beside the corrections of these editions: nobody reads them."""
    try:
        files = sorted(p for p in corrections_file(options.raw, "").parent.iterdir() if not p.name.startswith("."))
    except FileNotFoundError:
        return ()
    except OSError as error:
        return (f"{error.filename}: cannot be listed ({error.strerror}); no corrections are read",)
    suffixes, known = " or ".join(CORRECTION_SUFFIXES), ", ".join(sorted(editions))
    return tuple(
        f"{file}: is not read; a file of corrections ends in {suffixes}"
        if file.suffix not in CORRECTION_SUFFIXES
        else f"{file}: is of no edition; there are: {known}"
        for file in files
        if file.suffix not in CORRECTION_SUFFIXES or file.stem not in editions
    )


def corrections_file(raw: Path, edition_id: str, suffix: str = ".yaml") -> Path:
    """Where the corrections of an edition belong."""
    return raw.parent / "corrections" / f"{edition_id}{suffix}"


def _check(source: Source, options: Options, plan: _Plan) -> Failure | None:
    """Hashes a PDF for the plan; the reason when that already fails."""
    edition_id, name = source.edition.edition_id, source.edition.source_file
    if source.problem is not None:
        return Failure(reason="not_a_file", message=f"{name}: {source.problem}, not a PDF file; rename or remove it")
    try:
        failure = too_large(name, source.pdf.stat().st_size, options.limits)
        if failure is not None:
            return failure
        sha256 = plan.known.sha256(source.pdf)
    except OSError as error:
        return Failure(reason="not_found", message=f"{name}: cannot be opened ({error.strerror})")
    if source.sha256 is not None and sha256 != source.sha256:
        return Failure(
            reason="checksum",
            message=f"{name}: is not the file that was registered as edition {edition_id} (its SHA-256 is {sha256}); "
            f"fetch it again, or correct editions.toml if it is a new edition",
        )
    plan.hashes[edition_id] = sha256
    known = f"{source.edition.model_dump_json()} witness={options.limits.witness}"
    corrections = _corrections(options, edition_id)
    for file in corrections:
        if (problem := problem_of(file)) is not None:
            message = f"{file}: {problem}, not a file of corrections; rename or remove it"
            return Failure(reason="corrections", message=message)
    try:
        plan.keys[edition_id] = edition_key(sha256, known, corrections)
        plan.reading_keys[edition_id] = edition_key(sha256, known, ())
    except OSError as error:
        message = f"{error.filename}: cannot be read ({error.strerror}); change its permissions, or remove it"
        return Failure(reason="corrections", message=message)
    return None


def _failed(file: str, edition_id: str, failure: Failure, entry: EditionEntry | None) -> Outcome:
    return Outcome(edition_id, file, "failed", entry.summary if entry else None, failure)


class _Builder:
    """Builds the next generation in a folder, if there is anything new to put into it."""

    def __init__(
        self, options: Options, plan: _Plan, live: tuple[Path, Manifest] | None, folder: Path, *, rebuild: bool
    ) -> None:
        self._options, self._plan, self._folder, self._rebuild = options, plan, folder, rebuild
        self._live = live
        self._entries: dict[str, EditionEntry] = {}
        self._parts: dict[str, Part] = {}
        self._fresh: set[str] = set()

    def build(self, on_progress: OnProgress | None) -> Report:
        outcomes = self._plan.outcomes
        staging = self._folder / STAGING
        with store_errors(self._options.out):
            for request, job, result in read_all(self._plan.requests, staging, self._options.jobs, on_progress):
                edition_id, failure = request.edition.edition_id, result.failure
                if failure is None and result.sha256 != self._plan.hashes[edition_id]:
                    failure = Failure(
                        reason="changed", message=f"{request.edition.source_file}: changed while it was read; run again"
                    )
                if failure is not None or result.summary is None:
                    assert failure is not None
                    entry = self._live[1].editions.get(edition_id) if self._live else None
                    outcomes[edition_id] = _failed(request.edition.source_file, edition_id, failure, entry)
                    self._remember(edition_id, failure)
                    continue
                self._take(edition_id, request.edition.source_file, job, result.summary)
            shutil.rmtree(staging, ignore_errors=True)
            dropped = self._keep_older()
        return self._finish(dropped)

    def _remember(self, edition_id: str, failure: Failure) -> None:
        """Notes a refusal that would come again."""
        if failure.reason not in PASSING:
            self._plan.refused[edition_id] = Refusal(
                key=self._plan.keys[edition_id],
                tried=self._options.limits.tried,
                reason=failure.reason,
                message=failure.message,
            )

    def _take(self, edition_id: str, file: str, job: Path, summary: EditionSummary) -> None:
        """Moves the files of a freshly read edition into the generation."""
        label = edition_label(edition_id)
        files = {model.TABLE: table_file(job, model.TABLE) for model in EDITION_TABLES}
        self._parts[label] = add_part(self._folder, label, [edition_id], files)
        self._fresh.add(label)
        tried = self._options.limits.tried if summary.pages_not_read else None
        self._entries[edition_id] = EditionEntry(
            key=self._plan.keys[edition_id], file=file, summary=summary, tried=tried
        )
        self._plan.outcomes[edition_id] = Outcome(edition_id, file, "read", summary)

    def _keep_older(self) -> list[tuple[str, ...]]:
        """Takes over what is still valid of the live generation; returns what is not."""
        if self._live is None:
            return []
        manifest = self._live[1]
        outcomes = self._plan.outcomes
        for edition_id, entry in manifest.editions.items():
            if outcomes[edition_id].status in ("unchanged", "failed"):
                label = edition_label(edition_id)
                self._entries[edition_id], self._parts[label] = entry, manifest.parts[label]
        dropped = []
        of_editions = {edition_label(edition_id) for edition_id in manifest.editions}
        for label, part in manifest.parts.items():
            if label in of_editions:
                continue
            labels = [edition_label(edition_id) for edition_id in part.editions]
            if all(self._parts.get(of) == manifest.parts[of] for of in labels):
                self._parts[label] = part
            else:
                dropped.append(part.editions)
        return dropped

    def _finish(self, dropped: list[tuple[str, ...]]) -> Report:
        outcomes = tuple(self._plan.outcomes[edition_id] for edition_id in sorted(self._plan.outcomes))
        manifest = Manifest(
            schema_key=schema_key(), database_key=database_key(), editions=self._entries, parts=self._parts
        )
        nothing_new = self._live is not None and not self._rebuild and manifest == self._live[1]
        if nothing_new or (not self._entries and self._live is None):
            return Report(outcomes, changed=False)
        from koteihyo.pipeline.store.stored import commit_generation

        commit_generation(self._options.out, self._folder, manifest, self._fresh, self._live)
        forget_others(self._options.out, self._entries)
        return Report(outcomes, changed=True, dropped=tuple(dropped))
