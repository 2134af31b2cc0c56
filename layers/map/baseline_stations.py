"""Stations of the lines that were already running."""

from __future__ import annotations

from geo.display.tokens import DRAWINGS
from geo.text import mark as _
from layers.map.payload import facility_columns
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    facilities = context.atlas.register.facilities
    stations = facilities[facilities["kind"].isin(("metro_station", "rail_station"))]
    return facility_columns(context, stations, context.atlas.names("kinds", context.lang))


LAYER = LayerSpec(
    id="baseline_stations",
    title=_("已运营站点"),
    draw="symbols",
    payload=_payload,
    order=32,
    of_works="none",
    style={"size": 8, "glyph": False, "badges": False, "color": DRAWINGS["baseline"].light},
)
