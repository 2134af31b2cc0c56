"""The question of the coverage page: its widgets, whose values are in the link, read as one question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import streamlit as st

from geo.coverage.demand import modelled_demand
from geo.coverage.reach import straight_metres
from geo.coverage.saved_data import Saved, saved_datasets
from geo.display import labels
from geo.errors import AtlasError, ParameterError
from geo.kernels.roads import TaggedStreets, speeds
from geo.questions.coverage import DEFAULT_SPEED, CoverageQuestion
from geo.questions.question import parameters, read_value
from geo.register.facilities import kind_counts
from geo.register.indicators import Indicator, load_indicators
from geo.text import mark as _
from geo.vocabulary import SET_LABELS
from layers.analysis import uploads
from layers.analysis.questions import Parameters, parameters_of
from pages.parts.shell import filters, link, segments, uploader
from pages.parts.shell.jobs import Job
from pages.parts.shell.loaders import atlas, plan_query
from pages.parts.shell.reading import read_or_wait
from pages.parts.shell.texts import error_text, escaped, language, t, translated

CUSTOM: Final = "custom"
RADIUS: Final = (100, 5000, 50)
MINUTES: Final = (1, 45, 1)
SPEEDS: Final = [str(speed) for speed in range(30, 125, 5)]
_DEFAULT_RADIUS: Final = 800.0
_DEFAULT_MINUTES: Final = 10
_WIDTHS: Final = (22, 20, 26)
"""Of the columns of indicator, facilities and denominator: every choice is seen, in either language, on a screen 1280 pixels wide."""

_PARAMETERS: Final = parameters(CoverageQuestion)


@dataclass(frozen=True, slots=True)
class CoverageChoice:
    """The question that the page shows; ``parameters`` are those of the HTTP interface."""

    parameters: Parameters
    which: str
    as_of: date
    by: str
    radius: int
    indicator: Indicator | None
    speed: float | None
    """Metres a minute along streets; None along straight lines."""

    @property
    def by_vehicle(self) -> bool:
        """Whether the slider moves in minutes of a ride."""
        return "minutes" in dict(self.parameters)

    @property
    def far(self) -> str:
        """How far, for the name of a file."""
        minutes = dict(self.parameters).get("minutes")
        return f"{minutes}min" if minutes else f"{self.radius}m"

    @property
    def slider_range(self) -> list[float]:
        """Least, most and step of the slider, metres: of a vehicle whole minutes at its speed."""
        if self.by_vehicle and self.speed:
            return [self.speed * minutes for minutes in MINUTES]
        return list(RADIUS)

    def put_far(self, metres: float) -> None:
        """Keep in the link where the slider was let go."""
        if self.by_vehicle and self.speed:
            link.put("min", f"{metres / self.speed:.0f}")
        else:
            link.put("r", f"{metres:.0f}")

    def with_set(self, which: str) -> Parameters:
        """The same parameters for another set of facilities."""
        return parameters_of(dict(self.parameters) | {"set": which})


def choose() -> CoverageChoice:
    """Show the widgets, and return the question that they make."""
    as_of = filters.date_slider()
    left, middle, right = st.columns(_WIDTHS, gap="medium", vertical_alignment="bottom")
    with left:
        indicator = _indicator()
        kinds = indicator.kinds if indicator else (_kind(),)
    with middle:
        which = segments.linked("set", t("设施"), set_names(), _PARAMETERS["set"].default)
    with right:
        by = segments.linked("by", t("分母"), denominators(), "residents")
    radius = _radius(indicator)
    parameters = {
        "kind": "|".join(kinds),
        "radius": str(radius),
        "set": which,
        "as_of": as_of.isoformat(),
    } | ({"demand": "census"} if by == "even" else {})
    parameters |= _own_data(indicator) | plan_query()
    _standing(indicator)
    speed = read_value(CoverageQuestion, "speed", parameters.get("speed"))
    if "mode" in parameters:
        speed, minutes = speeds(parameters["mode"])[""], _minutes(indicator)
        parameters["minutes"] = str(minutes)
        del parameters["radius"]
        radius = round(minutes * speed)
    shown = "land" if by == "land" else "residents"
    return CoverageChoice(parameters_of(parameters), which, as_of, shown, radius, indicator, speed)


def denominators() -> dict[str, str]:
    """What a share is of: residents by the pack's model, residents spread evenly, or land."""
    if modelled_demand(atlas()).kind == "modelled":
        return {"residents": t("居民（模型估算）"), "even": t("居民（均匀分布）"), "land": t("陆地")}
    return {"residents": t("居民"), "land": t("陆地")}


