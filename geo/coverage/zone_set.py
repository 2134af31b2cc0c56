"""The zones that a matrix is asked of: the districts, or polygons of a planner's own, with what is wrong with each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.coverage.answer_notes import Note
from geo.coverage.demand import Demand
from geo.coverage.rezone import overlaps, rezone
from geo.coverage.zone_file import usual_column
from geo.errors import CrsError, ParameterError
from geo.questions.matrix import MOST_ZONES
from geo.register.city import Atlas
from geo.text import Message
from geo.text import mark as _
from geo.values import is_number, is_unknown, read_number

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Floats = NDArray[np.float64]
SLIVER: Final = 0.01
"""Share of a zone that may lie in another, or outside the city, before its numbers are in doubt."""
_TOUCHES: Final = 0.001
"""Share of a zone from which on it counts as lying in a district too."""
_NAMES: Final = (
    *("name_zh", "name", "名称", "分区", "街道", "社区", "zone", "NAME", "Name"),
    *(
        "街道名称",
        "社区名称",
        "乡镇名称",
        "分区名称",
        "单元名称",
        "单元编号",
        "街道名",
        "社区名",
        "镇街",
        "XZQMC",
    ),
)
_SHOWN: Final = 8
PROBLEMS: Final = {
    "zone_invalid": _("这个分区不是有效的多边形（自相交、空或不是面），不计算。"),
    "zone_outside": _("这个分区在市域以外，不计算。"),
    "zone_overlaps": _("这个分区与别的分区重叠，居民不能分给两处，不计算。"),
    "zone_partly_outside": _("这个分区有一部分在市域以外，那里的情况不详，数字只是市域内的一部分。"),
    "zone_small": _("这个分区比居民格网的一格还小，居民不详。"),
}
"""What can be wrong with a zone; of the first three nothing is computed."""


@dataclass(frozen=True, eq=False)
class ZoneSet:
    """Zones, the demand in them, and what is wrong with each.

    Attributes
    ----------
    codes : tuple of str
        In the order in which they are shown; of the districts the city last.
    names : tuple of str
    problems : tuple of frozenset
        Keys of :data:`PROBLEMS` for each zone.
    districts : tuple of frozenset
        Codes of the districts that each zone lies in.
    demands : tuple of Demand
        Of all zones that can be computed.
    outlines : ndarray of shapely polygons or None
        Of the zones of ``demands``, metres of the city's projected system; None for the districts.
    whole : (str, str) or None
        Code and name of the row that is all zones together.
    inputs : dict
    notes : list of (str, dict)
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    problems: tuple[frozenset[str], ...]
    districts: tuple[frozenset[str], ...]
    demands: tuple[Demand, ...]
    outlines: NDArray[Any] | None = None
    whole: tuple[str, str] | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def district_zones(atlas: Atlas, demand: Demand, lang: str = "zh") -> ZoneSet:
    """The districts, and the city as the last row.

    Parameters
    ----------
    atlas : Atlas
    demand : Demand
        By district.
    lang : str
        Language of the names.

    Returns
    -------
    ZoneSet
    """
    codes = tuple(map(str, atlas.districts.index))
    whole = (atlas.city.code, atlas.city.name(lang))
    return ZoneSet(
        (*codes, whole[0]),
        (*atlas.districts[f"name_{lang}"], whole[1]),
        (frozenset(),) * (len(codes) + 1),
        (*(frozenset({code}) for code in codes), frozenset(codes)),
        (demand,),
        whole=whole,
        inputs={"zones": "districts"},
    )


def own_zones(
    atlas: Atlas, demand: Demand, polygons: GeoDataFrame, *, name: str = "", population: str = ""
) -> ZoneSet:
    """Polygons of a planner's own.

    Parameters
    ----------
    atlas : Atlas
    demand : Demand
        By district.
    polygons : GeoDataFrame
        Any CRS. A polygon that is invalid, outside the city or overlaps another stays a row, without numbers.
    name : str
        Column of the names; by default the first of the usual ones, else the number of the row.
    population : str
        Column of the residents of each zone, which those of the demand are scaled to; empty for none.

    Returns
    -------
    ZoneSet

    Raises
    ------
    CrsError
        No CRS.
    ParameterError
        No polygon, too many, a column that there is not, names that are missing or not unique, residents that are no numbers.
    """
    if polygons.crs is None:
        raise CrsError(_("这份分区没有坐标系。"), hint=_("请先说明坐标系（如 EPSG:4326）。"))
    if not 0 < len(polygons) <= MOST_ZONES:
        raise ParameterError(
            _("分区有 {n} 个，要有 1 至 {most} 个。"), n=f"{len(polygons):,}", most=f"{MOST_ZONES:,}"
        )
    names, totals = _zone_names(polygons, name), _residents(polygons, population)
    shapes = np.asarray(polygons.geometry.to_crs(atlas.city.projected_crs).force_2d().array, dtype=object)
    problems = _problems(atlas, shapes)
    good = np.array([not each & {"zone_invalid", "zone_outside", "zone_overlaps"} for each in problems], bool)
    codes = np.array([str(number) for number in range(1, len(shapes) + 1)])
    demands = rezone(demand, tuple(codes[good]), shapes[good], None if totals is None else totals[good])
    for code in _too_small(demands):
        problems[int(code) - 1].add("zone_small")
    return ZoneSet(
        tuple(codes),
        names,
        tuple(map(frozenset, problems)),
        _districts_of(atlas, shapes, good),
        demands,
        shapes[good],
        inputs={"zones": "own", "zone_count": len(shapes), "population": population or None},
        notes=_notes(names, problems, population, demand) + _note_on_numbers(polygons, name),
    )


