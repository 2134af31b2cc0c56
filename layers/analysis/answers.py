"""Answers to coverage questions, kept a while: the pages and the API ask here, so both give the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.atlas import load_atlas, load_gazetteer
from geo.certainty import certainty
from geo.coverage import Coverage, gaps
from geo.demand import Demand
from geo.equity import Equity, equity
from geo.facilities import Facilities
from geo.impact import Impact
from geo.network import StreetNetwork
from geo.question import WORDS, Question, ask, ask_impact, demand_of, read_question
from geo.reach import Reach
from geo.versioned import per_version
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


@per_version(256)
def coverage_answer(words: Words, lang: str) -> Coverage:
    """The coverage asked for, after the edits of a scenario if the words name one."""
    from layers.analysis import whatif

    scenario = whatif.scenario_of(words)
    if scenario is not None:
        return whatif.changed_answer(words, scenario, lang).after
    question, demand, streets = read(words)
    return ask(load_atlas(), question, demand, streets=streets, lang=lang)


@per_version(32)
def impact_answer(words: Words, lang: str) -> Impact:
    """What the plan changes, for the same words (set and day do not matter)."""
    question, demand, streets = read(words)
    return ask_impact(load_atlas(), question, demand, streets=streets, lang=lang)


def facilities_of(words: Words) -> Facilities:
    """The facilities asked for, as the edits of a scenario leave them if the words name one."""
    return _scene(words, "zh")[0]


def _scene(words: Words, lang: str) -> tuple[Facilities, Demand, Reach]:
    """Facilities, demand and reach of a question, after the edits of a scenario if the words name one."""
    from layers.analysis import whatif

    question, demand, streets = read(words)
    scenario = whatif.scenario_of(words)
    if scenario is not None:
        changed = whatif.changed_answer(words, scenario, lang)
        return changed.facilities, demand, changed.reach
    return question.facilities(load_atlas()), demand, question.reach(streets)


@per_version(16)
def certainty_answer(words: Words) -> pd.DataFrame:
    """Whose errors make the interval wide, for the same words."""
    return certainty(*_scene(words, "zh"))


@per_version(16)
def gaps_answer(words: Words) -> gpd.GeoDataFrame:
    """Unserved land and residents by nearest named place, for the same words."""
    facilities, demand, reach = _scene(words, "zh")
    found = gaps(facilities, demand, reach, load_gazetteer())
    district = asked(words).district
    return found[found["district_code"] == district] if district in demand.zones.codes else found


@per_version(16)
def equity_answer(words: Words, lang: str) -> Equity:
    """How evenly the facilities serve, after the edits of a scenario if the words name one."""
    return equity(load_atlas(), *_scene(words, lang), supply=_supplied(words), lang=lang)


def _supplied(words: Words) -> dict[str, float]:
    """What the facilities that a scenario adds offer, by id."""
    from layers.analysis import whatif

    scenario = whatif.scenario_of(words)
    if scenario is None:
        return {}
    placed = whatif.changed_answer(words, scenario, "zh").result.placed
    return {key: place.supply for key, place in placed.items() if place and place.supply is not None}


@per_version(64)
def asked(words: Words) -> Question:
    """The question itself, for those who draw it."""
    return read_question(
        load_atlas(), {name: value for name, value in words if name not in (STREETS, SCENARIO)}
    )
