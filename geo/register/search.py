"""One search over works, facilities, places and districts: Chinese, streets, pinyin, initials, English, ids, kinds."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.places.gazetteer import Gazetteer
from geo.places.pinyin import pinyin_keys, rank
from geo.register.register import Register
from geo.text_tables import read_city_table

_COLUMNS: Final = ["kind", "id", "name_zh", "name_en", "district_code", "lon", "lat", "score"]
_MAX_QUERY: Final = 100


@lru_cache(maxsize=4)
def work_keys(register: Register) -> pd.DataFrame:
    """What a work can be found by, weightiest first."""
    works = register.works
    names = pinyin_keys(list(works["name_zh"])).set_index(works.index)
    streets = pinyin_keys(list(works["street"].fillna(""))).set_index(works.index)
    return pd.DataFrame(
        {
            "zh": works["name_zh"],
            "id": works.index,
            "initials": names["initials"],
            "full": names["full"],
            "street": works["street"],
            "street_full": streets["full"],
            "en": works["name_en"],
        }
    )


def rank_works(register: Register, rows: pd.DataFrame, text: str) -> pd.DataFrame:
    """The rows (of ``works`` or of a state, by work id) that answer ``text``, best first, with ``score`` (0-1).

    Parameters
    ----------
    register : Register
    rows : DataFrame
        Rows of ``works`` or of a state.
    text : str
        What was typed.

    Returns
    -------
    DataFrame
    """
    keys = work_keys(register)
    score = pd.Series(rank(text.strip()[:_MAX_QUERY], keys), index=keys.index)
    matches = rows.assign(score=score.reindex(rows.index))
    return matches[matches["score"] > 0].sort_values("score", ascending=False, kind="stable")


@lru_cache(maxsize=4)
def facility_keys(register: Register) -> pd.DataFrame:
    """What a facility can be found by, weightiest first."""
    rows = register.facilities
    names = pinyin_keys(list(rows["name_zh"])).set_index(rows.index)
    kinds = read_city_table(register.pack.root, "kinds.csv", ("kind_id", "name_zh", "name_en"))
    labels = kinds.set_index("kind_id").reindex(rows["kind"]).set_index(rows.index)
    return pd.DataFrame(
        {
            "zh": rows["name_zh"],
            "id": rows.index,
            "initials": names["initials"],
            "full": names["full"],
            "street": rows["address_zh"],
            "en": rows["name_en"],
            "kind_zh": labels["name_zh"],
            "kind_en": labels["name_en"],
        }
    )


def rank_facilities(register: Register, text: str) -> pd.DataFrame:
    """The facilities that answer ``text``, closed ones too, best first, with ``score`` (0-1)."""
    keys = facility_keys(register)
    matches = register.facilities.assign(score=rank(text.strip()[:_MAX_QUERY], keys))
    return matches[matches["score"] > 0].sort_values("score", ascending=False, kind="stable")


def rank_districts(districts: gpd.GeoDataFrame, text: str) -> pd.DataFrame:
    """The districts that answer ``text`` by name, code, initials or pinyin, best first, with ``score`` (0-1)."""
    names = pinyin_keys(list(districts["name_zh"])).set_index(districts.index)
    keys = pd.DataFrame(
        {
            "zh": districts["name_zh"],
            "id": districts.index,
            "initials": names["initials"],
            "full": names["full"],
            "en": districts["name_en"],
        }
    )
    rows = pd.DataFrame(districts[["name_zh", "name_en"]]).assign(score=rank(text.strip()[:_MAX_QUERY], keys))
    return rows[rows["score"] > 0].sort_values("score", ascending=False, kind="stable")


def search(
    register: Register,
    gazetteer: Gazetteer,
    text: str,
    *,
    as_of: date,
    limit: int = 8,
    districts: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """The works, facilities and places that best answer ``text``, and the districts where they are given.

    Parameters
    ----------
    register, gazetteer
    text : str
        At most 100 characters are used.
    as_of : date
        Facilities that do not stand on this day are left out.
    limit : int
        How many rows at the most.
    districts : GeoDataFrame or None
        Districts by code, to be searched too; they are areas and have no place in the answer.

    Returns
    -------
    DataFrame
        ``kind`` (work, facility, place or district), ``id, name_zh, name_en, district_code, lon, lat`` (WGS84, NaN where unknown) and
        ``score`` (0-1), best first; districts before works before facilities before places of the same score.
    """
    query = text.strip()[:_MAX_QUERY]
    matches = rank_works(register, register.works, query)
    matches = matches.assign(id=matches.index)
    hits = matches.assign(kind="work")
    standing = rank_facilities(register, query)
    standing = standing[standing.index.isin(register.facilities_on(as_of).index)]
    standing = standing.assign(id=standing.index, kind="facility")
    places = gazetteer.search(query, limit=limit).assign(kind="place")
    places = places.assign(id=places["place_id"])
    found = [hits, standing, places]
    if districts is not None:
        areas = rank_districts(districts, query)
        codes = areas.index.to_series()
        found.insert(0, areas.assign(kind="district", id=codes, district_code=codes, lon=np.nan, lat=np.nan))
    both = pd.concat([rows[_COLUMNS] for rows in found if len(rows)] or [hits[_COLUMNS]], ignore_index=True)
    return both.sort_values("score", ascending=False, kind="stable").head(limit).reset_index(drop=True)
