"""What a reader must know of a coverage answer, as catalogue texts with their values."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from geo.coverage.demand import MODEL_NAMES, Demand
from geo.coverage.reach import Reach
from geo.coverage.walk_report import walk_report
from geo.register.city import Atlas
from geo.register.completeness import districts_not_covered, is_complete
from geo.register.facilities import Facilities
from geo.text import Message, translate
from geo.text import mark as _

Note = tuple[str, dict[str, Any]]

_RIDES: Final = {
    "cycle": _(
        "沿道路骑行（模型估算）：按道路等级的假定速度、单行和路障，100 米格网；从路边到门口按 {speed} 米/分钟；红绿灯不计；道路来自 {source}{credit}。"
    ),
    "drive": _(
        "沿道路驾车（模型估算）：按道路等级的假定车速、单行和路障，100 米格网；从路边到门口按 {speed} 米/分钟；堵车和红绿灯不计；道路来自 {source}{credit}。"
    ),
}


def barrier_notes(reach: Reach) -> list[Note]:
    """That a vehicle meets no barrier because the roads say of none: lines of one's own, and streets that an import saved."""
    if reach.network is None or reach.network.report.get("barriers") != 0:
        return []
    return [(_("道路数据里没有路障：车会从实际有隔离墩等过不去的地方通过，时间可能偏短。"), {})]


def answer_notes(
    atlas: Atlas, facilities: Facilities, demand: Demand, reach: Reach, table: pd.DataFrame
) -> list[Note]:
    """The notes of an answer.

    Parameters
    ----------
    atlas : Atlas
    facilities, demand, reach
        As for :func:`geo.coverage.answer.coverage`.
    table : DataFrame
        The answer, the city last.

    Returns
    -------
    list of (str, dict)
    """
    notes: list[Note] = []
    kinds = facilities.inputs.get("kinds", [])
    if kinds and not is_complete(atlas.register, kinds):
        notes.append((_("登记里这类设施并不齐全（只收录有公开来源的），覆盖率只是下限。"), {}))
    missing = facilities.known_count - len(facilities.placed)
    if missing:
        notes.append(
            (
                _("已知 {known} 处设施中 {missing} 处没有位置，覆盖率只是下限。"),
                {"known": facilities.known_count, "missing": missing},
            )
        )
    undated = int((~facilities.frame["date_known"].astype(bool)).sum())
    if undated:
        notes.append((_("{n} 处现状设施不知何时启用，按一直存在计。"), {"n": undated}))
    notes += _dated_notes(atlas, facilities)
    dark = sorted(districts_not_covered(atlas.register, kinds))
    if dark:
        notes.append(
            (
                _("{districts} 的这类设施未收录，那里的覆盖率不详，全市的是下限。"),
                {"districts": _names(atlas, dark)},
            )
        )
    if demand.label:
        values = {name: demand.inputs.get(name, "") for name in ("raster", "model")}
        notes.append((demand.label, {"name": values["raster"], "model": values["model"], "cell": 100}))
    notes += _model_notes(atlas, demand, table, kinds)
    notes += _raster_notes(atlas, demand)
    rough = int((facilities.accuracy_m > reach.metres).sum())
    if rough:
        notes.append((_("{n} 处设施的位置误差大于服务半径，不计入“肯定覆盖”。"), {"n": rough}))
    return notes + _walk_notes(facilities, demand, reach)


def facts_dates(atlas: Atlas, facilities: Facilities) -> dict[str, int]:
    """How many facilities without an opening day are known from sources of which day; the oldest first."""
    undated = facilities.frame[~facilities.frame["date_known"].astype(bool)]
    published = undated["source_id"].map(atlas.pack.sources["published"])
    return {str(day): int(n) for day, n in published.value_counts().sort_index().items()}


def _dated_notes(atlas: Atlas, facilities: Facilities) -> list[Note]:
    """As of when the facilities are known that nobody dated."""
    text = _("其中 {n} 处的资料截至 {day}，此后的增减不详。")
    return [(text, {"n": n, "day": day}) for day, n in facts_dates(atlas, facilities).items()]


