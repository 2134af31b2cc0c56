"""Is a row a work we already know? By name, district and distance; what is not certain is asked, never merged."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Geod

from geo.register.ids import name_key

SURE_M: Final = 300.0
"""Two places of one name nearer than this, beyond both their errors, are one work."""
LIKELY: Final = 80.0
"""Similarity (0-100) of two names from which a person is asked."""
_GEOD: Final = Geod(ellps="WGS84")
_NUMBERS: Final = re.compile(r"[0-9一二三四五六七八九十]+|[a-z](?=区)|[东西南北](?=区|苑|村|片)")
_CHUNK: Final = 2000
COLUMNS: Final = ("work_id", "likeness", "score", "distance_m")


def match_rows(rows: pd.DataFrame, works: pd.DataFrame) -> pd.DataFrame:
    """The known work each row may be.

    Parameters
    ----------
    rows : DataFrame
        ``name_zh, district_code, item_id, year`` (text or None), ``lon, lat`` (WGS84, NaN without) and ``accuracy_m``,
        any index; a ``work_id`` column, where it names a known work, decides alone.
    works : DataFrame
        ``Register.state``: works of kind ``work`` are compared by name, all by id.

    Returns
    -------
    DataFrame
        Indexed like ``rows``: ``work_id`` (None where none is like it), ``likeness`` (``id``, ``sure``, ``ask``, ``none``),
        ``score`` (0-100) and ``distance_m`` (NaN where either has no place). ``sure`` asks for the same name, the same
        district, item and year where both say one, a distance within both errors and 300 m where both have a place,
        and that no other work answers so; ``ask`` for the same name farther off or without what would decide, or for a
        like name with the same numbers in it (二村 is not 三村) that no distance rules out.
    """
    known = works[works["kind"] == "work"]
    keys = [name_key(str(name)) for name in known["name_zh"]]
    pairs = _pairs([name_key(_text(name)) for name in rows["name_zh"]], keys)
    out = pd.DataFrame(
        {"work_id": None, "likeness": "none", "score": 0.0, "distance_m": np.nan},
        index=range(len(rows)),
        dtype=object,
    )
    for at, candidates in _without_contradictions(rows, known, pairs).groupby("row", sort=False):
        best = candidates.sort_values(["sure", "score", "distance"], ascending=[False, False, True]).iloc[0]
        alone = int(candidates["sure"].sum()) == 1
        likeness = "sure" if best["sure"] and alone else "ask"
        out.loc[at] = [str(known.index[int(best["work"])]), likeness, best["score"], best["distance"]]
    _by_id(out, rows, works)
    out.index = rows.index
    return out.astype({"score": "float64", "distance_m": "float64"})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _pairs(wanted: list[str], keys: list[str]) -> pd.DataFrame:
    """Rows and works with like names: ``row, work`` (positions) and ``score``."""
    from rapidfuzz import fuzz, process

    places: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        places.setdefault(key, []).append(at)
    unique = list(dict.fromkeys(key for key in wanted if key))
    found: dict[str, list[tuple[str, float]]] = {}
    names = [str(name) for name in places]
    for start in range(0, len(unique) if names else 0, _CHUNK):
        part = unique[start : start + _CHUNK]
        scores = process.cdist(part, names, scorer=fuzz.ratio, score_cutoff=LIKELY)
        for at, name in zip(*np.nonzero(scores), strict=True):
            if _NUMBERS.findall(part[at]) == _NUMBERS.findall(names[name]):
                found.setdefault(part[at], []).append((names[name], float(scores[at, name])))
    triples = [
        (row, work, score)
        for row, key in enumerate(wanted)
        for name, score in found.get(key, ())
        for work in places[name]
    ]
    return pd.DataFrame(triples, columns=["row", "work", "score"])


def _without_contradictions(rows: pd.DataFrame, works: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs that nothing contradicts, with ``distance`` and whether they are ``sure``."""
    here, there = rows.iloc[pairs["row"]], works.iloc[pairs["work"]]
    distance = metres(here, there)
    errors = np.nan_to_num(here["accuracy_m"].to_numpy("float64")) + np.nan_to_num(
        there["accuracy_m"].to_numpy("float64")
    )
    district, both = _agree(here["district_code"], there["district_code"], several=True)
    item, _both = _agree(here["item_id"], there["item_id"])
    year, _both = _agree(here["year"], there["year"])
    same = np.array(
        [
            name_key(_text(a), whole=True) == name_key(_text(b), whole=True)
            for a, b in zip(here["name_zh"], there["name_zh"], strict=True)
        ],
        dtype=bool,
    )
    with np.errstate(invalid="ignore"):
        near = np.where(np.isnan(distance), both, distance <= SURE_M + errors)
    out = pairs.assign(distance=distance, sure=same & near.astype(bool) & year)
    # a like name at another place is another place: 申港一村 is not 利港一村
    elsewhere = ~same & ~np.isnan(distance) & ~near.astype(bool)
    accepted: pd.DataFrame = out[district & item & ~elsewhere]
    return accepted


def _agree(
    here: pd.Series[Any], there: pd.Series[Any], *, several: bool = False
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where two texts do not contradict, and where both are known and agree."""
    agree, both = np.ones(len(here), bool), np.zeros(len(here), bool)
    for at, (a, b) in enumerate(zip(here, there, strict=True)):
        if isinstance(a, str) and a and isinstance(b, str) and b:
            agree[at] = both[at] = bool(set(a.split("|")) & set(b.split("|"))) if several else a == b
    return agree, both


def metres(here: pd.DataFrame, there: pd.DataFrame) -> NDArray[np.float64]:
    """Metres on the ellipsoid between the places of two frames, row by row; NaN where either has none."""
    points = (frame[name].to_numpy("float64") for frame in (here, there) for name in ("lon", "lat"))
    x0, y0, x1, y1 = points
    return np.asarray(_GEOD.inv(x0, y0, x1, y1)[2], "float64").reshape(len(here))


def _by_id(out: pd.DataFrame, rows: pd.DataFrame, works: pd.DataFrame) -> None:
    if "work_id" not in rows:
        return
    given = np.flatnonzero(rows["work_id"].isin(works.index).to_numpy())
    ids = rows["work_id"].iloc[given]
    distances = metres(rows.iloc[given], works.loc[ids])
    for at, work_id, distance in zip(given, ids, distances, strict=True):
        out.loc[at] = [work_id, "id", 100.0, distance]
