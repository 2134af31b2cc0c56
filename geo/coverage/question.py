"""A coverage question in plain words, read once for the command line, the pages and the API.

So that all three give the same answer to the same words, and the same message to the same mistake.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import Demand, census_demand, land_demand, raster_demand
from geo.coverage.impact import Impact, impact
from geo.coverage.reach import DEFAULT_SPEED, Reach
from geo.coverage.saved_data import is_token, saved_demand
from geo.errors import ParameterError
from geo.kernels.network import StreetNetwork
from geo.register.city import Atlas
from geo.register.facilities import SETS, Facilities, before_day, facility_set
from geo.register.indicators import get_indicator
from geo.text import mark as _
from geo.values import read_day

DEMANDS: Final = ("area", "census")
WORDS: Final = (
    "indicator",
    "kind",
    "radius",
    "minutes",
    "walk",
    "speed",
    "set",
    "as_of",
    "demand",
    "district",
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: kinds, reach, set, day, demand, district; all checked."""

    kinds: tuple[str, ...]
    radius_m: float | None
    minutes: float | None
    walk: bool
    speed_m_min: float
    which: str
    as_of: date
    demand: str
    district: str

    def facilities(self, atlas: Atlas, which: str | None = None) -> Facilities:
        """The facilities asked for (of another set, if one is given)."""
        return facility_set(atlas.register, self.kinds, which or self.which, self.as_of)

    def reach(self, streets: StreetNetwork | None) -> Reach:
        """The reach asked for; a walk needs streets."""
        if not self.walk:
            return Reach.straight(self.radius_m if self.radius_m is not None else 0.0)
        if streets is None:
            raise ParameterError(
                _("步行距离需要街道数据。"),
                hint=_("请用 --streets 给出街道文件（GeoPackage 或 OSM），或改用直线距离。"),
            )
        return Reach.walk(streets, metres=self.radius_m, minutes=self.minutes, speed_m_min=self.speed_m_min)


def given_words(words: Mapping[str, str], known: Sequence[str]) -> dict[str, str]:
    """What was given, trimmed and without the empty; ``ParameterError`` for a word that is not ``known``."""
    given = {name: value.strip() for name, value in words.items() if value and value.strip()}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ParameterError(
            _("不认识的参数 {names}。"),
            hint=_("可用：{known}。"),
            names="、".join(unknown),
            known="、".join(known),
        )
    return given


def read_question(atlas: Atlas, words: Mapping[str, str]) -> Question:
    """Words such as ``{"kind": "metro_station", "radius": "800"}`` as a question.

    Parameters
    ----------
    words : mapping
        Any of :data:`WORDS`; empty values mean the default. ``indicator`` gives kinds and reach, which the other words
        may change. ``kind`` may name several, joined by ``|``.

    Raises
    ------
    ParameterError, UnknownIdError
        The message names the word, the value and what is allowed.
    """
    given = given_words(words, WORDS)
    asked = _defaults(atlas, given)
    if "kind" in given:
        asked = replace(asked, kinds=_kinds(atlas, given["kind"]))
    if not asked.kinds:
        raise ParameterError(_("请说明设施类型（kind）或指标（indicator）。"))
    return _reach_words(asked, given)


def _defaults(atlas: Atlas, given: Mapping[str, str]) -> Question:
    day = read_day(given.get("as_of", ""))
    question = Question(
        kinds=(),
        radius_m=None,
        minutes=None,
        walk=False,
        speed_m_min=_positive(given, "speed") or DEFAULT_SPEED,
        which=one_of(given, "set", SETS, "as_of"),
        as_of=day,
        demand=given.get("demand", "census"),
        district=one_of(given, "district", ("all", *map(str, atlas.districts.index), atlas.city.code), "all"),
    )
    if "indicator" not in given:
        return question
    row = get_indicator(atlas.pack.root, given["indicator"])
    return replace(
        question,
        kinds=row.kinds,
        radius_m=row.threshold_m,
        minutes=row.threshold_min,
        walk=row.reach == "walk",
    )


def _reach_words(asked: Question, given: Mapping[str, str]) -> Question:
    radius, minutes = _number(given, "radius"), _positive(given, "minutes")
    if radius is not None or minutes is not None:
        asked = replace(asked, radius_m=radius, minutes=minutes)
    if "walk" in given:
        asked = replace(asked, walk=one_of(given, "walk", ("yes", "no"), "no") == "yes")
    if asked.minutes is not None and not asked.walk:
        if "walk" not in given and minutes is None:  # the indicator's own minutes, asked without streets
            asked = replace(asked, walk=True)
        else:
            raise ParameterError(
                _("分钟数只用于步行。"), hint=_("请加上步行（walk），或改给米数（radius）。")
            )
    if (asked.radius_m is None) == (asked.minutes is None):
        raise ParameterError(_("请给出服务半径（radius，米）或步行时间（minutes），二者取一。"))
    return asked


def _kinds(atlas: Atlas, text: str) -> tuple[str, ...]:
    kinds = tuple(dict.fromkeys(part for part in text.replace(",", "|").split("|") if part))
    known = list(atlas.words("kinds").index)
    wrong = [kind for kind in kinds if kind not in known]
    if wrong:
        raise ParameterError(
            _("没有设施类型 {kinds}。"),
            hint=_("可用：{known}。"),
            kinds="、".join(wrong),
            known="、".join(known),
        )
    return kinds


def one_of(given: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    """The value of a word, or ``default``; ``ParameterError`` for one that is not ``allowed``."""
    value = given.get(name, default)
    if value not in allowed:
        raise ParameterError(
            _("参数 {name} 的值“{value}”不可用。"),
            hint=_("可用：{known}。"),
            name=name,
            value=value,
            known="、".join(allowed),
        )
    return value


def _number(given: Mapping[str, str], name: str) -> float | None:
    if name not in given:
        return None
    try:
        value = float(given[name])
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise ParameterError(_("参数 {name} 的值“{value}”不是不小于零的数。"), name=name, value=given[name])
    return value


def _positive(given: Mapping[str, str], name: str) -> float | None:
    value = _number(given, name)
    if value == 0:
        raise ParameterError(_("参数 {name} 必须大于零。"), name=name)
    return value


def demand_of(atlas: Atlas, word: str, *, files: bool = False) -> Demand:
    """The demand called ``word``: ``area``, ``census``, or (if ``files``) a saved data set or the path of a GeoTIFF."""
    if word == "area":
        return land_demand(atlas)
    if word == "census":
        return census_demand(atlas)
    if files and is_token(word):
        return saved_demand(atlas, word)
    if files:
        return raster_demand(atlas, Path(word))
    raise ParameterError(
        _("参数 {name} 的值“{value}”不可用。"),
        hint=_("可用：{known}。"),
        name="demand",
        value=word,
        known="、".join(DEMANDS),
    )


def ask(
    atlas: Atlas,
    question: Question,
    demand: Demand,
    *,
    streets: StreetNetwork | None = None,
    lang: str = "zh",
) -> Coverage:
    """The answer to a question."""
    return coverage(atlas, question.facilities(atlas), demand, question.reach(streets), lang=lang)


def ask_impact(
    atlas: Atlas,
    question: Question,
    demand: Demand,
    *,
    streets: StreetNetwork | None = None,
    lang: str = "zh",
) -> Impact:
    """What the plan changes: all it promises against the day before it, all else as it then was."""
    eve = replace(question, as_of=before_day(atlas.register))
    return impact(
        atlas,
        eve.facilities(atlas, "before"),
        eve.facilities(atlas, "planned"),
        demand,
        question.reach(streets),
        lang=lang,
    )
