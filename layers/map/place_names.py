"""Names on the base map: lakes, towns, and from near by stations, facilities and bus stops. None touches another."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pandas as pd
from geopandas import GeoSeries
from shapely import Point
from shapely.geometry.base import BaseGeometry

from geo.atlas import load_gazetteer
from geo.display.tokens import letter_pixels
from geo.places.districts import label_points, load_lakes
from geo.places.english_names import display_names
from geo.places.pinyin import bare
from geo.register.city import Atlas
from geo.text import mark as _
from geo.vocabulary import EXACT_LIMIT_M
from layers.map.label_zooms import DISTRICT_PIXELS, LINE, Labels, first_zooms, text_width
from layers.map.payload import coordinates
from layers.map.spec import LayerSpec, MapContext, Payload

_STATIONS: Final = ("metro_station", "rail_station")
_SIZE: Final = {
    "district": DISTRICT_PIXELS,
    "water": letter_pixels("water"),
    "line": letter_pixels("line"),
    "town": letter_pixels("town") + 0.5,
    "stop": letter_pixels("stop") + 0.5,
}
"""Font of each kind of name, CSS pixels, letter spacing included."""
_PART: Final = re.compile(r"\s*[（(].*|, .*")
"""What a line's name says of its sections, which the plate on the map leaves out."""
_DOT: Final = 7.0
"""How far the text of a stop stands right of its dot, CSS pixels."""
_PLATE: Final = 12.0
"""How much the plate of a line's name is wider than its text, CSS pixels."""
_DRAWN_ELSEWHERE: Final = ("district", "line")
_LEAST: Final = {
    "district": 0.0,
    "water": 8.0,
    "line": 9.0,
    "town": 9.5,
    "station": 12.5,
    "place": 14.0,
    "bus_stop": 15.0,
}


def _payload(context: MapContext) -> Payload:
    shared = context.atlas
    names = pd.concat(
        [_first_names(shared, context.lang), _later_names(shared, context.lang)], ignore_index=True
    )
    names["zoom"] = first_zooms(_labels(names))
    shown = names[~names["kind"].isin(_DRAWN_ELSEWHERE) & names["zoom"].notna()].sort_values(
        "zoom", kind="stable"
    )
    x, y = coordinates(shown, context.datum)
    return {
        "columns": {
            "name": shown["name"].tolist(),
            "kind": shown["kind"].tolist(),
            "zoom": shown["zoom"].tolist(),
            "x": x,
            "y": y,
        }
    }


def line_names(atlas: Atlas, lang: str) -> pd.DataFrame:
    """The name of every line of the pack where it stands on the map.

    Parameters
    ----------
    atlas : Atlas
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        ``name, lon, lat`` (WGS84 degrees) and ``zoom``, from which on it is shown (NaN where it finds no room), by the line's id.
    """
    names = _first_names(atlas, lang)
    names["zoom"] = first_zooms(_labels(names))
    lines = names[names["kind"] == "line"].set_axis(atlas.pack.lines.index)
    return lines[["name", "lon", "lat", "zoom"]]


def _first_names(atlas: Atlas, lang: str) -> pd.DataFrame:
    """``name, kind, lon, lat, least`` in falling order of weight: districts and lines, which other layers draw, and lakes."""
    districts, projected = atlas.districts, atlas.city.projected_crs
    anchors = label_points(districts, projected).to_crs(4326)
    lakes = load_lakes(atlas.pack.root)
    middles = lakes.geometry.to_crs(projected).representative_point().to_crs(4326)
    lines = atlas.pack.lines
    on_line = GeoSeries(lines.geometry.map(_middle))
    short = [_PART.sub("", name) for name in display_names(lines, lang)]
    return pd.concat(
        [
            _rows(display_names(districts, lang), "district", anchors.x, anchors.y, "district"),
            _rows(short, "line", on_line.x, on_line.y, "line"),
            _rows(display_names(lakes, lang), "water", middles.x, middles.y, "water"),
        ],
        ignore_index=True,
    )


def _middle(shape: BaseGeometry) -> Point:
    """The middle of a line, of the longest of its parts."""
    parts = getattr(shape, "geoms", [shape])
    return max(parts, key=lambda part: part.length).interpolate(0.5, normalized=True)


def _later_names(atlas: Atlas, lang: str) -> pd.DataFrame:
    towns = load_gazetteer(atlas.pack.root).places
    towns = towns[~towns["name_zh"].map(bare).isin(atlas.districts["name_zh"].map(bare))]
    return pd.concat(
        [
            _rows(display_names(towns, lang), "town", towns["lon"], towns["lat"], "town"),
            *_facility_rows(atlas.register.facilities, lang),
        ],
        ignore_index=True,
    )


def _facility_rows(facilities: pd.DataFrame, lang: str) -> list[pd.DataFrame]:
    """What is known to have closed has no name on the base map, which is of no day."""
    exact = facilities[
        facilities["closed"].isna() & facilities["lon"].notna() & (facilities["accuracy_m"] <= EXACT_LIMIT_M)
    ]
    station, bus = exact["kind"].isin(_STATIONS), exact["kind"] == "bus_stop"
    groups = {"station": exact[station], "place": exact[~station & ~bus], "bus_stop": exact[bus]}
    return [
        _rows(display_names(rows, lang), "stop", rows["lon"], rows["lat"], least)
        for least, rows in groups.items()
    ]


def _rows(names: list[str], kind: str, lon: pd.Series, lat: pd.Series, least: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": names,
            "kind": kind,
            "lon": np.asarray(lon, "float64"),
            "lat": np.asarray(lat, "float64"),
            "least": _LEAST[least],
        }
    )


def _labels(names: pd.DataFrame) -> Labels:
    size = np.array([_SIZE[kind] for kind in names["kind"]], dtype=np.float64)
    width = np.array(
        [text_width(name, each) for name, each in zip(names["name"], size.tolist(), strict=True)],
        dtype=np.float64,
    )
    is_stop, is_line = ((names["kind"] == kind).to_numpy() for kind in ("stop", "line"))
    return Labels(
        lon=names["lon"].to_numpy("float64"),
        lat=names["lat"].to_numpy("float64"),
        width=width + np.select([is_stop, is_line], [_DOT, _PLATE], 0.0),
        height=size * LINE,
        shift=np.where(is_stop, (width + _DOT) / 2, 0.0),
        least=names["least"].to_numpy("float64"),
    )


LAYER = LayerSpec(
    id="place_names",
    title=_("地名与站名"),
    draw="names",
    payload=_payload,
    order=24,
    optional=False,
    of_works="none",
)
