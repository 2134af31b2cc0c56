"""Population rasters of a country or of the world, cut to the city: what lies in it is summed onto the lattice and kept.

Read by window: a raster may be far larger than memory, and than what a person may bring. Tiles that share a city are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coverage.demand import land_demand
from geo.coverage.saved_data import Saved, save_raster
from geo.errors import ParameterError
from geo.kernels.raster import read_population
from geo.reading.limits import LIMITS
from geo.reading.raster import unpacked_raster
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.register.city import Atlas

PUBLISHED: Final = replace(LIMITS, file_bytes=20_000_000_000, archive_bytes=20_000_000_000, seconds=900)
"""What a file of a publisher may take, which whoever runs this program asked for. Its memory stays as any other's."""


def cut_to_city(atlas: Atlas, paths: Sequence[Path], *, name: str, credit: str) -> Saved:
    """Keep the residents that rasters have in the city as a data set on the 100 m lattice.

    Parameters
    ----------
    atlas : Atlas
    paths : sequence of Path
        GeoTIFFs, or zips with one each: one raster, or the tiles of one. A tile beside the city adds nothing.
    name, credit : str
        Shown to people.

    Returns
    -------
    Saved

    Raises
    ------
    CrsError, DataError, ParameterError
        As :func:`geo.kernels.raster.read_population`; the last also where none of them has residents in the city.
    """
    lattice = land_demand(atlas).lattice
    people = np.zeros(lattice.shape)
    beside: ParameterError | None = None
    for path in paths:
        with unpacked_raster(path, limits=PUBLISHED) as raster:
            try:
                people += read_population(
                    raster, lattice, atlas.city.projected_crs, limits=PUBLISHED
                ).residents
            except ParameterError as error:  # of several tiles one may lie beside the city
                beside = error
    if not people.any():
        raise beside or ParameterError(
            _("人口栅格 {name} 在本市范围内没有人口。"),
            hint=_("请核对它的范围与坐标系。"),
            name="、".join(path.name for path in paths),
        )
    return save_raster(people, lattice, atlas.city.projected_crs, name=name, credit=credit)
