"""The base map's main roads and railways: where a person is, without any network."""

from __future__ import annotations

from typing import Literal

from geo.display.tokens import MAP
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


def _look(theme: Literal["light", "dark"]) -> dict[str, dict[str, str]]:
    colour = {name: getattr(MAP[name], theme) for name in ("road", "road-edge", "rail")}
    return {
        "road": {"color": colour["road"], "edge": colour["road-edge"]},
        "rail": {"color": colour["rail"], "edge": colour["rail"]},
    }


LAYER = LayerSpec(
    id="ways",
    title=_("主要道路与铁路（约 100 米）"),
    draw="ways",
    payload=_payload,
    order=22,
    of_works="none",
    optional=False,
    style=_look("light") | {"dark": _look("dark")},
)
