"""Writes GeoPackages, and reads what it wrote: the one place that knows how GDAL wants their layers and tables."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd


def write_layer(path: Path, name: str, frame: pd.DataFrame, *, geometry_type: str | None = None) -> None:
    """Add a layer, or a table where ``frame`` has no geometry, to the GeoPackage ``path``, which is made where it is not there.

    Parameters
    ----------
    path : Path
    name : str
        Of the layer.
    frame : DataFrame or GeoDataFrame
        Any CRS; a layer in GCJ-02 has none on purpose, because no EPSG code names it.
    geometry_type : str, optional
        Such as ``Point`` or ``MultiLineString``; single shapes are promoted to multi ones. What the rows have by default.
    """
    import pyogrio

    if not isinstance(frame, gpd.GeoDataFrame):
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG")
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        pyogrio.write_dataframe(
            frame,
            path,
            layer=name,
            driver="GPKG",
            geometry_type=geometry_type,
            promote_to_multi=bool(geometry_type and geometry_type.startswith("Multi")) or None,
            layer_options={"GEOMETRY_NAME": "geom"},
        )


def read_layer(path: Path, name: str) -> gpd.GeoDataFrame:
    """A layer of a GeoPackage that :func:`write_layer` wrote, with its CRS."""
    import pyogrio

    frame: gpd.GeoDataFrame = pyogrio.read_dataframe(path, layer=name)
    return frame


def geopackage_of(layers: Mapping[str, pd.DataFrame]) -> bytes:
    """A whole GeoPackage of layers and tables by name, in their order; each as :func:`write_layer` takes it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "layers.gpkg"
        for name, frame in layers.items():
            write_layer(path, name, frame)
        return path.read_bytes()
