"""Lines that were already running, each in a colour of its own: context for what the plan adds."""

from __future__ import annotations

from geo.display.tokens import DRAWINGS
from geo.places.english_names import display_names
from geo.text import mark as _
from geo.text import translate
from layers.map.line_styles import line_styles
from layers.map.payload import day_number, payload_of
from layers.map.spec import LayerSpec, MapContext, Outlined


def _shapes(context: MapContext) -> Outlined:
    lines = context.atlas.pack.lines
    rows = lines[lines["role"] == "baseline"]
    sources = context.atlas.pack.sources["title"].reindex(rows["source_id"]).fillna("")
    outlines = context.atlas.districts.geometry
    styles = line_styles(context)
    properties = [
        {
            "id": str(line_id),
            "name": name,
            "accuracy": float(accuracy),
            "opened": day_number(opened),
            "label": translate(_("已运营轨道线"), context.lang),
            "source": str(source),
            "districts": "|".join(outlines.index[outlines.intersects(shape)]),
        }
        | styles[line_id]
        for line_id, name, accuracy, opened, shape, source in zip(
            rows.index,
            display_names(rows, context.lang),
            rows["accuracy_m"],
            rows["opened"],
            rows.geometry,
            sources,
            strict=True,
        )
    ]
    return rows.geometry, properties


LAYER = LayerSpec(
    id="baseline_lines",
    title=_("已运营轨道线"),
    draw="lines",
    payload=payload_of(_shapes),
    shapes=_shapes,
    order=30,
    of_works="none",
    style={"width": 3.5, "color": DRAWINGS["baseline"].light, "halo": False},
)
