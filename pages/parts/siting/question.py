"""The question of the siting page: its widgets, whose values are in the link, read as one question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import streamlit as st

from geo.coverage.reach import straight_metres
from geo.errors import AtlasError, ParameterError
from geo.questions.question import parameters, read_value
from geo.questions.siting import LEAST_CUT_M, SiteQuestion
from geo.register.facilities import kind_counts
from geo.register.indicators import Indicator, load_indicators
from geo.siting.points import read_points
from layers.analysis.questions import Parameters
from layers.analysis.siting import points_of_file, site_parameters
from pages.parts.coverage.open_siting import MOST_OWN
from pages.parts.coverage.question import denominators, indicator_label, own_data_token, set_names
from pages.parts.shell import filters, link, segments, uploader
from pages.parts.shell.loaders import atlas, district_names, example_place, plan_query
from pages.parts.shell.reading import read_or_wait
from pages.parts.shell.texts import error_text, language, t
from pages.parts.siting import land, other_kinds
from pages.parts.siting.inputs import number_text

_PARAMETERS: Final = parameters(SiteQuestion)
_DEMAND_OF: Final = {"residents": "residents", "even": "census", "land": "area"}
LIMITS: Final = ("5", "15", "60")
_FEW_KM2: Final = 400.0
_SPACINGS: Final = ("250", "1000")
"""Metres between grid candidates that suit a few districts, and a whole city."""


@dataclass(frozen=True, slots=True)
class SitingChoice:
    """The question that the page shows; ``parameters`` are those of the command line and the HTTP interface."""

    parameters: Parameters
    as_of: date
    which: str
    radius: int
    goal: str
    own: tuple[tuple[float, float], ...]


def choose() -> SitingChoice:
    """The widgets above the map, and what they ask."""
    as_of = filters.date_slider()
    left, middle, right = st.columns([4, 3, 5], gap="medium", vertical_alignment="bottom")
    with left:
        kinds, usual = _what()
    with middle:
        districts = _districts()
    with right, st.container(horizontal=True, vertical_alignment="bottom"):
        goal = segments.linked(
            "goal",
            t("目标"),
            {"most": t("覆盖最多"), "fewest": t("最少几处"), "nearest": t("走得最近")},
            _PARAMETERS["goal"].default,
        )
    parameters = {
        "kind": "|".join(kinds),
        "as_of": as_of.isoformat(),
        "district": "|".join(districts),
        "goal": goal,
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        parameters["radius"] = number_text("sr", t("服务半径（米）"), usual, "radius")
        if goal == "fewest":
            parameters["share"] = number_text("target", t("目标覆盖率"), "50%", "share")
            parameters["each"] = segments.linked(
                "each", t("达标范围"), {"no": t("合计"), "yes": t("各区县分别")}, _PARAMETERS["each"].default
            )
        else:
            parameters["k"] = number_text("k", t("建几处"), "5", "k")
        parameters["candidates"] = _select(
            "cand",
            t("候选地点"),
            {
                "grid": t("网格"),
                "parcels": t("自己的地块"),
                "works": t("计划中未建成的"),
                "points": t("自己的点"),
            },
        )
        if parameters["candidates"] in ("grid", "parcels"):
            parameters["spacing"] = number_text("step", t("网格间距（米）"), _spacing(districts), "spacing")
        parameters["gap"] = number_text("gap", t("最小间隔（米）"), "0", "gap")
    if parameters["candidates"] == "points":
        parameters["points"] = _points()
    if parameters["candidates"] == "parcels":
        parameters |= land.choose_parcels()
    parameters |= land.choose_exclusions()
    if goal == "most":
        parameters |= other_kinds.choose(parameters)
    more, which = _more(goal)
    own = _own()
    parameters |= more | {"own": ";".join(own)} | plan_query()
    return SitingChoice(
        site_parameters(parameters), as_of, which, _metres(parameters["radius"]), goal, _pairs(own)
    )


def _metres(radius: str) -> int:
    """The radius for the map; 0 for one that cannot be, which the answer refuses by name."""
    try:
        return round(read_value(SiteQuestion, "radius", radius) or 0)
    except ParameterError:
        return 0


def _what() -> tuple[tuple[str, ...], str]:
    """Kinds of facilities and the usual radius, by indicator or by kind."""
    counts = kind_counts(atlas().register)
    known = set(map(str, counts.index))
    rows = load_indicators(atlas().pack.root)
    usable = {
        key: row
        for key, row in rows.items()
        if row.computable and row.reach in ("straight", "walk") and known & set(row.kinds)
    }
    names = atlas().names("kinds", language())
    options = {
        f"kind:{kind}": t("类型：{name}（{n}）", name=names[str(kind)], n=n) for kind, n in counts.items()
    }
    options |= {f"ind:{key}": t("指标：{name}", name=indicator_label(row)) for key, row in usable.items()}
    link.seed("what", "kind:car_park" if "kind:car_park" in options else next(iter(options)), list(options))
    st.selectbox(
        t("要建什么"),
        list(options),
        format_func=options.__getitem__,
        key="what",
        on_change=lambda: st.session_state.pop("sr", None),
    )
    kind, _, key = str(link.record("what")).partition(":")
    return ((key,), "300") if kind == "kind" else (usable[key].kinds, _usual(usable[key]))


def _usual(indicator: Indicator) -> str:
    return f"{straight_metres(indicator):.0f}"


def _districts() -> list[str]:
    """Choose districts; by default the smallest one, where a first answer is quickest."""
    named = district_names()
    smallest = str(atlas().land_km2.idxmin())
    link.seed("at", [smallest], list(named))
    st.multiselect(
        t("为哪些区县"),
        list(named),
        format_func=named.__getitem__,
        key="at",
        placeholder=t("全市"),
        help=t("只计这些区县的居民；边界不挡服务，邻区得到的好处也列在表里。"),
    )
    return list(link.record("at"))


def _spacing(districts: list[str]) -> str:
    area = atlas().land_km2
    km2 = area[districts].sum() if districts else area.sum()
    return _SPACINGS[0] if km2 <= _FEW_KM2 else _SPACINGS[1]


def _more(goal: str) -> tuple[dict[str, str], str]:
    """Options that a first answer does not need."""
    parameters: dict[str, str] = {}
    with st.expander(t("更多选项：现有设施、区县下限、容量、算法与时限"), icon=":material/tune:"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            parameters["existing"] = segments.linked(
                "exist", t("现有设施"), {"yes": t("计入"), "no": t("不计")}, _PARAMETERS["existing"].default
            )
            which = segments.linked("set", t("哪些算现有"), set_names(), _PARAMETERS["set"].default)
            parameters["demand"] = segments.linked(
                "den", t("分母"), _denominators(), _PARAMETERS["demand"].default
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if goal == "most":
                parameters["floor"] = number_text("floor", t("各区县不低于（如 40%）"), "", "floor")
            if goal != "nearest":
                parameters["capacity"] = number_text("cap", t("每处容量（人）"), "", "capacity")
                parameters |= _existing_capacity()
            if goal == "nearest":
                parameters["cut"] = number_text("cut", t("最远算到（米）"), f"{LEAST_CUT_M:.0f}", "cut")
            parameters["method"] = segments.linked(
                "method",
                t("算法"),
                {"exact": t("精确（带证明）"), "greedy": t("快速")},
                _PARAMETERS["method"].default,
            )
            parameters["limit"] = _select("limit", t("时限（秒）"), {each: each for each in LIMITS}, "15")
            parameters["skip_bad"] = segments.linked(
                "skip",
                t("有问题的点"),
                {"no": t("报错"), "yes": t("去掉继续")},
                _PARAMETERS["skip_bad"].default,
            )
        parameters |= _own_data()
    parameters["set"] = which
    return parameters, which


def _existing_capacity() -> dict[str, str]:
    """How many residents a unit of an existing facility's capacity serves, and how those without one count."""
    people = number_text("ppu", t("现有设施每单位容量服务几人（不写即够用）"), "", "people_per_unit")
    if not people:
        return {}
    unknown = segments.linked(
        "unk",
        t("不知道容量的"),
        {"enough": t("视为够用"), "none": t("视为不服务")},
        _PARAMETERS["unknown_capacity"].default,
    )
    return {"people_per_unit": people, "unknown_capacity": unknown}


