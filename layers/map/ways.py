"""The base map's main roads and railways: where a person is, without any network."""

from __future__ import annotations

from geo.places.base_map import load_ways
from geo.text import mark as _
from layers.map.payload import feature_collection
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    ways = load_ways(context.atlas.pack.root)
    properties = [
        {"kind": str(kind), "from": int(zoom)}
        for kind, zoom in zip(ways["kind"], ways["from_zoom"], strict=True)
    ]
    return feature_collection(ways.geometry, properties, datum=context.datum)


LAYER = LayerSpec(
    id="ways",
    title=_("主要道路与铁路（约 100 米）"),
    draw="ways",
    payload=_payload,
    order=22,
    optional=False,
    style={
        "road": {"color": "#ffffff", "edge": "#c9bfa8"},
        "rail": {"color": "#a9a7b0", "edge": "#a9a7b0"},
        "dark": {
            "road": {"color": "#46515d", "edge": "#2a323b"},
            "rail": {"color": "#5d6470", "edge": "#5d6470"},
        },
    },
)
