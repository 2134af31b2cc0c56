"""Works that are lines: drawn over a halo as wide as their worst position error, dashed by status, edged in a colour of their own."""

from __future__ import annotations

from geo.text import mark as _
from geo.vocabulary import NAMED_WORK_KINDS
from layers.map.line_styles import line_styles
from layers.map.payload import feature_collection, work_fields
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    rows, fields = work_fields(context, NAMED_WORK_KINDS)
    is_line = (rows["certainty"] == "line").tolist()
    styles = line_styles(context)
    properties = [
        {name: values[i] for name, values in fields.items()} | styles[rows["line_id"].iloc[i]]
        for i, line in enumerate(is_line)
        if line
    ]
    geometry = context.atlas.pack.lines.geometry.loc[rows.loc[is_line, "line_id"]]
    return feature_collection(geometry, properties, datum=context.datum)


LAYER = LayerSpec(
    id="lines",
    title=_("计划线路"),
    draw="lines",
    payload=_payload,
    order=50,
    of_works="lines",
    counted=True,
    optional=False,
    style={"width": 4, "halo": True},
)