def _denominators() -> dict[str, str]:
    """Demand of the question, by the names of the coverage page."""
    return {_DEMAND_OF[by]: label for by, label in denominators().items()}


def _own_data() -> dict[str, str]:
    """Parameters for the person's own population raster or residential land, and streets."""
    parameters: dict[str, str] = {}
    left, right = st.columns(2, gap="medium")
    with left:
        demand = own_data_token("raster", t("人口栅格"), ["tif", "tiff"])
        demand = demand or own_data_token("residential", t("居住用地"), ["gpkg", "geojson", "json", "fgb"])
    with right:
        streets = own_data_token("streets", t("街道"), ["gpkg", "geojson", "json", "osm", "pbf", "fgb"])
    if demand:
        parameters["demand"] = demand
    if streets:
        parameters |= {"streets": streets, "walk": "yes"}
    st.caption(t("不上传时：居民按所选分母分布，距离按直线。上传街道后按步行，候选多时要算得久些。"))
    return parameters


def _points() -> str:
    """Candidates of one's own: pasted, or from a file; too many for a link, so the link does not hold them."""
    left, right = st.columns(2, gap="medium")
    with left:
        text = st.text_area(
            t("候选点：每行“经度,纬度,名称”（WGS84）"),
            key="pts",
            height=120,
            placeholder=",".join((*example_place(), t("名称"))),
        )
    with right:
        file = uploader.file_uploader(
            t("或上传 CSV、GeoJSON、GeoPackage"), type=["csv", "geojson", "json", "gpkg"], key="pts-file"
        )
    st.caption(t("自己的候选点不在链接里：把链接给别人时，请连同文件一起给。"))
    if file is not None:
        try:
            lines = read_or_wait(
                "points",
                file.file_id,
                lambda _job: points_of_file(atlas(), file.name, file.getvalue()),
                lambda _lines: True,
            )
            return lines or ""
        except AtlasError as error:
            st.error(error_text(error))
    return ";".join(line for line in str(text or "").splitlines() if line.strip())


