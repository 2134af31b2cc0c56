"""Numbers that a source gives without names: a symbol in proportion, at the district, labelled as without place."""

from __future__ import annotations

from datetime import date

import pandas as pd

from geo.places.districts import label_points
from geo.text import mark as _
from layers.map.payload import coordinates, day_number, work_fields
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    rows, fields = work_fields(context, ("aggregate",))
    anchors = label_points(context.atlas.districts, context.atlas.city.projected_crs).to_crs(4326)
    with_district = rows["district_code"].isin(anchors.index)
    reported = rows["quantity_done"].where(rows["quantity_done"].notna(), rows["quantity_planned"])
    keep = (with_district & reported.notna() & (rows["counted"] != "no")).tolist()
    columns = {name: [v for v, k in zip(values, keep, strict=True) if k] for name, values in fields.items()}
    points = anchors.loc[rows.loc[keep, "district_code"]]
    places = pd.DataFrame({"lon": points.x, "lat": points.y})
    columns["x"], columns["y"] = coordinates(places, context.datum)
    columns["unit"] = [str(unit) for unit in rows.loc[keep, "unit"].fillna("")]
    columns["quantities"] = [_quantities(context, str(work_id)) for work_id in rows.index[keep]]
    return {"columns": columns}


def _quantities(context: MapContext, work_id: str) -> list[list[float]]:
    """``[day, value, confirmed]`` of every reported number, so that a date is answered in the browser."""
    timeline = context.atlas.register.timeline(work_id)
    numbers = timeline[timeline["kind"] == "quantity"]
    return [
        [_number(day), float(value), float(bool(confirmed))]
        for day, value, confirmed in zip(numbers["date"], numbers["value"], numbers["confirmed"], strict=True)
    ]


def _number(day: date) -> float:
    return 0.0 if pd.isna(day) else float(day_number(day))


LAYER = LayerSpec(
    id="aggregates",
    title=_("只有数字、未公布位置的合计"),
    draw="bubbles",
    payload=_payload,
    order=40,
    style={"fill": "#6b4c9a", "max_radius": 34},
)
