# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which perturbations would make a comparison come out otherwise, all of them seen in one reading.

Every number of the reader is replaced by one that remembers how what is calculated from it depends on it. Where two are
compared, each perturbation that would turn the result is written down; whether the reading is another one is then to be tried.
Arrays forget.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.mutate.targets import Number, Target

Slopes = dict[Number, float]
"""How much a value grows with each number."""


class _Tracked:
    """A number that knows what it was calculated from."""

    plain: float
    slopes: Slopes
    # Numbers of numpy leave it to this one what comes of both.
    __array_ufunc__ = None

    def __abs__(self) -> Any:
        return self if self.plain >= 0 else -self  # type: ignore[operator]

    def __neg__(self) -> Any:
        return _made(-self.plain, {n: -s for n, s in self.slopes.items()})

    def __add__(self, other: Any) -> Any:
        return _sum(self, other, 1.0)

    def __sub__(self, other: Any) -> Any:
        return _sum(self, other, -1.0)

    def __rsub__(self, other: Any) -> Any:
        return _sum(-self, other, 1.0)  # type: ignore[operator]

    def __mul__(self, other: Any) -> Any:
        if not isinstance(other, int | float):
            return self.plain * other
        value, slopes = _parts(other)
        return _made(
            self.plain * value,
            _joined({n: s * value for n, s in self.slopes.items()}, {n: s * self.plain for n, s in slopes.items()}),
        )

    def __truediv__(self, other: Any) -> Any:
        if not isinstance(other, int | float):
            return self.plain / other
        value, slopes = _parts(other)
        return _quotient(self.plain, self.slopes, value, slopes)

    def __rtruediv__(self, other: Any) -> Any:
        if not isinstance(other, int | float):
            return other / self.plain
        return _quotient(*_parts(other), self.plain, self.slopes)

    __radd__, __rmul__ = __add__, __mul__


class _Float(_Tracked, float):
    __hash__ = float.__hash__


class _Int(_Tracked, int):
    __hash__ = int.__hash__


def _parts(value: Any) -> tuple[float, Slopes]:
    return (value.plain, value.slopes) if isinstance(value, _Tracked) else (value, {})


def _made(value: float, slopes: Slopes) -> Any:
    made: Any = _Int(value) if isinstance(value, int) else _Float(value)
    made.plain, made.slopes = value, slopes
    return made


def _sum(one: Any, other: Any, sign: float) -> Any:
    if not isinstance(other, int | float):
        return one.plain + sign * other
    value, slopes = _parts(other)
    total = one.plain + value if sign > 0 else one.plain - value
    return _made(total, _joined(one.slopes, {n: sign * s for n, s in slopes.items()}))


def _joined(some: Slopes, others: Slopes) -> Slopes:
    if not others:
        return some
    joined = defaultdict(float, some)
    for number, slope in others.items():
        joined[number] += slope
    return joined


def _quotient(over: float, over_slopes: Slopes, under: float, under_slopes: Slopes) -> Any:
    slopes = {n: s / under for n, s in over_slopes.items()}
    return _made(over / under, _joined(slopes, {n: -s * over / under**2 for n, s in under_slopes.items()}))


_noted: set[int] = set()
_perturbed: dict[Number, list[tuple[int, float]]] = {}


def _compare(how: Callable[[float, float], bool]) -> Callable[[Any, Any], Any]:
    def compare(one: Any, other: Any) -> Any:
        if not isinstance(other, int | float):
            return how(one.plain, other)
        value, slopes = _parts(other)
        result = how(one.plain, value)
        apart = one.plain - value
        for number, slope in _joined(one.slopes, {n: -s for n, s in slopes.items()}).items():
            for place, change in _perturbed.get(number, ()):
                if how(apart + slope * change, 0.0) != result:
                    _noted.add(place)
        return result

    return compare


for _name in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"):
    setattr(_Float, _name, _compare(getattr(operator, _name)))
    setattr(_Int, _name, _compare(getattr(operator, _name)))
# Naming a way to compare takes away the hash.
_Float.__hash__, _Int.__hash__ = float.__hash__, int.__hash__  # type: ignore[method-assign,assignment]


@contextmanager
def watched(targets: Sequence[Target]) -> Iterator[set[int]]:
    """Puts remembering numbers in; gives the places in `targets` of those that turn a comparison, empty at first."""
    _noted.clear()
    _perturbed.clear()
    for place, target in enumerate(targets):
        if target.number is not None:
            _perturbed.setdefault(target.number, []).append((place, target.new - target.number.value))
    undo = [number.replace(_made(number.value, {number: 1.0})) for number in _perturbed]
    try:
        yield _noted
    finally:
        for back in reversed(undo):
            back()