def set_names() -> dict[str, str]:
    """Names of the three sets of facilities, in the language of the page."""
    return translated(SET_LABELS)


def indicator_label(indicator: Indicator) -> str:
    """The indicator's name and threshold; unconfirmed thresholds say so."""
    name = indicator.name_zh if language() == "zh" else indicator.name_en
    return f"{name} · {labels.reach_label(indicator, language())}" + (
        "" if indicator.checked else t("（阈值未核对标准）")
    )


def _indicator() -> Indicator | None:
    rows = {key: row for key, row in load_indicators(atlas().pack.root).items() if row.computable}
    known = set(kind_counts(atlas().register).index)
    usable = [key for key, row in rows.items() if known & set(row.kinds)]
    names = {CUSTOM: t("自选设施类型与半径")} | {key: indicator_label(rows[key]) for key in usable}
    link.seed("ind", usable[0] if usable else CUSTOM, list(names))
    st.selectbox(
        t("指标"),
        list(names),
        format_func=names.__getitem__,
        key="ind",
        on_change=lambda: link.put("r", None),
        help=t("另有 {n} 个指标在登记里还没有对应的设施，见“数据与方法”。", n=len(rows) - len(usable)),
    )
    chosen = str(link.record("ind"))
    return rows.get(chosen)


def _standing(indicator: Indicator | None) -> None:
    """Say where the threshold comes from: checked in a standard, or a custom value that nobody has confirmed."""
    if indicator is None:
        st.caption(t("自选的设施与半径，不是标准的要求。"))
        return
    standard = escaped(f"{indicator.standard} {indicator.clause}".strip()) or t("不详的标准")
    if indicator.checked:
        st.caption(t("阈值出自 {standard}，已核对原文。", standard=standard))
    else:
        st.caption(
            t(
                ":orange-badge[未核对] 阈值所据：{standard}，未见原文：按自定义处理，不是法定要求。",
                standard=standard,
            )
        )


def _kind() -> str:
    names = atlas().names("kinds", language())
    counts = kind_counts(atlas().register)
    usable = {str(kind): f"{names.get(str(kind), str(kind))}（{n}）" for kind, n in counts.items()}
    link.seed("kind", next(iter(usable)), list(usable))
    st.selectbox(t("设施类型"), list(usable), format_func=usable.__getitem__, key="kind")
    return str(link.record("kind"))


def _radius(indicator: Indicator | None) -> int:
    """The radius in metres: of the link, else the indicator's threshold."""
    usual = straight_metres(indicator) if indicator else _DEFAULT_RADIUS
    try:
        metres = read_value(CoverageQuestion, "radius", link.get("r"))
    except ParameterError as error:
        st.error(error_text(error))
        metres = None
    return round(min(max(usual if metres is None else metres, RADIUS[0]), RADIUS[1]))


def _minutes(indicator: Indicator | None) -> int:
    """Minutes of a ride: of the link, else the indicator's threshold."""
    usual = (indicator.threshold_min if indicator else None) or _DEFAULT_MINUTES
    try:
        minutes = read_value(CoverageQuestion, "minutes", link.get("min"))
    except ParameterError as error:
        st.error(error_text(error))
        minutes = None
    return round(min(max(usual if minutes is None else minutes, MINUTES[0]), MINUTES[1]))


