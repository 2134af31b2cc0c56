"""What the rows of a list become, before it is written: rows of the register's tables, and the key of their batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from geo.register.column_rows import ColumnRows, columns_of

_AT_ONCE: Final = 10_000
"""Rows that are written as text together."""


@dataclass
class Made:
    """What the rows become.

    Attributes
    ----------
    works, events, facility_events : list of dict
        Rows of the pack's tables.
    facilities : ColumnRows
        Rows of that table: of these a list may hold very many.
    sources : list of dict
        Only those that the pack lacks.
    lines : dict
        line_id -> line in WGS84.
    targets : dict
        Row of the file -> id of its work or facility.
    added : dict
        Row of the file -> number of works, events and facilities it adds; 0 where everything was known.
    """

    works: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    facilities: ColumnRows = field(default_factory=lambda: ColumnRows({}))
    facility_events: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[str, Any] = field(default_factory=dict)
    targets: dict[int, str] = field(default_factory=dict)
    added: dict[int, int] = field(default_factory=dict)

    def key(self) -> str:
        """Key of a batch of these rows: the same rows again have the same."""
        total = hashlib.sha256(f"({sorted(self.targets.items())!r}, {self.works!r}, [".encode())
        before = ""
        for part in _in_parts(self.events, self.facilities, self.facility_events):
            total.update(f"{before}{', '.join(_pairs(part))}".encode())
            before = ", "
        total.update(b"])")
        return f"import-{total.hexdigest()[:32]}"


def _in_parts(*tables: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    for rows in tables:
        for start in range(0, len(rows), _AT_ONCE):
            yield rows[start : start + _AT_ONCE]


def _pairs(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each row as Python writes the list of its pairs of a name and a value, in the order of their texts."""
    columns = columns_of(rows)
    if not columns:
        yield from (repr([(name, row[name]) for name in _in_order(tuple(row))]) for row in rows)
        return
    order = _in_order(tuple(columns))
    pattern = ", ".join(f"({_escaped(name)}, %s)" for name in order)
    for texts in zip(*(map(repr, columns[name]) for name in order), strict=True):
        yield f"[{pattern % texts}]"


def _escaped(name: str) -> str:
    return repr(name).replace("%", "%%")


@lru_cache(maxsize=64)
def _in_order(names: tuple[str, ...]) -> list[str]:
    """Names of columns as pairs of a name and a value are sorted by their texts."""
    return sorted(names, key=lambda name: f"({name!r},")
