"""Ids of new facilities: from what is said of each, so that the same facility has the same id, whoever brings it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.ingest.cells.mixed_frames import records
from geo.register.ids import name_key

if TYPE_CHECKING:
    from geo.register.city import Atlas

_USED: Final = ("facility_kind", "name_zh", "district_code", "district_found", "lon", "lat")
_DIGITS: Final = 10
_MORE_DIGITS: Final = 16
"""Of an id whose shorter form another facility has: of a million facilities two have one, as often as not."""


def facility_id_of(cells: Mapping[str, Any], digits: int = _DIGITS) -> str:
    """The id of a new facility: the same for the same kind, name and district, whoever imports it."""
    words = [cells["facility_kind"] or "", name_key(cells["name_zh"] or "", whole=True)]
    words += [cells["district_code"] or cells["district_found"] or ""]
    if cells.get("twin"):
        words.append(f"{cells['lon']:.4f},{cells['lat']:.4f}")
    return "F-" + hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:digits]


def _short_ids(rows: pd.DataFrame) -> list[str]:
    """:func:`facility_id_of` of each row, each different name looked at once."""
    kinds, names, codes, found = (rows[name].tolist() for name in _USED[:4])
    twins = rows["twin"].tolist() if "twin" in rows else [False] * len(rows)
    keys = {name: name_key(name or "", whole=True) for name in dict.fromkeys(names)}
    lon, lat = (rows[name].to_numpy("float64") for name in _USED[4:])
    ids = []
    for at, (kind, name, code, other, twin) in enumerate(zip(kinds, names, codes, found, twins, strict=True)):
        place = f"\x1f{lon[at]:.4f},{lat[at]:.4f}" if twin else ""
        text = f"{kind or ''}\x1f{keys[name]}\x1f{code or other or ''}{place}"
        ids.append(f"F-{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}")
    return ids


def new_ids(rows: pd.DataFrame, atlas: Atlas) -> list[str]:
    """:func:`facility_id_of` of each row; a longer one where another facility of the register, or of a row before, has it.

    Parameters
    ----------
    rows : DataFrame
        Typed and placed rows; ``twin`` where several are told apart by their place.
    atlas : Atlas

    Returns
    -------
    list of str
    """
    used = rows[[name for name in (*_USED, "twin") if name in rows]]
    ids = _short_ids(used)
    known, short = atlas.pack.facilities, pd.Series(ids, dtype=object)
    doubtful = np.flatnonzero((short.duplicated(keep=False) | short.isin(known.index)).to_numpy(bool))
    owners = {
        str(key): (str(kind), name_key(str(name), whole=True))
        for key, kind, name in known.loc[
            known.index.isin(short.iloc[doubtful]), ["facility_id", "kind", "name_zh"]
        ].itertuples(index=False, name=None)
    }
    for at, (_row, cells) in zip(doubtful, records(used.iloc[doubtful]), strict=True):
        facts = (str(cells["facility_kind"] or ""), name_key(cells["name_zh"] or "", whole=True))
        if owners.setdefault(ids[at], facts) != facts:
            ids[at] = facility_id_of(cells, _MORE_DIGITS)
    return ids
