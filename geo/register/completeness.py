"""Whether the register holds every facility of a kind: a statement for a kind and a district, with a source."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from geo.text_tables import read_city_table

_FILE: Final = "completeness.csv"
_COLUMNS: Final = ("kind_id", "district_code", "complete", "source_id", "note_zh", "note_en")


def completeness(root: Path) -> pd.DataFrame:
    """The statements of the pack in ``root``, as texts: ``kind_id, district_code`` (empty for the whole city), ``complete,
    source_id, note_zh, note_en``; none without the file. Read only.
    """
    return _completeness(root)


@lru_cache(maxsize=8)
def _completeness(root: Path) -> pd.DataFrame:
    if not (root / _FILE).exists():
        return pd.DataFrame(columns=list(_COLUMNS), dtype=object)
    return read_city_table(root, _FILE, _COLUMNS)


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
    rows = completeness(root)
    said = {
        (kind, code): complete == "true"
        for kind, code, complete in zip(rows["kind_id"], rows["district_code"], rows["complete"], strict=True)
    }
    wanted = list(kinds)
    return bool(wanted) and all(said.get((kind, district), said.get((kind, ""), False)) for kind in wanted)
