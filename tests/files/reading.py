"""Reads exports with other people's readers (GDAL, openpyxl, pandas): field names in, WGS84 places out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import shapely

from geo.display.fields import field_of
from geo.files import FileFormat, systems_of
from geo.paths import DATA_DIR
from geo.places.crs import convert_geometry
from geo.register.city_facts import read_city

CITY = read_city(DATA_DIR)


def _by_field(frame: pd.DataFrame) -> pd.DataFrame:
    found = {header: field_of(str(header)) for header in frame.columns}
    names = {header: field.name for header, field in found.items() if field}
    # KML has a "Name" of its own beside the field
    return frame.rename(columns={old: new for old, new in names.items() if new not in frame.columns})


def _points(frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    first, second = ("x", "y") if "x" in frame else ("lon", "lat")
    x, y = (pd.to_numeric(frame[name]).to_numpy("float64") for name in (first, second))
    shapes = np.where(np.isnan(x), None, shapely.points(x, y))
    drawn = frame["wkt"].notna()
    shapes[drawn] = shapely.from_wkt(frame.loc[drawn, "wkt"])
    return shapes


def _csv(path: Path, encoding: str) -> gpd.GeoDataFrame:
    text = path.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else "gb18030")
    frame = _by_field(pd.read_csv(io.StringIO(text), dtype=str))
    return gpd.GeoDataFrame(frame, geometry=_points(frame))


def _xlsx(path: Path, encoding: str) -> gpd.GeoDataFrame:
    head, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    frame = _by_field(pd.DataFrame(rows, columns=head))
    return gpd.GeoDataFrame(frame, geometry=_points(frame))


def _gpkg(path: Path, encoding: str) -> gpd.GeoDataFrame:
    both = [gpd.read_file(path, layer=layer) for layer in ("works", "lines")]
    return _together(both)


def _shapefile(path: Path, encoding: str) -> gpd.GeoDataFrame:
    folder = path.parent / "unzipped"
    zipfile.ZipFile(path).extractall(folder)
    return _together(
        [gpd.read_file(file) for file in sorted([*folder.glob("*.shp"), *folder.glob("*noplace.dbf")])]
    )


def _together(frames: list[Any]) -> gpd.GeoDataFrame:
    parts = [
        frame if "geometry" in frame else gpd.GeoDataFrame(frame, geometry=[None] * len(frame))
        for frame in frames
    ]
    crs = parts[0].crs
    whole = pd.concat([_by_field(pd.DataFrame(part)) for part in parts], ignore_index=True)
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=crs)


def _ogr(path: Path, encoding: str) -> gpd.GeoDataFrame:
    return gpd.read_file(path)


def _kml(path: Path, encoding: str) -> gpd.GeoDataFrame:
    import pyogrio

    return _together([gpd.read_file(path, layer=name) for name, _kind in pyogrio.list_layers(path)])


def _parquet(path: Path, encoding: str) -> gpd.GeoDataFrame:
    return gpd.read_parquet(path)


READERS: dict[str, Callable[[Path, str], gpd.GeoDataFrame]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "gpkg": _gpkg,
    "shapefile": _shapefile,
    "geojson": _ogr,
    "kml": _kml,
    "geoparquet": _parquet,
}


def read(path: Path, form: str, encoding: str) -> gpd.GeoDataFrame:
    """The file as a frame by field names, as its format's reader sees it; geometry as it stands in the file."""
    return READERS[form](path, encoding)


def in_wgs84(frame: gpd.GeoDataFrame, system: str) -> pd.Series[Any]:
    """Geometry of a frame that was read, back in WGS84, by work id."""
    back = convert_geometry(frame.geometry.to_numpy(), source=system, target="WGS84")
    return pd.Series(list(back), index=frame["work_id"])


def systems_in(form: FileFormat) -> list[str]:
    """Ids of the systems of the city's files that a format can hold."""
    return [system.id for system in systems_of(CITY) if form.holds(system)]
