"""The county-level divisions: outlines, names and, when asked, a choropleth of one figure."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.display.tokens import two_themes
from geo.places.districts import label_points
from geo.places.english_names import display_names
from geo.text import mark as _
from layers.map.label_zooms import DISTRICT_PIXELS, LINE, Labels, first_zooms, text_width
from layers.map.payload import coordinates, feature_collection
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    districts = context.atlas.districts
    anchors = label_points(districts, context.atlas.city.projected_crs).to_crs(4326)
    x, y = coordinates(pd.DataFrame({"lon": anchors.x, "lat": anchors.y}), context.datum)
    names = display_names(districts, context.lang)
    zooms = first_zooms(_labels(names, anchors))
    properties = [
        {"id": str(code), "name": name, "at": [lon, lat], "from": None if math.isnan(zoom) else zoom}
        for code, name, lon, lat, zoom in zip(districts.index, names, x, y, zooms.tolist(), strict=True)
    ]
    return feature_collection(districts.geometry, properties, datum=context.datum)


def _labels(names: list[str], anchors: gpd.GeoSeries) -> Labels:
    size = np.full(len(names), DISTRICT_PIXELS)
    return Labels(
        lon=anchors.x.to_numpy("float64"),
        lat=anchors.y.to_numpy("float64"),
        width=np.array([text_width(name, DISTRICT_PIXELS) for name in names], dtype=np.float64),
        height=size * LINE,
        shift=np.zeros(len(names)),
        least=np.zeros(len(names)),
    )


LAYER = LayerSpec(
    id="districts",
    title=_("区县界（示意）"),
    draw="areas",
    payload=_payload,
    order=10,
    optional=False,
    of_works="none",
    style={
        "width": 1.2,
        "labels": True,
        **two_themes(fill="land", stroke="land-edge", shade="land-shade"),
    },
)
