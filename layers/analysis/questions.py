"""The parameters of a question read once: what pages, API and scenarios all ask with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.atlas import load_atlas
from geo.atlas_cache import per_version
from geo.coverage.answer import Coverage
from geo.coverage.demand import Demand
from geo.coverage.question import answer_coverage, demand_of, read_question_as
from geo.kernels.network import StreetNetwork
from geo.questions.coverage import EquityQuestion, ReachQuestion, WhatIfQuestion
from geo.questions.isochrone import IsochroneQuestion
from geo.questions.matrix import MatrixQuestion
from geo.questions.question import Question, names
from geo.questions.services import ServicesQuestion
from geo.whatif.saved_scenarios import scenario_at
from geo.whatif.scenario import Scenario
from layers.analysis import uploads

Parameters = tuple[tuple[str, str], ...]
"""Names and values as they were written, in one order, so that equal questions are equal."""
SCENARIO: Final = "scenario"


def parameters_of(given: Mapping[str, str], question: type[Question] = EquityQuestion) -> Parameters:
    """The parameters of a question among ``given``; by default those of any question on who is served."""
    return tuple(sorted((name, given[name]) for name in names(question) if given.get(name)))


def read(parameters: Parameters) -> tuple[WhatIfQuestion, Demand, StreetNetwork | None]:
    """The question, its demand and its streets; a scenario among the parameters is left aside."""
    question = question_of(parameters)
    return question, demand_for(question), streets_for(question)


def demand_for(question: ReachQuestion | MatrixQuestion) -> Demand:
    """The demand of a question: computed from the census, or brought by a person."""
    if question.demand.startswith(("raster-", "residential-")):
        brought: Demand = uploads.brought(question.demand, ("raster", "residential"))
        return brought
    return demand_of(load_atlas(), question.demand)


def streets_for(
    question: ReachQuestion | MatrixQuestion | ServicesQuestion | IsochroneQuestion,
) -> StreetNetwork | None:
    """The streets that a person brought for a question; None for none."""
    streets: StreetNetwork | None = None
    if question.streets:
        streets = uploads.brought(question.streets, ("streets",))
    return streets


def measures_much(parameters: Parameters, *_more: object) -> bool:
    """Is a question of coverage heavy? With a person's own streets or land it is; else it takes milliseconds."""
    question = question_of(parameters)
    return bool(question.streets) or question.demand.startswith(("raster-", "residential-"))


def base_of(parameters: Parameters) -> Parameters:
    """The question without its scenario; language, district and unit of supply do not change what is measured."""
    return tuple(pair for pair in parameters if pair[0] not in (SCENARIO, "district", "unit"))


def scenario_of(parameters: Parameters) -> Scenario | None:
    """The scenario that the parameters name."""
    word = dict(parameters).get(SCENARIO)
    return scenario_at(word) if word else None


@per_version(256)
def coverage_without_scenario(parameters: Parameters, lang: str) -> Coverage:
    """The coverage asked for; a scenario among the parameters is left aside."""
    question, demand, streets = read(parameters)
    return answer_coverage(load_atlas(), question, demand, streets=streets, lang=lang)


@per_version(64)
def question_of(parameters: Parameters) -> EquityQuestion:
    """The question itself, for those who draw or measure it."""
    return read_question_as(EquityQuestion, load_atlas(), dict(parameters))
