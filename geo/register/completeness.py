"""Whether the register holds every facility of a kind: statements of a kind and a district, each with its source.

The table ``completeness`` may be missing; then nothing is known to be complete, and nothing to be missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from geo.text_tables import read_city_table

_NAME: Final = "completeness.csv"
_COLUMNS: Final = ("kind", "district_code", "complete", "as_of", "source_id")


def completeness(root: Path) -> pd.DataFrame:
    """The statements of the pack in ``root`` as texts: ``kind, district_code`` (empty for the whole city), ``complete, as_of,
    source_id``; none without the file. Read only.
    """
    return _table(root)


@lru_cache(maxsize=8)
def _table(root: Path) -> pd.DataFrame:
    if not (root / _NAME).exists():
        return pd.DataFrame(columns=list(_COLUMNS), dtype=object)
    return read_city_table(root, _NAME, _COLUMNS)


def is_complete(root: Path, kinds: Iterable[str], district: str = "") -> bool:
    """Whether every facility of all ``kinds`` that stands in a district (empty: the city) is said to be in the register.

    A statement on the district decides; without one, the statement on the whole city; without any, it is not known,
    which is no.

    Parameters
    ----------
    root : Path
        Folder of the city pack.
    kinds : iterable of str
        Ids of ``kinds.csv``.
    district : str
        District code.

    Returns
    -------
    bool
    """
    rows = _table(root)
    stated = {
        (kind, code): complete == "true"
        for kind, code, complete in zip(rows["kind"], rows["district_code"], rows["complete"], strict=True)
    }
    wanted = list(kinds)
    return bool(wanted) and all(
        stated.get((kind, district), stated.get((kind, ""), False)) for kind in wanted
    )


def districts_not_covered(root: Path, kinds: Sequence[str]) -> frozenset[str]:
    """Codes of districts of which the pack says that its facilities of any of ``kinds`` are not complete."""
    table = _table(root)
    mine = table[table["kind"].isin(list(kinds)) & (table["complete"] == "false")]
    return frozenset(mine["district_code"]) - {""}


def stated_as_of(root: Path, kinds: Sequence[str], districts: Sequence[str]) -> str:
    """The day or month of the list of facilities in ``districts``, as the statements have it.

    Parameters
    ----------
    root : Path
        Folder of the city pack.
    kinds : sequence of str
        Ids of ``kinds.csv``.
    districts : sequence of str
        District codes; a statement on the whole city counts for each.

    Returns
    -------
    str
        The earliest; empty where nothing is stated.
    """
    table = _table(root)
    mine = table["kind"].isin(list(kinds)) & table["district_code"].isin([*districts, ""])
    return str(min(table.loc[mine, "as_of"], default=""))
