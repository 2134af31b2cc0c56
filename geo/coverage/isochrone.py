"""Isochrones: the ground that is within some minutes of a place along streets, as polygons.

A fine grid around the place is joined to the streets, and the squares whose middles are within the time are the polygon: what
coverage counts as served by a facility at that place, drawn finer than its 100 m.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import ceil, sqrt
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage.answer_notes import Note, barrier_notes, note_texts
from geo.coverage.demand import Demand
from geo.coverage.reach import Reach, snapped_cells
from geo.coverage.transit import Rides, rides
from geo.errors import ParameterError
from geo.kernels.network import SNAP_M, Snapped, StreetNetwork, snap, walk_distance
from geo.places.crs import STORAGE_CRS, convert
from geo.questions.isochrone import IsochroneQuestion
from geo.register.city import Atlas
from geo.text import mark as _

Floats = NDArray[np.float64]
FINEST_M: Final = 25.0
MOST_SQUARES: Final = 160_000
"""Squares of the grid: where the way is long they are larger than :data:`FINEST_M`."""


@dataclass(frozen=True, eq=False)
class Isochrones:
    """An answer.

    Attributes
    ----------
    frame : GeoDataFrame
        EPSG:4326, one row a time, the longest first so that the shorter are drawn above: ``minutes, area_km2, residents`` (modelled;
        NaN where only land is asked) and the polygon, which holds those of less time.
    inputs : dict
        Enough to ask again.
    notes : list of (str, dict)
    """

    frame: gpd.GeoDataFrame
    inputs: dict[str, Any]
    notes: list[Note]

    def messages(self, lang: str = "zh") -> list[str]:
        """The notes in ``lang``."""
        return note_texts(self.notes, lang)


def isochrones(
    atlas: Atlas, question: IsochroneQuestion, demand: Demand, streets: StreetNetwork | None
) -> Isochrones:
    """Where one comes from a place, or from where one comes to it, in the minutes asked for.

    Parameters
    ----------
    atlas : Atlas
    question : IsochroneQuestion
    demand : Demand
        Whose residents are counted.
    streets : StreetNetwork or None

    Returns
    -------
    Isochrones

    Raises
    ------
    ParameterError
        No streets, streets that the mode cannot use, or a place that is farther than 500 m from them.
    """
    if streets is None:
        raise ParameterError(_("等时圈要有街道。"), hint=_("请给 streets：保存过的街道，或 OSM 摘录。"))
    reaches = [_reach(question, streets, minutes) for minutes in question.minutes]
    roads = reaches[-1].network or streets
    crs = atlas.city.projected_crs
    x, y = convert([question.lon], [question.lat], source="WGS84", target=crs)
    origin = snap(roads, x, y)
    if origin.edge[0] < 0:
        raise ParameterError(
            _("这个地点离街道超过 {farthest} 米。"),
            hint=_("请换一个地点，或换成本地的街道。"),
            farthest=f"{SNAP_M:g}",
        )
    limit = reaches[-1].metres
    ridden = rides(atlas, question, roads, origin) if question.mode == "transit" else None
    metres = ridden.far if ridden else partial(walk_distance, roads, origin, limit=limit)
    size, east, north = _grid(roads, origin, metres, limit)
    far = metres(snap(roads, east.ravel(), north.ravel())).reshape(east.shape)
    lived = metres(snapped_cells(demand.lattice, roads))
    weight = demand.lattice.weight[demand.lattice.zone >= 0]
    rows = [
        {
            "minutes": reach.minutes,
            "area_km2": float((far <= reach.metres).sum()) * size * size / 1e6,
            "residents": float(weight[lived <= reach.metres].sum())
            if demand.residents is not None
            else np.nan,
            "geometry": _outline(far <= reach.metres, east, north, size),
        }
        for reach in reversed(reaches)
    ]
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=crs).to_crs(STORAGE_CRS)
    notes = _notes(reaches[-1], roads, origin, size, ridden)
    inputs = _inputs(question, reaches[-1], demand, size) | (ridden.inputs if ridden else {})
    return Isochrones(frame, inputs, notes)


def _reach(question: IsochroneQuestion, streets: StreetNetwork, minutes: float) -> Reach:
    if question.mode in ("walk", "transit"):
        return Reach.walk(streets, minutes=minutes, speed_m_min=question.speed_m_min)
    return Reach.ride(streets, mode=question.mode, minutes=minutes, away=question.direction == "from")


def _grid(
    roads: StreetNetwork, origin: Snapped, metres: Callable[[Snapped], Floats], limit: float
) -> tuple[float, Floats, Floats]:
    """Size of the squares, and the middles of those that may be reached: as far as the streets that are, and a last stretch."""
    edges, nothing = np.arange(len(roads.u)), np.zeros(len(roads.u))
    both = Snapped(np.tile(edges, 2), np.concatenate([nothing, roads.length]), np.tile(nothing, 2))
    reached = np.isfinite(metres(both)).reshape(2, -1).any(axis=0) | (edges == origin.edge[0])
    ends = roads.nodes[np.concatenate([roads.u[reached], roads.v[reached]])]
    stretch = min(limit, SNAP_M)
    (west, south), (east, north) = ends.min(axis=0) - stretch, ends.max(axis=0) + stretch
    finest = sqrt((east - west) * (north - south) / MOST_SQUARES)
    size = FINEST_M * max(1, ceil(finest / FINEST_M))
    return (
        size,
        *np.meshgrid(
            np.arange(west + size / 2, east + size, size), np.arange(south + size / 2, north + size, size)
        ),
    )


def _outline(near: NDArray[np.bool_], east: Floats, north: Floats, size: float) -> shapely.MultiPolygon:
    """The squares as polygons."""
    from rasterio.features import shapes
    from rasterio.transform import from_origin

    place = from_origin(east[0, 0] - size / 2, north[-1, 0] + size / 2, size, size)
    raster = near[::-1].astype("uint8")
    parts = [
        shapely.geometry.shape(part)
        for part, value in shapes(raster, mask=raster > 0, transform=place)
        if value
    ]
    return shapely.MultiPolygon(parts)


def _inputs(question: IsochroneQuestion, reach: Reach, demand: Demand, size: float) -> dict[str, Any]:
    return {
        "lon": question.lon,
        "lat": question.lat,
        "mode": question.mode,
        "direction": question.direction,
        "speed_m_min": reach.speed_m_min,
        "streets": reach.inputs()["streets"],
        "demand": demand.kind,
        "square_m": size,
    }


def _notes(
    reach: Reach, roads: StreetNetwork, origin: Snapped, size: float, ridden: Rides | None
) -> list[Note]:
    streets = roads.report
    values = {
        "speed": f"{round(reach.speed_m_min or 0.0, 1):g}",
        "source": streets.get("source") or "—",
        "credit": f"（{streets['credit']}）" if streets.get("credit") else "",
        "size": f"{size:g}",
        "off": f"{origin.off[0]:.0f}",
    }
    ways = {
        "walk": _("沿街道步行，按 {speed} 米/分钟；街道来自 {source}{credit}。"),
        "cycle": _("沿道路骑行（模型估算）：按道路等级的假定速度、单行和路障；街道来自 {source}{credit}。"),
        "drive": _(
            "沿道路驾车（模型估算）：按道路等级的假定车速、单行和路障，堵车和红绿灯不计；街道来自 {source}{credit}。"
        ),
    }
    notes: list[Note] = [
        *(ridden.notes if ridden else ()),
        (ways[reach.way], values),
        *barrier_notes(reach),
        (_("按 {size} 米的方格画出；地点到最近的街道 {off} 米，这一段也算在内。"), values),
        (_("居民为模型估算，按 100 米格计。"), {}),
    ]
    return notes
