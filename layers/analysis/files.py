"""A coverage answer as files: CSV for spreadsheets, GeoJSON with everything that was drawn."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.atlas import load_atlas
from geo.coverage.answer import Coverage
from geo.table import csv_bytes
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown, json_value
from layers.analysis.answers import coverage_answer, facilities_of, gaps_answer
from layers.analysis.questions import Parameters
from layers.workers.heavy import heavy
from layers.workers.limits import FILE_S


def coverage_csv(answer: Coverage, lang: str) -> bytes:
    """The rows with the inputs that made them, UTF-8 with a BOM; notes and credits in columns of their own."""
    city, frame = load_atlas().city, pd.DataFrame(answer.rows()).astype(object)
    frame[translate(_("说明"), lang)] = " ".join(answer.messages(lang))
    frame[translate(_("许可与署名"), lang)] = f"{city.licence.label}; {city.credit_line(lang)}"
    return csv_bytes(frame)


@heavy(seconds=FILE_S, remembered=16)
def coverage_geojson(parameters: Parameters, lang: str) -> bytes:
    """One FeatureCollection in WGS84: districts with their rows, facilities, and the gaps (``feature`` says which)."""
    atlas, answer = load_atlas(), coverage_answer(parameters, lang)
    rows = {row["district_code"]: row for row in answer.rows()}
    facilities = facilities_of(parameters).frame
    points = gpd.points_from_xy(facilities["lon"], facilities["lat"])
    features = [
        *(_feature("district", shape, rows[str(code)]) for code, shape in atlas.districts.geometry.items()),
        *(
            _feature("facility", None if is_unknown(row["lon"]) else point, {"id": key} | dict(row))
            for point, (key, row) in zip(points, facilities.iterrows(), strict=True)
        ),
        *(_feature("gap", row["geometry"], dict(row)) for row in gaps_answer(parameters).to_dict("records")),
    ]
    collection = {
        "type": "FeatureCollection",
        "inputs": answer.inputs,
        "city": rows[atlas.city.code],
        "notes": answer.messages(lang),
        "license": atlas.city.licence.path,
        "credits": atlas.city.credit_line(lang),
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def _feature(kind: str, shape: Any, properties: dict[Any, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": None if shape is None else shape.__geo_interface__,
        "properties": {"feature": kind}
        | {str(name): json_value(value) for name, value in properties.items() if name != "geometry"},
    }
