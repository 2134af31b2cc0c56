"""Is a row a work we already know? By name, district and distance; what is not certain is asked, never merged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
_CELLS: Final = 20_000_000
"""Pairs of names compared at once: 80 MB of scores."""
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
    likely = _without_contradictions(rows, known, pairs).sort_values(
        ["row", "sure", "score", "distance"], ascending=[True, False, False, True]
    )
    best = likely.drop_duplicates("row")
    at = best["row"].to_numpy("int64")
    alone = np.bincount(likely["row"][likely["sure"]], minlength=len(rows))[at] == 1
    matched = _Matched(len(rows))
    works_at = known.index.to_numpy(object)[best["work"].to_numpy("int64")]
    likeness = np.where(best["sure"].to_numpy(bool) & alone, "sure", "ask")
    matched.put(at, works_at, likeness, best["score"].to_numpy(), best["distance"].to_numpy())
    _by_id(matched, rows, works)
    return matched.frame(rows.index)


class _Matched:
    """The columns of :func:`match_rows`, row by row of a list."""

    def __init__(self, rows: int) -> None:
        self._columns = (
            np.full(rows, None, object),
            np.full(rows, "none", object),
            np.zeros(rows),
            np.full(rows, np.nan),
        )

    def put(self, at: Any, *cells: Any) -> None:
        """Work, likeness, score and distance of the rows ``at``."""
        for column, values in zip(self._columns, cells, strict=True):
            column[at] = values

    def frame(self, index: pd.Index[Any]) -> pd.DataFrame:
        """Indexed like the list."""
        columns = zip(COLUMNS, self._columns, strict=True)
        return pd.DataFrame({name: pd.Series(column, index, dtype=column.dtype) for name, column in columns})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _pairs(wanted: list[str], keys: list[str]) -> pd.DataFrame:
    """Rows and works with like names: ``row, work`` (positions) and ``score``."""
    from rapidfuzz import fuzz, process

    places, rows = _places(keys), _places(wanted)
    rows.pop("", None)
    known, matches = _by_numbers(places), dict[str, list[tuple[str, float]]]()
    for numbers, mine in _by_numbers(rows).items():
        names = known.get(numbers, [])  # with other numbers it is another place
        step = max(1, _CELLS // max(len(names), 1))
        for start in range(0, len(mine) if names else 0, step):
            part = mine[start : start + step]
            scores = process.cdist(part, names, scorer=fuzz.ratio, score_cutoff=LIKELY)
            for at, name in zip(*np.nonzero(scores), strict=True):
                matches.setdefault(part[at], []).append((names[name], float(scores[at, name])))
    triples = [
        (row, work, score)
        for row, key in enumerate(wanted)
        for name, score in matches.get(key, ())
        for work in places[name]
    ]
    return pd.DataFrame(triples, columns=["row", "work", "score"])


def _places(keys: list[str]) -> dict[str, list[int]]:
    """Key -> where it stands."""
    places: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        places.setdefault(key, []).append(at)
    return places


def _by_numbers(keys: Iterable[str]) -> dict[tuple[str, ...], list[str]]:
    """Keys by the numbers in them, in their order."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for key in keys:
        groups.setdefault(tuple(_NUMBERS.findall(key)), []).append(key)
    return groups


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


def metres_between(here: Mapping[str, Any], there: Mapping[str, Any]) -> float:
    """:func:`metres` of two places."""
    return float(_GEOD.inv(here["lon"], here["lat"], there["lon"], there["lat"])[2])


def _by_id(matched: _Matched, rows: pd.DataFrame, works: pd.DataFrame) -> None:
    if "work_id" not in rows:
        return
    given = np.flatnonzero(rows["work_id"].isin(works.index).to_numpy())
    ids = rows["work_id"].iloc[given]
    matched.put(given, ids.to_numpy(object), "id", 100.0, metres(rows.iloc[given], works.loc[ids]))
