"""A siting question in plain words, read once for the command line, the page and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd

from geo.atlas import load_gazetteer
from geo.coverage.demand import Demand
from geo.coverage.question import WORDS as COVERAGE_WORDS
from geo.coverage.question import Question, given_words, one_of, read_question
from geo.errors import ParameterError
from geo.kernels.network import StreetNetwork
from geo.register.city import Atlas
from geo.register.facilities import COLUMNS, Facilities
from geo.siting.answer import DEFAULT_CUT_M, Setting, choose_sites
from geo.siting.candidates import (
    ENDINGS,
    Candidates,
    grid_candidates,
    planned_candidates,
    point_candidates,
    read_candidates,
)
from geo.siting.points import read_points
from geo.siting.result import Siting
from geo.siting.task import GOALS, METHODS, Task
from geo.text import mark as _

SOURCES: Final = ("grid", "works", "points")
DEFAULT_SPACING_M: Final = 250.0
MOST_OWN: Final = 200
WORDS: Final = (
    *COVERAGE_WORDS,
    "goal",
    "k",
    "share",
    "each",
    "floor",
    "capacity",
    "method",
    "limit",
    "candidates",
    "spacing",
    "points",
    "own",
    "existing",
    "cut",
    "skip_bad",
)


@dataclass(frozen=True, slots=True)
class SiteQuestion:
    """What is asked: a coverage question, districts, a task, where sites may go, a person's own sites.

    ``candidates`` is one of :data:`SOURCES` or (command line) the path of a file; ``points`` and ``own`` are texts of
    ``lon,lat`` lines, or paths.
    """

    base: Question
    districts: tuple[str, ...]
    task: Task
    candidates: str
    spacing_m: float
    points: str
    own: str
    existing: bool
    cut_m: float
    skip_bad: bool


def read_site_question(atlas: Atlas, words: Mapping[str, str]) -> SiteQuestion:
    """Words such as ``{"kind": "car_park", "radius": "300", "district": "...", "k": "5"}`` as a question.

    Parameters
    ----------
    words : mapping
        Any of :data:`WORDS`; empty values mean the default. ``district`` may name several, joined by ``|``.

    Raises
    ------
    ParameterError, UnknownIdError
        The message names the word, the value and what is allowed.
    """
    given = given_words(words, WORDS)
    base = read_question(
        atlas, {name: given[name] for name in COVERAGE_WORDS if name in given and name != "district"}
    )
    return SiteQuestion(
        base=base,
        districts=_districts(atlas, given.get("district", "")),
        task=_task(given),
        candidates=given.get("candidates", "points" if given.get("points") else "grid"),
        spacing_m=_number(given, "spacing") or DEFAULT_SPACING_M,
        points=given.get("points", ""),
        own=given.get("own", ""),
        existing=_yes(given, "existing", "yes"),
        cut_m=_number(given, "cut") or max(DEFAULT_CUT_M, base.radius_m or 0.0),
        skip_bad=_yes(given, "skip_bad", "no"),
    )


def _task(given: Mapping[str, str]) -> Task:
    k, limit = _number(given, "k"), _number(given, "limit")
    share = _share(given, "share")
    goal = one_of(given, "goal", GOALS, "fewest" if share is not None and k is None else "most")
    if k is not None and not float(k).is_integer():
        raise ParameterError(_("参数 {name} 的值“{value}”不是整数。"), name="k", value=given["k"])
    task = Task(
        goal=goal,
        k=None if k is None else int(k),
        share=share,
        each_district=_yes(given, "each", "no"),
        floor=_share(given, "floor") or 0.0,
        capacity=_number(given, "capacity"),
        method=one_of(given, "method", METHODS, "exact"),
    )
    return (task if limit is None else replace(task, time_limit_s=limit)).checked()


def _districts(atlas: Atlas, text: str) -> tuple[str, ...]:
    known = tuple(map(str, atlas.districts.index))
    asked = tuple(dict.fromkeys(part for part in text.replace(",", "|").split("|") if part))
    if asked in ((), ("all",), (atlas.city.code,)):
        return known
    wrong = [code for code in asked if code not in known]
    if wrong:
        raise ParameterError(
            _("没有区县 {codes}。"),
            hint=_("可用：{known}。"),
            codes="、".join(wrong),
            known="、".join(known),
        )
    return asked


def _number(given: Mapping[str, str], name: str) -> float | None:
    if name not in given:
        return None
    try:
        return float(given[name])
    except ValueError as error:
        raise ParameterError(
            _("参数 {name} 的值“{value}”不是不小于零的数。"), name=name, value=given[name]
        ) from error


def _share(given: Mapping[str, str], name: str) -> float | None:
    """``0.9`` or ``90%`` as 0.9."""
    if name not in given:
        return None
    text = given[name]
    percent = text.endswith(("%", "％"))
    value = _number({name: text.rstrip("%％")}, name)
    return None if value is None else value / 100 if percent else value


def _yes(given: Mapping[str, str], name: str, default: str) -> bool:
    return one_of(given, name, ("yes", "no"), default) == "yes"


def candidates_of(atlas: Atlas, question: SiteQuestion, *, files: bool = False) -> Candidates:
    """Where sites may go, for a question; paths are read only if ``files``."""
    if question.candidates == "grid":
        return grid_candidates(atlas, question.districts, question.spacing_m)
    if question.candidates == "works":
        found = planned_candidates(atlas, question.base.kinds, question.base.as_of)
    elif question.candidates == "points":
        found = _points(atlas, question.points, "layer", question.skip_bad)
    elif files:
        found = read_candidates(atlas, Path(question.candidates), drop_bad=question.skip_bad)
    else:
        raise ParameterError(
            _("参数 {name} 的值“{value}”不可用。"),
            hint=_("可用：{known}。"),
            name="candidates",
            value=question.candidates,
            known="、".join(SOURCES),
        )
    found = found.within(question.districts)
    if not len(found):
        raise ParameterError(_("所选区县里没有一个候选点。"), hint=_("请换区县，或换候选。"))
    return found


def _points(atlas: Atlas, text: str, origin: str, skip_bad: bool) -> Candidates:
    lon, lat, names = read_points(text)
    return point_candidates(atlas, lon, lat, origin=origin, names=names, drop_bad=skip_bad)


def own_of(atlas: Atlas, question: SiteQuestion, *, files: bool = False) -> Candidates | None:
    """The person's own sites; None where none are given."""
    if not question.own:
        return None
    if files and question.own.lower().endswith(ENDINGS):
        own = read_candidates(atlas, Path(question.own), origin="own", drop_bad=question.skip_bad)
    else:
        own = _points(atlas, question.own, "own", question.skip_bad)
    if len(own) > MOST_OWN:
        raise ParameterError(
            _("自选点有 {n} 个，最多 {most} 个。"), hint=_("请删去一些。"), n=len(own), most=MOST_OWN
        )
    return own


def ask_sites(
    atlas: Atlas,
    question: SiteQuestion,
    demand: Demand,
    *,
    streets: StreetNetwork | None = None,
    files: bool = False,
    lang: str = "zh",
) -> Siting:
    """The answer to a siting question."""
    base = question.base
    facilities = base.facilities(atlas) if question.existing else _nobody(base.kinds)
    setting = Setting(
        question.districts, own_of(atlas, question, files=files), load_gazetteer(), question.cut_m, lang
    )
    candidates = candidates_of(atlas, question, files=files)
    answer = choose_sites(atlas, facilities, demand, base.reach(streets), candidates, question.task, setting)
    if not question.existing:
        answer.notes.insert(0, (_("没有计入现有设施：已经有的服务也会被算作新增。"), {}))
    return answer


def _nobody(kinds: tuple[str, ...]) -> Facilities:
    """An empty set of facilities, for a question that leaves out what exists."""
    frame = pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    for name in ("lon", "lat", "accuracy_m"):
        frame[name] = frame[name].astype("float64")
    unnamed = pd.DataFrame({"work_id": pd.Series(dtype=object), "number": pd.Series(dtype="float64")})
    return Facilities(frame, unnamed, {"set": "none", "as_of": None, "kinds": list(kinds)})
