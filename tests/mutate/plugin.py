# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the collected tests once to see what each of them calls, then those that matter for every perturbation."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Sequence
from types import FrameType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests import reading
from tests.mutate.targets import Target


class Mutate:
    """A plugin of pytest that replaces its loop over the tests."""

    def __init__(self, targets: Sequence[Target], jobs: int) -> None:
        self.targets, self.jobs = targets, jobs
        self.unnoticed: list[Target] = []
        self.noticed: dict[str, str] = {}
        self._called: dict[str, frozenset[tuple[str, str]]] = {}
        self._seconds: dict[str, float] = {}
        self._killers: Counter[str] = Counter()
        self._items: list[pytest.Item] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All of it."""
        start = time.monotonic()
        for item in session.items:
            passed = self._learn(item)
            if passed is False:
                print(f"left out, fails before anything is changed: {item.nodeid}")
            if passed:
                self._items.append(item)
        print(f"{len(self._items)} tests, {len(self.targets)} perturbations ({time.monotonic() - start:.0f} s)")
        sys.stdout.flush()
        context = multiprocessing.get_context("fork")
        with context.Pool(self.jobs, _adopt, (self,)) as pool:
            for n, (target, killer) in enumerate(
                zip(self.targets, pool.imap(_try, range(len(self.targets)), 8), strict=True)
            ):
                if killer is None:
                    self.unnoticed.append(target)
                else:
                    self.noticed[f"{target.name} {target.change}"] = killer
                if n % 50 == 49:
                    print(f"{n + 1}: {len(self.unnoticed)} unnoticed ({time.monotonic() - start:.0f} s)")
                    sys.stdout.flush()
        return True

    def _learn(self, item: pytest.Item) -> bool | None:
        """Whether a test passes (None: it was skipped), with the functions that it calls noted."""
        called: set[tuple[str, str]] = set()

        def note(frame: FrameType, event: str, _argument: object) -> None:
            if event == "call" and frame.f_globals.get("__name__", "").startswith("koteihyo."):
                called.add((frame.f_globals["__name__"], frame.f_code.co_qualname))

        begin = time.monotonic()
        reading.forget()
        sys.setprofile(note)
        try:
            reports = runtestprotocol(item, log=False, nextitem=self._other(item))
        finally:
            sys.setprofile(None)
        self._seconds[item.nodeid] = time.monotonic() - begin
        self._called[item.nodeid] = frozenset((m, q.split(".<locals>")[0]) for m, q in called)
        if any(report.skipped for report in reports):
            return None
        return all(report.passed for report in reports)

    def _other(self, item: pytest.Item) -> pytest.Item:
        """Any other test, of the same file if there is one: what is set up for all of them must stay."""
        others = [other for other in item.session.items if other is not item]
        return next((other for other in others if other.parent is item.parent), others[0])

    def killer(self, target: Target) -> str | None:
        """The test that notices a perturbation; None when none does."""
        matter = [item for item in self._items if target.users is None or target.users & self._called[item.nodeid]]
        matter.sort(key=lambda item: self._seconds[item.nodeid] / (1 + self._killers[item.nodeid]))
        undo = target.apply()
        in_extract = "koteihyo.extract" in target.name
        if in_extract:
            reading.forget()
        try:
            for item in matter:
                if not all(r.passed for r in runtestprotocol(item, log=False, nextitem=self._other(item))):
                    self._killers[item.nodeid] += 1
                    return item.nodeid
        finally:
            undo()
            if in_extract:
                reading.forget()
        return None


_mutate: list[Any] = []


def _adopt(mutate: Mutate) -> None:
    _mutate[:] = [mutate]


def _try(number: int) -> str | None:
    mutate: Mutate = _mutate[0]
    return mutate.killer(mutate.targets[number])
