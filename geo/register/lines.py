"""The lines of a city pack: features as ``lines.geojson`` or a store has them, shapes where they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.errors import DataError
from geo.places.city_features import read_city_features
from geo.text import mark as _

if TYPE_CHECKING:
    import geopandas as gpd

_LINES: Final = "lines.geojson"


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of a pack as GeoJSON features: their shapes are made when they are first asked for, for much needs none."""

    features: list[dict[str, Any]]

    @cached_property
    def frame(self) -> gpd.GeoDataFrame:
        """:attr:`Pack.lines`; ``DataError`` names what is wrong with a shape or a property."""
        return lines_frame(self.features)


def read_features(root: Path) -> list[dict[str, Any]]:
    """The features of ``lines.geojson``; ``DataError`` where they cannot be read."""
    return read_city_features(root, _LINES)


def lines_frame(features: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """GeoJSON features (WGS84) as ``Pack.lines``; ``DataError`` names what is wrong with a shape or a property."""
    from geo.places.city_shapes import shapes_frame

    frame = shapes_frame(features, _LINES, "line_id")
    try:
        opened = pd.to_datetime(frame["opened"], format="%Y-%m-%d")
        frame["opened"] = opened.dt.date.astype(object).where(opened.notna(), None)
        frame["length_km"] = frame["length_km"].astype("float64")
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise DataError(
            _("{name} 的属性读不了：{detail}。"),
            hint=_("opened 应是 2021-12-17 这样的日期或空，length_km 应是数。"),
            name=_LINES,
            detail=str(error)[:200],
        ) from error
    return frame
