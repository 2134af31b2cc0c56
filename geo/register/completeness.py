"""Where the pack knows all facilities of a kind, and where it knows that it knows none: statements of kind and district.

The table ``completeness`` may be missing; then ``kinds.csv`` alone says which kinds are complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.text_tables import read_city_table

if TYPE_CHECKING:
    from pandas import DataFrame

_NAME: Final = "completeness.csv"
_COLUMNS: Final = ("kind", "district_code", "complete", "as_of", "source_id")


@lru_cache(maxsize=8)
def _table(root: Path) -> DataFrame | None:
    return read_city_table(root, _NAME, _COLUMNS) if (root / _NAME).exists() else None


def districts_not_covered(root: Path, kinds: Sequence[str]) -> frozenset[str]:
    """Codes of districts of which the pack says that its facilities of any of ``kinds`` are not complete."""
    table = _table(root)
    if table is None:
        return frozenset()
    mine = table[table["kind"].isin(list(kinds)) & (table["complete"] == "false")]
    return frozenset(mine["district_code"])
