"""The words of a coverage question read once: what pages, API and scenarios all ask with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.atlas import load_atlas
from geo.atlas_cache import per_version
from geo.coverage.answer import Coverage
from geo.coverage.demand import Demand
from geo.coverage.question import WORDS, Question, ask, demand_of, read_question
from geo.kernels.network import StreetNetwork
from geo.whatif.saved_scenarios import scenario_at
from geo.whatif.scenario import Scenario
from layers.analysis import uploads

Words = tuple[tuple[str, str], ...]
STREETS: Final = "streets"
SCENARIO: Final = "scenario"


def words_of(given: Mapping[str, str]) -> Words:
    """The words of a question among ``given``, in one order, so that equal questions are equal."""
    return tuple(sorted((name, given[name]) for name in (*WORDS, STREETS, SCENARIO) if given.get(name)))


def read(words: Words) -> tuple[Question, Demand, StreetNetwork | None]:
    """The question, its demand and its streets; a scenario among the words is left aside."""
    atlas = load_atlas()
    given = dict(words)
    given.pop(SCENARIO, "")
    token = given.pop(STREETS, "")
    question = read_question(atlas, given)
    streets: StreetNetwork | None = uploads.brought(token, ("streets",)) if token else None
    if question.demand.startswith(("raster-", "residential-")):
        return question, uploads.brought(question.demand, ("raster", "residential")), streets
    return question, demand_of(atlas, question.demand), streets


def base_of(words: Words) -> Words:
    """The question without its scenario; language and district do not change what is measured."""
    return tuple(pair for pair in words if pair[0] not in (SCENARIO, "district"))


def scenario_of(words: Words) -> Scenario | None:
    """The scenario that the words name."""
    word = dict(words).get(SCENARIO)
    return scenario_at(word) if word else None


@per_version(256)
def plain_coverage(words: Words, lang: str) -> Coverage:
    """The coverage asked for; a scenario among the words is left aside."""
    question, demand, streets = read(words)
    return ask(load_atlas(), question, demand, streets=streets, lang=lang)


@per_version(64)
def asked(words: Words) -> Question:
    """The question itself, for those who draw it."""
    return read_question(
        load_atlas(), {name: value for name, value in words if name not in (STREETS, SCENARIO)}
    )
