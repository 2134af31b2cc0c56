"""Which facilities of an extract or a list the register has already: by id, by name nearby or in the district, or by place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.ingest.plan.known_facilities import best_known, with_keys
from geo.ingest.plan.match import metres

if TYPE_CHECKING:
    from geo.ingest.cells.columns import ColumnMap
    from geo.reading.model import Layer
    from geo.register.city import Atlas

_OPEN: Final = ("hospital_", "school_")
"""Kinds whose level no tag may tell: ``<prefix>other`` may be one of any level."""
_COLUMNS: Final = ("facility_id", "kind", "name_zh", "known_id", "distance_m", "sure")


def is_registered(ids: pd.Series[Any], atlas: Atlas) -> pd.Series[bool]:
    """Which of ``ids`` are those of works or facilities of the register."""
    return ids.isin(atlas.pack.works.index) | ids.isin(atlas.register.facilities.index)


def likely_into(layer: Layer, mapping: ColumnMap, atlas: Atlas) -> str:
    """What the rows of a layer most likely are: ``facilities`` where its ids are those of facilities, else ``works``.

    Parameters
    ----------
    layer : Layer
    mapping : ColumnMap
    atlas : Atlas

    Returns
    -------
    str
    """
    column = mapping.columns.get("work_id")
    ids = layer.frame[column].dropna() if column else pd.Series(dtype=object)
    return "facilities" if len(ids) and ids.isin(atlas.register.facilities.index).mean() > 0.5 else "works"


def registered_facilities(candidates: pd.DataFrame, atlas: Atlas) -> pd.DataFrame:
    """The facilities of an extract or a list that are in the register.

    Parameters
    ----------
    candidates : DataFrame
        Any index; ``facility_id`` (the id it would get), ``kind, name`` (None without), ``lon, lat, accuracy_m``,
        ``district_code`` (empty without).

    Returns
    -------
    DataFrame
        Those that are known, indexed as ``candidates``: ``facility_id, kind, name_zh, known_id, distance_m`` (NaN where either
        has no place), ``sure`` (False where one name only contains the other).
    """
    known = _register_frame(atlas)
    own = candidates["facility_id"].isin(atlas.register.facilities.index)
    parts = []
    for kind, group in with_keys(candidates, "name").assign(own=own).groupby("kind"):
        same = known[known["kind"].isin(_alike(str(kind), known["kind"]))]
        of_own = group.loc[group["own"], ["facility_id"]].rename(columns={"facility_id": "known_id"})
        found = [of_own.assign(distance_m=0.0, sure=True), best_known(group[~group["own"]], same)]
        both = pd.concat([each for each in found if len(each)] or found[:1])
        rows = group[group.index.isin(both.index)].rename(columns={"name": "name_zh"})
        parts.append(rows.drop(columns="own").join(both)[list(_COLUMNS)])
    parts = [each for each in parts if len(each)]
    none = pd.DataFrame(columns=list(_COLUMNS))
    return (pd.concat(parts) if parts else none).astype({"distance_m": "float64", "sure": bool})


def namesakes(candidates: pd.DataFrame, atlas: Atlas) -> pd.DataFrame:
    """Facilities of the register with the very kind, name and district of a candidate that lie elsewhere: maybe the same, at a
    wrong place.

    Parameters
    ----------
    candidates : DataFrame
        As :func:`registered_facilities` takes them, those that it does not know.
    atlas : Atlas

    Returns
    -------
    DataFrame
        As :func:`registered_facilities`, never ``sure``.
    """
    wanted = with_keys(candidates, "name")
    named = [isinstance(name, str) for name in wanted["name"]]
    homes = [bool(str(code)) for code in wanted["district_code"]]
    wanted = wanted[np.array(named, bool) & np.array(homes, bool)]
    register = _register_frame(atlas)
    register = register[register["key"].isin(wanted["key"])]
    places: dict[tuple[str, str, str], int] = {}
    columns = (register[name].tolist() for name in ("kind", "key", "district_code"))
    for at, (kind, key, codes) in enumerate(zip(*columns, strict=True)):
        for code in str(codes or "").split("|"):
            places.setdefault((str(kind), str(key), code), at)
    asked = zip(wanted["kind"], wanted["key"], wanted["district_code"], strict=True)
    hit = np.array([places.get((str(kind), key, str(code)), -1) for kind, key, code in asked], int)
    rows, there = wanted[hit >= 0], register.iloc[hit[hit >= 0]]
    return pd.DataFrame(
        {
            "facility_id": rows["facility_id"],
            "kind": rows["kind"],
            "name_zh": rows["name"],
            "known_id": there.index.to_numpy(object),
            "distance_m": metres(rows, there),
            "sure": False,
        },
        index=rows.index,
        columns=list(_COLUMNS),
    )


def _alike(kind: str, kinds: pd.Series[str]) -> set[str]:
    """Kinds of the register that an object drawn as ``kind`` may be."""
    for prefix in _OPEN:
        if kind == f"{prefix}other":
            return {str(one) for one in kinds.unique() if str(one).startswith(prefix)}
    return {kind}


def _register_frame(atlas: Atlas) -> pd.DataFrame:
    """Facilities of the register and works that are one: ``kind, name_zh, district_code, lon, lat, accuracy_m, key, whole``."""
    columns = ["name_zh", "district_code", "lon", "lat", "accuracy_m"]
    works = atlas.pack.works[
        atlas.pack.works["facility_kind"].notna() & (atlas.pack.works["kind"] != "aggregate")
    ]
    frames = [
        atlas.register.facilities[columns].assign(kind=atlas.register.facilities["kind"]),
        works[columns].assign(kind=works["facility_kind"]),
    ]
    return with_keys(pd.concat(frames), "name_zh")
