"""What is to be served: land, and the residents on it, by district.

Land is measured as exact polygons. Residents of the census are shared out by the pack's model of where people live, or
evenly over land (or over residential land, where a layer of it is given), or by a population raster. All are models of
where people live, and say so; each is held against a second one, because the share of residents depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import CrsError, ParameterError
from geo.kernels.lattice import Lattice
from geo.kernels.raster import read_population
from geo.kernels.zones import Zones
from geo.register.city import Atlas
from geo.register.residents import ResidentsModel, load_residents_model, residents_on_cells
from geo.text import mark as _

Floats = NDArray[np.float64]
CELL_M: Final = 100.0
EVEN: Final = _("居民为模型估算：2020 年普查常住人口在区县陆地上均匀分布")
EVEN_RESIDENTIAL: Final = _("居民为模型估算：2020 年普查常住人口在居住用地上均匀分布")
RASTER: Final = _("居民为模型估算：人口栅格 {name} 按 2020 年普查分区县换算，{cell} 米格网")
MODELLED: Final = _("居民为模型估算：{model}，按 2020 年普查分区县换算")
MODEL_NAMES: Final = {
    "census": _("均匀分布"),
    "modelled": _("模型估算"),
    "raster": _("人口栅格"),
    "residential": _("居住用地"),
}


@dataclass(frozen=True, eq=False)
class Demand:
    """Land and residents by district.

    Attributes
    ----------
    kind : {"area", "census", "modelled", "raster", "residential"}
    zones : Zones
        The land (or residential land) of each district, in metres of the city's projected system.
    residents : ndarray (districts,) or None
        Residents of each district; None where only land is asked.
    lattice : Lattice
        The same on cells, for residents of a raster, distances and walking.
    label : str
        Catalogue text that says what kind of model this is; empty for land alone.
    inputs : dict
        What made it, so that an answer can be repeated.
    source_totals : ndarray (districts,) or None
        Residents of each district as the raster itself has them, before rescaling.
    second : Lattice or None
        Cells of the second model, where residents are spread evenly and the pack has a model of its own. Where residents
        are counted by cell, the even spread is the second model and needs no cells.
    """

    kind: str
    zones: Zones
    residents: Floats | None
    lattice: Lattice
    label: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    source_totals: Floats | None = None
    second: Lattice | None = None

    @property
    def by_cell(self) -> bool:
        """Whether residents are counted by cell (a model or a raster) and not by share of land."""
        return self.kind in ("modelled", "raster")

    @property
    def counted(self) -> Lattice | None:
        """The cells whose residents are counted one by one: of the demand itself, or of the second model."""
        return self.lattice if self.by_cell else self.second

    @property
    def second_kind(self) -> str:
        """Which model the answer is held against; empty for none."""
        if self.residents is None:
            return ""
        return "census" if self.by_cell else "modelled" if self.second is not None else ""


@lru_cache(maxsize=4)
def land_demand(atlas: Atlas) -> Demand:
    """Land alone: outline minus lakes of every district."""
    zones = _zones(atlas, atlas.districts["land"])
    return Demand("area", zones, None, _spread(Lattice.over(zones, size=CELL_M), zones.area_m2))


@lru_cache(maxsize=4)
def census_demand(atlas: Atlas) -> Demand:
    """Census residents spread evenly over each district's land (modelled)."""
    land = land_demand(atlas)
    people = _census(atlas)
    even = _spread(land.lattice, people)
    model = _own_model(atlas)
    second = None if model is None else _on_cells(atlas, model)
    return replace(land, kind="census", residents=people, lattice=even, label=EVEN, second=second)


@lru_cache(maxsize=4)
def modelled_demand(atlas: Atlas) -> Demand:
    """Census residents as the pack's model shares them out (the default); spread evenly where the pack has no model."""
    model = _own_model(atlas)
    if model is None:
        return census_demand(atlas)
    land = land_demand(atlas)
    inputs = {
        "model": model.facts.name.model_dump(),
        "model_sources": list(model.facts.source_ids),
        "made_from_kinds": list(model.facts.made_from_kinds),
    }
    if model.facts.weaker and model.facts.weaker_because:
        inputs["weaker_in"] = list(model.facts.weaker)
        inputs["weaker_because"] = model.facts.weaker_because.model_dump()
    return replace(
        land,
        kind="modelled",
        residents=_census(atlas),
        lattice=_on_cells(atlas, model),
        label=MODELLED,
        inputs=inputs,
    )


@lru_cache(maxsize=4)
def _own_model(atlas: Atlas) -> ResidentsModel | None:
    return load_residents_model(atlas.pack.root)


@lru_cache(maxsize=4)
def _on_cells(atlas: Atlas, model: ResidentsModel) -> Lattice:
    """The model on the lattice; a district of which it has nobody is spread evenly."""
    lattice = land_demand(atlas).lattice
    weights = residents_on_cells(model, lattice.zone, lattice.codes, lattice.centres())
    nobody = np.flatnonzero(~(lattice.sums(weights) > 0))
    filled = np.where(np.isin(lattice.zone, nobody), 1.0, weights)
    return scaled(lattice, filled, _census(atlas))


