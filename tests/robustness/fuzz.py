# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads many hostile pages and damaged files and counts what goes wrong: `make fuzz`.

`python -m tests.robustness.fuzz [PAGES] [DAMAGED]`; exit status 1 when something went wrong.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from tests.robustness.batch import Ending, read_batch
from tests.robustness.corpus import hostile, mutations, saved
from tests.robustness.handmade import roadmap
from tests.robustness.painted import Page, hostile_page, silently_lost, visible

# Documents that lie on the disk at one time.
PORTION = 100
MOST_SECONDS = 10.0
MOST_MEMORY = 1 << 30
UNCAUGHT = ("internal_error", "died")


def main(pages: int, damaged: int) -> int:
    """Prints the figures; 1 when a page is lost, too slow or too large."""
    wrong = 0
    slowest, largest = (0.0, ""), (0, "")
    ways = Counter[str]()
    for first in range(0, pages, PORTION):
        drawn = {f"page-{seed}": hostile_page(seed) for seed in range(first, min(pages, first + PORTION))}
        endings = _read({name: page.pdf() for name, page in drawn.items()})
        wrong += sum(_judge(name, endings[name], page, ways) for name, page in drawn.items())
        slowest = max([slowest, *((ending.seconds, name) for name, ending in endings.items())])
        largest = max([largest, *((ending.peak, name) for name, ending in endings.items())])
        print(f"{first + len(drawn)} hostile pages, {ways.total()} visible texts, {wrong} wrong", flush=True)
    kinds = Counter[str]()
    documents = islice(_damaged(), damaged)
    while portion := dict(islice(documents, PORTION)):
        endings = _read(portion)
        kinds.update(ending.kind for ending in endings.values())
        slowest = max([slowest, *((ending.seconds, name) for name, ending in endings.items())])
        largest = max([largest, *((ending.peak, name) for name, ending in endings.items())])
        for name, ending in endings.items():
            if ending.kind in UNCAUGHT or (ending.kind == "read" and not ending.rows and not ending.findings):
                wrong += 1
                print(f"{name}: {ending.kind} {ending.message}")
    print(f"visible texts: {', '.join(f'{way} {count}' for way, count in sorted(ways.items()))}")
    print(f"{kinds.total()} damaged files: {', '.join(f'{count} {kind}' for kind, count in kinds.most_common())}")
    print(f"{wrong} wrong; slowest {slowest[1]} {slowest[0]:.1f} s of computing, ", end="")
    print(f"largest process {largest[0] >> 20} MiB at {largest[1]}")
    return int(bool(wrong) or slowest[0] > MOST_SECONDS or largest[0] > MOST_MEMORY)


def _read(documents: Mapping[str, bytes]) -> dict[str, Ending]:
    with tempfile.TemporaryDirectory() as folder:
        return read_batch(documents, Path(folder))


def _judge(name: str, ending: Ending, page: Page, ways: Counter[str]) -> int:
    """How many things went wrong with a page, which are printed."""
    seen = visible(page)
    ways.update(piece.way for piece in seen)
    if ending.kind != "read":
        print(f"{name}: {ending.kind} {ending.message}")
        return 1
    lost = silently_lost(seen, ending.told)
    for piece, missing in lost:
        print(f"{name}: {missing} of {piece.text} lost, painted by {piece.way}")
    return len(lost)


def _damaged() -> Iterator[tuple[str, bytes]]:
    yield from hostile().items()
    sound = {
        "plain": roadmap(),
        "packed": saved(roadmap(), use_objstms=1, deflate=True),
        **{f"painted{seed}": hostile_page(seed).pdf() for seed in range(20)},
    }
    for name, data in sound.items():
        yield from mutations(name, data, 3)


if __name__ == "__main__":
    wanted = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(wanted + [1500, 300][len(wanted) :])))
