# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the collected tests once to see how long they take and what they run, then those that matter to a perturbation."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests import reading
from tests.mutate.targets import Place, Target, place_of


class Mutate:
    """A plugin of pytest that replaces its loop over the tests."""

    def __init__(self, targets: Sequence[Target], jobs: int) -> None:
        self.targets, self.jobs = targets, jobs
        self.unnoticed: list[Target] = []
        self.noticed: dict[str, str] = {}
        self._seconds: dict[str, float] = {}
        self._run_by: dict[str, frozenset[Place]] = {}
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
        """Whether a test passes (None: it was skipped); how long it takes is kept."""
        run: set[Place] = set()
        reading.forget()
        sys.setprofile(lambda frame, event, _: run.add(place_of(frame.f_code)) if event == "call" else None)
        begin = time.monotonic()
        try:
            reports = self._run(item)
        finally:
            sys.setprofile(None)
        self._seconds[item.nodeid] = time.monotonic() - begin
        self._run_by[item.nodeid] = frozenset(place for place in run if "koteihyo" in place[0])
        if any(report.skipped for report in reports):
            return None
        return all(report.passed for report in reports)

    def _run(self, item: pytest.Item) -> list[pytest.TestReport]:
        """The reports of a test, after which what is set up for all tests of its file stays."""
        item.session._setupstate.teardown_exact(item)
        others = [other for other in item.session.items if other is not item]
        following = next((other for other in others if other.parent is item.parent), others[0])
        return runtestprotocol(item, log=False, nextitem=following)

    def killer(self, target: Target) -> str | None:
        """The test that notices a perturbation; None when none does."""
        matter = sorted(
            (item for item in self._items if target.may_matter(self._run_by[item.nodeid])),
            key=lambda item: self._seconds[item.nodeid] / (1 + self._killers[item.nodeid]),
        )
        if target.in_extract:
            reading.forget()
        undo = target.apply()
        try:
            for item in matter:
                if not all(report.passed for report in self._run(item)):
                    self._killers[item.nodeid] += 1
                    return item.nodeid
        finally:
            undo()
            if target.in_extract:
                reading.forget()
        return None


_mutate: list[Any] = []


def _adopt(mutate: Mutate) -> None:
    _mutate[:] = [mutate]


def _try(number: int) -> str | None:
    mutate: Mutate = _mutate[0]
    return mutate.killer(mutate.targets[number])
