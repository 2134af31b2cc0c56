"""Answers to siting questions, kept a while and worked out in threads, so that a page never waits for the solver."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Final

from geo.atlas import load_atlas
from geo.errors import ParameterError
from geo.questions.siting import SiteQuestion
from geo.register.city import Atlas
from geo.siting.candidates import grid_candidates
from geo.siting.given_candidates import ENDINGS, read_candidates
from geo.siting.question import answer_sites, read_site_question
from geo.siting.result import Siting
from geo.text import mark as _
from layers.analysis.questions import Parameters, demand_for, parameters_of, streets_for

API_SECONDS: Final = 2
API_SITES: Final = 50
API_CANDIDATES: Final = 3_000
_MAX_ANSWERS: Final = 64
_NO_SEPARATORS: Final = str.maketrans(",;\n\r\t", "     ")
_SOLVERS = BoundedSemaphore(2)
_jobs: OrderedDict[tuple[Parameters, str, str], Future[Siting]] = OrderedDict()
_lock = Lock()


def site_parameters(given: Mapping[str, str]) -> Parameters:
    """The parameters of a siting question among ``given``, in one order, so that equal questions are equal."""
    return parameters_of(given, SiteQuestion)


@lru_cache(maxsize=_MAX_ANSWERS)
def site_answer(parameters: Parameters, lang: str, version: str) -> Siting:  # noqa: ARG001 (version is the cache key)
    """Where to build, for the parameters of a question; ``version`` is the atlas's.

    Parameters
    ----------
    parameters : Parameters
        Names and values of the question.
    lang : str
        ``zh`` or ``en``.
    version : str

    Returns
    -------
    Siting
    """
    atlas = load_atlas()
    question = read_site_question(atlas, dict(parameters))
    demand, streets = demand_for(question), streets_for(question)
    with _SOLVERS:
        return answer_sites(atlas, question, demand, streets=streets, lang=lang)


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="atlas-siting")


def start(parameters: Parameters, lang: str) -> Future[Siting]:
    """The answer in the making: the same future for the same question, so that nobody's question runs twice."""
    version = load_atlas().version
    key = (parameters, lang, version)
    with _lock:
        if key in _jobs and not (_jobs[key].done() and _jobs[key].exception() is not None):
            _jobs.move_to_end(key)
            return _jobs[key]
        _jobs[key] = _pool().submit(site_answer, parameters, lang, version)
        while len(_jobs) > _MAX_ANSWERS:
            _jobs.popitem(last=False)
        return _jobs[key]


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
    ending = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        path = Path(folder) / f"points{ending if ending in ENDINGS else ''}"
        path.write_bytes(content)
        candidates = read_candidates(atlas, path, drop_bad=True)
    rows = candidates.frame[["lon", "lat", "name_zh"]].itertuples(index=False)
    return ";".join(f"{lon:.7f},{lat:.7f},{str(label).translate(_NO_SEPARATORS)}" for lon, lat, label in rows)


def bounded_answer(parameters: Parameters, lang: str) -> Siting:
    """The answer for a program: bounded in size and time; the quick method where every solver is at work.

    Raises
    ------
    ParameterError
        More than the open API answers; the message says how much it does.
    """
    question = read_site_question(load_atlas(), dict(parameters))
    _check_bounds(question)
    bounded = dict(parameters) | {"limit": f"{min(question.time_limit_s, API_SECONDS):g}"}
    if not _SOLVERS.acquire(blocking=False):
        bounded["method"] = "greedy"
    else:
        _SOLVERS.release()
    return site_answer(site_parameters(bounded), lang, load_atlas().version)


def _check_bounds(question: SiteQuestion) -> None:
    if (question.k or 0) > API_SITES:
        raise ParameterError(
            _("接口一次最多选 {most} 处。"), hint=_("更多请用命令行 python -m geo site。"), most=API_SITES
        )
    if question.candidates == "grid":
        number = len(grid_candidates(load_atlas(), question.districts, question.spacing_m))
        if number > API_CANDIDATES:
            raise ParameterError(
                _("接口一次最多看 {most} 个候选，这里有 {n} 个。"),
                hint=_("请加大 spacing、只选部分区县，或用命令行 python -m geo site。"),
                most=API_CANDIDATES,
                n=number,
            )
