"""Answers to coverage questions, kept a while: the pages and the API ask here, so both give the same numbers."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.atlas import load_atlas, load_gazetteer
from geo.atlas_cache import per_version
from geo.coverage.answer import Coverage, gaps
from geo.coverage.certainty import certainty
from geo.coverage.demand import Demand
from geo.coverage.equity import Equity, equity
from geo.coverage.impact import Impact
from geo.coverage.question import ask_impact
from geo.coverage.reach import Reach
from geo.register.facilities import Facilities
from layers.analysis import whatif
from layers.analysis.questions import Words, asked, plain_coverage, read, scenario_of


@per_version(256)
def coverage_answer(words: Words, lang: str) -> Coverage:
    """The coverage asked for, after the edits of a scenario if the words name one."""
    scenario = scenario_of(words)
    if scenario is not None:
        return whatif.changed_answer(words, scenario, lang).after
    return plain_coverage(words, lang)


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
    question, demand, streets = read(words)
    scenario = scenario_of(words)
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
    scenario = scenario_of(words)
    if scenario is None:
        return {}
    placed = whatif.changed_answer(words, scenario, "zh").result.placed
    return {key: place.supply for key, place in placed.items() if place and place.supply is not None}
