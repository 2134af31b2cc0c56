"""Works of a GeoDataFrame as layers: what the register draws, for works that are in no register."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.errors import ParameterError
from geo.places.crs import convert
from geo.text import mark as _
from geo.values import json_value
from geo.vocabulary import CERTAINTIES, COUNTED, EXACT_LIMIT_M, STATUSES
from layers.map.element import LayerElement, driven_element
from layers.map.payload import feature_collection
from layers.map.registry import get_layer
from layers.map.spec import MapContext, Payload

_POINTS: Final = ("Point",)
_SHAPES: Final = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")
_ALWAYS: Final = 0
"""A day before any other: the frame says one status, which holds on every day."""


def frame_elements(works: gpd.GeoDataFrame, context: MapContext) -> list[LayerElement]:
    """Works of a frame on a map that drives its layers: points and soft discs, lines and areas.

    Parameters
    ----------
    works : GeoDataFrame
        Any system of coordinates, but it must say which. Geometry: points, lines, polygons, or none for a work without a
        place, which is counted and not drawn. All columns may be missing: ``work_id`` (else the index), ``name_zh``,
        ``name_en`` or ``name``, ``status`` (ids of :data:`geo.vocabulary.STATUSES`, else unknown), ``category``,
        ``district_code`` (several joined by ``|``), ``counted`` (else yes), ``accuracy_m`` (metres; a place that is not
        sure to 150 m is drawn as a soft disc; none stated means exact).
    context : MapContext
        Language of names, and the system of coordinates they are sent in.

    Returns
    -------
    list of LayerElement
        Lines and areas first, then points; only what there is.

    Raises
    ------
    ParameterError
        No system of coordinates, another kind of geometry, or a status that does not exist.
    """
    frame = _checked(works)
    shaped = frame.geometry.geom_type.isin(_SHAPES)
    found = []
    for name, rows, payload_of in (("lines", frame[shaped], _shapes), ("works", frame[~shaped], _points)):
        if len(rows):
            spec = replace(get_layer(name), payload=partial(payload_of, rows))
            found.append(driven_element(spec, context))
    return found


def _checked(works: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if works.crs is None:
        raise ParameterError(_("这份项目数据没有坐标系。"), hint=_("请先说明坐标系（如 EPSG:4326）。"))
    nowhere = works.geometry.is_empty | works.geometry.bounds.isna().any(
        axis=1
    )  # points_from_xy gives POINT (NaN NaN)
    geometry = works.geometry.where(~nowhere, None).to_crs(4326)
    kinds = set(geometry.geom_type.dropna())
    if wrong := sorted(kinds - {*_POINTS, *_SHAPES}):
        raise ParameterError(
            _("不能画 {kinds} 几何。"),
            hint=_("可用：{known}。"),
            kinds="、".join(wrong),
            known="、".join((*_POINTS, *_SHAPES)),
        )
    frame = works.set_geometry(geometry)
    if wrong := sorted(set(_column(frame, "status", "unknown")) - set(STATUSES)):
        raise ParameterError(
            _("没有状态 {statuses}。"),
            hint=_("可用：{known}。"),
            statuses="、".join(wrong),
            known="、".join(STATUSES),
        )
    return frame


def _column(frame: gpd.GeoDataFrame, name: str, missing: str) -> list[str]:
    if name not in frame:
        return [missing] * len(frame)
    return [missing if pd.isna(value) or value == "" else str(value) for value in frame[name]]


def _fields(frame: gpd.GeoDataFrame, lang: str) -> dict[str, list[Any]]:
    """The columns of :func:`layers.map.payload.work_fields`, for works that have one status."""
    ids = _column(frame, "work_id", "") if "work_id" in frame else [str(key) for key in frame.index]
    names = next(
        (
            _column(frame, name, "")
            for name in (f"name_{lang}", "name_zh", "name_en", "name")
            if name in frame
        ),
        ids,
    )
    accuracy = (
        [json_value(value) for value in frame["accuracy_m"]] if "accuracy_m" in frame else [None] * len(frame)
    )
    certainty = [CERTAINTIES.index(word) for word in _certainties(frame, accuracy)]
    return {
        "id": ids,
        "name": [name or key for name, key in zip(names, ids, strict=True)],
        "category": _column(frame, "category", ""),
        "districts": _column(frame, "district_code", ""),
        "accuracy": accuracy,
        "certainty": certainty,
        "counted": [COUNTED.index(word) for word in _column(frame, "counted", "yes")],
        "counts": certainty,  # no row of one's own is said to be a part of another
        "history": [[_ALWAYS, STATUSES.index(word)] for word in _column(frame, "status", "unknown")],
    }


def _certainties(frame: gpd.GeoDataFrame, accuracy: list[Any]) -> list[str]:
    words = []
    for shape, metres in zip(frame.geometry, accuracy, strict=True):
        if shape is None:
            words.append("none")
        elif shape.geom_type in _SHAPES:
            words.append("line")
        else:
            words.append("exact" if metres is None or metres <= EXACT_LIMIT_M else "approximate")
    return words


def _points(frame: gpd.GeoDataFrame, context: MapContext) -> Payload:
    points = frame.geometry.to_numpy()
    x, y = convert(shapely.get_x(points), shapely.get_y(points), source="WGS84", target=context.datum)
    places = {"x": x, "y": y}
    return {
        "columns": _fields(frame, context.lang)
        | {name: [json_value(round(value, 6)) for value in values] for name, values in places.items()}
    }


def _shapes(frame: gpd.GeoDataFrame, context: MapContext) -> Payload:
    fields = _fields(frame, context.lang)
    properties = [dict(zip(fields, cells, strict=True)) for cells in zip(*fields.values(), strict=True)]
    return feature_collection(frame.geometry, properties, datum=context.datum)
