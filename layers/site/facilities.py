"""The facilities that the search of the public site finds, as one table that a page asks for when somebody begins to search."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.display.labels import district_names, name_of
from geo.register.city import Atlas
from geo.register.search import facility_keys
from geo.values import json_value
from layers.map.payload import day_number
from layers.site.tables import folded_keys


def facilities(atlas: Atlas, lang: str) -> dict[str, Any]:
    """What :func:`geo.register.search.search` compares (``keys``), and of each facility ``id, name, district, kind, lon, lat``
    (WGS84, null without a place) and the day numbers ``opened, closed`` (0 if unknown), as columns.
    """
    rows = atlas.register.facilities
    codes = {str(code): str(name) for code, name in atlas.districts[f"name_{lang}"].items()}
    kinds = atlas.names("kinds", lang)
    columns = {
        "id": [str(key) for key in rows.index],
        "name": [name_of(row, lang) for _key, row in rows.iterrows()],
        "kind": [kinds.get(str(kind), str(kind)) for kind in rows["kind"]],
        "district": [district_names(code, codes, lang) for code in rows["district_code"]],
        "lon": [json_value(value) for value in rows["lon"]],
        "lat": [json_value(value) for value in rows["lat"]],
        "opened": [_day(value) for value in rows["opened"]],
        "closed": [_day(value) for value in rows["closed"]],
    }
    return {"columns": columns, "keys": folded_keys(facility_keys(atlas.register))}


def _day(value: Any) -> int:
    return 0 if pd.isna(value) else day_number(value)