def _note_on_numbers(polygons: GeoDataFrame, column: str) -> list[Note]:
    """That zones go by the numbers of their rows, where no column was taken for their names."""
    columns = [str(each) for each in polygons.columns if each != polygons.geometry.name]
    if column or not columns or usual_column(columns, _NAMES):
        return []
    text = _("没有认出分区的名称列，分区按行号编号；是哪一列请用 zone_name 说明，有：{known}。")
    return [(text, {"known": "、".join(columns)[:200]})]


def _zone_names(polygons: GeoDataFrame, column: str) -> tuple[str, ...]:
    columns = [str(each) for each in polygons.columns if each != polygons.geometry.name]
    chosen = column or usual_column(columns, _NAMES)
    if not chosen:
        return tuple(str(number) for number in range(1, len(polygons) + 1))
    names = ["" if is_unknown(value) else str(value).strip()[:80] for value in _column(polygons, chosen)]
    unclear = [str(row) for row, value in enumerate(names, start=1) if not value or names.count(value) > 1]
    if unclear:
        raise ParameterError(
            _("分区第 {rows} 行的名称是空的或不止一次。"),
            hint=_("请给每个分区一个自己的名称，或换一列（zone_name）。"),
            rows=_some(unclear),
        )
    return tuple(names)


def _column(polygons: GeoDataFrame, name: str) -> pd.Series[Any]:
    columns = [str(each) for each in polygons.columns if each != polygons.geometry.name]
    if name not in columns:
        raise ParameterError(
            _("分区文件里没有“{name}”这一列。"),
            hint=_("可用：{known}。"),
            name=name[:40],
            known="、".join(columns)[:200] or "—",
        )
    return pd.Series(polygons[name])


def _residents(polygons: GeoDataFrame, column: str) -> Floats | None:
    if not column:
        return None
    values = _column(polygons, column)
    wrong = [str(n) for n, v in enumerate(values, start=1) if is_unknown(v) or not is_number(str(v))]
    wrong = wrong or [str(n) for n, v in enumerate(values, start=1) if read_number(str(v)) < 0]
    if wrong:
        raise ParameterError(
            _("分区第 {rows} 行的人口（{column}）不是数或小于零。"),
            hint=_("请改正这些行，或不写人口列。"),
            rows=_some(wrong),
            column=column[:40],
        )
    return np.array([read_number(str(value)) for value in values], "float64")


def _problems(atlas: Atlas, shapes: NDArray[Any]) -> list[set[str]]:
    """What is wrong with each polygon (metres)."""
    problems: list[set[str]] = [set() for _shape in shapes]
    usable = (
        np.isin(shapely.get_type_id(shapes), (3, 6)) & shapely.is_valid(shapes) & ~shapely.is_empty(shapes)
    )
    for k in np.flatnonzero(~usable):
        problems[k].add("zone_invalid")
    at = np.flatnonzero(usable)
    area = shapely.area(shapes[at])
    outlines = atlas.districts.geometry.to_crs(atlas.city.projected_crs).to_numpy()
    one, _other, shared = overlaps(shapes[at], outlines)
    inside = np.bincount(one, shared, len(at)) / area
    for k in at[inside < 1 - SLIVER]:
        problems[k].add("zone_partly_outside")
    for k in at[inside < SLIVER]:
        problems[k].add("zone_outside")
    one, other, shared = overlaps(shapes[at], shapes[at])
    much = (one < other) & (shared > SLIVER * np.minimum(area[one], area[other]))
    for k in at[np.unique(np.concatenate([one[much], other[much]]))]:
        problems[k].add("zone_overlaps")
    return problems


def _districts_of(atlas: Atlas, shapes: NDArray[Any], good: NDArray[np.bool_]) -> tuple[frozenset[str], ...]:
    districts = atlas.districts.geometry.to_crs(atlas.city.projected_crs)
    at = np.flatnonzero(good)
    one, other, shared = overlaps(shapes[at], districts.to_numpy())
    real = shared > _TOUCHES * shapely.area(shapes[at])[one]
    codes = np.array(districts.index.astype(str))
    found: list[frozenset[str]] = [frozenset()] * len(shapes)
    for k in range(len(at)):
        found[at[k]] = frozenset(codes[other[real & (one == k)]])
    return tuple(found)


def _too_small(demands: tuple[Demand, ...]) -> list[str]:
    return [
        code
        for demand in demands
        if demand.residents is not None
        for code, residents in zip(demand.zones.codes, demand.residents, strict=True)
        if np.isnan(residents)
    ]


def _notes(names: tuple[str, ...], problems: list[set[str]], population: str, demand: Demand) -> list[Note]:
    notes: list[Note] = []
    for key, text in PROBLEMS.items():
        those = [name for name, own in zip(names, problems, strict=True) if key in own]
        if those:
            notes.append((_("{zones}：{problem}"), {"zones": _some(those), "problem": Message(text)}))
    if population:
        text = _("各分区的居民按文件里的“{column}”换算；在分区里怎么分布，仍是居民模型（模型估算）。")
        notes.append((text, {"column": population[:40]}))
    elif demand.residents is not None:
        notes.append((_("各分区的居民由居民模型按格网中心落在哪个分区计（模型估算）。"), {}))
    return notes


def _some(names: list[str]) -> str:
    return "、".join(names[:_SHOWN]) + ("…" if len(names) > _SHOWN else "")