def _own_data(indicator: Indicator | None) -> dict[str, str]:
    """Parameters for the person's own population raster, residential land and streets."""
    parameters: dict[str, str] = {}
    chosen = any(link.get(f"saved-{kind}") for kind in ("residential", "streets"))
    with st.expander(
        t("带上自己的数据：人口栅格、居住用地、街道"), icon=":material/upload:", expanded=chosen
    ):
        st.caption(
            t(
                "文件只在内存里用于这次分析，不写入登记。人口栅格（GeoTIFF，任何坐标系与格距）按 2020 年普查分区县换算；"
                "居住用地（GeoPackage、GeoJSON）让居民只落在居住用地上；街道（GeoPackage 或 OSM 摘录）把直线换成步行距离。"
            )
        )
        for kind, label, types, parameter in (
            ("raster", t("人口栅格"), ["tif", "tiff"], "demand"),
            ("residential", t("居住用地"), ["gpkg", "geojson", "json", "fgb"], "demand"),
            ("streets", t("街道"), ["gpkg", "geojson", "json", "osm", "pbf", "fgb"], "streets"),
        ):
            token = own_data_token(kind, label, types)
            if token:
                parameters[parameter] = token
        if "streets" in parameters:
            network = uploads.brought(parameters["streets"], ("streets",)).report
            st.success(
                t(
                    "街道 {km} 公里，{n} 个互不相连的部分，最大的占 {share}%。",
                    km=f"{network['length_km']:,.0f}",
                    n=f"{network['components']:,}",
                    share=f"{100 * network['share_of_length_in_largest']:.1f}",
                )
            )
            mode = _mode(indicator, parameters["streets"])
            if mode == "walk":
                parameters |= {"walk": "yes", "speed": _speed()}
            else:
                parameters |= {"walk": "yes", "mode": mode}
    if indicator and indicator.threshold_min and "walk" not in parameters:
        st.info(
            t(
                "这个指标是“{reach}”。登记里没有街道，下面按直线 {metres} 米近似，只作参考；上传街道即沿街道计算。",
                reach=escaped(labels.reach_label(indicator, language())),
                metres=f"{straight_metres(indicator):,.0f}",
            ),
            icon=":material/directions_walk:",
        )
    return parameters


def _mode(indicator: Indicator | None, streets: str) -> str:
    """On foot, or by a vehicle where the streets have classes of roads."""
    if not isinstance(uploads.brought(streets, ("streets",)), TaggedStreets):
        st.caption(t("这份街道没有道路等级（highway），只能步行；OSM 摘录可以骑行、驾车。"))
        return "walk"
    names = {"walk": t("步行"), "cycle": t("骑行（假定速度）"), "drive": t("驾车（假定速度）")}
    usual = indicator.reach if indicator and indicator.reach in names else "walk"
    return segments.linked("mode", t("怎么去"), names, usual)


def _speed() -> str:
    """Walking speed in metres a minute; it is part of the question."""
    link.seed("sp", f"{DEFAULT_SPEED:g}", SPEEDS)
    st.select_slider(
        t("步行速度（米/分钟）"),
        SPEEDS,
        key="sp",
        help=t("60 米/分钟即每小时 3.6 公里。是假设，不是事实。"),
    )
    return str(link.record("sp"))


def own_data_token(kind: str, label: str, types: list[str]) -> str | None:
    """Choose a saved data set or upload one; its token, or None without any."""
    datasets = {one.token: one for one in saved_datasets(kind)}
    if datasets and (chosen := _saved(kind, label, datasets)):
        return chosen
    file = uploader.file_uploader(label, type=types, key=f"own-{kind}", max_upload_size=200)
    if file is None:
        return None
    owner = uploader.session()

    def read(job: Job[str]) -> str:
        reading = _("读取文件…")
        job.set_progress(0.0, reading)

        def in_a_worker(*args: str) -> Any:
            return job.answer_of(uploads.read_brought.begin(*args), reading)

        return uploads.bring(kind, file.name, file.getvalue(), owner, in_a_worker)

    try:
        return read_or_wait(f"own-{kind}", file.file_id, read, lambda token: uploads.is_held(token, owner))
    except AtlasError as error:
        st.error(error_text(error))
        return None


def _saved(kind: str, label: str, datasets: dict[str, Saved]) -> str:
    """Saved data sets by name, with whom to credit; empty where none is chosen, or the one chosen cannot be used."""
    names = {"": t("（不用，或上传文件）")} | {
        token: f"{one.name} · {one.saved}" for token, one in datasets.items()
    }
    key = f"saved-{kind}"
    link.seed(key, "", list(names))
    st.selectbox(t("{what}：已保存的", what=label), list(names), format_func=names.__getitem__, key=key)
    chosen = str(link.record(key))
    if not chosen:
        return ""
    if datasets[chosen].credit:
        st.caption(escaped(datasets[chosen].credit))
    try:
        uploads.brought(chosen, (kind,))
    except AtlasError as error:
        st.error(error_text(error))
        return ""
    return chosen
