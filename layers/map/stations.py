"""Stations of the lines that the plan promises; they follow their line and are not counted as works."""

from __future__ import annotations

from geo.text import mark as _
from layers.map.payload import work_columns
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    return work_columns(context, ("station",))


LAYER = LayerSpec(
    id="stations",
    title=_("计划线路的站点"),
    draw="symbols",
    payload=_payload,
    order=55,
    style={"size": 12, "glyph": False, "badges": False},
)
