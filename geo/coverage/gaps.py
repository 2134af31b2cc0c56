"""Who is left out: unserved land as polygons, cut by the nearest named place, ranked by residents."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.coverage.demand import Demand, polygonal
from geo.coverage.reach import Reach, distances
from geo.kernels.lattice import Lattice
from geo.places.crs import STORAGE_CRS, convert
from geo.places.gazetteer import Gazetteer
from geo.register.facilities import Facilities

Floats = NDArray[np.float64]
QUAD_SEGMENTS: Final = 32
"""Segments in a quarter circle of drawn discs: 0.04 % of a disc's area is lost, in the polygons only."""
COLUMNS: Final = (
    "rank",
    "place_id",
    "name_zh",
    "name_en",
    "district_code",
    "land_km2",
    "residents",
    "distance_p50_m",
    "distance_max_m",
    "lon",
    "lat",
)


def gaps(
    facilities: Facilities, demand: Demand, reach: Reach, gazetteer: Gazetteer, *, limit: int | None = None
) -> gpd.GeoDataFrame:
    """Unserved land and residents, grouped by the nearest place of the gazetteer in the same district.

    Parameters
    ----------
    facilities, demand, reach
        As for :func:`geo.coverage.answer.coverage`; the central answer (R) is used.
    gazetteer : Gazetteer
        Gives names. A group is "the land nearest to that place's point", not the place's own territory.
    limit : int or None
        Only the first so many groups.

    Returns
    -------
    GeoDataFrame
        EPSG:4326 polygons, ranked by residents (by land where no residents are asked), columns :data:`COLUMNS`:
        ``land_km2, residents`` unserved; ``distance_p50_m, distance_max_m`` from there to the nearest facility (NaN by a vehicle);
        ``lon, lat`` the middle of the unserved demand. By cells of 100 m; polygons along straight lines are exact to
        the segments of drawn circles, along streets they follow the cells.
    """
    lattice = demand.lattice
    far = distances(facilities, demand, reach)
    with np.errstate(invalid="ignore"):
        left = (lattice.zone >= 0) & ~(far <= reach.metres)
    groups, places = _groups(lattice, left, gazetteer, facilities.crs)
    metres = np.full_like(far, np.nan) if reach.is_by_vehicle else far
    table = _table(lattice, left, metres, groups, places, facilities.crs)
    shapes = _shapes(facilities, demand, reach, left, places)
    frame = gpd.GeoDataFrame(table.join(shapes.rename("geometry")), geometry="geometry", crs=facilities.crs)
    frame["land_km2"] = frame.geometry.area / 1e6
    by = "residents" if demand.residents is not None else "land_km2"
    frame = frame[frame["land_km2"] > 0].sort_values([by, "place_id"], ascending=[False, True])
    frame["rank"] = np.arange(1, len(frame) + 1)
    frame = frame.head(limit) if limit is not None else frame
    if demand.residents is None:
        frame["residents"] = np.nan
    return frame.to_crs(STORAGE_CRS).reset_index(drop=True)[[*COLUMNS, "geometry"]]


def _groups(
    lattice: Lattice, left: NDArray[np.bool_], gazetteer: Gazetteer, crs: str
) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Group of every unserved cell (position in the returned places), by nearest place within its district."""
    places = _places(lattice, gazetteer, crs)
    rows, columns = np.nonzero(left)
    east, north = lattice.centres()
    points = np.column_stack([east[columns], north[rows]])
    zone = lattice.zone[rows, columns]
    groups = np.empty(len(points), "int64")
    for k in range(len(lattice.codes)):
        here = np.flatnonzero(places["zone"].to_numpy() == k)
        mine = zone == k
        tree = cKDTree(places[["x", "y"]].to_numpy("float64")[here])
        groups[mine] = here[tree.query(points[mine])[1]]
    return groups, places


def _places(lattice: Lattice, gazetteer: Gazetteer, crs: str) -> pd.DataFrame:
    """The gazetteer's places with metres and zone; a district without any has one nameless place in its middle."""
    frame = gazetteer.places[["place_id", "name_zh", "name_en", "district_code", "lon", "lat"]].copy()
    frame = frame[frame["district_code"].isin(lattice.codes)].drop_duplicates(["lon", "lat"])
    frame["x"], frame["y"] = convert(
        frame["lon"].to_numpy("float64"),
        frame["lat"].to_numpy("float64"),
        source="WGS84",
        target=crs,
    )
    nameless = [_middle(lattice, code) for code in lattice.codes if code not in set(frame["district_code"])]
    frame = pd.concat([frame, pd.DataFrame(nameless, columns=frame.columns)], ignore_index=True)
    frame["zone"] = frame["district_code"].map({code: k for k, code in enumerate(lattice.codes)})
    return frame


