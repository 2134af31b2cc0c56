"""Works that are lines: drawn over a halo as wide as their worst position error, dashed by status, edged in a colour of their own."""

from __future__ import annotations

from geo.text import mark as _
from geo.vocabulary import NAMED_WORK_KINDS
from layers.map.line_styles import line_styles
from layers.map.payload import payload_of, work_fields
from layers.map.spec import LayerSpec, MapContext, Outlined


def _shapes(context: MapContext) -> Outlined:
    rows, fields = work_fields(context, NAMED_WORK_KINDS)
    is_line = (rows["certainty"] == "line").tolist()
    styles = line_styles(context)
    properties = [
        {name: values[i] for name, values in fields.items()} | styles[rows["line_id"].iloc[i]]
        for i, line in enumerate(is_line)
        if line
    ]
    geometry = context.atlas.pack.lines.geometry.loc[rows.loc[is_line, "line_id"]]
    return geometry, properties


LAYER = LayerSpec(
    id="lines",
    title=_("计划线路"),
    draw="lines",
    payload=payload_of(_shapes),
    shapes=_shapes,
    order=50,
    of_works="lines",
    counted=True,
    optional=False,
    style={"width": 4, "halo": True},
)
