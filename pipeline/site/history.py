# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changed between the editions of a site, and each measure's way through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise

from koteihyo.pipeline.diff.changes import Comparison, compare_editions
from koteihyo.pipeline.diff.lineage import follow
from koteihyo.pipeline.diff.wording import word_pieces
from koteihyo.pipeline.site.contents import Json, clean, plain, short_id
from koteihyo.schema.changes import ChangeType, EditionChange, ItemLineage, RowChange
from koteihyo.schema.record import Record
from koteihyo.schema.records import EditionRecords

# Editions of one plan share measures: of two next editions of the bundled sample 80 % of the older one's, of the
# real plans at hand and foreign ones under 1 %. Below this part two files are of different plans.
SAME_PLAN = 0.1
# In so small an edition every text may have been reworded.
FEW_ITEMS = 20
# Characters. Shorter texts (検討, 運用開始) stand in any plan.
LONG_TEXT = 8

_SIDE = ("item_id", "text", "fy_start", "fy_end", "chapter", "path", "row", "page_no", "category")


def compare_all(
    editions: Sequence[EditionRecords],
    compare: Callable[[EditionRecords, EditionRecords], Comparison] = compare_editions,
) -> list[Comparison]:
    """A comparison of every two editions of one plan, `editions` oldest first; those of different plans are left out."""
    texts = {edition.edition.edition_id: _long_texts(edition) for edition in editions}
    found = []
    for old, new in combinations(editions, 2):
        # Comparing takes a quarter of a second; without one sentence in common, nothing else is like either.
        few = min(len(old.schedule_items), len(new.schedule_items)) < FEW_ITEMS
        if few or texts[old.edition.edition_id] & texts[new.edition.edition_id]:
            comparison = compare(old, new)
            if _same_plan(comparison, old):
                found.append(comparison)
    return found


def _long_texts(edition: EditionRecords) -> set[str]:
    return {item.text for item in edition.schedule_items if len(item.text) >= LONG_TEXT}


def _same_plan(comparison: Comparison, old: EditionRecords) -> bool:
    return len(comparison.matches) >= SAME_PLAN * max(len(old.schedule_items), 1)


def derived_rows(
    editions: Sequence[EditionRecords], comparisons: Sequence[Comparison]
) -> dict[type[Record], list[Record]]:
    """What the site shows of several editions, as rows of the tables that `koteihyo diff` stores."""
    return {
        EditionChange: [change for comparison in comparisons for change in comparison.changes],
        RowChange: [change for comparison in comparisons for change in comparison.row_changes],
        ItemLineage: list(lineages(editions, comparisons)),
    }


def change_contents(comparison: Comparison) -> Json:
    """One pair of editions for the browser: a measure a row, with all that happened to it."""
    old, new = comparison.old.edition_id, comparison.new.edition_id
    measures: dict[tuple[str | None, str | None], list[EditionChange]] = {}
    for change in comparison.changes:
        measures.setdefault((change.old_item_id, change.new_item_id), []).append(change)
    return {
        "old": old,
        "new": new,
        "unchanged": comparison.unchanged,
        "measures": [_measure(changes, old, new) for changes in measures.values()],
    }


def _measure(changes: Sequence[EditionChange], old: str, new: str) -> Json:
    first = changes[0]
    reworded = any(c.change_type is ChangeType.REWORDED for c in changes)
    moved_in_time = next((c for c in changes if c.start_years or c.end_years), None)
    return {
        "types": [str(c.change_type) for c in changes],
        "kind": str(first.kind),
        "owners": plain(first.owners),
        "old": _side(first, "old", old),
        "new": _side(first, "new", new),
        "words": [[p.op, clean(p.text)] for p in word_pieces(first.old_text or "", first.new_text or "")]
        if reworded
        else None,
        "start_years": moved_in_time and moved_in_time.start_years,
        "end_years": moved_in_time and moved_in_time.end_years,
    }


def _side(change: EditionChange, side: str, edition_id: str) -> Json | None:
    values = {name: getattr(change, f"{side}_{name}") for name in _SIDE}
    if values["item_id"] is None:
        return None
    return {**plain(values), "item_id": short_id(values["item_id"], edition_id)}


def lineage_contents(editions: Sequence[EditionRecords], comparisons: Sequence[Comparison]) -> list[Json]:
    """Measures that stand in two editions or more: their items, oldest first, and what was put off."""
    by_pair = {(c.old.edition_id, c.new.edition_id): c for c in comparisons}
    return [line for chain in _chains(editions, by_pair) for line in _lines(chain, by_pair)]


def _chains(
    editions: Sequence[EditionRecords], by_pair: dict[tuple[str, str], Comparison]
) -> Iterator[list[EditionRecords]]:
    """Editions of one plan, oldest first: each is compared with the last one before it that is of its plan."""
    chains: list[list[EditionRecords]] = []
    for edition in editions:
        for chain in chains:
            if (chain[-1].edition.edition_id, edition.edition.edition_id) in by_pair:
                chain.append(edition)
                break
        else:
            chains.append([edition])
    return (chain for chain in chains if len(chain) > 1)


def lineages(editions: Sequence[EditionRecords], comparisons: Sequence[Comparison]) -> list[ItemLineage]:
    """Every measure's way through the editions of its plan, oldest first, where there are two of them or more."""
    by_pair = {(c.old.edition_id, c.new.edition_id): c for c in comparisons}
    return [lineage for chain in _chains(editions, by_pair) for lineage in _lineages(chain, by_pair)]


def _lineages(chain: Sequence[EditionRecords], by_pair: dict[tuple[str, str], Comparison]) -> list[ItemLineage]:
    comparisons = [by_pair[a.edition.edition_id, b.edition.edition_id] for a, b in pairwise(chain)]
    return follow(comparisons, [item for edition in chain for item in edition.schedule_items])


def _lines(chain: Sequence[EditionRecords], by_pair: dict[tuple[str, str], Comparison]) -> Iterator[Json]:
    for lineage in _lineages(chain, by_pair):
        if len(lineage.item_ids) > 1:
            yield {
                "items": [
                    [edition, short_id(item, edition)]
                    for edition, item in zip(lineage.edition_ids, lineage.item_ids, strict=True)
                ],
                "delays": lineage.delays,
                "delay_years": lineage.delay_years,
                "rewordings": lineage.rewordings,
            }
