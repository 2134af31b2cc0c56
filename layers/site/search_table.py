"""What the search of the public site compares, as tables that a page asks for when somebody begins to search."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from geo.display.labels import district_names
from geo.places.english_names import display_names
from geo.places.gazetteer import Gazetteer
from geo.places.pinyin import SUFFIXES
from geo.register.city import Atlas
from geo.register.search_keys import district_keys, facility_keys, work_keys
from geo.register.similar import HAN_EDITS, LATIN_EDITS, place_terms, register_terms
from geo.register.synonyms import synonyms
from geo.values import json_value
from layers.map.payload import day_number


def search_table(atlas: Atlas, lang: str) -> dict[str, Any]:
    """What :func:`geo.register.search.search` compares, in its order of weight, folded as it folds (``keys``), and what an answer
    shows of each row, as columns: places in WGS84 degrees (null without one), errors in metres, day numbers ``opened, closed``
    (0 if unknown).

    Parameters
    ----------
    atlas : Atlas
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
    """
    gazetteer = Gazetteer.from_package(atlas.districts, atlas.pack.root)
    return {
        "works": _works(atlas, lang),
        "facilities": _facilities(atlas, lang),
        "places": _places(atlas, gazetteer, lang),
        "districts": _districts(atlas.districts, lang),
        "suffixes": list(SUFFIXES),
        "synonyms": [list(pair) for pair in synonyms(atlas.pack.root).items()],
    }


def terms_table(atlas: Atlas) -> dict[str, Any]:
    """What names are written with (:mod:`geo.register.similar`), for a query that is written like none of them."""
    gazetteer = Gazetteer.from_package(atlas.districts, atlas.pack.root)
    return {
        "register": list(register_terms(atlas.register)),
        "places": list(place_terms(gazetteer)),
        "edits": {"latin": LATIN_EDITS, "han": HAN_EDITS},
    }


def _works(atlas: Atlas, lang: str) -> dict[str, Any]:
    works = atlas.register.works
    columns = {
        "id": [str(key) for key in works.index],
        "name": display_names(works, lang),
        "kind": _labels(works["category"], atlas.names("categories", lang)),
        "district": _districts_of(atlas, works["district_code"], lang),
    }
    return {"columns": columns, "keys": _columns(work_keys(atlas.register))}


def _facilities(atlas: Atlas, lang: str) -> dict[str, Any]:
    rows = atlas.register.facilities
    columns = {
        "id": [str(key) for key in rows.index],
        "name": display_names(rows, lang),
        "kind": _labels(rows["kind"], atlas.names("kinds", lang)),
        "district": _districts_of(atlas, rows["district_code"], lang),
        **_points(rows),
        "opened": [_day(value) for value in rows["opened"]],
        "closed": [_day(value) for value in rows["closed"]],
    }
    return {"columns": columns, "keys": _columns(facility_keys(atlas.register))}


def _places(atlas: Atlas, gazetteer: Gazetteer, lang: str) -> dict[str, Any]:
    rows = gazetteer.places
    columns = {
        "id": [str(key) for key in rows.index],
        "name": display_names(rows, lang),
        "district": _districts_of(atlas, rows["district_code"], lang),
        **_points(rows),
    }
    return {"columns": columns, "keys": _columns(gazetteer.keys)}


def _districts(districts: gpd.GeoDataFrame, lang: str) -> dict[str, Any]:
    columns = {
        "id": [str(code) for code in districts.index],
        "name": [str(name) for name in districts[f"name_{lang}"]],
    }
    return {"columns": columns, "keys": _columns(district_keys(districts))}


def _labels(codes: pd.Series[str], names: dict[str, str]) -> list[str]:
    return [names.get(str(code), str(code or "")) for code in codes]


def _districts_of(atlas: Atlas, codes: pd.Series[str], lang: str) -> list[str]:
    names = {str(code): str(name) for code, name in atlas.districts[f"name_{lang}"].items()}
    return [district_names(each, names, lang) for each in codes]


def _points(rows: pd.DataFrame) -> dict[str, list[Any]]:
    places = {name: [json_value(value) for value in rows[name]] for name in ("lon", "lat")}
    return places | {"accuracy": [json_value(value) for value in rows["accuracy_m"].fillna(0.0)]}


def _day(value: Any) -> int:
    return 0 if pd.isna(value) else day_number(value)


def _columns(keys: pd.DataFrame) -> list[list[str]]:
    return [list(keys[name]) for name in keys.columns]
