"""Words for codes: verbs, promises, places, dates, sources. All of them catalogue entries."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pandas as pd

from geo.text import mark as _
from layers.style import STATUSES, StatusStyle
from pages.parts.texts import language, t

VERBS: Final = {
    "start": _("开工即兑现"),
    "finish": _("完成即兑现"),
    "strive_finish": _("力争完成"),
    "advance": _("当年有推进即兑现"),
    "add": _("新增到数即兑现"),
    "carry_out": _("实施到数即兑现"),
    "prepare": _("启动前期即兑现"),
}
PROMISES: Final = {
    "kept": _("按期"),
    "kept_late": _("迟到"),
    "overdue": _("逾期"),
    "pending": _("未到期"),
    "unknown": _("不详"),
}
BASES: Final = {
    "surveyed": _("实测"),
    "published": _("公布的坐标"),
    "open_map": _("开放地图"),
    "place_point": _("所在街道或镇的地名点，不是小区本身"),
    "approximate": _("一般认识，未核实"),
    "none": _("没有可靠位置"),
}
RELIABILITY: Final = {
    "official": _("官方"),
    "press": _("报刊"),
    "secondary": _("二手"),
    "general_knowledge": _("一般认识"),
    "open_data": _("开放数据"),
}
PRECISION: Final = {
    "month": _("（月）"),
    "quarter": _("（季）"),
    "half": _("（半年）"),
    "year": _("（年）"),
    "circa": _("（约）"),
    "day": "",
}
_STATUS: Final = {status.id: status for status in STATUSES}


def status_style(status: str) -> StatusStyle:
    """The look and label of a status word."""
    return _STATUS.get(status, _STATUS["unknown"])


def name_of(row: pd.Series[Any]) -> str:
    """The row's name in the page's language, the Chinese one where there is no English."""
    english = row.get("name_en")
    return str(english) if language() == "en" and english else str(row["name_zh"])


def note_of(row: pd.Series[Any], stem: str = "note") -> str:
    """The row's note in the page's language."""
    return str(row.get(f"{stem}_{language()}") or row.get(f"{stem}_zh") or "")


def distance(metres: float) -> str:
    """``2500`` -> ``约 2.5 公里``."""
    if metres >= 1000:
        return t("约 {n} 公里", n=f"{metres / 1000:.1f}".removesuffix(".0"))
    return t("约 {n} 米", n=f"{metres:.0f}")


def place_words(row: pd.Series[Any]) -> str:
    """Where a work is and how sure that is, in words."""
    basis = t(BASES.get(str(row["location_basis"]), BASES["none"]))
    if row["certainty"] == "none":
        return basis
    error = t("位置误差{distance}", distance=distance(float(row["accuracy_m"])))
    return f"{error}；{basis}"


def day_words(day: date | None, precision: object) -> str:
    """A date with the exactness it is known to."""
    if day is None or pd.isna(day):
        return ""
    shown = {"month": day.strftime("%Y-%m"), "year": day.strftime("%Y")}.get(str(precision), day.isoformat())
    return shown + t(PRECISION.get(str(precision), ""))


def district_words(codes: object, names: dict[str, str]) -> str:
    """``320211|320213`` -> ``滨湖区、梁溪区``."""
    return "、".join(names.get(code, code) for code in str(codes or "").split("|") if code)
