# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo diff`: what changed between editions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from koteihyo.pipeline.commands.options import OUT_DEFAULT, Json, Out
from koteihyo.schema.errors import ExitCode

if TYPE_CHECKING:
    from koteihyo.comparison import Comparison
    from koteihyo.schema.changes import ChangeType


def diff(
    editions: Annotated[list[str], typer.Argument(metavar="OLD NEW [NEXT]...", help="Stored editions, oldest first.")],
    out: Out = OUT_DEFAULT,
    report: Annotated[Path | None, typer.Option(help="Write a report for people: .md or .html.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the changes as CSV.")] = None,
    feed: Annotated[Path | None, typer.Option(help="Write an Atom feed of the changes.")] = None,
    only: Annotated[
        str,
        typer.Option(metavar="TYPES", help="List only such changes, e.g. added,removed; else all but expired, rolled."),
    ] = "",
    fail_on: Annotated[
        str, typer.Option(metavar="TYPES", help="Exit with 10 if there are such changes, e.g. removed,rescheduled.")
    ] = "",
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for a run to end.")] = 0.0,
    json: Json = False,
) -> None:
    """Say what changed from one edition to the next, and store it in edition_changes and row_changes.

    With three or more editions each is compared with the next, and item_lineage follows every measure through all.
    """
    from koteihyo.comparison import Comparison
    from koteihyo.pipeline.diff.stored import diff_stored
    from koteihyo.pipeline.report.files import check_report_name, write_csv, write_feed
    from koteihyo.pipeline.terminal import as_json
    from koteihyo.schema.errors import UsageError

    watched, listed = _types("--fail-on", fail_on), _types("--only", only)
    if len(editions) < 2:
        raise UsageError("diff needs two editions: koteihyo diff OLD NEW")
    if report is not None:
        if len(editions) > 2:
            raise UsageError("--report describes one pair: name two editions")
        check_report_name(report)
    outcome = diff_stored(out, editions, wait)
    comparisons = [Comparison(pair) for pair in outcome.comparisons]
    if report is not None:
        comparisons[0].save(report)
    if csv is not None:
        write_csv(csv, [change for comparison in comparisons for change in comparison.changes])
    if feed is not None:
        write_feed(feed, outcome.comparisons, listed)
    if json:
        lineages = [lineage.model_dump(mode="json") for lineage in outcome.lineages]
        print(as_json({"pairs": [_described(c) for c in comparisons], "lineage": lineages}))
    else:
        for comparison in comparisons:
            _show(comparison, listed)
        if outcome.lineages:
            print(f"{len(outcome.lineages)} measures followed through {len(editions)} editions: item_lineage")
    if any(change.change_type in watched for c in comparisons for change in c.changes):
        raise typer.Exit(int(ExitCode.CHANGES_FOUND))


def _types(option: str, names: str) -> frozenset[ChangeType]:
    from koteihyo.schema.changes import ChangeType
    from koteihyo.schema.errors import UsageError

    known = {str(kind): kind for kind in ChangeType}
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UsageError(f"{option}: no such change: {', '.join(unknown)}; there are {', '.join(known)}")
    return frozenset(known[name] for name in wanted)


def _described(comparison: Comparison) -> dict[str, Any]:
    return {
        "old": comparison.old.edition_id,
        "new": comparison.new.edition_id,
        "unchanged": comparison.unchanged,
        "counts": comparison.counts,
        "changes": [change.model_dump(mode="json") for change in comparison.changes],
        "row_changes": [change.model_dump(mode="json") for change in comparison.row_changes],
    }


def _show(comparison: Comparison, listed: frozenset[ChangeType]) -> None:
    from koteihyo.pipeline.report.contents import BY_TIME, column_label
    from koteihyo.pipeline.terminal import clean, table

    shown = [c for c in comparison.changes if (c.change_type in listed if listed else c.change_type not in BY_TIME)]
    rows = []
    for change in shown:
        path = change.new_path or change.old_path
        years = (_years(change.old_fy_start, change.old_fy_end), _years(change.new_fy_start, change.new_fy_end))
        text = change.word_diff or change.new_text or change.old_text
        place = change.new_row or change.old_row or (path[-1] if path else "")
        rows.append((change.change_type, text, *years, place))
    print(clean(f"{comparison.old.edition_id} → {comparison.new.edition_id}"))
    print(
        ", ".join(f"{number} {name}" for name, number in comparison.counts.items())
        + f"; {comparison.unchanged} unchanged"
    )
    if rows:
        print(table(("change", "text", "old years", "new years", "section or row"), rows, 60))
    if comparison.row_changes and not listed:
        cells = [(c.name, column_label(c), c.word_diff or c.new_text or c.old_text) for c in comparison.row_changes]
        print(f"{len(cells)} cells beside the years differ: row_changes")
        print(table(("row", "column", "text"), cells, 60))


def _years(start: int | None, end: int | None) -> str:
    return "" if start is None or end is None else f"{start}" if start == end else f"{start}-{end}"
