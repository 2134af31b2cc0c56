"""Outlines of works and facilities as lists brought them, beside the register (decisions/0010): it holds a point for each."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.geopackage import read_layer
from geo.places.crs import STORAGE_CRS
from geo.register.outline_files import KIND, saved_outlines
from geo.register.undone_and_merged import standing_merges

if TYPE_CHECKING:
    from geo.register.register import Register

_USUAL_M: Final = 100.0
"""Error of outlines that were saved without one."""


def work_outlines(register: Register) -> gpd.GeoDataFrame:
    """The outline of each work that has one; of several the last that was brought. Read only.

    Parameters
    ----------
    register : Register

    Returns
    -------
    GeoDataFrame
        EPSG:4326 (multi)polygons by ``work_id``, with ``accuracy_m`` (error of the outline's own corners) and ``area_m2``
        (in the city's projected system). A merged work's is that of the work it became; what was undone has none.
    """
    return _outlines(register, saved_outlines(), works=True)


def facility_outlines(register: Register) -> gpd.GeoDataFrame:
    """The outline of each existing facility that has one, as :func:`work_outlines` gives those of works; by ``facility_id``."""
    return _outlines(register, saved_outlines(), works=False).rename_axis("facility_id")


@lru_cache(maxsize=8)
def _outlines(register: Register, paths: tuple[Path, ...], *, works: bool) -> gpd.GeoDataFrame:
    parts = [_layer(path) for path in paths if path.is_file()]
    empty = gpd.GeoDataFrame({"work_id": [], "accuracy_m": []}, geometry=gpd.GeoSeries([], crs=STORAGE_CRS))
    frame = pd.concat(parts) if parts else empty
    became = standing_merges(register.pack.events)
    ids = frame["work_id"].astype(str).map(lambda work_id: became.get(work_id, work_id))
    frame = frame.assign(work_id=ids)
    known = register.works.index if works else register.facilities.index
    frame = frame[ids.isin(known)].drop_duplicates("work_id", keep="last").set_index("work_id")
    metric = frame.geometry.to_crs(register.pack.city.projected_crs)
    return gpd.GeoDataFrame(frame.assign(area_m2=metric.area), geometry="geometry", crs=STORAGE_CRS)


@lru_cache(maxsize=256)
def _layer(path: Path) -> gpd.GeoDataFrame:
    """A data set by its path, which holds the digest of its content."""
    frame = read_layer(path, KIND).to_crs(STORAGE_CRS)
    error = frame.get("accuracy_m", np.nan)
    return gpd.GeoDataFrame(
        {"work_id": frame["work_id"], "accuracy_m": pd.Series(error, frame.index).fillna(_USUAL_M)},
        geometry=frame.geometry.to_numpy(),
        crs=STORAGE_CRS,
    )