def _middle(lattice: Lattice, code: str) -> dict[str, Any]:
    rows, columns = np.nonzero(lattice.zone == lattice.codes.index(code))
    east, north = lattice.centres()
    x, y = (float(values.mean()) if len(values) else 0.0 for values in (east[columns], north[rows]))
    return {"place_id": code, "name_zh": "", "name_en": "", "district_code": code, "x": x, "y": y}


def _table(
    lattice: Lattice,
    left: NDArray[np.bool_],
    far: Floats,
    groups: NDArray[np.int64],
    places: pd.DataFrame,
    crs: str,
) -> pd.DataFrame:
    rows, columns = np.nonzero(left)
    east, north = lattice.centres()
    cells = pd.DataFrame(
        {
            "group": groups,
            "weight": lattice.weight[left],
            "x": east[columns],
            "y": north[rows],
            "far": np.where(np.isfinite(far[left]), far[left], np.nan),
        }
    )
    cells["share"] = np.where(cells["weight"] > 0, cells["weight"], 1e-9)
    cells["wx"], cells["wy"] = cells["x"] * cells["share"], cells["y"] * cells["share"]
    sums = cells.groupby("group").agg(
        residents=("weight", "sum"),
        share=("share", "sum"),
        wx=("wx", "sum"),
        wy=("wy", "sum"),
        distance_p50_m=("far", "median"),
        distance_max_m=("far", "max"),
    )
    lon, lat = convert(
        (sums["wx"] / sums["share"]).to_numpy("float64"),
        (sums["wy"] / sums["share"]).to_numpy("float64"),
        source=crs,
        target="WGS84",
    )
    named = places.loc[sums.index, ["place_id", "name_zh", "name_en", "district_code"]]
    return named.join(sums[["residents", "distance_p50_m", "distance_max_m"]]).assign(lon=lon, lat=lat)


def _shapes(
    facilities: Facilities, demand: Demand, reach: Reach, left: NDArray[np.bool_], places: pd.DataFrame
) -> gpd.GeoSeries:
    """Unserved land of every place's surroundings, indexed like ``places``."""
    unserved = (
        _cells(demand, left) if reach.network is not None else _rest(demand, *facilities.xy, reach.metres)
    )
    shapes: dict[int, Any] = {}
    for zone, shape in enumerate(unserved):
        here = places.index[places["zone"] == zone]
        for at, part in zip(here, _cut(shape, places.loc[here, ["x", "y"]].to_numpy("float64")), strict=True):
            shapes[at] = part
    return gpd.GeoSeries(shapes, crs=facilities.crs)


def _rest(demand: Demand, x: Floats, y: Floats, metres: float) -> NDArray[Any]:
    """Land of each zone outside all discs."""
    if not len(x) or metres == 0:
        return demand.zones.polygons
    discs = shapely.union_all(shapely.buffer(shapely.points(x, y), metres, quad_segs=QUAD_SEGMENTS))
    return np.asarray(shapely.difference(demand.zones.polygons, discs))


def _cells(demand: Demand, left: NDArray[np.bool_]) -> NDArray[Any]:
    """Land of each zone less its served cells."""
    from rasterio.features import shapes
    from rasterio.transform import Affine

    lattice = demand.lattice
    served = (lattice.zone >= 0) & ~left
    place = Affine(lattice.size, 0, lattice.x0, 0, lattice.size, lattice.y0)
    polygons = [
        shapely.geometry.shape(outline)
        for outline, _value in shapes(served.astype("uint8"), mask=served, transform=place)
    ]
    return np.asarray(shapely.difference(demand.zones.polygons, shapely.union_all(polygons)))


def _cut(shape: Any, seeds: Floats) -> NDArray[Any]:
    """``shape`` cut into the parts nearest to each seed, in their order."""
    if len(seeds) == 1:
        return np.array([shape], dtype=object)
    around = shapely.box(*shapely.total_bounds([shape, shapely.multipoints(seeds)])).buffer(1000)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=around, ordered=True)
    )
    return polygonal(np.asarray(shapely.intersection(cells, shape)))
