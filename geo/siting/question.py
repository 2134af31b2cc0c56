"""Answering a siting question: its checks against the city's data, its task, candidates and own sites.

The parameters themselves are declared in :mod:`geo.questions.siting`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.atlas import load_gazetteer
from geo.coverage.demand import Demand
from geo.coverage.question import (
    check_kinds,
    not_allowed,
    question_facilities,
    question_reach,
    read_question_as,
    with_one_reach,
)
from geo.errors import ParameterError
from geo.kernels.network import StreetNetwork
from geo.questions.siting import LEAST_CUT_M, MOST_OWN, SOURCES, SiteQuestion
from geo.register.city import Atlas
from geo.register.facilities import COLUMNS, Facilities
from geo.siting.answer import Setting, choose_sites
from geo.siting.candidates import Candidates, grid_candidates, planned_candidates
from geo.siting.exclusions import exclusions_of, without_excluded
from geo.siting.given_candidates import ENDINGS, point_candidates, read_candidates
from geo.siting.owed import owed_works
from geo.siting.parcels import parcel_candidates
from geo.siting.points import read_points
from geo.siting.result import Siting
from geo.siting.several import KindTask, choose_together
from geo.siting.task import Task
from geo.text import mark as _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def read_site_question(atlas: Atlas, given: Mapping[str, Any]) -> SiteQuestion:
    """Parameters such as ``{"kind": "car_park", "radius": "300", "district": "...", "k": "5"}`` as a question.

    Parameters
    ----------
    given : mapping
        Parameters of :class:`geo.questions.siting.SiteQuestion` by name; empty values mean the default. ``district``
        may name several, joined by ``|``.

    Raises
    ------
    ParameterError, UnknownIdError
        The message names the parameter, the value and what is allowed.
    """
    question = read_question_as(SiteQuestion, atlas, given)
    for each in question.other_kinds:
        check_kinds(atlas, each.kinds, SiteQuestion)
    return question.model_copy(update={"districts": _districts(atlas, question.districts)})


def task_of(question: SiteQuestion) -> Task:
    """What is sought, as the solver takes it."""
    names = ("goal", "k", "share", "each_district", "floor", "capacity", "method", "time_limit_s")
    more = ("people_per_unit", "unit", "unknown_capacity", "gap_m", "budget", "per_parcel")
    return Task(**{name: getattr(question, name) for name in (*names, *more)})


def cut_of(question: SiteQuestion) -> float:
    """Metres beyond which every way counts as this long: at least as far as facilities serve."""
    return question.cut_m or max(LEAST_CUT_M, question.radius_m or 0.0)


def _districts(atlas: Atlas, codes: tuple[str, ...]) -> tuple[str, ...]:
    known = tuple(map(str, atlas.districts.index))
    if codes in (("all",), (atlas.city.code,)):
        return known
    wrong = [code for code in codes if code not in known]
    if wrong:
        raise not_allowed(SiteQuestion, "district", "|".join(wrong), known)
    return codes


@dataclass(frozen=True, eq=False)
class Land:
    """The parcels and the areas without sites that a question names, in any CRS; None where it names none."""

    parcels: GeoDataFrame | None = None
    exclusions: GeoDataFrame | None = None


def land_of(question: SiteQuestion, shapes: Callable[[str, str], GeoDataFrame]) -> Land:
    """The land that a question names, by what gives the shapes of a name and a kind (``parcels``, ``exclusions``)."""
    return Land(
        shapes(question.parcels, "parcels") if question.candidates == "parcels" else None,
        shapes(question.exclusions, "exclusions") if question.exclusions else None,
    )


def candidates_of(
    atlas: Atlas, question: SiteQuestion, *, files: bool = False, land: Land | None = None
) -> Candidates:
    """Where sites may go, for a question; paths are read only if ``files``.

    Parameters
    ----------
    atlas : Atlas
    question : SiteQuestion
    files : bool
    land : Land or None
        Parcels and areas without sites, as of :func:`land_of`.

    Returns
    -------
    Candidates
        None of them lies in what is excluded.

    Raises
    ------
    ParameterError
        The question names candidates that are not there, or all are excluded.
    """
    exclusions = exclusions_of(atlas, land.exclusions if land else None, water=question.water)
    taken = _named_points(atlas, question.taken, "taken", question.skip_bad, files)
    if question.candidates == "parcels" and land is not None and land.parcels is not None:
        found = parcel_candidates(atlas, land.parcels, question, exclusions, taken)
    else:
        found = without_excluded(_point_candidates(atlas, question, files), exclusions)
        found = found if taken is None else found.without(taken)
    found = found.within(question.districts)
    if not len(found):
        raise ParameterError(_("所选区县里没有一个候选点。"), hint=_("请换区县，或换候选。"))
    if question.water:
        text = _("资料包的湖面已排除；河流、池塘等其他水面不在资料包里，要排除请给出排除范围。")
        found = replace(found, notes=[*found.notes, (text, {})])
    return found


def _point_candidates(atlas: Atlas, question: SiteQuestion, files: bool) -> Candidates:
    if question.candidates == "grid":
        return grid_candidates(atlas, question.districts, question.spacing_m)
    if question.candidates == "works":
        return planned_candidates(atlas, question.kinds, question.as_of)
    if question.candidates == "points":
        return _points(atlas, question.points, "layer", question.skip_bad)
    if files and question.candidates not in SOURCES:
        return read_candidates(atlas, Path(question.candidates), drop_bad=question.skip_bad)
    raise not_allowed(SiteQuestion, "candidates", question.candidates, SOURCES)


def _points(atlas: Atlas, text: str, origin: str, skip_bad: bool) -> Candidates:
    lon, lat, names = read_points(text)
    return point_candidates(atlas, lon, lat, origin=origin, names=names, drop_bad=skip_bad)


def _named_points(atlas: Atlas, text: str, origin: str, skip_bad: bool, files: bool) -> Candidates | None:
    """Points that a person writes, or (if ``files``) of a file that is named; None where there are none."""
    if not text:
        return None
    if files and text.lower().endswith(ENDINGS):
        return read_candidates(atlas, Path(text), origin=origin, drop_bad=skip_bad)
    return _points(atlas, text, origin, skip_bad)


def own_of(atlas: Atlas, question: SiteQuestion, *, files: bool = False) -> Candidates | None:
    """The person's own sites; None where none are given.

    Parameters
    ----------
    atlas : Atlas
    question : SiteQuestion
    files : bool

    Returns
    -------
    Candidates or None

    Raises
    ------
    ParameterError
        The question names sites that cannot be used.
    """
    own = _named_points(atlas, question.own, "own", question.skip_bad, files)
    if own is not None and len(own) > MOST_OWN:
        raise ParameterError(
            _("自选点有 {n} 个，最多 {most} 个。"), hint=_("请删去一些。"), n=len(own), most=MOST_OWN
        )
    return own


def answer_sites(
    atlas: Atlas,
    question: SiteQuestion,
    demand: Demand,
    *,
    streets: StreetNetwork | None = None,
    land: Land | None = None,
    files: bool = False,
    lang: str = "zh",
) -> Siting:
    """The answer to a siting question.

    Parameters
    ----------
    atlas : Atlas
    question : SiteQuestion
        Checked, as of :func:`read_site_question`.
    demand : Demand
        Who is to be served.
    streets : StreetNetwork or None
        For a walk.
    land : Land or None
        Parcels and areas without sites, where the question names them (:func:`land_of`).
    files : bool
        Whether candidates and own sites may be paths of files (command line only).
    lang : str
        Language of names and notes.

    Returns
    -------
    Siting

    Raises
    ------
    AtlasError
        Points that cannot be read, no candidate, or what cannot be reached; the message says which and how far.
    """
    atlas = atlas.for_question(question.plan)
    if question.other_kinds:
        return _answer_together(atlas, question, demand, streets, land, files=files, lang=lang)
    facilities = _existing(atlas, question)
    own = own_of(atlas, question, files=files)
    candidates = candidates_of(atlas, question, files=files, land=land)
    if own is not None:
        own = _with_barred(atlas, question, own, land)
    owed = owed_works(atlas, facilities) if question.existing else None
    setting = Setting(question.districts, own, load_gazetteer(), cut_of(question), lang, owed)
    reach = question_reach(question, streets).on_foot()
    answer = choose_sites(atlas, facilities, demand, reach, candidates, task_of(question), setting)
    return _with_note_on_existing(answer, question)


def _with_note_on_existing(answer: Siting, question: SiteQuestion) -> Siting:
    if not question.existing:
        answer.notes.insert(0, (_("没有计入现有设施：已经有的服务也会被算作新增。"), {}))
    return answer


def _existing(atlas: Atlas, question: SiteQuestion) -> Facilities:
    if question.existing:
        return question_facilities(atlas, question)
    return _nobody(question.kinds, atlas.city.projected_crs)


def questions_of_kinds(question: SiteQuestion) -> list[SiteQuestion]:
    """A question on several kinds as one question a kind; the first is its own."""
    of_kind = ("kinds", "radius_m", "minutes", "k", "weight", "land_use", "cost_column", "capacity_column")
    of_capacity = ("capacity", "people_per_unit", "unit")
    questions = [question.model_copy(update={"also": ""})]
    for other in question.other_kinds:
        own = {name: getattr(other, name) for name in (*of_kind, *of_capacity)}
        # a class of land or a column that only the first names is not meant for another kind, but the usual column is
        questions.append(with_one_reach(question.model_copy(update=own | {"also": "", "indicator": ""})))
    return questions


def _answer_together(
    atlas: Atlas,
    question: SiteQuestion,
    demand: Demand,
    streets: StreetNetwork | None,
    land: Land | None,
    *,
    files: bool,
    lang: str,
) -> Siting:
    sought = [
        KindTask(
            each.kinds,
            _existing(atlas, each),
            question_reach(each, streets).on_foot(),
            candidates_of(atlas, each, files=files, land=land),
            task_of(each),
            each.weight,
        )
        for each in questions_of_kinds(question)
    ]
    setting = Setting(question.districts, None, load_gazetteer(), lang=lang)
    return _with_note_on_existing(choose_together(atlas, demand, sought, setting), question)


def _with_barred(atlas: Atlas, question: SiteQuestion, own: Candidates, land: Land | None) -> Candidates:
    """Own sites, marked where they may not be built: in nothing that is excluded, and in a parcel where parcels are given."""
    exclusions = exclusions_of(atlas, land.exclusions if land else None, water=question.water)
    in_area, in_lake = exclusions.hit(*own.xy)
    barred = in_area | in_lake | (question.candidates == "parcels")
    return replace(own, frame=own.frame.assign(barred=barred))


def _nobody(kinds: tuple[str, ...], crs: str) -> Facilities:
    """An empty set of facilities, for a question that leaves out what exists."""
    frame = pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    for name in ("lon", "lat", "accuracy_m"):
        frame[name] = frame[name].astype("float64")
    unnamed = pd.DataFrame({"work_id": pd.Series(dtype=object), "number": pd.Series(dtype="float64")})
    return Facilities(frame, unnamed, crs, {"set": "none", "as_of": None, "kinds": list(kinds)})
