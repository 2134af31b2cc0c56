"""Answering a coverage question: its checks against the city's data, its facilities, reach and demand.

The parameters themselves are declared in :mod:`geo.questions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import Demand, census_demand, land_demand, modelled_demand, raster_demand
from geo.coverage.impact import Impact, impact
from geo.coverage.reach import Reach
from geo.coverage.saved_data import is_token, saved_demand
from geo.errors import ParameterError
from geo.kernels.network import StreetNetwork
from geo.questions.coverage import MODES, CoverageQuestion, EquityQuestion, ReachQuestion
from geo.questions.question import Question, parameters, refused
from geo.register.city import Atlas
from geo.register.facilities import Facilities, before_day, facility_set
from geo.register.indicators import get_indicator
from geo.text import mark as _

DEMANDS: Final = ("residents", "census", "area")
AnyQuestion = TypeVar("AnyQuestion", bound=ReachQuestion)


def read_question(atlas: Atlas, given: Mapping[str, Any]) -> CoverageQuestion:
    """Parameters such as ``{"kind": "metro_station", "radius": "800"}`` as a coverage question of this city.

    Raises
    ------
    ParameterError, UnknownIdError
        As :func:`read_question_as`.
    """
    return read_question_as(CoverageQuestion, atlas, given)


def read_question_as(model: type[AnyQuestion], atlas: Atlas, given: Mapping[str, Any]) -> AnyQuestion:
    """Parameters as a question of this city, checked: indicator, kinds and district exist, and one reach is given.

    Parameters
    ----------
    model : type of ReachQuestion
        Which question: it declares the parameters, their bounds and defaults.
    atlas : Atlas
    given : mapping
        Parameters by name, as texts or as values; empty ones mean the default. ``indicator`` gives kinds and reach,
        which the other parameters may change. ``kind`` may name several, joined by ``|``.

    Returns
    -------
    ReachQuestion
        Of the type asked for, with kinds and reach filled in from the indicator.

    Raises
    ------
    ParameterError, UnknownIdError
        The message names the parameter, the value and what is allowed.
    """
    question = _with_indicator(atlas, model.read(given))
    if not question.kinds:
        raise ParameterError(_("请说明设施类型（kind）或指标（indicator）。"))
    check_kinds(atlas, question.kinds, ReachQuestion)
    question = _with_direction(atlas, with_one_reach(question))
    if isinstance(question, CoverageQuestion):
        known = ("all", *map(str, atlas.districts.index), atlas.city.code)
        if question.district not in known:
            raise not_allowed(model, "district", question.district, known)
    if isinstance(question, EquityQuestion) and question.unit:
        units = sorted(
            {*atlas.pack.works["unit"].dropna(), *atlas.register.facilities["capacity_unit"].dropna()}
        )
        if question.unit not in units:
            raise not_allowed(model, "unit", question.unit, units)
    return question


def not_allowed(model: type[Question], name: str, value: str, known: Sequence[str]) -> ParameterError:
    """The refusal of a value of ``name`` that is none of ``known``, which the city's data give.

    Parameters
    ----------
    model : type of Question
    name, value : str
    known : sequence of str
        Allowed values.

    Returns
    -------
    ParameterError
    """
    return refused(parameters(model)[name], value, known=known)


def _with_indicator(atlas: Atlas, question: AnyQuestion) -> AnyQuestion:
    """What the indicator says, where nothing else is given."""
    if not question.indicator:
        return question
    row = get_indicator(atlas.pack.root, question.indicator)
    given = question.model_fields_set
    said: dict[str, Any] = {} if "kinds" in given else {"kinds": row.kinds}
    own_reach = bool({"radius_m", "minutes"} & given)
    if not own_reach:
        said |= {"radius_m": row.threshold_m, "minutes": row.threshold_min}
    if "walk" not in given:  # the indicator's own minutes are along streets
        said["walk"] = row.reach == "walk" or (not own_reach and row.threshold_min is not None)
    if "mode" not in given and row.reach in MODES:
        said["mode"] = row.reach
    return question.model_copy(update=said)


def _with_direction(atlas: Atlas, question: AnyQuestion) -> AnyQuestion:
    """Vehicles start at facilities whose kinds all go out to people (``goes_out`` in kinds.csv); else people go there."""
    if question.direction is not None:
        return question
    goes_out = atlas.vocabulary("kinds").get("goes_out")
    outward = goes_out is not None and all(goes_out.get(kind) == "yes" for kind in question.kinds)
    return question.model_copy(update={"direction": "from" if outward else "to"})


def check_kinds(atlas: Atlas, kinds: Sequence[str], model: type[Question]) -> None:
    """Refuse kinds of facilities that the pack does not list.

    Parameters
    ----------
    atlas : Atlas
    kinds : sequence of str
    model : type of Question
        The question whose parameter ``kind`` the refusal names.

    Raises
    ------
    ParameterError
    """
    known = list(atlas.vocabulary("kinds").index)
    wrong = [kind for kind in kinds if kind not in known]
    if wrong:
        raise not_allowed(model, "kind", "|".join(wrong), known)


def with_one_reach(question: AnyQuestion) -> AnyQuestion:
    """The question, checked: one of radius and minutes is given, and it fits how people go."""
    if question.mode != "walk":
        if question.minutes is None:
            raise ParameterError(
                _("骑行和驾车要给分钟数（minutes）。"), hint=_("米数（radius）只用于直线和步行。")
            )
        question = question.model_copy(update={"walk": True, "radius_m": None})
    if question.minutes is not None and not question.walk:
        raise ParameterError(_("分钟数只用于步行。"), hint=_("请加上步行（walk），或改给米数（radius）。"))
    if (question.radius_m is None) == (question.minutes is None):
        raise ParameterError(_("请给出服务半径（radius，米）或步行时间（minutes），二者取一。"))
    return question


def question_facilities(atlas: Atlas, question: ReachQuestion, which: str | None = None) -> Facilities:
    """The facilities asked for (of another set, if one is given).

    Parameters
    ----------
    atlas : Atlas
    question : ReachQuestion
    which : str or None

    Returns
    -------
    Facilities
    """
    register = atlas.for_question(question.plan).register
    return facility_set(register, question.kinds, which or question.which, question.as_of)


def question_reach(question: ReachQuestion, streets: StreetNetwork | None) -> Reach:
    """The reach asked for; ``ParameterError`` for a walk without streets."""
    if not question.walk:
        return Reach.straight(question.radius_m if question.radius_m is not None else 0.0)
    if streets is None:
        raise ParameterError(
            _("步行距离需要街道数据。"),
            hint=_("请用 --streets 给出街道文件（GeoPackage 或 OSM），或改用直线距离。"),
        )
    if question.mode != "walk":
        away = question.direction == "from"
        return Reach.ride(streets, mode=question.mode, minutes=question.minutes or 0.0, away=away)
    return Reach.walk(
        streets, metres=question.radius_m, minutes=question.minutes, speed_m_min=question.speed_m_min
    )


def demand_of(atlas: Atlas, name: str, *, files: bool = False) -> Demand:
    """The demand called ``name``: ``residents``, ``census``, ``area``, or (if ``files``) a saved data set or the path of a GeoTIFF.

    Parameters
    ----------
    atlas : Atlas
    name : str
    files : bool

    Returns
    -------
    Demand

    Raises
    ------
    AtlasError
        Demand that is not there.
    """
    if name == "area":
        return land_demand(atlas)
    if name == "residents":
        return modelled_demand(atlas)
    if name == "census":
        return census_demand(atlas)
    if files and is_token(name):
        return saved_demand(atlas, name)
    if files:
        return raster_demand(atlas, Path(name))
    raise not_allowed(ReachQuestion, "demand", name, DEMANDS)


def answer_coverage(
    atlas: Atlas,
    question: ReachQuestion,
    demand: Demand,
    *,
    streets: StreetNetwork | None = None,
    lang: str = "zh",
) -> Coverage:
    """The answer to a question.

    Parameters
    ----------
    atlas : Atlas
    question : ReachQuestion
        Checked, as of :func:`read_question`.
    demand : Demand
        Who is to be served: :func:`demand_of`.
    streets : StreetNetwork or None
        For a walk.
    lang : str
        Language of district names and notes.

    Returns
    -------
    Coverage

    Raises
    ------
    ParameterError
        A walk without streets.
    """
    facilities, reach = question_facilities(atlas, question), question_reach(question, streets)
    return coverage(atlas, facilities, demand, reach, lang=lang)


def answer_impact(
    atlas: Atlas,
    question: ReachQuestion,
    demand: Demand,
    *,
    streets: StreetNetwork | None = None,
    lang: str = "zh",
) -> Impact:
    """What the plan changes: all it promises against the day before it, all else as it then was.

    Parameters and errors are those of :func:`answer_coverage`; set and day of the question do not matter.

    Parameters
    ----------
    atlas : Atlas
    question : ReachQuestion
    demand : Demand
        Residents or land to be served.
    streets : StreetNetwork or None
        Streets to walk on; None for straight lines.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Impact
    """
    atlas = atlas.for_question(question.plan)
    eve = question.model_copy(update={"as_of": before_day(atlas.register)})
    return impact(
        atlas,
        question_facilities(atlas, eve, "before"),
        question_facilities(atlas, eve, "planned"),
        demand,
        question_reach(question, streets),
        lang=lang,
    )
