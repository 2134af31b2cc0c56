"""Outlines of existing facilities as lists brought them, beneath their symbols."""

from __future__ import annotations

import numpy as np

from geo.display.tokens import DRAWINGS
from geo.places.english_names import display_names
from geo.register.work_outlines import facility_outlines, outlines_version
from geo.text import mark as _
from layers.map.payload import day_number, feature_collection
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    facilities = context.atlas.register.facilities
    outlines = facility_outlines(context.atlas.register).geometry
    drawn = facilities[facilities.index.isin(outlines.index)]
    properties = [
        {
            "id": str(facility_id),
            "name": name,
            "districts": str(row["district_code"] or ""),
            "opened": 0 if row["opened"] is None else day_number(row["opened"]),
            "closed": 0 if row["closed"] is None else day_number(row["closed"]),
        }
        for (facility_id, row), name in zip(
            drawn.replace({np.nan: None}).iterrows(), display_names(drawn, context.lang), strict=True
        )
    ]
    return feature_collection(outlines.loc[drawn.index], properties, datum=context.datum)


LAYER = LayerSpec(
    id="facility_outlines",
    title=_("现状设施外廓"),
    draw="outlines",
    payload=_payload,
    order=33,
    shown=False,
    version=outlines_version,
    style={"width": 2, "color": DRAWINGS["facility"].light},
)
