"""pygeoapi's view of a collection: filter, sort, page and write rows of a frame."""

from __future__ import annotations

import math
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pygeoapi.provider.base import BaseProvider
from pygeoapi.util import crs_transform

from geo.errors import ParameterError, UnknownIdError
from geo.text import mark as _
from geo.values import json_value, read_day, read_number
from layers.api.collections import AS_OF, PLAN, columns, get_collection, row_of_any_plan, rows, schema
from layers.api.filtering.rows import matching_rows
from layers.api.places import area

_DIGITS: Final = 7


class FrameProvider(BaseProvider):  # type: ignore[misc]
    """Features of a collection of :mod:`layers.api.collections`."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self._fields: dict[str, dict[str, str]] = {}
        self.collection = get_collection(self.data)
        self.get_fields()

    def get_fields(self) -> dict[str, dict[str, str]]:
        """Columns with their JSON types."""
        self._fields = self._fields or columns(self.collection)
        return dict(self._fields)

    @crs_transform  # type: ignore[untyped-decorator]
    def query(  # noqa: PLR0913, PLR0917 (the signature is pygeoapi's)
        self,
        offset: int = 0,
        limit: int = 10,
        resulttype: str = "results",
        bbox: list[float] | None = None,
        datetime_: str | None = None,
        properties: list[tuple[str, str]] | None = None,
        sortby: list[dict[str, str]] | None = None,
        select_properties: list[str] | None = None,
        skip_geometry: bool = False,
        q: str | None = None,
        filterq: Any = None,
        **_kwargs: Any,
    ) -> dict[str, Any]:
        """A FeatureCollection of the rows that pass every condition."""
        asked = dict(properties or [])
        frame = rows(self.collection, read_day(asked.pop(AS_OF, "")), asked.pop(PLAN, ""))
        frame = _equal(frame, asked)
        if bbox:
            west, south, east, north = bbox
            shapes = frame.geometry.to_numpy()
            meets = shapely.intersects(shapes, area((west, south, east, north)))
            frame = frame[
                meets | shapely.is_missing(shapes)
            ]  # what has no place is in every box, as the standard says
        frame = _within(frame, self.collection.time_field, datetime_)
        frame = _holding(frame, q)
        if filterq is not None:
            frame = frame[matching_rows(frame, filterq, self._fields)]
        for rule in reversed(sortby or []):
            frame = frame.sort_values(
                rule["property"], ascending=rule["order"] == "+", kind="stable", key=_sortable
            )
        answer = {"type": "FeatureCollection", "features": [], "numberMatched": len(frame)}
        if resulttype == "hits":
            return answer | {"numberReturned": 0}
        page = frame.iloc[offset : offset + limit]
        chosen = select_properties or self.properties or None
        features = features_of(page, chosen, geometry=not skip_geometry)
        return answer | {"features": features, "numberReturned": len(features)}

    @crs_transform  # type: ignore[untyped-decorator]
    def get(self, identifier: str, **_kwargs: Any) -> dict[str, Any]:
        """One feature; 404 where there is none."""
        frame = row_of_any_plan(self.collection, identifier, date.today())
        if frame.empty:
            raise UnknownIdError(_("没有要素 {name}。"), name=identifier[:80])
        return features_of(frame, None, geometry=True)[0]


def _equal(frame: gpd.GeoDataFrame, wanted: dict[str, str]) -> gpd.GeoDataFrame:
    for name, text in wanted.items():
        found = frame[name] == _typed(frame[name], name, text)
        frame = frame[found.fillna(value=False).to_numpy(bool)]
    return frame


def _typed(column: pd.Series[Any], name: str, text: str) -> Any:
    """A word as the cells of a column are; ``ParameterError`` for a word that none of them can be."""
    kind = _schema_of(column)
    try:
        if kind == "number":
            return read_number(text)
        if kind == "date":
            return date.fromisoformat(text)
        if kind == "boolean":
            return {"true": True, "false": False}[text.lower()]
    except (ValueError, KeyError) as error:
        raise ParameterError(_("参数 {name}：“{value}”不可用。"), name=name, value=text[:60]) from error
    return text


def _schema_of(column: pd.Series[Any]) -> str:
    about = schema(column)
    return about.get("format") or about["type"]


def _within(frame: gpd.GeoDataFrame, column: str | None, bounds: str | None) -> gpd.GeoDataFrame:
    """Rows whose day lies in ``2021-01-01/2021-12-31`` (``..`` for open ends), and those without a day."""
    if not bounds or column is None:
        return frame
    first, _slash, last = bounds.partition("/")
    days = frame[column].map(lambda cell: "" if json_value(cell) is None else str(json_value(cell)))
    kept = ((days >= first) | (first == "..")) & ((days <= last) | (last == ".."))
    return frame[
        (kept | (days == "")).to_numpy(bool)
    ]  # what has no day is in every span, as the standard says


def _holding(frame: gpd.GeoDataFrame, texts: str | None) -> gpd.GeoDataFrame:
    """Rows whose names hold one of the comma-separated words."""
    if not texts or frame.empty:
        return frame
    names = frame[[name for name in ("name_zh", "name_en", "title", "street") if name in frame.columns]]
    text = names.fillna("").astype(str).agg(" ".join, axis=1).str.lower()
    found = np.zeros(len(frame), bool)
    for word in texts.lower().split(",")[:10]:
        found |= text.str.contains(word.strip(), regex=False).to_numpy(bool)
    return frame[found]


def _sortable(column: pd.Series[Any]) -> pd.Series[Any]:
    return (
        column.map(lambda cell: "" if json_value(cell) is None else str(cell))
        if column.dtype == object
        else column
    )


def value_of(cell: Any) -> Any:
    """A cell as JSON has it; a number stays 41.0, because clients take the type of a column from its first rows."""
    return float(cell) if isinstance(cell, float) and math.isfinite(cell) else json_value(cell)


def features_of(
    frame: gpd.GeoDataFrame, columns: list[str] | None, *, geometry: bool
) -> list[dict[str, Any]]:
    """GeoJSON features of rows (WGS84, 7 decimals); rows without a place have a null geometry."""
    names = [str(name) for name in frame.columns if name != "geometry" and (not columns or name in columns)]
    shapes = np.full(len(frame), None, dtype=object)
    if geometry:
        shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: np.round(xy, _DIGITS))
    records = frame[names].to_dict("records")
    return [
        {
            "type": "Feature",
            "id": str(key),
            "properties": {name: value_of(value) for name, value in record.items()},
            "geometry": shapely.geometry.mapping(shape) if shape is not None else None,
        }
        for key, record, shape in zip(frame.index, records, shapes, strict=True)
    ]
