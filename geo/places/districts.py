"""County-level divisions, lakes, and which division a place lies in.

Outlines are illustrative: for drawing and for assigning points. Shares of area use land (outline minus lake) and
are shown beside the official areas. Areas and lengths are measured in the projected system of the city's pack.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.errors import DataError
from geo.places.city_features import read_city_features
from geo.places.city_shapes import shapes_frame
from geo.places.coordinate_checks import check_lonlat
from geo.places.crs import STORAGE_CRS
from geo.places.division_outlines import read_divisions
from geo.text import mark as _
from geo.text_tables import read_city_table

AROUND: Final = 0.05
"""Degrees around the city, about 5 km: its edge is neither the map's edge nor the end of a walk."""


def city_box(districts: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """West, south, east, north of the city in degrees, :data:`AROUND` beyond its outlines."""
    west, south, east, north = (float(edge) for edge in districts.total_bounds)
    return west - AROUND, south - AROUND, east + AROUND, north + AROUND


@lru_cache(maxsize=4)
def load_districts(root: Path, variant: str = "amap") -> gpd.GeoDataFrame:
    """The divisions listed in ``root/districts.csv``. Read only: the frame is shared.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, indexed by ``district_code`` (str, ascending): ``name_zh, name_en, official_area_km2,
        residents_2020, land`` (outline minus lakes, WGS84) and ``geometry`` (the whole outline).

    Raises
    ------
    DataError
        The table, the lakes or the outline package cannot be read.
    """
    table = _read_table(root / "districts.csv")
    outlines = read_divisions(list(table.index), variant=variant)
    frame = gpd.GeoDataFrame(
        table, geometry=gpd.GeoSeries(outlines).reindex(table.index), crs=STORAGE_CRS
    ).sort_index()
    water = shapely.union_all(load_lakes(root).geometry.to_numpy())
    frame["land"] = gpd.GeoSeries(frame.geometry.difference(water), crs=STORAGE_CRS)
    return frame


def _read_table(path: Path) -> pd.DataFrame:
    columns = ("district_code", "name_zh", "name_en", "official_area_km2", "residents_2020")
    table = read_city_table(path.parent, path.name, columns).set_index("district_code").replace("", None)
    for column in {"official_area_km2", "area_year", "residents_2020"} & set(table.columns):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    if table.empty or table.index.has_duplicates:
        raise DataError(
            _("{name} 里没有区县，或有区县代码重复。"), hint=_("请从资料包恢复这个文件。"), name=path.name
        )
    return table


@lru_cache(maxsize=4)
def load_lakes(root: Path) -> gpd.GeoDataFrame:
    """Lakes of ``root/lakes.geojson`` (EPSG:4326, indexed by ``lake_id``), islands cut out."""
    return shapes_frame(read_city_features(root, "lakes.geojson"), "lakes.geojson", "lake_id")


def district_of(lon: ArrayLike, lat: ArrayLike, districts: gpd.GeoDataFrame) -> NDArray[np.str_]:
    """Code of the division each point lies in.

    Parameters
    ----------
    lon, lat : array_like, shape (n,)
        WGS84 degrees; NaN where there is no place.
    districts : GeoDataFrame
        As :func:`load_districts` gives it.

    Returns
    -------
    ndarray of str, shape (n,)
        The code; ``""`` outside all divisions or without a place. A point on a border belongs to the smallest code
        of the divisions that touch it, so every point has one answer and the order of rows does not matter.

    Raises
    ------
    CrsError
        Swapped, infinite or out-of-range coordinates.
    """
    x, y = np.atleast_1d(np.asarray(lon, "float64")), np.atleast_1d(np.asarray(lat, "float64"))
    check_lonlat(x, y)
    codes = np.full(x.shape, "", dtype="<U6")
    for code, outline in districts.geometry.sort_index(ascending=False).items():
        west, south, east, north = outline.bounds
        with np.errstate(invalid="ignore"):
            near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
        shapely.prepare(outline)
        codes[near[shapely.intersects_xy(outline, x[near], y[near])]] = code
    return codes


def land_area_km2(districts: gpd.GeoDataFrame, projected: str) -> pd.Series[float]:
    """Land of each division (outline minus lakes) in km2, measured in the system ``projected`` (``EPSG:n``, metres)."""
    return pd.Series(districts["land"].to_crs(projected).area / 1e6, name="land_km2")


def length_share(line: Any, districts: gpd.GeoDataFrame, projected: str) -> pd.Series[float]:
    """Share of a line's length that lies in each division.

    Parameters
    ----------
    line : shapely LineString or MultiLineString
        WGS84 degrees.
    districts : GeoDataFrame
        As :func:`load_districts` gives it.
    projected : str
        System (``EPSG:n``, metres) in which lengths are measured.

    Returns
    -------
    Series
        Code -> share of the drawn length, shares sum to 1; ``""`` is the part outside all divisions.
        A stretch that runs along a common border counts for the smallest code. Zero shares are left out.
    """
    metric = gpd.GeoSeries([line], crs=STORAGE_CRS).to_crs(projected).iloc[0]
    outlines = districts.geometry.to_crs(projected).sort_index()
    rest, lengths = metric, {}
    for code, outline in outlines.items():
        lengths[str(code)] = rest.intersection(outline).length
        rest = rest.difference(outline)
    lengths[""] = rest.length
    shares = pd.Series(lengths, dtype="float64") / metric.length
    return pd.Series(shares[shares > 1e-9], dtype="float64")


@lru_cache(maxsize=4)
def _label_points(key: tuple[bytes, ...], codes: tuple[str, ...], projected: str) -> gpd.GeoSeries:
    land = gpd.GeoSeries.from_wkb(list(key), index=list(codes), crs=STORAGE_CRS).to_crs(projected)
    centres = [shapely.maximum_inscribed_circle(_largest(shape), tolerance=50).coords[0] for shape in land]
    return gpd.GeoSeries(shapely.points(centres), index=land.index, crs=projected).to_crs(STORAGE_CRS)


def _largest(shape: Any) -> Any:
    return max(shapely.get_parts(shape), key=lambda part: part.area)


def label_points(districts: gpd.GeoDataFrame, projected: str) -> gpd.GeoSeries:
    """A point of each division for its name (EPSG:4326): the centre of the largest circle on its land, as ``projected``
    (``EPSG:n``, metres) draws it.
    """
    return _label_points(
        tuple(shapely.to_wkb(districts["land"].to_numpy())), tuple(districts.index), projected
    )


def points_beside_label(
    districts: gpd.GeoDataFrame, projected: str, code: str, count: int
) -> list[shapely.Point]:
    """Points on the land of a division for symbols that belong to all of it: below its name, side by side.

    Parameters
    ----------
    districts : GeoDataFrame
        As :func:`load_districts` gives it.
    projected : str
        System (``EPSG:n``, metres) in which the largest circle on the land is sought.
    code : str
        The division.
    count : int
        How many points.

    Returns
    -------
    list of Point
        WGS84 degrees; all within the largest circle, so on land of the division.
    """
    land = _largest(districts["land"].loc[[code]].to_crs(projected).iloc[0])
    circle = shapely.maximum_inscribed_circle(land, tolerance=50)
    middle, radius = shapely.Point(circle.coords[0]), circle.length
    steps = [0.0] if count == 1 else [-0.6 + 1.2 * i / (count - 1) for i in range(count)]
    spots = [shapely.Point(middle.x + step * radius, middle.y - 0.55 * radius) for step in steps]
    return list(gpd.GeoSeries(spots, crs=projected).to_crs(STORAGE_CRS))
