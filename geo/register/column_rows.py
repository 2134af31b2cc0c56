"""Rows of a table held as columns: a million of them take a fraction of what a million dictionaries take, and read the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.values import is_unknown, json_value


class ColumnRows(Sequence[Mapping[str, Any]]):
    """Rows of one table, each made where it is asked for. Read only.

    Parameters
    ----------
    columns : mapping
        Column -> values of all rows, None for unknown, as the store takes them.
    """

    __slots__ = ("_columns", "_count")

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self._columns = dict(columns)
        self._count = len(next(iter(self._columns.values()), ()))

    def column(self, name: str) -> Sequence[Any]:
        """The values of a column; read only."""
        return self._columns[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(self._columns)

    def take(self, places: Sequence[int]) -> ColumnRows:
        """The rows at some places."""
        return ColumnRows({name: [values[at] for at in places] for name, values in self._columns.items()})

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return ColumnRows({name: values[at] for name, values in self._columns.items()})
        return {name: values[at] for name, values in self._columns.items()}

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        names = self.names
        for values in zip(*self._columns.values(), strict=True):
            yield dict(zip(names, values, strict=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def columns_of(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[Any]] | None:
    """The columns of rows that all have the same ones in the same order; None where they do not."""
    if isinstance(rows, ColumnRows):
        return {name: rows.column(name) for name in rows.names}
    names = tuple(rows[0]) if rows else ()
    if any(tuple(row) != names for row in rows):
        return None
    return {name: [row[name] for row in rows] for name in names}


def values_of(rows: Sequence[Mapping[str, Any]], name: str) -> Sequence[Any]:
    """The values of one column."""
    return rows.column(name) if isinstance(rows, ColumnRows) else [row[name] for row in rows]


def plain_values(cells: pd.Series[Any] | np.ndarray[Any, Any]) -> list[Any]:
    """Cells as the store takes them: unknown as None, days as ISO texts, whole numbers as integers."""
    values = cells.tolist()
    if cells.dtype == "float64":
        return [None if one != one else int(one) if one.is_integer() else one for one in values]  # noqa: PLR0124
    return [
        one if type(one) is str or one is None else None if is_unknown(one) else json_value(one)
        for one in values
    ]
