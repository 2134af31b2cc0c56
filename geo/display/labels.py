"""Words for codes: verbs, promises, places, dates, sources. All of them catalogue entries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from geo.display.symbology import STATUS_STYLES, StatusStyle
from geo.places.english_names import english_name
from geo.register.city import Atlas
from geo.register.indicators import Indicator
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown
from geo.vocabulary import (
    LOCATION_BASIS_LABELS,
    PRECISION_LABELS,
    PRECISIONS,
    UNIT_LABELS,
    UNITS_LEFT_OUT_IN_ENGLISH,
    UNKNOWN,
)

_SQUARE: Final = re.compile(r"m2\b")
_REMARK: Final = re.compile(r"(?:\s+text)?(?:\s+\(reworded mirror\))?$")
_STATUS: Final = {status.id: status for status in STATUS_STYLES}


def status_style(status: str) -> StatusStyle:
    """The look and label of a status word."""
    return _STATUS.get(status, _STATUS[UNKNOWN])


def basis_label(basis: object, lang: str) -> str:
    """What a place rests on, in words; an unknown basis is none."""
    return translate(LOCATION_BASIS_LABELS.get(str(basis), LOCATION_BASIS_LABELS["none"]), lang)


def name_of(row: pd.Series[Any] | Mapping[str, Any], lang: str) -> str:
    """The row's name in ``lang``; in English pinyin, marked, where no source gives one."""
    chinese = str(row["name_zh"])
    return chinese if lang == "zh" else english_name(chinese, row.get("name_en") or "")


def plan_name(atlas: Atlas, lang: str, plan: str = "") -> str:
    """A plan's title.

    Parameters
    ----------
    atlas : Atlas
    lang : str
        ``zh`` or ``en``.
    plan : str
        Its id; if empty, the plan that the city is seen by.

    Returns
    -------
    str
    """
    asked = plan or atlas.pack.plan
    if asked not in atlas.pack.plans.index:
        return translate(_("全部计划"), lang)
    return name_of(pd.Series(atlas.pack.plans.loc[asked]), lang)


def plan_titles(atlas: Atlas, lang: str) -> list[str]:
    """The plan's title, where there are several and it must be said which; else nothing."""
    return [plan_name(atlas, lang)] if atlas.has_several_plans else []


def unit_label(unit: object, lang: str) -> str:
    """The unit as people write it: ``m2`` is m², and in English counting words such as 个 are left out."""
    written = "" if is_unknown(unit) else str(unit)
    if lang == "en" and written in UNITS_LEFT_OUT_IN_ENGLISH:
        return ""
    known = UNIT_LABELS.get(written)
    return translate(known, lang) if known else _SQUARE.sub("m²", written)


def reach_label(indicator: Indicator, lang: str) -> str:
    """How far an indicator reaches, or of how many it is made by which rule; a dash where it is not about distance."""
    if indicator.is_composite:
        rule = _("{n} 项都满足") if indicator.reach == "all" else _("{n} 项任一满足")
        return translate(rule, lang).format(n=len(indicator.parts))
    if indicator.threshold_m:
        return translate(_("{n} 米"), lang).format(n=f"{indicator.threshold_m:.0f}")
    if indicator.threshold_min:
        return minutes_label(indicator.reach, indicator.threshold_min, lang)
    return "—"


_WAYS: Final = {"cycle": _("骑行 {n} 分钟"), "drive": _("驾车 {n} 分钟")}


def minutes_label(way: str, minutes: float, lang: str) -> str:
    """A time along streets in words.

    Parameters
    ----------
    way : str
        ``cycle``, ``drive``, or anything else for on foot.
    minutes : float
    lang : str

    Returns
    -------
    str
    """
    return translate(_WAYS.get(way, _("步行 {n} 分钟")), lang).format(n=f"{minutes:g}")


def note_of(row: pd.Series[Any] | Mapping[Any, Any], lang: str, stem: str = "note") -> str:
    """The row's note in ``lang``, the Chinese one where there is no English.

    Parameters
    ----------
    row : Series or mapping
        With texts in both languages.
    lang : str
        ``zh`` or ``en``.
    stem : str
        Beginning of the columns' names, before ``_zh``.

    Returns
    -------
    str
    """
    return str(row.get(f"{stem}_{lang}") or row.get(f"{stem}_zh") or "")


def source_title(source: Any) -> str:
    """The title of a source (``title``) without the register's own remark on how its text was found."""
    title = str(source["title"] or "")
    return _REMARK.sub("", title) or title


def publisher_name(publisher: Any, lang: str) -> str:
    """A publisher in ``lang``: as it calls itself; a Chinese name in English is pinyin, marked, as no source gives an English one."""
    name = "" if is_unknown(publisher) else str(publisher)
    return english_name(name, name) if lang == "en" else name


def source_publisher(source: Any, lang: str) -> str:
    """Who published a source, in ``lang``; empty where its title begins with the name, so that it is not repeated."""
    publisher = "" if is_unknown(source["publisher"]) else str(source["publisher"])
    return "" if source_title(source).startswith(publisher) else publisher_name(publisher, lang)


def distance(metres: float, lang: str) -> str:
    """``2500`` -> ``约 2.5 公里``."""
    if metres >= 1000:
        return translate(_("约 {n} 公里"), lang).format(n=f"{metres / 1000:.1f}".removesuffix(".0"))
    return translate(_("约 {n} 米"), lang).format(n=f"{metres:.0f}")


def place_text(row: pd.Series[Any], lang: str) -> str:
    """Where a work is and how sure that is, in words."""
    basis = basis_label(row["location_basis"], lang)
    if row["certainty"] == "none":
        return basis
    error = translate(_("位置误差{distance}"), lang)
    return f"{error.format(distance=distance(float(row['accuracy_m']), lang))}；{basis}"


def day_text(day: date | None, precision: object, lang: str) -> str:
    """A date with the exactness it is known to.

    Parameters
    ----------
    day : date or None
    precision : any
        How exactly the day is known.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    str
    """
    if day is None or is_unknown(day):
        return ""
    shown = {"month": day.strftime("%Y-%m"), "year": day.strftime("%Y")}.get(str(precision), day.isoformat())
    if str(precision) not in PRECISIONS[1:]:  # a day needs no remark
        return shown
    word = translate(PRECISION_LABELS[str(precision)], lang)
    return f"{shown} ({word})" if lang == "en" else f"{shown}（{word}）"


def district_names(codes: object, names: Mapping[str, str], lang: str = "zh") -> str:
    """``"code|code"`` -> the names of both districts.

    Parameters
    ----------
    codes : any
        District codes joined by ``|``.
    names : mapping
        District code -> name.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    str
    """
    between = ", " if lang == "en" else "、"
    return between.join(names.get(code, code) for code in str(codes or "").split("|") if code)