def _own() -> list[str]:
    """The person's own sites, as they are in the link: one value for each site."""
    link.seed("own", [])
    return [str(line) for line in link.record("own")][:MOST_OWN]


def _pairs(own: list[str]) -> tuple[tuple[float, float], ...]:
    """Own sites that can be read, for the map; the answer names the others."""
    try:
        lon, lat, _names = read_points("\n".join(own))
    except AtlasError:
        return ()
    return tuple(zip(lon.tolist(), lat.tolist(), strict=True))


def add_own(lon: float, lat: float) -> None:
    """A click on the map (a callback, before the next run)."""
    own = [*st.session_state.get("own", []), f"{lon:.5f},{lat:.5f}"]
    st.session_state["own"] = list(dict.fromkeys(own))[:MOST_OWN]


def own_sites() -> None:
    """The person's own sites below the map: typed, pasted, or clicked on it."""
    own = [str(line) for line in st.session_state["own"]]
    st.session_state["own_text"] = "\n".join(own)

    def typed() -> None:
        lines = [line.strip() for line in str(st.session_state["own_text"]).splitlines() if line.strip()]
        st.session_state["own"] = lines[:MOST_OWN]

    def clear() -> None:
        st.session_state["own"] = []

    st.text_area(
        t("我自己选的点（{n}）：在地图上点选，或每行写“经度,纬度”", n=len(own)),
        key="own_text",
        on_change=typed,
        height=120,
        placeholder=",".join(example_place()),
        help=t("它们会与最优方案用同一引擎比较，也会作为候选，所以“最优”不会比它们差。"),
    )
    if len(own) >= MOST_OWN:
        st.warning(t("页面最多比较 {n} 个点，多出的没有计入；更多请用命令行。", n=MOST_OWN))
    if own:
        st.button(t("清空我的点"), on_click=clear, icon=":material/delete:")


def _select(key: str, label: str, names: dict[str, str], default: str = "") -> str:
    link.seed(key, default or next(iter(names)), list(names))
    st.selectbox(label, list(names), format_func=names.__getitem__, key=key, width=190)
    return str(link.record(key))
