"""A siting answer as files: CSV of the sites for spreadsheets, GeoJSON with everything that made it."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from geo.register.city_facts import City
from geo.siting.result import Siting, site_rows
from geo.table import csv_bytes
from geo.text import mark as _
from geo.text import translate


def sites_csv(answer: Siting, city: City, lang: str = "zh") -> bytes:
    """The sites in build order, chosen and own, UTF-8 with a BOM; verdict, notes and credits in columns of their own.

    Parameters
    ----------
    answer : Siting
    city : City
        Gives licence and credits.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    bytes
    """
    rows = [{"set": "best"} | row for row in site_rows(answer.best)]
    rows += [{"set": "own"} | row for row in site_rows(answer.own)] if answer.own else []
    frame = pd.DataFrame(rows).astype(object)
    frame[translate(_("结论"), lang)] = answer.verdict(lang)
    frame[translate(_("说明"), lang)] = " ".join(answer.messages(lang))
    frame[translate(_("许可与署名"), lang)] = f"{city.licence.label}; {city.credit_line(lang)}"
    return csv_bytes(frame)


def sites_geojson(answer: Siting, city: City, lang: str = "zh") -> bytes:
    """One FeatureCollection (WGS84, RFC 7946) of the sites with inputs, proof, districts, curve and notes.

    Parameters
    ----------
    answer : Siting
    city : City
        Gives licence and credits.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    bytes
    """
    body = answer.as_json(lang)
    features = [_feature("site", row) for row in body.pop("sites")]
    features += [_feature("own_site", row) for row in body.pop("own_sites", [])]
    collection = (
        {"type": "FeatureCollection"}
        | body
        | {"verdict": answer.verdict(lang), "license": city.licence.path}
        | {"credits": city.credit_line(lang), "features": features}
    )
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def _feature(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
        "properties": {"feature": kind} | row,
    }
