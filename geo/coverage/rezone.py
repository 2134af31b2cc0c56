"""The demand of districts cut anew by other polygons, so that every question can be asked of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage.demand import Demand, polygonal, scaled
from geo.kernels.lattice import Lattice
from geo.kernels.zones import MAX_ZONES, Zones

Floats = NDArray[np.float64]


def rezone(
    demand: Demand, codes: tuple[str, ...], outlines: NDArray[Any], totals: Floats | None = None
) -> tuple[Demand, ...]:
    """The same land and residents by other zones.

    Parameters
    ----------
    demand : Demand
        By district.
    codes : tuple of str
    outlines : ndarray of shapely (multi)polygons, shape (n,)
        Valid, without overlaps, in metres of the city's projected system. Land of a zone is what of the demand's land lies in
        it; where slivers overlap, residents are those of the first zone.
    totals : ndarray (n,) or None
        Residents of each zone; None for those that the demand has there. Where it has none, they are spread evenly.

    Returns
    -------
    tuple of Demand
        Of at most :data:`geo.kernels.zones.MAX_ZONES` zones each, in the order of ``codes``. Residents of a zone that holds the
        middle of no cell are NaN: it is too small for the cells.
    """
    land = _cut(outlines, demand.zones.polygons)
    zone = cell_zones(demand.lattice, outlines)
    return tuple(
        _part(demand, codes, land, zone, slice(at, at + MAX_ZONES), totals)
        for at in range(0, len(codes), MAX_ZONES)
    )


def overlaps(
    zones: NDArray[Any], others: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Pairs of polygons that share area: positions in ``zones`` and in ``others``, and the area (m²)."""
    one, other = shapely.STRtree(others).query(zones, predicate="intersects")
    area = shapely.area(shapely.intersection(zones[one], others[other]))
    return one[area > 0], other[area > 0], area[area > 0]


def cell_zones(lattice: Lattice, outlines: NDArray[Any]) -> NDArray[np.int16]:
    """Position of the first outline that holds the middle of each cell that has a zone now, -1 for none (ny, nx)."""
    east, north = lattice.centres()
    zone = np.full(lattice.shape, -1, "int16")
    for position, outline in enumerate(outlines):
        west, south, right, top = outline.bounds
        rows = slice(*np.searchsorted(north, (south, top)))
        columns = slice(*np.searchsorted(east, (west, right)))
        free = (zone[rows, columns] < 0) & (lattice.zone[rows, columns] >= 0)
        row, column = np.nonzero(free)
        shapely.prepare(outline)
        inside = shapely.contains_xy(outline, east[columns][column], north[rows][row])
        zone[rows, columns][row[inside], column[inside]] = position
    return zone


def _cut(outlines: NDArray[Any], land: NDArray[Any]) -> NDArray[Any]:
    one, other = shapely.STRtree(land).query(outlines, predicate="intersects")
    parts = polygonal(shapely.intersection(outlines[one], land[other]))
    return np.array([shapely.union_all(parts[one == k]) for k in range(len(outlines))], dtype=object)


def _part(
    demand: Demand,
    codes: tuple[str, ...],
    land: NDArray[Any],
    zone: NDArray[np.int16],
    part: slice,
    totals: Floats | None,
) -> Demand:
    own = codes[part]
    of_part = (zone >= part.start) & (zone < part.start + len(own))
    local = np.where(of_part, zone - part.start, -1).astype("int16")
    zones = Zones.from_polygons(own, polygonal(land[part]))
    lattice, residents = _lattice(demand.lattice, local, own, None if totals is None else totals[part])
    second = None
    if demand.second is not None and residents is not None:
        second, _same = _lattice(demand.second, local, own, residents)
    return replace(
        demand,
        zones=zones,
        residents=None if demand.residents is None else residents,
        lattice=lattice,
        source_totals=None,
        second=second,
    )


def _lattice(
    before: Lattice, zone: NDArray[np.int16], codes: tuple[str, ...], totals: Floats | None
) -> tuple[Lattice, Floats]:
    """The cells by other zones, their demand scaled to ``totals`` if there are any; and the demand of each zone."""
    lattice = Lattice(
        before.x0,
        before.y0,
        before.size,
        zone,
        np.where(zone >= 0, before.weight, 0.0),
        codes,
        before.inputs,
    )
    cells = np.bincount(zone[zone >= 0], minlength=len(codes))
    if totals is None:
        return lattice, np.where(cells > 0, lattice.totals, np.nan)
    empty = np.flatnonzero(~(lattice.totals > 0))
    weights = np.where(np.isin(zone, empty) & (zone >= 0), 1.0, lattice.weight)
    return scaled(lattice, weights, np.nan_to_num(totals)), np.where(cells > 0, totals, np.nan)
