# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m tests.mutate.search [NAME …]`: finds a small page for each number that no case holds.

Starts from the cases there are, changes them at random, and keeps what is read otherwise with the number perturbed. What it
finds is written down with what is read now, a file a module: in `tests/data/numbers` as lines and shapes for what knows
about plans, in `tests/data/painted` as things to paint for what takes them from a PDF. Look at it before it is kept.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koteihyo.extract.document import open_document
from koteihyo.schema.errors import DocumentError
from tests.cases import paint, read
from tests.cases.page import describe, make_page
from tests.cases.record import add_case
from tests.mutate.edits import Page, edited, size, smaller
from tests.mutate.flips import watched
from tests.mutate.targets import Place, Target, find_targets, place_of

Said = dict[str, Any]
# Pages with more on them are slow to read, and nobody sees what matters on them.
MOST_THINGS = 60
# Leaving out a pass turns no comparison that could be seen, nor does what is compared in arrays: it is tried with one page
# in so many.
BLIND_EVERY = 10


@dataclass(frozen=True)
class Side:
    """One of the two kinds of cases."""

    folder: Path
    others: tuple[Path, ...]
    """Where else there are cases of this kind."""
    cases: Callable[[Path], Iterable[tuple[str, Page, Said]]]
    say: Callable[[Page], Said]
    """Everything that a case can say of a page."""


def _say_plan(page: Page) -> Said:
    before = make_page({**page, **page["before"]}) if "before" in page else None
    records = read.read_case(read.Case("", "", make_page(page), {}, before))
    return {what: read.say(records, what) for what in read.SAID}


def _say_painted(page: Page) -> Said:
    layout = paint.paint(page["paint"])
    return {what: paint.see(layout, what) for what in paint.SEEN}


PLANS = Side(read.NUMBERS, (read.FOLDER,), read.filled_cases, _say_plan)
PAINTED = Side(
    paint.FOLDER,
    (),
    lambda path: ((name, {"paint": things}, seen) for name, things, seen in paint.painted_cases(path)),
    _say_painted,
)


def main() -> None:
    """Search, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of numbers to hold")
    parser.add_argument("--painted", action="store_true", help="numbers of what takes lines and shapes from a PDF")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pages", nargs="*", type=Path, default=[], help="PDFs whose pages are changed too")
    arguments = parser.parse_args()
    side = PAINTED if arguments.painted else PLANS
    targets = [
        t for t in find_targets()
        if t.in_extract == arguments.painted and (not arguments.names or any(n in t.name for n in arguments.names))
    ]  # fmt: skip
    search = Search(side, targets, arguments.seed)
    files = [path for folder in (*side.others, side.folder) for path in sorted(folder.glob("*.toml"))]
    known = [(page, set(said)) for path in files for _, page, said in side.cases(path)]
    search.hold_known(known)
    print(f"{len(search.open)} of {len(targets)} perturbations are held by no case", flush=True)
    search.run(
        [page for page, _ in known] + [page for pdf in arguments.pages for page in _pages(pdf)], arguments.minutes
    )
    for target in search.open:
        print(f"not held: {target.name} {target.change}")


def _pages(pdf: Path) -> list[Page]:
    with open_document(pdf) as document:
        return [describe(layout) for layout in document.pages()]


class Search:
    """What is not held yet."""

    def __init__(self, side: Side, targets: Sequence[Target], seed: int) -> None:
        self.side, self.targets = side, targets
        self.open: dict[Target, None] = dict.fromkeys(targets)
        self._dice = random.Random(seed)
        self._seen: set[Target] = set()
        self._pool: list[tuple[Page, frozenset[Place]]] = []

    def hold_known(self, cases: Iterable[tuple[Page, set[str]]]) -> None:
        """Takes away what the cases hold already."""
        for page, whats in cases:
            now = self._said(page)
            for target in self._turned(page, blind=True) if now is not None else ():
                then = self._said_with(target, page)
                if then is None or any(now[what] != then[what] for what in whats if what in now):
                    self.open.pop(target, None)

    def run(self, seeds: Sequence[Page], minutes: float) -> None:
        """Changes pages until the time is over."""
        todo = [page for page in seeds if size(page) <= MOST_THINGS]
        for page in todo:
            self._add(page)
        pages = [page for page, _ in self._pool]
        end, tries = time.monotonic() + 60 * minutes, 0
        while time.monotonic() < end and self.open:
            tries += 1
            page = todo.pop() if todo else edited(self._choose(), pages, self._dice)
            if self._try(page, tries % BLIND_EVERY == 0):
                self._add(page)
            if tries % 200 == 0:
                print(f"{tries} pages: {len(self.open)} are not held", flush=True)

    def _add(self, page: Page) -> None:
        ran: set[Place] = set()
        sys.setprofile(lambda frame, event, _: ran.add(place_of(frame.f_code)) if event == "call" else None)
        try:
            self._said(page)
        finally:
            sys.setprofile(None)
        self._pool.append((page, frozenset(place for place in ran if "koteihyo" in place[0])))

    def _choose(self) -> Page:
        """A page that runs the code of something open, if there is one."""
        target = self._dice.choice(list(self.open))
        fit = [page for page, ran in self._pool if target.may_matter(ran)]
        return self._dice.choice(fit or [page for page, _ in self._pool])

    def _said(self, page: Page) -> Said | None:
        try:
            return self.side.say(page)
        except (ArithmeticError, LookupError, ValueError, TypeError, AttributeError, DocumentError, StopIteration):
            return None  # What is changed at random may be no page at all.

    def _said_with(self, target: Target, page: Page) -> Said | None:
        undo = target.apply()
        try:
            return self._said(page)
        finally:
            undo()

    def _turned(self, page: Page, *, blind: bool) -> list[Target]:
        """Open perturbations that turn a comparison on a page, and those of which that was never seen."""
        with watched(self.targets) as places:
            self._said(page)
            turned = [self.targets[place] for place in sorted(places)]
        self._seen.update(turned)
        unseen = [t for t in self.open if t not in self._seen and (t.in_extract or t.number is None)] if blind else []
        return [target for target in turned if target in self.open] + unseen

    def _try(self, page: Page, blind: bool) -> bool:
        now = self._said(page) if size(page) <= MOST_THINGS else None
        good = False
        for target in self._turned(page, blind=blind) if now is not None else ():
            then = self._said_with(target, page) if target in self.open else None
            whats = [what for what in now if now[what] != then[what]] if now and then else []
            if whats and now:
                self._keep(page, target, min(whats, key=lambda what: (what == "boxes", len(repr(now[what])))))
                good = True
        return good

    def _keep(self, page: Page, target: Target, what: str) -> None:
        def differs(trial: Page, other: Target) -> bool:
            now = self._said(trial)
            then = self._said_with(other, trial) if now is not None else None
            return now is not None and then is not None and now[what] != then[what]

        small = smaller(page, lambda trial: differs(trial, target))
        held = [target, *(t for t in self._turned(small, blind=True) if t is not target and differs(small, t))]
        now = self._said(small)
        assert now is not None
        name = "; ".join(f"{t.name.split('.', 2)[2] if t.number else t.name} {t.change}" for t in held)
        add_case(self.side.folder / f"{_module(target)}.toml", name, small, {what: now[what]})
        for one in held:
            self.open.pop(one, None)


def _module(target: Target) -> str:
    if target.number is None:
        return "passes"
    words = target.name.split(":")[0].split(".")[2:]
    return ".".join(word for word in words[:2] if word.islower() and not word.startswith("_"))


if __name__ == "__main__":
    main()
