"""The known facility that each row of a list is most like, for all rows at once: pairs within reach first, then their names, then the best.

A row and a known facility are a pair where their places may lie within their errors and :data:`NAMED_M`, or where one has no place and
the names are the same. A plain walk through both lists, a row at a time, is in ``tests/ingest/row_by_row.py`` and gives the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.plan.match import metres
from geo.register.ids import name_key

NEAR_M: Final = 150.0
"""A known facility of the same kind this near, beyond its own error, is the same where either has no name."""
NAMED_M: Final = 500.0
"""The same or a contained name this near, beyond both errors, is the same facility."""
_DEGREE_M: Final = 111_000.0
_LEAST_RADIUS_M: Final = 6_335_000.0
"""No radius of curvature of the ellipsoid is smaller: a chord of such a sphere is never longer than the way on the ellipsoid."""
_CHUNK: Final = 20_000
_ROUNDING_M: Final = 0.01
Ints = NDArray[np.int64]
Pairs = tuple[Ints, Ints]
"""Positions of rows, and of the known facilities that each may be."""


def with_keys(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """``frame`` with ``key`` and ``whole``, its names as they are compared (:func:`geo.register.ids.name_key`).

    Parameters
    ----------
    frame : DataFrame
    column : str
        Column of the names; what is no text has empty keys, but in a register's own column, where it is its text.

    Returns
    -------
    DataFrame
    """
    names = frame[column].tolist()
    if column == "name_zh":
        names = [str(name) for name in names]
    keys = {
        field: [name_key(name, whole=whole) if isinstance(name, str) else "" for name in names]
        for field, whole in (("key", False), ("whole", True))
    }
    return frame.assign(**{field: np.array(texts, object) for field, texts in keys.items()})


def best_known(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """The known facility that each row most likely is.

    Parameters
    ----------
    rows : DataFrame
        Any index; ``lon, lat, accuracy_m, district_code, key, whole`` of rows of one kind.
    known : DataFrame
        Indexed by id, the same columns, of the kinds that those rows may be.

    Returns
    -------
    DataFrame
        Rows that may be known, in their order: ``known_id, distance_m`` (NaN where either has no place), ``sure``. The very name
        goes first, then the same without what stands in brackets, then the nearest, then the first of the register.
    """
    none = pd.DataFrame({"known_id": [], "distance_m": [], "sure": []}, dtype=object)
    if rows.empty or known.empty:
        return none
    pairs = chain(_near_pairs(rows, known), [_named_pairs(rows, known)])
    parts = [_hits(rows, known, *each) for each in pairs]
    hits = pd.concat(parts, ignore_index=True).drop_duplicates(["row", "known"])
    if hits.empty:
        return none
    of = hits[hits["exact"]].groupby("row").size()
    hits["order"] = hits["distance"].fillna(1e12) + 1e13 * (
        2.0 - hits["exact"].astype("float64") - hits["very"].astype("float64")
    )
    best = hits.sort_values(["row", "order", "known"], kind="stable").drop_duplicates("row")
    row, at = best["row"].to_numpy(), best["known"].to_numpy()
    key, whole = rows["key"].to_numpy(object)[row], rows["whole"].to_numpy(object)[row]
    whole = np.where(key != "", whole, "")
    # two campuses of one school differ by their brackets alone
    campus = (whole != key) & (known["whole"].to_numpy(object)[at] != known["key"].to_numpy(object)[at])
    single = best["row"].map(of).to_numpy() == 1
    sure = best["very"].to_numpy() | (best["exact"].to_numpy() & single & ~campus) | (key == "")
    return pd.DataFrame(
        {
            "known_id": known.index.to_numpy(object)[at],
            "distance_m": best["distance"].to_numpy(),
            "sure": sure,
        },
        index=rows.index[row],
    ).astype({"known_id": object})


def _hits(rows: pd.DataFrame, known: pd.DataFrame, row: Ints, at: Ints) -> pd.DataFrame:
    """Those of the pairs that may be one facility: ``row, known`` (positions), ``distance``, whether the names are the same, and the very same."""
    keys, others = rows["key"].to_numpy(object)[row], known["key"].to_numpy(object)[at]
    named = keys != ""
    alike = np.fromiter(
        (one == other or one in other or other in one for one, other in zip(keys, others, strict=True)),
        bool,
        len(row),
    )
    chosen = np.flatnonzero(alike | ~named)
    row, at, named, alike = row[chosen], at[chosen], named[chosen], (alike & named)[chosen]
    exact = named & (keys[chosen] == others[chosen])
    reach = _errors(known)[at] + rows["accuracy_m"].to_numpy("float64")[row] + NAMED_M
    here, there = rows.iloc[row], known.iloc[at]
    # a degree of latitude is the shortest way there: what is farther off cannot be it
    with np.errstate(invalid="ignore"):
        north = np.abs(there["lat"].to_numpy("float64") - here["lat"].to_numpy("float64")) * _DEGREE_M
        beyond = north > 1.05 * reach
    distance = metres(here, there)
    codes = zip(here["district_code"].astype(str), there["district_code"], strict=True)
    local = np.fromiter(
        (bool(code) and code in str(other or "").split("|") for code, other in codes), bool, len(row)
    )
    with np.errstate(invalid="ignore"):
        hits = alike & (distance <= reach)
        hits |= exact & np.isnan(distance) & local
        hits |= (distance <= NEAR_M) & ~named
    hits &= ~beyond
    very = named & (rows["whole"].to_numpy(object)[row] == known["whole"].to_numpy(object)[at])
    columns = {"row": row, "known": at, "distance": distance, "exact": exact, "very": very}
    return pd.DataFrame({name: values[hits] for name, values in columns.items()})


def _errors(known: pd.DataFrame) -> NDArray[np.float64]:
    return np.asarray(np.nan_to_num(known["accuracy_m"].to_numpy("float64")), "float64")


def _near_pairs(rows: pd.DataFrame, known: pd.DataFrame) -> Iterator[Pairs]:
    """Pairs whose places may lie within their errors and :data:`NAMED_M`, a part of the rows at a time."""
    from scipy.spatial import cKDTree

    here, there = np.flatnonzero(_is_placed(rows)), np.flatnonzero(_is_placed(known))
    if not len(here) or not len(there):
        return
    errors = _errors(known)[there]
    # known places of like errors together: one that is known to kilometres must not widen the search for all others
    classes = np.ceil(np.log2(np.maximum(errors, 100.0) / 100.0))
    own = rows["accuracy_m"].to_numpy("float64")
    points, known_points = _on_sphere(rows.iloc[here]), _on_sphere(known.iloc[there])
    for one in np.unique(classes):
        members = np.flatnonzero(classes == one)
        tree, widest = cKDTree(known_points[members]), float(errors[members].max())
        for start in range(0, len(here), _CHUNK):
            part = slice(start, start + _CHUNK)
            reach = own[here[part]] + widest + NAMED_M + _ROUNDING_M
            found = tree.query_ball_point(points[part], np.where(reach > 0, reach, 0.0))
            number = np.fromiter(map(len, found), int, len(found))
            flat = np.fromiter((at for each in found for at in each), int, int(number.sum()))
            yield np.repeat(here[part], number), there[members[flat]]


def _named_pairs(rows: pd.DataFrame, known: pd.DataFrame) -> Pairs:
    """Pairs of one name of which either has no place."""
    mine = pd.DataFrame(
        {"key": rows["key"].to_numpy(object), "row": np.arange(len(rows)), "placed": _is_placed(rows)}
    )
    theirs = pd.DataFrame(
        {"key": known["key"].to_numpy(object), "known": np.arange(len(known)), "there": _is_placed(known)}
    )
    mine = mine[(mine["key"] != "") & mine["key"].isin(theirs["key"])]
    theirs = theirs[theirs["key"].isin(mine["key"])]
    parts = [
        mine[~mine["placed"]].merge(theirs, on="key"),
        mine[mine["placed"]].merge(theirs[~theirs["there"]], on="key"),
    ]
    both = pd.concat(parts)
    return both["row"].to_numpy("int64"), both["known"].to_numpy("int64")


def _is_placed(frame: pd.DataFrame) -> NDArray[np.bool_]:
    lon, lat = (frame[name].to_numpy("float64") for name in ("lon", "lat"))
    return np.asarray(np.isfinite(lon) & np.isfinite(lat), bool)


def _on_sphere(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Places as points of a sphere on which no way is longer than on the ellipsoid."""
    lon, lat = (np.radians(frame[name].to_numpy("float64")) for name in ("lon", "lat"))
    east = np.cos(lat)
    return _LEAST_RADIUS_M * np.column_stack([east * np.cos(lon), east * np.sin(lon), np.sin(lat)])
