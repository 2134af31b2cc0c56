"""Answers to coverage questions, kept a while: the pages and the API ask here, so both give the same numbers."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.atlas import load_atlas, load_gazetteer
from geo.atlas_cache import per_version
from geo.coverage.answer import Coverage, gaps
from geo.coverage.certainty import certainty
from geo.coverage.demand import Demand
from geo.coverage.equity import Equity, equity
from geo.coverage.impact import Impact
from geo.coverage.question import answer_impact, question_facilities, question_reach
from geo.coverage.reach import Reach
from geo.register.facilities import Facilities
from geo.whatif.edits import EditedSet
from geo.whatif.scenario import read_scenario
from layers.analysis import whatif
from layers.analysis.questions import (
    Parameters,
    coverage_without_scenario,
    measures_much,
    question_of,
    read,
    scenario_of,
)
from layers.workers.heavy import heavy
from layers.workers.limits import ANSWER_S


@heavy(seconds=ANSWER_S, remembered=256, when=measures_much)
@per_version(256)
def coverage_answer(parameters: Parameters, lang: str) -> Coverage:
    """The coverage asked for, after the edits of a scenario if the parameters name one."""
    scenario = scenario_of(parameters)
    if scenario is not None:
        return whatif.changed_answer(parameters, scenario, lang).after
    return coverage_without_scenario(parameters, lang)


@heavy(seconds=ANSWER_S, remembered=32)
@per_version(32)
def impact_answer(parameters: Parameters, lang: str) -> Impact:
    """What the plan changes, for the same parameters (set and day do not matter)."""
    question, demand, streets = read(parameters)
    return answer_impact(load_atlas(), question, demand, streets=streets, lang=lang)


class WhatIfAnswer(NamedTuple):
    """An answer before and after the edits, and what the edits came to."""

    before: Coverage
    after: Coverage
    result: EditedSet


@heavy(seconds=ANSWER_S, remembered=16, when=measures_much)
def what_if(parameters: Parameters, scenario: str, lang: str) -> WhatIfAnswer:
    """The coverage asked for, before and after the edits of a scenario.

    Parameters
    ----------
    parameters : Parameters
    scenario : str
        In its JSON form.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    WhatIfAnswer
    """
    found = whatif.changed_answer(parameters, read_scenario(scenario), lang)
    return WhatIfAnswer(found.before, found.after, found.result)


def _edits_much(parameters: Parameters) -> bool:
    return scenario_of(parameters) is not None and measures_much(parameters)


@heavy(seconds=ANSWER_S, remembered=16, when=_edits_much)
def facilities_of(parameters: Parameters) -> Facilities:
    """The facilities asked for, as the edits of a scenario leave them if the parameters name one."""
    return _scene(parameters, "zh")[0]


def _scene(parameters: Parameters, lang: str) -> tuple[Facilities, Demand, Reach]:
    """Facilities, demand and reach of a question, after the edits of a scenario if the parameters name one."""
    question, demand, streets = read(parameters)
    scenario = scenario_of(parameters)
    if scenario is not None:
        changed = whatif.changed_answer(parameters, scenario, lang)
        return changed.facilities, demand, changed.reach
    return question_facilities(load_atlas(), question), demand, question_reach(question, streets)


@heavy(seconds=ANSWER_S, remembered=32, when=measures_much)
@per_version(16)
def certainty_answer(parameters: Parameters) -> pd.DataFrame:
    """Whose errors make the interval wide, for the same parameters."""
    return certainty(*_scene(parameters, "zh"))


@heavy(seconds=ANSWER_S, remembered=32)
@per_version(16)
def gaps_answer(parameters: Parameters) -> gpd.GeoDataFrame:
    """Unserved land and residents by nearest named place, for the same parameters."""
    facilities, demand, reach = _scene(parameters, "zh")
    frame = gaps(facilities, demand, reach, load_gazetteer())
    district = question_of(parameters).district
    return frame[frame["district_code"] == district] if district in demand.zones.codes else frame


@heavy(seconds=ANSWER_S, remembered=32)
@per_version(16)
def equity_answer(parameters: Parameters, lang: str) -> Equity:
    """How evenly the facilities serve, after the edits of a scenario if the parameters name one."""
    return equity(
        load_atlas(),
        *_scene(parameters, lang),
        supply=_supplied(parameters),
        unit=question_of(parameters).unit,
        lang=lang,
    )


def _supplied(parameters: Parameters) -> dict[str, float]:
    """What the facilities that a scenario adds offer, by id."""
    scenario = scenario_of(parameters)
    if scenario is None:
        return {}
    placed = whatif.changed_answer(parameters, scenario, "zh").result.placed
    return {key: place.supply for key, place in placed.items() if place and place.supply is not None}
