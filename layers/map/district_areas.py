"""The county-level divisions: outlines, names and, when asked, a choropleth of one figure."""

from __future__ import annotations

import pandas as pd

from geo.places.districts import label_points
from geo.text import mark as _
from layers.map.payload import coordinates, display_names, feature_collection
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    districts = context.atlas.districts
    anchors = label_points(districts, context.atlas.city.projected_crs).to_crs(4326)
    x, y = coordinates(pd.DataFrame({"lon": anchors.x, "lat": anchors.y}), context.datum)
    names = display_names(districts, context.lang)
    properties = [
        {"id": str(code), "name": name, "at": [lon, lat]}
        for code, name, lon, lat in zip(districts.index, names, x, y, strict=True)
    ]
    return feature_collection(districts.geometry, properties, datum=context.datum)


LAYER = LayerSpec(
    id="districts",
    title=_("区县界（示意）"),
    draw="areas",
    payload=_payload,
    order=10,
    optional=False,
    style={
        "fill": "#f7f5ef",
        "stroke": "#8a8577",
        "width": 1.2,
        "labels": True,
        "shade": "#6a51a3",
        "dark": {"fill": "#232a31", "stroke": "#7d8791", "shade": "#9e8ad0"},
    },
)
