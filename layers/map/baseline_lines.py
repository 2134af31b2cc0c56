"""Lines that were already running: context for what the plan adds."""

from __future__ import annotations

from geo.text import mark as _
from layers.map.payload import day_number, display_names, feature_collection
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    lines = context.atlas.pack.lines
    rows = lines[lines["role"] == "baseline"]
    properties = [
        {"id": str(line_id), "name": name, "accuracy": float(accuracy), "opened": day_number(opened)}
        for line_id, name, accuracy, opened in zip(
            rows.index, display_names(rows, context.lang), rows["accuracy_m"], rows["opened"], strict=True
        )
    ]
    return feature_collection(rows.geometry, properties, datum=context.datum)


LAYER = LayerSpec(
    id="baseline_lines",
    title=_("已运营轨道线"),
    draw="lines",
    payload=_payload,
    order=30,
    style={"width": 3, "color": "#7a7a7a", "halo": False},
)
