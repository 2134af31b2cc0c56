"""Schools, hospitals, car parks and other facilities that already stand, where a place for them is known."""

from __future__ import annotations

from geo.display.tokens import DRAWINGS
from geo.text import mark as _
from layers.map.payload import facility_columns
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    facilities = context.atlas.register.facilities
    others = facilities[~facilities["kind"].isin(("metro_station", "rail_station"))]
    return facility_columns(context, others, context.atlas.names("kinds", context.lang))


LAYER = LayerSpec(
    id="baseline_facilities",
    title=_("现状设施（仅有位置者）"),
    draw="symbols",
    payload=_payload,
    order=34,
    of_works="none",
    shown=False,
    style={"size": 8, "glyph": False, "badges": False, "color": DRAWINGS["facility"].light},
)
