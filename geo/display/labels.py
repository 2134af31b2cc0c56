"""Words for codes: verbs, promises, places, dates, sources. All of them catalogue entries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from geo.display.symbology import STATUSES, StatusStyle
from geo.plain import is_unknown
from geo.text import mark as _
from geo.text import translate

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
_REMARK: Final = re.compile(r"(?:\s+text)?(?:\s+\(reworded mirror\))?$")
_STATUS: Final = {status.id: status for status in STATUSES}


def status_style(status: str) -> StatusStyle:
    """The look and label of a status word."""
    return _STATUS.get(status, _STATUS["unknown"])


def name_of(row: pd.Series[Any], lang: str) -> str:
    """The row's name in ``lang``, the Chinese one where there is no English."""
    english = row.get("name_en")
    return str(english) if lang == "en" and english else str(row["name_zh"])


def note_of(row: pd.Series[Any], lang: str, stem: str = "note") -> str:
    """The row's note in ``lang``, the Chinese one where there is no English."""
    return str(row.get(f"{stem}_{lang}") or row.get(f"{stem}_zh") or "")


def source_title(source: Any) -> str:
    """The title of a source (``title``) without the register's own remark on how its text was found."""
    title = str(source["title"] or "")
    return _REMARK.sub("", title) or title


def source_publisher(source: Any) -> str:
    """Who published a source; empty where its title begins with the name, so that it is said once."""
    publisher = "" if is_unknown(source["publisher"]) else str(source["publisher"])
    return "" if source_title(source).startswith(publisher) else publisher


def distance(metres: float, lang: str) -> str:
    """``2500`` -> ``约 2.5 公里``."""
    if metres >= 1000:
        return translate(_("约 {n} 公里"), lang).format(n=f"{metres / 1000:.1f}".removesuffix(".0"))
    return translate(_("约 {n} 米"), lang).format(n=f"{metres:.0f}")


def place_words(row: pd.Series[Any], lang: str) -> str:
    """Where a work is and how sure that is, in words."""
    basis = translate(BASES.get(str(row["location_basis"]), BASES["none"]), lang)
    if row["certainty"] == "none":
        return basis
    error = translate(_("位置误差{distance}"), lang)
    return f"{error.format(distance=distance(float(row['accuracy_m']), lang))}；{basis}"


def day_words(day: date | None, precision: object, lang: str) -> str:
    """A date with the exactness it is known to."""
    if day is None or is_unknown(day):
        return ""
    shown = {"month": day.strftime("%Y-%m"), "year": day.strftime("%Y")}.get(str(precision), day.isoformat())
    return shown + translate(PRECISION.get(str(precision), ""), lang)


def district_words(codes: object, names: Mapping[str, str], lang: str = "zh") -> str:
    """``"code|code"`` -> the names of both districts."""
    between = ", " if lang == "en" else "、"
    return between.join(names.get(code, code) for code in str(codes or "").split("|") if code)
