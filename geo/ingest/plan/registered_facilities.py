"""Which facilities of an extract or a list the register has already: by id, by name nearby or in the district, or by place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.ingest.plan.match import metres
from geo.register.ids import name_key

if TYPE_CHECKING:
    from geo.ingest.cells.columns import ColumnMap
    from geo.reading.model import Layer
    from geo.register.city import Atlas

NEAR_M: Final = 150.0
"""A known facility of the same kind this near, beyond its own error, is the same where either has no name."""
NAMED_M: Final = 500.0
"""The same or a contained name this near, beyond both errors, is the same facility."""
_OPEN: Final = ("hospital_", "school_")
"""Kinds whose level no tag may tell: ``<prefix>other`` may be one of any level."""
_DEGREE_M: Final = 111_000.0
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
    registered = _register_frame(atlas)
    ids = set(atlas.register.facilities.index)
    out: dict[Any, tuple[Any, ...]] = {}
    for kind, group in candidates.groupby("kind"):
        same = registered[registered["kind"].isin(_alike(str(kind), registered["kind"]))]
        place = {name: same[name].to_numpy("float64") for name in ("lon", "lat", "accuracy_m")}
        for at, cells in zip(group.index, group.to_dict("records"), strict=True):
            own = cells["facility_id"]
            hit = (own, 0.0, True) if own in ids else _hit(cells, same, place)
            if hit is not None:
                out[at] = (own, kind, cells["name"], *hit)
    return pd.DataFrame.from_dict(out, orient="index", columns=list(_COLUMNS))


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
    register = _register_frame(atlas)
    known: dict[tuple[str, str, str], Any] = {}
    for facility_id, kind, key, codes in zip(
        register.index, register["kind"], register["key"], register["district_code"], strict=True
    ):
        for code in str(codes or "").split("|"):
            known.setdefault((str(kind), str(key), code), facility_id)
    out: dict[Any, tuple[Any, ...]] = {}
    for at, cells in zip(candidates.index, candidates.to_dict("records"), strict=True):
        name, code = cells["name"], str(cells["district_code"])
        same = known.get((str(cells["kind"]), name_key(name) if isinstance(name, str) else "", code))
        if same is not None and code and isinstance(name, str):
            place = register.loc[[same]]
            here = pd.DataFrame({"lon": [float(cells["lon"])], "lat": [float(cells["lat"])]})
            out[at] = (cells["facility_id"], cells["kind"], name, same, float(metres(here, place)[0]), False)
    return pd.DataFrame.from_dict(out, orient="index", columns=list(_COLUMNS))


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
    frame = pd.concat(frames)
    names = [str(name) for name in frame["name_zh"]]
    return frame.assign(
        key=[name_key(name) for name in names], whole=[name_key(name, whole=True) for name in names]
    )


def _hit(
    cells: dict[Any, Any], same: pd.DataFrame, place: dict[str, np.ndarray[Any, Any]]
) -> tuple[str, float, bool] | None:
    """The nearest known facility that may be this one, its distance, and whether nothing speaks against it."""
    reach = np.nan_to_num(place["accuracy_m"]) + float(cells["accuracy_m"]) + NAMED_M
    # a degree of latitude is the shortest way there: what is farther off cannot be it, and need not be measured
    with np.errstate(invalid="ignore"):
        far = np.abs(place["lat"] - cells["lat"]) * _DEGREE_M > 1.05 * reach
    rest = np.flatnonzero(~far)
    if not rest.size:
        return None
    near = same.iloc[rest]
    here = pd.DataFrame({"lon": float(cells["lon"]), "lat": float(cells["lat"])}, index=near.index)
    distance = metres(here, near)
    key = name_key(cells["name"]) if isinstance(cells["name"], str) else ""
    district = str(cells["district_code"])
    keys = near["key"].tolist()
    alike = np.array([bool(key) and (key == other or key in other or other in key) for other in keys], bool)
    exact = np.array([bool(key) and key == other for other in keys], bool)
    whole = name_key(cells["name"], whole=True) if key else ""
    very = np.array([bool(key) and whole == other for other in near["whole"]], bool)
    local = np.array(
        [bool(district) and district in str(codes or "").split("|") for codes in near["district_code"]],
        bool,
    )
    with np.errstate(invalid="ignore"):
        hits = alike & (distance <= reach[rest])
        hits |= exact & np.isnan(distance) & local
        hits |= (distance <= NEAR_M) & (not key)
    if not hits.any():
        return None
    # the very name first, then the same without what stands in brackets, then the nearest
    order = np.where(hits, np.nan_to_num(distance, nan=1e12) + 1e13 * (2.0 - exact - very), np.inf)
    best = int(np.argmin(order))
    # two campuses of one school differ by their brackets alone
    campus = whole != key and near["whole"].iloc[best] != keys[best]
    sure = very[best] or (exact[best] and int((hits & exact).sum()) == 1 and not campus) or not key
    return str(near.index[best]), float(distance[best]), bool(sure)
