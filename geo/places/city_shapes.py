"""Reads the outlines and lines of a city pack: GeoJSON in WGS84, every position a finite pair of degrees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import DataError
from geo.places.crs import STORAGE_CRS
from geo.text import mark as _


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
    except FileNotFoundError as error:
        raise DataError(
            _("城市资料包里没有 {name}。"), hint=_("请从资料包的备份或版本库恢复这个文件。"), name=name
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(name, getattr(error, "strerror", None) or str(error)) from error
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list):
        raise _unreadable(name, "features")
    for number, feature in enumerate(features, start=1):
        parts = (
            [feature.get(part) for part in ("properties", "geometry")]
            if isinstance(feature, dict)
            else [None]
        )
        if not all(isinstance(part, dict) for part in parts):
            raise _unreadable(name, f"features[{number}]")
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
        raise _unreadable(name, key)
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


def _unreadable(name: str, detail: str) -> DataError:
    return DataError(
        _("读不了城市资料包的 {name}：{detail}。"),
        hint=_("它应是 GeoJSON；请从资料包的备份或版本库恢复。"),
        name=name,
        detail=detail,
    )
