"""Answers to siting questions, kept a while and worked out by workers, so that no page waits for the solver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.atlas import load_atlas
from geo.atlas_cache import per_version
from geo.errors import AtlasError, ParameterError
from geo.questions.siting import SiteQuestion
from geo.register.city import Atlas
from geo.siting.candidates import grid_candidates
from geo.siting.given_candidates import read_candidates
from geo.siting.question import answer_sites, land_of, read_site_question
from geo.siting.result import Siting
from geo.text import mark as _
from geo.uploaded_files import laid_down
from layers.analysis import uploads
from layers.analysis.questions import Parameters, demand_for, parameters_of, streets_for
from layers.workers.heavy import heavy
from layers.workers.limits import API_SITES_S, SITES_MORE_S
from layers.workers.run import Run

API_SECONDS: Final = 2
MOST_SOLVER_S: Final = 60
"""A page's solver gets no more, whatever its link says."""
API_SITES: Final = 50
API_CANDIDATES: Final = 3_000
_MAX_ANSWERS: Final = 64
_NO_SEPARATORS: Final = str.maketrans(",;\n\r\t", "     ")


def site_parameters(given: Mapping[str, str]) -> Parameters:
    """The parameters of a siting question among ``given``, in one order, so that equal questions are equal."""
    return parameters_of(given, SiteQuestion)


def _seconds(parameters: Parameters, _lang: str) -> float:
    limit = read_site_question(load_atlas(), dict(parameters)).time_limit_s
    return min(limit, MOST_SOLVER_S) + SITES_MORE_S


@heavy(seconds=_seconds, remembered=_MAX_ANSWERS)
@per_version(_MAX_ANSWERS)
def site_answer(parameters: Parameters, lang: str) -> Siting:
    """Where to build, for the parameters of a question."""
    atlas = load_atlas()
    question = read_site_question(atlas, dict(parameters))
    demand, streets = demand_for(question), streets_for(question)
    land = land_of(question, lambda token, kind: uploads.brought(token, (kind,)))
    return answer_sites(atlas, question, demand, streets=streets, land=land, lang=lang)


def start(parameters: Parameters, lang: str) -> Run[Siting]:
    """The answer in the making; an error of the question itself is its outcome, too."""
    try:
        return site_answer.begin(parameters, lang)
    except AtlasError as error:
        failed: Run[Siting] = Run()
        failed.future.set_exception(error)
        return failed


def points_of_file(atlas: Atlas, name: str, content: bytes) -> str:
    """Candidates of a person's file as ``lon,lat,name`` lines; the file itself is not kept.

    Parameters
    ----------
    atlas : Atlas
    name : str
    content : bytes

    Returns
    -------
    str

    Raises
    ------
    AtlasError
        The file cannot be read as candidates; faulty rows are reported when the question is answered.
    """
    with laid_down(name, content) as path:
        candidates = read_candidates(atlas, path, drop_bad=True)
    rows = candidates.frame[["lon", "lat", "name_zh"]].itertuples(index=False)
    return ";".join(f"{lon:.7f},{lat:.7f},{str(label).translate(_NO_SEPARATORS)}" for lon, lat, label in rows)


@heavy(seconds=API_SITES_S, remembered=_MAX_ANSWERS)
def bounded_answer(parameters: Parameters, lang: str) -> Siting:
    """The answer for a program: bounded in size and time.

    Raises
    ------
    ParameterError
        More than the open API answers; the message says how much it does.
    """
    question = read_site_question(load_atlas(), dict(parameters))
    _check_bounds(question)
    bounded = dict(parameters) | {"limit": f"{min(question.time_limit_s, API_SECONDS):g}"}
    return site_answer(site_parameters(bounded), lang)


def _check_bounds(question: SiteQuestion) -> None:
    others = question.other_kinds
    if (question.k or 0) + sum(each.k or 0 for each in others) > API_SITES:
        raise ParameterError(
            _("接口一次最多选 {most} 处。"), hint=_("更多请用命令行 python -m geo site。"), most=API_SITES
        )
    if question.candidates == "grid":
        number = len(grid_candidates(load_atlas(), question.districts, question.spacing_m))
        number *= 1 + len(others)
        if number > API_CANDIDATES:
            raise ParameterError(
                _("接口一次最多看 {most} 个候选，这里有 {n} 个。"),
                hint=_("请加大 spacing、只选部分区县，或用命令行 python -m geo site。"),
                most=API_CANDIDATES,
                n=number,
            )
