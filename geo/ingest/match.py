"""Is a row a work we already know? By name, district and distance; what is not certain is asked, never merged."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

import numpy as np
import pandas as pd
from pyproj import Geod

SURE_M: Final = 300.0
"""Two places of one name nearer than this, beyond both their errors, are one work."""
LIKELY: Final = 92.0
"""Similarity (0-100) of two names from which a person is asked."""
_GEOD: Final = Geod(ellps="WGS84")
_NOISE: Final = re.compile(r"[\s\-—–_·.,，。、;；:：'\"“”‘’()（）\[\]【】<>《》/\\|]+")
_ADDED: Final = re.compile(r"[(（【\[].*?[)）】\]]")


def name_key(name: str, *, whole: bool = False) -> str:
    """A name as it is compared: one width, lower case, without spaces and marks.

    What stands in brackets is left out unless ``whole``: it may be another name, or another phase of the same place.
    """
    text = unicodedata.normalize("NFKC", name).lower()
    short = "" if whole else _NOISE.sub("", _ADDED.sub("", text))
    return short or _NOISE.sub("", text)


def match_rows(rows: pd.DataFrame, works: pd.DataFrame) -> pd.DataFrame:
    """The known work each row may be.

    Parameters
    ----------
    rows : DataFrame
        ``name_zh, district_code, item_id, year`` (text, may be empty) and ``lon, lat`` (WGS84, NaN without), any index;
        a ``work_id`` column, where there is one, decides alone.
    works : DataFrame
        ``Register.state``: works of kind ``work`` are compared.

    Returns
    -------
    DataFrame
        Indexed like ``rows``: ``work_id`` (None where none is like it), ``likeness`` (``id``, ``sure``, ``ask``, ``none``),
        ``score`` (0-100) and ``distance_m`` (NaN where either has no place). ``sure`` asks for the same name key, no
        contradicting district, and a distance within both errors and 300 m; ``ask`` for a like name, or the same name
        elsewhere in the district.
    """
    known = works[works["kind"] == "work"]
    keys = [name_key(str(name)) for name in known["name_zh"]]
    found = [_match(row, known, keys) for _, row in rows.iterrows()]
    return pd.DataFrame(found, index=rows.index, columns=["work_id", "likeness", "score", "distance_m"])


def _match(row: pd.Series[Any], known: pd.DataFrame, keys: list[str]) -> tuple[Any, str, float, float]:
    from rapidfuzz import fuzz, process

    given = row.get("work_id")
    if isinstance(given, str) and given in known.index:
        return given, "id", 100.0, float(_distances(row, known.loc[[given]])[0])
    key = name_key(str(row.get("name_zh") or ""))
    near = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=LIKELY, limit=20) if key else []
    best: tuple[Any, str, float, float] = (None, "none", 0.0, float("nan"))
    for _text, score, at in near:
        other = known.iloc[[at]]
        likeness = _likeness(row, other.iloc[0], score, distance := float(_distances(row, other)[0]))
        if likeness != "none" and (likeness == "sure", score) > (best[1] == "sure", best[2]):
            best = (str(other.index[0]), likeness, float(score), distance)
    return best


def _likeness(row: pd.Series[Any], other: pd.Series[Any], score: float, distance: float) -> str:
    here, there = str(row.get("district_code") or ""), str(other["district_code"] or "")
    if here and there and not set(here.split("|")) & set(there.split("|")):
        return "none"
    if row.get("item_id") and other["item_id"] and row["item_id"] != other["item_id"]:
        return "none"
    errors = sum(float(value) for value in (row.get("accuracy_m"), other["accuracy_m"]) if pd.notna(value))
    same = name_key(str(row["name_zh"]), whole=True) == name_key(str(other["name_zh"]), whole=True)
    if same and (np.isnan(distance) or distance <= SURE_M + errors):
        return "sure" if _same_year(row, other) else "ask"
    return "ask"


def _same_year(row: pd.Series[Any], other: pd.Series[Any]) -> bool:
    return not row.get("year") or not other["year"] or str(row["year"]) == str(other["year"])


def _distances(row: pd.Series[Any], others: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Metres on the ellipsoid from a row's place to others (WGS84); NaN where either has none."""
    lon, lat = (np.full(len(others), float(row.get(name, np.nan))) for name in ("lon", "lat"))
    x, y = others["lon"].to_numpy("float64"), others["lat"].to_numpy("float64")
    return np.asarray(_GEOD.inv(lon, lat, x, y)[2], "float64")
