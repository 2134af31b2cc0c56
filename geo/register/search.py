"""One search over works, facilities, places and districts: Chinese, streets, pinyin, initials, English, ids, kinds.

Synonyms of the pack are searched for too, and where nothing is written as a query is, what is written almost so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.places.gazetteer import Gazetteer
from geo.places.pinyin import rank_forms
from geo.register.register import Register
from geo.register.search_keys import district_keys, facility_keys, work_keys
from geo.register.similar import place_terms, register_terms, similar_queries
from geo.register.synonyms import forms, synonyms

_COLUMNS: Final = ["kind", "id", "name_zh", "name_en", "district_code", "lon", "lat", "score"]
_MAX_QUERY: Final = 100


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
    return _ranked(register, rows, work_keys(register).reindex(rows.index), text)


def rank_facilities(register: Register, text: str) -> pd.DataFrame:
    """The facilities that answer ``text``, closed ones too, best first, with ``score`` (0-1)."""
    return _ranked(register, register.facilities, facility_keys(register), text)


def _ranked(register: Register, rows: pd.DataFrame, keys: pd.DataFrame, text: str) -> pd.DataFrame:
    query, meanings = text.strip()[:_MAX_QUERY], synonyms(register.pack.root)
    found = _best_first(rows, keys, forms(query, meanings))
    if not query or len(found):
        return found
    for queries in similar_queries(query, register_terms(register), meanings):
        if len(found := _best_first(rows, keys, queries)):
            break
    return found


def _best_first(rows: pd.DataFrame, keys: pd.DataFrame, queries: Sequence[str]) -> pd.DataFrame:
    ranked = rows.assign(score=rank_forms(queries, keys))
    return ranked[ranked["score"] > 0].sort_values("score", ascending=False, kind="stable")


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
        ``score`` (0-1), best first; districts before works before facilities before places of the same score. ``attrs["similar"]``
        is true where nothing is written as ``text`` is, and the rows are those written almost so.
    """
    query, meanings = text.strip()[:_MAX_QUERY], synonyms(register.pack.root)
    standing = register.facilities_on(as_of)

    def found(queries: Sequence[str]) -> pd.DataFrame:
        tables = [
            _best_first(register.works, work_keys(register), queries).assign(kind="work"),
            _best_first(standing, facility_keys(register).reindex(standing.index), queries).assign(
                kind="facility"
            ),
            gazetteer.search(queries, limit=limit).assign(kind="place"),
        ]
        if districts is not None:
            tables.insert(0, _districts(districts, queries))
        rows = [each.assign(id=each.index)[_COLUMNS] for each in tables]
        both = pd.concat([each for each in rows if len(each)] or rows[-1:], ignore_index=True)
        return both.sort_values("score", ascending=False, kind="stable").head(limit).reset_index(drop=True)

    answers = found(forms(query, meanings))
    if not query or len(answers):
        return answers
    for queries in similar_queries(query, [*register_terms(register), *place_terms(gazetteer)], meanings):
        if len(answers := found(queries)):
            answers.attrs["similar"] = True
            break
    return answers


def _districts(districts: gpd.GeoDataFrame, queries: Sequence[str]) -> pd.DataFrame:
    rows = _best_first(pd.DataFrame(districts[["name_zh", "name_en"]]), district_keys(districts), queries)
    return rows.assign(kind="district", district_code=rows.index, lon=np.nan, lat=np.nan)
