# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be perturbed: fields of settings, named constants, bare numbers in functions, passes."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import koteihyo.extract
import koteihyo.normalize
from koteihyo.normalize import chart

# Zero, one and two are counts, middles and halves, not thresholds.
PLAIN = (0.0, 1.0, 2.0)
FACTORS = (1.6, 0.5)
# Not geometry, or not run by tests that need nothing but the checkout: recognition in pictures is an extra.
LEFT_OUT = (
    "koteihyo.extract.raster",
    "koteihyo.normalize.facts",
    "koteihyo.normalize.text",
    "koteihyo.normalize.trust",
)

Undo = Callable[[], None]
Place = tuple[str, int, str]
"""File, line and name of a piece of code."""


@dataclass(frozen=True, eq=False)
class Number:
    """A number of the reader."""

    value: float
    replace: Callable[[float], Undo]


@dataclass(frozen=True)
class Target:
    """One perturbation: what it changes, and how."""

    name: str
    change: str
    apply: Callable[[], Undo]
    codes: frozenset[Place] | None = None
    """Where the code stands that reads what is changed; None when any may."""
    number: Number | None = None
    """What number it changes; None when it leaves out a pass."""
    new: float = 0.0
    """What the number becomes."""

    def may_matter(self, run: frozenset[Place]) -> bool:
        """Whether a test that runs this code could notice."""
        return self.codes is None or not self.codes.isdisjoint(run)

    @property
    def in_extract(self) -> bool:
        """Whether pages must be taken from their files again to feel it."""
        return self.name.startswith("koteihyo.extract")


def find_targets() -> list[Target]:
    """Everything there is to perturb in the reading of a page, by name."""
    modules = list(_modules())
    found = [*_passes()]
    for module in modules:
        found += [*_settings(module, modules), *_constants(module, modules), *_literals(module)]
    return found


def _modules() -> Iterator[ModuleType]:
    for package in (koteihyo.extract, koteihyo.normalize):
        for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not info.name.startswith(LEFT_OUT):
                yield importlib.import_module(info.name)


def _passes() -> Iterator[Target]:
    whole = chart.PASSES

    def leave_out(name: str) -> Undo:
        chart.PASSES = tuple(step for step in whole if step.name != name)
        return lambda: setattr(chart, "PASSES", whole)

    for step in whole:
        yield Target(f"pass {step.name!r}", "left out", partial(leave_out, step.name))


def place_of(code: CodeType) -> Place:
    """Where a piece of code stands."""
    return code.co_filename, code.co_firstlineno, code.co_name


def _readers(modules: list[ModuleType], name: str) -> frozenset[Place]:
    """The code that has a name in it."""
    return frozenset(place_of(code) for module in modules for code in _module_codes(module) if name in code.co_names)


@cache
def _module_codes(module: ModuleType) -> tuple[CodeType, ...]:
    return tuple(code for function in _functions(module) for code in _codes(function.__code__))


def perturbed(value: float, factor: float) -> float | None:
    """The value times a factor, whole numbers as whole numbers; None where that changes nothing."""
    new = value * factor
    if isinstance(value, int):
        new = int(new + 0.5) if factor > 1 else int(new)
    return None if new == value else new


def _settings(module: ModuleType, modules: list[ModuleType]) -> Iterator[Target]:
    for name, holder in vars(module).items():
        if not name.isupper() or not is_dataclass(holder) or type(holder).__module__ != module.__name__:
            continue
        for field in fields(holder):
            value = getattr(holder, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            setter = _on_holder(holder, field.name)
            readers = _readers(modules, field.name)
            yield from _numbers(f"{module.__name__}.{name}.{field.name}", value, setter, readers)


def _numbers(name: str, value: float, setter: Callable[[float], Undo], readers: frozenset[Place]) -> Iterator[Target]:
    number = Number(value, setter)
    for factor in FACTORS:
        new = perturbed(value, factor)
        if new is not None:
            yield Target(name, f"{value:g} → {new:g}", partial(setter, new), readers, number, new)


def _on_holder(holder: object, field: str) -> Callable[[float], Undo]:
    def change(new: float) -> Undo:
        old = getattr(holder, field)
        object.__setattr__(holder, field, new)
        return lambda: object.__setattr__(holder, field, old)

    return change


def _constants(module: ModuleType, modules: list[ModuleType]) -> Iterator[Target]:
    source = _source(module)
    for name in source.constants:
        value = getattr(module, name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        where = [module, *(m for m in modules if (module.__name__, name) in _source(m).imported)]
        readers = _readers(modules, name)
        yield from _numbers(f"{module.__name__}.{name}", value, _on_modules(where, name), readers)


def _on_modules(modules: list[ModuleType], name: str) -> Callable[[float], Undo]:
    def change(new: float) -> Undo:
        old = getattr(modules[0], name)
        for module in modules:
            setattr(module, name, new)

        def undo() -> None:
            for module in modules:
                setattr(module, name, old)

        return undo

    return change


def _literals(module: ModuleType) -> Iterator[Target]:
    for function in _functions(module):
        floats = {c for code in _codes(function.__code__) for c in code.co_consts if isinstance(c, float)}
        for value in sorted(v for v in floats if abs(v) not in PLAIN):
            name = f"{module.__name__}.{function.__qualname__}: {value:g}"
            readers = frozenset(map(place_of, _codes(function.__code__)))
            yield from _numbers(name, value, partial(_recode, function, value), readers)


def _recode(function: FunctionType, value: float, new: float) -> Undo:
    old = function.__code__
    function.__code__ = _with_constant(old, value, new)
    return lambda: setattr(function, "__code__", old)


def _with_constant(code: CodeType, value: float, new: float) -> CodeType:
    consts = tuple(
        _with_constant(c, value, new) if isinstance(c, CodeType) else new if isinstance(c, float) and c == value else c
        for c in code.co_consts
    )
    return code.replace(co_consts=consts)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _codes(const)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for value in vars(module).values():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        members = vars(value).values() if inspect.isclass(value) else [value]
        for member in members:
            function: Any = member
            function = function.func if isinstance(function, cached_property) else function
            function = function.fget if isinstance(function, property) else function
            function = getattr(function, "__wrapped__", getattr(function, "__func__", function))
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                yield function


@cache
def _source(module: ModuleType) -> _Source:
    return _Source(module)


class _Source:
    """Names that a module's text binds to numbers, and that it imports."""

    def __init__(self, module: ModuleType) -> None:
        tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
        self.constants: list[str] = []
        self.imported: set[tuple[str, str]] = set()
        for node in tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                self.constants += [
                    n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and n.id.lstrip("_").isupper()
                ]
            elif isinstance(node, ast.ImportFrom) and node.module:
                self.imported |= {(node.module, alias.name) for alias in node.names}
