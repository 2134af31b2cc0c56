"""Reads the outlines and lines of a city pack: GeoJSON in WGS84, every position a finite pair of degrees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import DataError
from geo.places.crs import STORAGE_CRS
from geo.text import mark as _
from geo.text_tables import city_file_error

_HINT: Final = _("它应是 GeoJSON；请从资料包的备份或版本库恢复。")


def read_city_features(root: Path, name: str) -> list[dict[str, Any]]:
    """The features of the GeoJSON file ``root/name``.

    Parameters
    ----------
    root : Path
        Folder of the city pack.
    name : str
        File name, such as ``lines.geojson``.

    Returns
    -------
    list of dict
        Each with ``properties`` and ``geometry``, both objects.

    Raises
    ------
    DataError
        The file is missing or no such collection.
    """
    try:
        collection = json.loads((root / name).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise city_file_error(name, error, _HINT) from error
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list):
        raise city_file_error(name, ValueError("features"), _HINT)
    for number, feature in enumerate(features, start=1):
        parts = (
            [feature.get(part) for part in ("properties", "geometry")]
            if isinstance(feature, dict)
            else [None]
        )
        if not all(isinstance(part, dict) for part in parts):
            raise city_file_error(name, ValueError(f"features[{number}]"), _HINT)
    return features


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
        raise city_file_error(name, ValueError(key), _HINT)
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
