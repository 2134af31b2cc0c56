"""Where sites may go: points of a layer or of a person, a grid over land, or the works that the plan still owes."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.demand import land_demand
from geo.errors import ParameterError
from geo.places.crs import convert
from geo.places.districts import district_of
from geo.questions.question import read_value
from geo.questions.siting import SiteQuestion
from geo.register.city import Atlas
from geo.register.facilities import facility_set
from geo.siting.points import some
from geo.text import mark as _

if TYPE_CHECKING:
    pass

Floats = NDArray[np.float64]
COLUMNS: Final = ("name_zh", "name_en", "lon", "lat", "accuracy_m", "district_code", "origin")
MOST: Final = 20_000


@dataclass(frozen=True, eq=False)
class Candidates:
    """Places where a site may go.

    Attributes
    ----------
    frame : DataFrame
        Indexed by candidate id, columns :data:`COLUMNS`; WGS84 degrees, ``origin`` is ``grid``, ``works``, ``layer``
        or ``own``.
    crs : str
        System (``EPSG:n``, metres) in which distances from them are measured.
    inputs : dict
        What made them.
    left_out : DataFrame
        Works that are candidates by right but have no place: ``name_zh, name_en``, indexed by work.
    notes : list of (str, dict)
        Catalogue texts that a reader must know.
    """

    frame: pd.DataFrame
    crs: str
    inputs: dict[str, Any]
    left_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["name_zh", "name_en"]))
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def xy(self) -> tuple[Floats, Floats]:
        """Easting and northing in metres of :attr:`crs`."""
        lon, lat = (self.frame[name].to_numpy("float64") for name in ("lon", "lat"))
        return convert(lon, lat, source="WGS84", target=self.crs)

    @cached_property
    def digest(self) -> str:
        """Short name of these very places in this order."""
        return hashlib.sha256(self.frame[["lon", "lat"]].to_numpy("float64").tobytes()).hexdigest()[:12]

    def within(self, codes: Sequence[str]) -> Candidates:
        """Those in these districts; ``notes`` names what is left out."""
        here = self.frame["district_code"].isin(list(codes))
        if here.all():
            return self
        note = (_("{n} 个候选不在所选区县，没有参与。"), {"n": int((~here).sum())})
        return replace(self, frame=self.frame[here], notes=[*self.notes, note])

    def without(self, taken: Candidates) -> Candidates:
        """Those that stand on none of the ``taken`` places (to about a metre); how many do is counted and noted."""
        mine, others = (set_of.frame[["lon", "lat"]].round(5) for set_of in (self, taken))
        gone = pd.MultiIndex.from_frame(mine).isin(pd.MultiIndex.from_frame(others))
        if not gone.any():
            return self
        left_out = self.inputs.get("left_out", {}) | {"taken": int(gone.sum())}
        note = (_("{n} 个候选的地点已选给别的设施，没有参与。"), {"n": int(gone.sum())})
        inputs = self.inputs | {"left_out": left_out}
        return replace(self, frame=self.frame[~gone], inputs=inputs, notes=[*self.notes, note])

    def beside(self, others: Candidates) -> Candidates:
        """These and ``others``; a place that stands in both is kept once, as one of these."""
        both = pd.concat([self.frame, others.frame])
        same = pd.DataFrame({"lon": both["lon"].round(7), "lat": both["lat"].round(7)}).duplicated()
        return replace(self, frame=both[~same.to_numpy()])


def grid_candidates(atlas: Atlas, codes: Sequence[str], spacing_m: float) -> Candidates:
    """The crossings of a grid of ``spacing_m`` metres (of the projected system, whole multiples) on the land of some districts.

    Parameters
    ----------
    atlas : Atlas
    codes : sequence of str
        District codes.
    spacing_m : float
        Metres between candidates.

    Returns
    -------
    Candidates

    Raises
    ------
    ParameterError
        A spacing that is no length, or so small that there would be more than :data:`MOST` candidates.
    """
    read_value(SiteQuestion, "spacing", spacing_m)
    zones = land_demand(atlas).zones
    asked = np.flatnonzero(np.isin(zones.codes, list(codes)))
    expected = float(zones.area_m2[asked].sum()) / spacing_m**2
    if expected > MOST:
        least = math.ceil(math.sqrt(float(zones.area_m2[asked].sum()) / MOST) / 10) * 10
        raise ParameterError(
            _("间距 {spacing} 米会有约 {n} 个候选，超过上限 {most}。"),
            hint=_("请用不小于 {least} 米的间距，或只选部分区县。"),
            spacing=f"{spacing_m:g}",
            n=f"{expected:,.0f}",
            most=f"{MOST:,}",
            least=least,
        )
    edges = zones.index.edges[np.isin(zones.index.owner, asked)]
    low, high = edges[:, :2].min(axis=0), edges[:, :2].max(axis=0)
    columns = np.arange(math.ceil(low[0] / spacing_m), math.floor(high[0] / spacing_m) + 1)
    rows = np.arange(math.ceil(low[1] / spacing_m), math.floor(high[1] / spacing_m) + 1)
    column, row = (values.ravel() for values in np.meshgrid(columns, rows))
    zone = zones.locate(column * spacing_m, row * spacing_m)
    here = np.isin(zone, asked)
    x, y = column[here] * spacing_m, row[here] * spacing_m
    crs = atlas.city.projected_crs
    lon, lat = convert(x, y, source=crs, target="WGS84")
    ids = [f"G{c}-{r}" for c, r in zip(column[here], row[here], strict=True)]
    frame = candidate_frame(ids, lon, lat, np.asarray(zones.codes)[zone[here]], "grid")
    note = (
        _("候选是间距 {spacing} 米的网格点，只保证在陆地上：能否用地须另行核实。"),
        {"spacing": f"{spacing_m:g}"},
    )
    return Candidates(frame, crs, {"candidates": "grid", "spacing_m": spacing_m}, notes=[note])


def planned_candidates(atlas: Atlas, kinds: Sequence[str], as_of: date) -> Candidates:
    """The plan's own works of some kinds that are promised and not open on a day.

    Parameters
    ----------
    atlas : Atlas
    kinds : sequence of str
        Facility kinds.
    as_of : date
        The day of the state.

    Returns
    -------
    Candidates

    Raises
    ------
    ParameterError
        None is owed, or none of those owed has a place (they are named).
    """
    planned = facility_set(atlas.register, kinds, "planned", as_of)
    now = facility_set(atlas.register, kinds, "as_of", as_of)
    owed = planned.frame[~planned.frame.index.isin(now.frame.index)]
    unnamed = int(planned.unnamed["number"].sum())
    if owed.empty:
        raise ParameterError(
            _("计划里没有尚未建成的这类设施（只有数字、没有名字的 {n} 处）。"),
            hint=_("请换类型、换日期，或改用网格候选。"),
            n=unnamed,
        )
    placed = owed["lon"].notna()
    missing = owed[~placed]
    if not placed.any():
        raise ParameterError(
            _("计划里尚未建成的 {n} 处都没有位置，无法排序：{names}。"),
            hint=_("请先在登记里补上位置，或改用网格候选。"),
            n=len(owed),
            names=some([str(name) for name in missing["name_zh"]]),
        )
    frame = owed[placed]
    codes = district_of(frame["lon"].to_numpy("float64"), frame["lat"].to_numpy("float64"), atlas.districts)
    out = candidate_frame(list(frame.index.astype(str)), frame["lon"], frame["lat"], codes, "works")
    out["name_zh"], out["name_en"] = frame["name_zh"].to_numpy(), frame["name_en"].to_numpy()
    out["accuracy_m"] = frame["accuracy_m"].fillna(0.0).to_numpy("float64")
    notes: list[tuple[str, dict[str, Any]]] = []
    if len(missing) or unnamed:
        notes.append(
            (
                _("计划里还有 {n} 处没有位置、{unnamed} 处没有名字，没有参与排序。"),
                {"n": len(missing), "unnamed": unnamed},
            )
        )
    return Candidates(
        out,
        atlas.city.projected_crs,
        {"candidates": "works", "as_of": as_of.isoformat()},
        missing[["name_zh", "name_en"]],
        notes,
    )


def candidate_frame(ids: list[str], lon: Any, lat: Any, codes: Any, origin: str) -> pd.DataFrame:
    """Rows of :attr:`Candidates.frame` without names and without errors.

    Parameters
    ----------
    ids : list of str
        Candidate ids.
    lon : any
        WGS84 degrees.
    lat : any
        WGS84 degrees.
    codes : any
        District codes.
    origin : str
        Where the candidates come from; written to each.

    Returns
    -------
    DataFrame
    """
    number = len(ids)
    return pd.DataFrame(
        {
            "name_zh": [""] * number,
            "name_en": [""] * number,
            "lon": np.asarray(lon, "float64"),
            "lat": np.asarray(lat, "float64"),
            "accuracy_m": np.zeros(number),
            "district_code": np.asarray(codes, dtype=object),
            "origin": [origin] * number,
        },
        index=pd.Index(ids, name=None),
    )
