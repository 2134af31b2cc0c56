"""Where one comes from a place in some minutes, remembered for the version of the register: for page and API."""

from __future__ import annotations

from typing import Any

from geo.atlas import load_atlas
from geo.atlas_cache import per_version
from geo.coverage.demand import modelled_demand
from geo.coverage.isochrone import Isochrones, isochrones
from geo.errors import ParameterError
from geo.questions.isochrone import IsochroneQuestion
from geo.text import mark as _
from geo.values import json_value
from layers.analysis.edit_marks import converted
from layers.analysis.questions import Parameters, streets_for
from layers.map.payload import feature_collection
from layers.workers.heavy import heavy
from layers.workers.limits import ANSWER_S


@heavy(seconds=ANSWER_S, remembered=32)
@per_version(32)
def isochrone_answer(parameters: Parameters) -> Isochrones:
    """The polygons that a question means."""
    question, city = IsochroneQuestion.read(dict(parameters)), load_atlas()
    if question.gtfs:
        raise ParameterError(
            _("这里只用资料包自带的时刻表，不收 gtfs。"),
            hint=_("请去掉 gtfs，或用命令行 geo isochrone --gtfs。"),
        )
    return isochrones(city, question, modelled_demand(city), streets_for(question))


def isochrone_collection(answer: Isochrones, datum: str, lang: str) -> dict[str, Any]:
    """The answer as GeoJSON in a system of coordinates, with the place, what was asked and what a reader must know.

    Parameters
    ----------
    answer : Isochrones
    datum : {"WGS84", "GCJ02"}
    lang : str

    Returns
    -------
    dict
    """
    rows = answer.frame.drop(columns="geometry").round({"area_km2": 4, "residents": 1}).to_dict("records")
    properties = [{str(name): json_value(value) for name, value in row.items()} for row in rows]
    found = feature_collection(answer.frame.geometry, properties, datum=datum)
    ((lon, lat),) = converted([(answer.inputs["lon"], answer.inputs["lat"])], "WGS84", datum)
    return found | {"place": [lon, lat], "inputs": answer.inputs, "notes": answer.messages(lang)}
