"""What the rows of a list become, before it is written: rows of the register's tables, and the key of their batch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any

from geo.register.column_rows import ColumnRows


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
        said = chain(self.events, self.facilities, self.facility_events)
        total = hashlib.sha256(f"({sorted(self.targets.items())!r}, {self.works!r}, [".encode())
        for at, row in enumerate(said):
            order = _in_order(tuple(row))
            total.update(f"{', ' if at else ''}{[(name, row[name]) for name in order]!r}".encode())
        total.update(b"])")
        return f"import-{total.hexdigest()[:32]}"


@lru_cache(maxsize=64)
def _in_order(names: tuple[str, ...]) -> list[str]:
    """Names of columns as pairs of a name and a value are sorted by their texts."""
    return sorted(names, key=lambda name: f"({name!r},")
