"""The collections of the open API: one declaration each. A new collection is one more of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.atlas import load_atlas
from geo.errors import AtlasError, DataError, StoreError, UnknownIdError
from geo.places.crs import STORAGE_CRS
from geo.register.city import Atlas
from geo.register.evidence import disagreements, unlinked_sources
from geo.register.indicators import indicator_rows
from geo.register.plans import ALL_PLANS
from geo.text import mark as _
from geo.text import translate

_LOG: Final = logging.getLogger(__name__)
AS_OF: Final = "as_of"
PLAN: Final = "plan"
plan_of_request: Final[ContextVar[str]] = ContextVar("plan_of_request", default="")
"""The plan of the present request: pygeoapi hands a tile or a single feature no parameter of ours."""
_INTERNAL: Final = ("raw_file", "raw_row", "recorded_by")


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection.

    Attributes
    ----------
    id : str
        Its word in addresses.
    title, description : str
        Catalogue texts.
    frame : callable
        ``(Atlas, day) -> GeoDataFrame`` (EPSG:4326) indexed by feature id; the geometry may be None.
    title_field, time_field : str or None
        Column shown as a feature's name, and the column ``datetime`` asks for.
    by_day : bool
        Whether ``as_of`` changes the answer.
    tiles : bool
        Whether it is also served as vector tiles.
    by_plan : bool
        Whether ``plan`` changes the answer: then the column ``plan`` says of which plan the rows are.
    """

    id: str
    title: str
    description: str
    frame: Callable[[Atlas, date], gpd.GeoDataFrame]
    title_field: str
    time_field: str | None = None
    by_day: bool = False
    tiles: bool = False
    by_plan: bool = False


def _points(frame: pd.DataFrame) -> np.ndarray:
    geometry = np.empty(len(frame), dtype=object)
    placed = frame["lon"].notna().to_numpy()
    geometry[placed] = shapely.points(frame.loc[placed, "lon"], frame.loc[placed, "lat"])
    return geometry


def _with_geometry(frame: pd.DataFrame, geometry: np.ndarray | gpd.GeoSeries | None) -> gpd.GeoDataFrame:
    public = frame.drop(columns=[name for name in _INTERNAL if name in frame.columns])
    shapes = np.full(len(frame), None, dtype=object) if geometry is None else geometry
    out = gpd.GeoDataFrame(public, geometry=gpd.GeoSeries(shapes, index=frame.index, crs=STORAGE_CRS))
    # what has a place comes first: desktop programs take a layer's geometry type from its first features
    return out.iloc[np.argsort(out.geometry.isna(), kind="stable")]


def _works(atlas: Atlas, day: date) -> gpd.GeoDataFrame:
    state = atlas.register.state(day)
    shapes = _points(state)
    lines = atlas.pack.lines.geometry
    drawn = state["line_id"].isin(lines.index).to_numpy()
    shapes[drawn] = lines.loc[state.loc[drawn, "line_id"]].to_numpy()
    return _with_geometry(state.assign(as_of=day), shapes)


def _lines(atlas: Atlas, _day: date) -> gpd.GeoDataFrame:
    lines = atlas.pack.lines
    return _with_geometry(pd.DataFrame(lines.drop(columns="geometry")), lines.geometry.to_numpy())


def _districts(atlas: Atlas, _day: date) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(atlas.districts.drop(columns=["geometry", "land"]))
    frame.insert(0, "district_code", frame.index)
    return _with_geometry(frame, atlas.districts.geometry.to_numpy())


def _facilities(atlas: Atlas, day: date) -> gpd.GeoDataFrame:
    standing = atlas.register.facilities_on(day)
    return _with_geometry(standing.assign(as_of=day), _points(standing))


def _events(atlas: Atlas, _day: date) -> gpd.GeoDataFrame:
    events = atlas.pack.events
    return _with_geometry(
        events.assign(work_name_zh=atlas.pack.works["name_zh"].reindex(events["work_id"]).to_numpy()), None
    )


def _items(atlas: Atlas, _day: date) -> gpd.GeoDataFrame:
    return _with_geometry(atlas.pack.plan_items, None)


def _sources(atlas: Atlas, _day: date) -> gpd.GeoDataFrame:
    sources = atlas.pack.sources
    why = unlinked_sources(sources)["why"].map(translate)
    return _with_geometry(sources.assign(why_no_url=why.reindex(sources.index)), None)


def _disagreements(atlas: Atlas, _day: date) -> gpd.GeoDataFrame:
    frame = disagreements(atlas.pack.root).set_index("disagreement_id", drop=False).rename_axis(None)
    return _with_geometry(frame, None)


def _indicators(atlas: Atlas, _day: date) -> gpd.GeoDataFrame:
    frame = indicator_rows(atlas.pack.root).set_index("indicator_id")
    frame.insert(0, "indicator_id", frame.index)
    return _with_geometry(frame.rename_axis(None).replace("", None), None)


