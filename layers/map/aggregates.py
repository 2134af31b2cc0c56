"""Numbers that a source gives without names: a symbol in proportion, on the land of the district, labelled as without place."""

from __future__ import annotations

import pandas as pd

from geo.display.labels import unit_label
from geo.display.tokens import MAP
from geo.places.districts import points_beside_label
from geo.register.totals import reported_numbers
from geo.text import mark as _
from layers.map.payload import coordinates, day_number, work_fields
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    rows, fields = work_fields(context, ("aggregate",))
    districts, projected = context.atlas.districts, context.atlas.city.projected_crs
    numbers = reported_numbers(context.atlas.register)
    keep = (
        rows["district_code"].isin(districts.index)
        & rows.index.isin(numbers["work_id"])
        & (rows["counted"] != "no")
    ).tolist()
    columns = {name: [v for v, k in zip(values, keep, strict=True) if k] for name, values in fields.items()}
    codes = rows.loc[keep, "district_code"]
    places = pd.DataFrame({"lon": 0.0, "lat": 0.0}, index=codes.index)
    for code, group in codes.groupby(codes):
        spots = points_beside_label(districts, projected, str(code), len(group))
        places.loc[group.index, ["lon", "lat"]] = [(point.x, point.y) for point in spots]
    columns["x"], columns["y"] = coordinates(places, context.datum)
    columns["unit"] = [unit_label(unit, context.lang) for unit in rows.loc[keep, "unit"]]
    by_work = {str(key): group for key, group in numbers.groupby("work_id")}
    columns["quantities"] = [_quantities(by_work[str(work_id)]) for work_id in rows.index[keep]]
    return {"columns": columns}


def _quantities(numbers: pd.DataFrame) -> list[list[float]]:
    """``[day from which it is known, value, confirmed]`` of every number, so that a date is answered in the browser."""
    return [
        [float(day_number(day)), float(value), float(confirmed)]
        for day, value, confirmed in zip(
            numbers["since"], numbers["value"], numbers["confirmed"], strict=True
        )
    ]


LAYER = LayerSpec(
    id="aggregates",
    title=_("只有数字、未公布位置的合计"),
    draw="bubbles",
    payload=_payload,
    order=40,
    of_works="totals",
    style={"fill": MAP["total-edge"].light, "max_radius": 34},
)
