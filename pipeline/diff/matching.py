# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which item of the newer edition is which of the older one, as one assignment problem."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from koteihyo.pipeline.diff.candidates import candidate_pairs
from koteihyo.pipeline.diff.entries import Entry, Place
from koteihyo.pipeline.diff.similarity import Similarity

# One sure match outweighs two doubtful ones: 0.65 ** 4 * 2 < 0.85 ** 4.
_SHARPNESS = 4


@dataclass(frozen=True)
class Matching:
    """Pairs of items that are the same measure, and the items of either edition without a partner."""

    pairs: list[tuple[Entry, Entry]]
    gone: list[Entry]
    fresh: list[Entry]


def match_entries(old: Sequence[Entry], new: Sequence[Entry], similarity: Similarity) -> Matching:
    """The best one-to-one matching of two editions' items, each in reading order."""
    pairs = _sure_pairs(old, new)
    taken_new = set(pairs.values())
    rest_old = [i for i in range(len(old)) if i not in pairs]
    rest_new = [j for j in range(len(new)) if j not in taken_new]
    scores: dict[tuple[int, int], float] = {}
    for a, b in candidate_pairs([old[i] for i in rest_old], [new[j] for j in rest_new]):
        score = similarity.score(old[rest_old[a]], new[rest_new[b]])
        if score is not None:
            scores[rest_old[a], rest_new[b]] = score**_SHARPNESS
    for component in _components(scores):
        pairs.update(_assign(component, scores))
    taken_new = set(pairs.values())
    return Matching(
        pairs=[(old[i], new[j]) for i, j in sorted(pairs.items())],
        gone=[entry for i, entry in enumerate(old) if i not in pairs],
        fresh=[entry for j, entry in enumerate(new) if j not in taken_new],
    )


def _sure_pairs(old: Sequence[Entry], new: Sequence[Entry]) -> dict[int, int]:
    """Items whose text and place are the same and unique in both editions: no assignment could do better."""
    index_old, index_new = _unique(old), _unique(new)
    return {i: index_new[at] for at, i in index_old.items() if at in index_new}


def _unique(entries: Sequence[Entry]) -> dict[tuple[str, Place, str], int]:
    counts = Counter(entry.key for entry in entries)
    return {
        (entry.key, entry.place, entry.item.kind): index
        for index, entry in enumerate(entries)
        if counts[entry.key] == 1 and entry.key
    }


def _components(scores: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The candidate pairs by connected component: components can be solved one by one."""
    partners: defaultdict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    for i, j in scores:
        partners["old", i].append(("new", j))
        partners["new", j].append(("old", i))
    components, seen = [], set()
    for start in sorted(node for node in partners if node[0] == "old"):
        if start in seen:
            continue
        seen.add(start)
        stack, edges = [start], []
        while stack:
            side, number = stack.pop()
            for other in partners[side, number]:
                if side == "old":
                    edges.append((number, other[1]))
                if other not in seen:
                    seen.add(other)
                    stack.append(other)
        components.append(sorted(edges))
    return components


def _assign(component: list[tuple[int, int]], scores: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """The one-to-one choice of pairs with the greatest sum of scores."""
    if len(component) == 1:
        return component
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows = {i: r for r, i in enumerate(sorted({i for i, _ in component}))}
    columns = {j: c for c, j in enumerate(sorted({j for _, j in component}))}
    # Each old item also has a column of its own that means "no partner". The solver takes a stored zero for no edge
    # at all, so all costs lie above 0.
    cost = [2.0 - scores[pair] for pair in component] + [2.0] * len(rows)
    row = [rows[i] for i, _ in component] + list(range(len(rows)))
    column = [columns[j] for _, j in component] + [len(columns) + r for r in range(len(rows))]
    shape = (len(rows), len(columns) + len(rows))
    graph = csr_array((np.array(cost), (np.array(row), np.array(column))), shape=shape)
    chosen = set(zip(*(side.tolist() for side in min_weight_full_bipartite_matching(graph)), strict=True))
    return [(i, j) for i, j in component if (rows[i], columns[j]) in chosen]