COLLECTIONS: Final = (
    Collection(
        "works",
        _("项目"),
        _(
            "计划承诺的项目及其在某一天的状态（as_of，默认今天）；没有位置的项目几何为空，大致位置见 accuracy_m。"
        ),
        _works,
        "name_zh",
        time_field="status_date",
        by_day=True,
        tiles=True,
        by_plan=True,
    ),
    Collection(
        "lines",
        _("线路"),
        _("轨道、铁路与道路的示意走向，误差见 accuracy_m。"),
        _lines,
        "name_zh",
        tiles=True,
    ),
    Collection(
        "districts",
        _("区县"),
        _("县级区划的示意边界、公布面积与 2020 年普查人口。"),
        _districts,
        "name_zh",
        tiles=True,
    ),
    Collection(
        "facilities",
        _("现状设施"),
        _("登记里某一天（as_of，默认今天）开着的设施；并不齐全。"),
        _facilities,
        "name_zh",
        time_field="opened",
        by_day=True,
        tiles=True,
    ),
    Collection(
        "items",
        _("计划条目"),
        _("计划的每一条承诺，含原文与承诺数。"),
        _items,
        "name_zh",
        time_field="due_date",
        by_plan=True,
    ),
    Collection(
        "events",
        _("事件"),
        _("登记的全部事件，只加不改；未证实的（confirmed=false）只是计划或预计。"),
        _events,
        "work_name_zh",
        time_field="date",
        by_plan=True,
    ),
    Collection("indicators", _("指标"), _("覆盖分析的指标及其核对情况。"), _indicators, "name_zh"),
    Collection(
        "sources", _("来源"), _("每个事实的来源；没有网址的，why_no_url 说明原因。"), _sources, "title"
    ),
    Collection(
        "disagreements",
        _("来源不一致"),
        _("两个来源说法不同的事项：两种说法、各自的来源，以及登记采用哪一种。"),
        _disagreements,
        "topic_zh",
    ),
)


def get_collection(collection_id: str) -> Collection:
    """The collection of that id; ``UnknownIdError`` lists those that exist."""
    for collection in COLLECTIONS:
        if collection.id == collection_id:
            return collection
    known = "、".join(collection.id for collection in COLLECTIONS)
    raise UnknownIdError(
        _("没有集合 {name}。"), hint=_("可用：{known}。"), name=collection_id[:80], known=known
    )


def load_pack(plan: str = "") -> Atlas:
    """The atlas; a pack that cannot be read is ``DataError``, whatever is wrong in it: no reader's parameter is.

    What is wrong is for whoever runs the server: it goes to the log, and no reader is told of files.

    Parameters
    ----------
    plan : str
        Id of a plan, ``all``, or empty for the one that the request asks for.

    Returns
    -------
    Atlas

    Raises
    ------
    DataError
        As above.
    ParameterError
        There is no such plan.
    """
    try:
        whole = load_atlas()
    except StoreError:
        raise
    except AtlasError as error:
        _LOG.error("the pack cannot be read: %s", error)
        raise DataError(_("资料暂时无法读取。"), hint=_("请联系管理员。")) from error
    return whole.of_plan(plan or plan_of_request.get())


def columns(collection: Collection) -> dict[str, dict[str, str]]:
    """Columns of a collection with their JSON schema; ``as_of`` where the day changes the answer."""
    first = str(load_pack(ALL_PLANS).pack.plans.index[0])  # a plan without works yet has the same columns
    version = load_pack(first).version
    return {name: dict(about) for name, about in _columns(collection.id, version, first).items()}


@lru_cache(maxsize=24)
def _columns(collection_id: str, _version: str, plan: str) -> dict[str, dict[str, str]]:
    collection = get_collection(collection_id)
    frame = rows(collection, date.today(), plan)
    found = {str(name): schema(frame[name]) for name in frame.columns if name != "geometry"}
    return found | ({AS_OF: {"type": "string", "format": "date"}} if collection.by_day else {})


def schema(column: pd.Series[Any]) -> dict[str, str]:
    """JSON schema of a column's cells."""
    if pd.api.types.is_bool_dtype(column):
        return {"type": "boolean"}
    if pd.api.types.is_numeric_dtype(column):
        return {"type": "number"}
    if any(isinstance(value, date) for value in column.head(400)):
        return {"type": "string", "format": "date"}
    return {"type": "string"}


def rows(collection: Collection, day: date, plan: str = "") -> gpd.GeoDataFrame:
    """The rows of a collection on a day, made once for each version of the data. Read only.

    Parameters
    ----------
    collection : Collection
    day : date
    plan : str
        As of :func:`load_pack`.

    Returns
    -------
    GeoDataFrame
    """
    atlas = load_pack(plan)
    return _rows(collection.id, atlas.version, day if collection.by_day else date.min, atlas.pack.plan)


@lru_cache(maxsize=48)
def _rows(collection_id: str, _version: str, day: date, plan: str) -> gpd.GeoDataFrame:
    collection, atlas = get_collection(collection_id), load_pack(plan)
    frame = collection.frame(atlas, day)
    return frame.assign(**{PLAN: plan}) if collection.by_plan else frame


def row_of_any_plan(collection: Collection, feature_id: str, day: date) -> gpd.GeoDataFrame:
    """The row of a feature in the plan that is asked for; where none is, in the first plan that has it. Empty for no such feature.

    Parameters
    ----------
    collection : Collection
    feature_id : str
    day : date

    Returns
    -------
    GeoDataFrame
    """
    plans = [""]
    if collection.by_plan and not plan_of_request.get():
        plans += list(map(str, load_pack().pack.plans.index))
    for plan in plans:
        frame = rows(collection, day, plan)
        if feature_id in frame.index:
            break
    return frame[frame.index == feature_id]
