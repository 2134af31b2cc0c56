"""Known places to compare a layer with: works and facilities of good accuracy, towns, and district borders."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.places.pinyin import bare
from geo.vocabulary import BASES_SEEN_ON_SITE

if TYPE_CHECKING:
    from geo.register.city import Atlas

_WORST_M: Final = 1000.0
_DISTRICT_SHARE: Final = 0.6
NEARBY_M: Final = 2500.0
"""Radius of error of a place known only by the stem of its name, as of a town's point."""
_REPEATS: Final = 3
"""A word that more rows than this have is no name of a place but a kind or a district."""


@lru_cache(maxsize=4)
def reference_places(atlas: Atlas, *, towns: bool = True) -> pd.DataFrame:
    """Named places with a WGS84 point and an honest radius.

    Works and facilities count where their place was surveyed, published or read off an open map, to 1 km or better; what
    was itself only placed by a town's name is no witness. Towns of the gazetteer have radii of 2.5 km and more and weigh
    accordingly.

    Returns
    -------
    DataFrame
        ``name_zh, lon, lat, accuracy_m``; one row a name: a name that two places more than their radii apart have is
        left out. It is shared: never change it.
    """
    parts = []
    for table in (atlas.pack.works, atlas.register.facilities):
        good = (
            table["location_basis"].isin(BASES_SEEN_ON_SITE)
            & table["lon"].notna()
            & (table["accuracy_m"] <= _WORST_M)
        )
        parts.append(table.loc[good, ["name_zh", "lon", "lat", "accuracy_m"]])
    if towns:
        parts.append(_towns(atlas.pack.root))
    frame = pd.concat(parts, ignore_index=True).astype({"lon": float, "lat": float, "accuracy_m": float})
    frame["key"] = frame["name_zh"].map(_key)
    frame = frame.sort_values("accuracy_m", kind="stable")
    by_key = frame.groupby("key")
    spread = (by_key[["lon", "lat"]].max() - by_key[["lon", "lat"]].min()).max(axis=1)
    once = frame["key"].map(spread) < frame["key"].map(by_key["accuracy_m"].max()) / 1e5
    return frame[once & (frame["key"] != "")].drop_duplicates("key").reset_index(drop=True)


@lru_cache(maxsize=2)
def _towns(root: Path) -> pd.DataFrame:
    from geo.places.districts import load_districts
    from geo.places.gazetteer import Gazetteer

    places = Gazetteer.from_package(load_districts(root), root).places
    return places[["name_zh", "lon", "lat", "accuracy_m"]]


def _key(name: Any) -> str:
    """A name for comparison: without spaces, brackets and the suffix of its kind."""
    text = "".join(str(name).split()) if isinstance(name, str) else ""
    for mark in ("（", "(", "【", "["):
        text = text.split(mark)[0] or text
    return bare(text) if len(text) >= 2 else ""


def match_by_name(
    frame: pd.DataFrame, references: pd.DataFrame
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Positions of rows and of the known places that they name, by the column that names most.

    Returns
    -------
    (ndarray of int, ndarray of int, ndarray of float)
        Equal lengths, empty where no column names any: rows, places, and how far off (metres) the named place may be.
        A station and a street that share a name are near each other, not at one place: where only the stems of two
        names agree, that is at least :data:`NEARBY_M`.
    """
    by_key = pd.Series(np.arange(len(references)), index=references["key"])
    names = references["name_zh"].to_numpy(dtype=object)
    accuracy = references["accuracy_m"].to_numpy("float64")
    best = np.array([], dtype=int), np.array([], dtype=int), np.array([], dtype=float)
    for column in frame.columns:
        values = frame[column]
        if pd.api.types.is_numeric_dtype(values):
            continue
        keys = values.map(_key)
        positions = keys.map(by_key).where(keys.map(keys.value_counts()) <= _REPEATS)
        rows = np.flatnonzero(positions.notna())
        if len(rows) > len(best[0]):
            places = positions.to_numpy()[rows].astype(int)
            alike = np.array(
                [
                    _squeezed(values.iloc[row]) == _squeezed(names[at])
                    for row, at in zip(rows, places, strict=True)
                ],
                bool,
            )
            best = rows, places, np.where(alike, accuracy[places], np.maximum(accuracy[places], NEARBY_M))
    return best


def _squeezed(name: Any) -> str:
    return "".join(str(name).split())


def named_districts(frame: pd.DataFrame, atlas: Atlas) -> np.ndarray[Any, Any]:
    """The code of the district that each row names, "" for none; from the column where most rows name one."""
    names = atlas.districts["name_zh"]
    codes_by_name = {str(name): str(code) for code, name in names.items()}
    codes_by_name |= {bare(str(name)): str(code) for code, name in names.items()} | {
        str(code): str(code) for code in names.index
    }
    best = np.full(len(frame), "", dtype=object)
    for column in frame.columns:
        codes = (
            frame[column].map(lambda value: codes_by_name.get(str(value).strip(), "")).to_numpy(dtype=object)
        )
        if (codes != "").sum() > max((best != "").sum(), _DISTRICT_SHARE * len(frame) - 1):
            best = codes
    return best


def with_name_keys(places: pd.DataFrame) -> pd.DataFrame:
    """Known places that a person brought, ready to be matched by name."""
    return places.assign(key=places["name_zh"].map(_key)).drop_duplicates("key").reset_index(drop=True)