def residential_demand(atlas: Atlas, areas: gpd.GeoDataFrame, *, name: str = "") -> Demand:
    """Census residents spread evenly over each district's residential land.

    Parameters
    ----------
    atlas : Atlas
    areas : GeoDataFrame
        Polygons of residential land in any CRS; overlaps are counted once, invalid ones repaired.
    name : str
        Name of the layer, kept with answers.

    Returns
    -------
    Demand

    Raises
    ------
    CrsError
        The layer has no CRS.
    ParameterError
        No polygon, or a district with residents has no residential land in the layer.
    """
    if areas.crs is None:
        raise CrsError(_("这份居住用地没有坐标系。"), hint=_("请先说明坐标系。"))
    projected = atlas.city.projected_crs
    metric = areas.geometry.to_crs(projected).make_valid()
    polygons = metric[metric.geom_type.isin(("Polygon", "MultiPolygon"))]
    if polygons.empty:
        raise ParameterError(_("居住用地图层里没有多边形。"))
    whole = shapely.union_all(polygons.to_numpy())
    land = atlas.districts["land"].to_crs(projected)
    cut = gpd.GeoSeries(polygonal(shapely.intersection(land.to_numpy(), whole)), land.index, projected)
    people = _census(atlas)
    bare = (cut.area.to_numpy() <= 0) & (people > 0)
    if bare.any():
        raise ParameterError(
            _("居住用地图层在 {districts} 没有任何地块，无法分配居民。"),
            hint=_("请补全图层，或改用“普查均匀分布”。"),
            districts="、".join(atlas.districts["name_zh"].to_numpy()[bare]),
        )
    zones = _zones(atlas, cut)
    lattice = _spread(_area_weights(zones), people)
    return Demand("residential", zones, people, lattice, EVEN_RESIDENTIAL, {"residential": name})


def raster_demand(atlas: Atlas, path: Path) -> Demand:
    """Residents of a GeoTIFF (WorldPop, GHS-POP, LandScan ...), any CRS and cell size, rescaled to the census.

    The raster is summed onto the 100 m lattice, nobody lost, then each district is scaled to its census. A district
    for which the raster has nobody is spread evenly; ``inputs`` names it in ``even_in``, those that the raster covers
    only in part in ``partly_in``, and says how many cells were ``invalid`` (negative, or no number).

    Raises
    ------
    CrsError, DataError, ParameterError
        As :func:`geo.kernels.raster.read_population`; the last also where the raster has no residents in the city.
    """
    land = land_demand(atlas)
    counted = read_population(path, land.lattice, atlas.city.projected_crs)
    people = _census(atlas)
    inside = np.where(land.lattice.zone >= 0, counted.residents, 0.0)
    found = land.lattice.sums(inside)
    if not found.sum() > 0:
        raise ParameterError(
            _("人口栅格 {name} 在本市范围内没有人口。"),
            hint=_("请核对它的范围与坐标系。"),
            name=path.name,
        )
    empty = found <= 0
    filled = np.where(np.isin(land.lattice.zone, np.flatnonzero(empty)), 1.0, inside)
    whole = land.lattice.sums(np.ones(land.lattice.shape))
    partly = ~empty & (land.lattice.sums(counted.covered.astype("float64")) < 0.999 * whole)
    codes = np.array(land.zones.codes)
    inputs = {
        "raster": path.name,
        "raster_sha256": counted.sha256[:12],
        "raster_cell_m": round(counted.cell_m, 1),
        "invalid": counted.invalid,
        "even_in": codes[empty].tolist(),
        "partly_in": codes[partly].tolist(),
    }
    return Demand("raster", land.zones, people, scaled(land.lattice, filled, people), RASTER, inputs, found)


def _census(atlas: Atlas) -> Floats:
    return np.asarray(atlas.districts["residents_2020"], "float64")


def _zones(atlas: Atlas, shapes: gpd.GeoSeries) -> Zones:
    return Zones.from_polygons(
        tuple(str(code) for code in atlas.districts.index), shapes.to_crs(atlas.city.projected_crs).to_numpy()
    )


def polygonal(shapes: NDArray[Any]) -> NDArray[Any]:
    """Each geometry without the points and lines that cutting may leave behind."""
    out = np.empty(len(shapes), dtype=object)
    for k, shape in enumerate(shapes):
        parts = [part for part in shapely.get_parts(shape) if shapely.get_type_id(part) in (3, 6)]
        out[k] = shapely.union_all(parts) if parts else shapely.MultiPolygon()
    return out


def scaled(lattice: Lattice, weights: Floats, totals: Floats) -> Lattice:
    """``lattice`` with ``weights`` scaled so that each zone sums to its total.

    Parameters
    ----------
    lattice : Lattice
    weights : ndarray (ny, nx)
        0 or more.
    totals : ndarray (zones,)

    Returns
    -------
    Lattice
        A zone whose weights are all 0 stays without demand.
    """
    sums = lattice.sums(weights)
    factors = np.divide(totals, sums, out=np.zeros_like(sums), where=sums > 0)
    scaled = np.where(lattice.zone >= 0, weights * factors[lattice.zone], 0.0)
    return replace(lattice, weight=scaled)


def _spread(lattice: Lattice, totals: Floats) -> Lattice:
    """``lattice`` with each zone's total spread as its cells already weigh."""
    return scaled(lattice, lattice.weight, totals)


def _area_weights(zones: Zones) -> Lattice:
    """A lattice whose cells weigh the land of ``zones`` in them, to a fifth of a cell (residential blocks are small)."""
    fine = Lattice.over(zones, size=CELL_M / 5)
    ny, nx = (-(-n // 5) * 5 for n in fine.shape)
    padded = np.full((ny, nx), -1, "int16")
    padded[: fine.shape[0], : fine.shape[1]] = fine.zone
    blocks = padded.reshape(ny // 5, 5, nx // 5, 5).transpose(0, 2, 1, 3).reshape(ny // 5, nx // 5, 25)
    zone = blocks.max(axis=2)
    share = (blocks == zone[:, :, None]).mean(axis=2)
    weight = np.where(zone >= 0, share * CELL_M**2, 0.0)
    return Lattice(fine.x0, fine.y0, CELL_M, zone, weight, zones.codes)
