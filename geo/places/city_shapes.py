"""Makes shapes of the features of a city pack: outlines and lines in WGS84, every position a finite pair of degrees."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import DataError
from geo.places.city_features import NO_GEOJSON
from geo.places.crs import STORAGE_CRS
from geo.text import mark as _
from geo.text_tables import city_file_error


def shapes_frame(features: list[dict[str, Any]], name: str, key: str) -> gpd.GeoDataFrame:
    """Features as a frame.

    Parameters
    ----------
    features : list of dict
        As :func:`read_city_features` gives them.
    name : str
        Name of the file, for messages.
    key : str
        Property that identifies a row.

    Returns
    -------
    GeoDataFrame
        EPSG:4326; the column ``key`` is there and is the index too.

    Raises
    ------
    DataError
        A shape that is none or has a position that is no finite pair of degrees, or a row without ``key``; the message
        counts features from 1.
    """
    shapes = [_shape(feature["geometry"], number, name) for number, feature in enumerate(features, start=1)]
    frame = gpd.GeoDataFrame(
        [feature["properties"] for feature in features], geometry=shapes, crs=STORAGE_CRS
    )
    if key not in frame.columns or frame[key].isna().any() or frame[key].duplicated().any():
        raise city_file_error(name, ValueError(key), NO_GEOJSON)
    return frame.set_index(key, drop=False).rename_axis(None)


def _shape(geometry: dict[str, Any], number: int, name: str) -> Any:
    try:
        shape = shapely.geometry.shape(geometry)
        finite = bool(np.isfinite(shapely.get_coordinates(shape)).all()) and not shape.is_empty
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        shapely.errors.ShapelyError,
    ) as error:
        raise _bad_shape(name, number) from error
    if not finite or max(map(abs, shape.bounds)) > 180.0:
        raise _bad_shape(name, number)
    return shape


def _bad_shape(name: str, number: int) -> DataError:
    return DataError(
        _("{name} 的第 {n} 个要素的坐标读不了。"),
        hint=_("坐标应是成对的 WGS84 经纬度，不能为空。"),
        name=name,
        n=number,
    )
