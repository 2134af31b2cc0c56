"""Outlines of existing facilities as lists brought them, beneath their symbols."""

from __future__ import annotations

import numpy as np

from geo.display.tokens import DRAWINGS
from geo.places.english_names import display_names
from geo.register.outline_files import outlines_version
from geo.register.work_outlines import facility_outlines
from geo.text import mark as _
from layers.map.payload import day_number, payload_of
from layers.map.spec import LayerSpec, MapContext, Outlined


def _shapes(context: MapContext) -> Outlined:
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
    return outlines.loc[drawn.index], properties


LAYER = LayerSpec(
    id="facility_outlines",
    title=_("现状设施外廓"),
    draw="outlines",
    payload=payload_of(_shapes),
    shapes=_shapes,
    order=33,
    of_works="none",
    shown=False,
    version=outlines_version,
    style={"width": 2, "color": DRAWINGS["facility"].light},
)