def _model_notes(atlas: Atlas, demand: Demand, table: pd.DataFrame, kinds: list[str]) -> list[Note]:
    """Where the model is weaker, and what the second model makes of the same question."""
    notes = weaker_notes(atlas, demand)
    if set(demand.inputs.get("made_from_kinds", [])) & set(kinds):
        text = _(
            "居民模型本身就按这类设施的疏密分布，按它算的覆盖率偏高，不是独立的检验：请看均匀分布的一个。"
        )
        notes.append((text, {}))
    city = table.iloc[-1]
    if demand.second_kind and pd.notna(city["share_residents"]):
        shares = {
            name: f"{100 * city[f'share_residents{end}']:.1f}%"
            for name, end in (("a", ""), ("b", "_other"), ("least", "_least"), ("most", "_most"))
        }
        models = {
            "own": Message(MODEL_NAMES[demand.kind]),
            "other": Message(MODEL_NAMES[demand.second_kind]),
        }
        text = _(
            "居民覆盖率因居民模型而异：全市按{own}为 {a}，按{other}为 {b}；连同设施位置误差，在 {least} 与 {most} 之间。"
        )
        notes.append((text, shares | models))
    return notes


def weaker_notes(atlas: Atlas, demand: Demand) -> list[Note]:
    """In which districts the model is weaker, and why."""
    if not demand.inputs.get("weaker_in"):
        return []
    districts = _names(atlas, demand.inputs["weaker_in"])
    return [
        (
            _("模型在 {districts} 较弱：{because}。"),
            {"districts": districts, "because": demand.inputs["weaker_because"]},
        )
    ]


def note_texts(notes: list[Note], lang: str) -> list[str]:
    """Notes in ``lang``."""
    return [translate(text, lang).format(**_in(values, lang)) for text, values in notes]


def _in(values: dict[str, Any], lang: str) -> dict[str, Any]:
    """Values of a note, names and texts in ``lang``."""
    return {
        name: value[lang]
        if isinstance(value, dict)
        else translate(value, lang)
        if isinstance(value, Message)
        else value
        for name, value in values.items()
    }


def _names(atlas: Atlas, codes: list[str]) -> dict[str, str]:
    rows = atlas.districts.loc[codes]
    return {"zh": "、".join(rows["name_zh"]), "en": ", ".join(rows["name_en"])}


def _raster_notes(atlas: Atlas, demand: Demand) -> list[Note]:
    """What a population raster lacks."""
    notes: list[Note] = []
    for key, text in (
        ("even_in", _("栅格在 {districts} 没有人口，这些区县按均匀分布。")),
        ("partly_in", _("栅格只盖住 {districts} 的一部分，那里的居民都算在盖住的部分，分布有偏。")),
    ):
        if demand.inputs.get(key):
            notes.append((text, {"districts": _names(atlas, demand.inputs[key])}))
    if demand.inputs.get("invalid"):
        notes.append((_("栅格有 {n} 个负值或非数的格，按无人计。"), {"n": f"{demand.inputs['invalid']:,}"}))
    return notes


def _walk_notes(facilities: Facilities, demand: Demand, reach: Reach) -> list[Note]:
    """How far places and cells are from streets, and what cannot be walked to."""
    if reach.network is None:
        return []
    report = walk_report(facilities, demand, reach.network)
    streets = reach.network.report
    values: dict[str, Any] = {
        "speed": f"{round(reach.speed_m_min or 0.0, 1):g}",
        "source": streets.get("source") or "—",
        "credit": f"（{streets['credit']}）" if streets.get("credit") else "",
    }
    notes = [
        (
            _RIDES.get(
                reach.way, _("沿街道步行，按 {speed} 米/分钟、100 米格网计；街道来自 {source}{credit}。")
            ),
            values,
        ),
        *barrier_notes(reach),
    ]
    if report["facility_p50"] is not None:
        notes.append((_("设施到最近街道：中位 {facility_p50} 米，最远 {facility_max} 米。"), report))
    notes.append((_("陆地格到最近街道：中位 {cell_p50} 米。"), report))
    if report["facilities_off"]:
        notes.append((_("{facilities_off} 处设施离街道超过 {farthest} 米，没有接入路网，不计服务。"), report))
    if report["cells_off_share"]:
        notes.append(
            (_("{cells_off_share}% 的陆地离街道超过 {farthest} 米，按走不到计，覆盖率偏低。"), report)
        )
    if streets.get("components", 1) > 1:
        share = f"{100 * streets['share_of_length_in_largest']:.1f}"
        notes.append(
            (
                _("街道分成 {n} 个互不相连的部分，最大的占总长 {share}%；部分之间按走不到计。"),
                {"n": streets["components"], "share": share},
            )
        )
    return notes
