# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of a large table held as columns: checked like the records they stand for, made into records when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar, overload

from pydantic import ConfigDict, TypeAdapter

from koteihyo.schema.record import Record

R = TypeVar("R", bound=Record)


class Columns(Sequence[R], Generic[R]):
    """A sequence of records; equal to another one with the same rows.

    Args:
        model: The record of a row.
        data: A list of values for each of the model's fields, all of one length.

    Raises:
        ValueError: a value is not what the model's field allows, or columns are missing or differ in length.
    """

    def __init__(self, model: type[R], data: Mapping[str, Sequence[Any]]) -> None:
        if set(data) != set(model.model_fields) or len({len(column) for column in data.values()}) != 1:
            raise ValueError(f"{model.TABLE}: not one list of the same length for each column")
        self.model = model
        self.data: dict[str, list[Any]] = {
            name: _adapter(model, name).validate_python(data[name]) for name in model.model_fields
        }

    def __len__(self) -> int:
        return len(next(iter(self.data.values())))

    @overload
    def __getitem__(self, at: int) -> R: ...

    @overload
    def __getitem__(self, at: slice) -> list[R]: ...

    def __getitem__(self, at: int | slice) -> R | list[R]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        return self._record([column[at] for column in self.data.values()])

    def __iter__(self) -> Iterator[R]:
        return map(self._record, zip(*self.data.values(), strict=True))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Columns):
            return self.model is other.model and self.data == other.data
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # lists inside

    def _record(self, values: Sequence[Any]) -> R:
        # The values were checked with their columns.
        return self.model.model_construct(**dict(zip(self.data, values, strict=True)))


@cache
def _adapter(model: type[Record], name: str) -> TypeAdapter[list[Any]]:
    """What checks a column: the field's own type and limits, for every value."""
    limits = ConfigDict(allow_inf_nan=bool(model.model_config.get("allow_inf_nan", True)))
    return TypeAdapter(list[model.model_fields[name].rebuild_annotation()], config=limits)  # type: ignore[misc, arg-type]
