"""Answers to coverage questions, kept a while: the pages and the API ask here, so both give the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import geopandas as gpd

from geo.atlas import load_atlas, load_gazetteer
from geo.coverage import Coverage, gaps
from geo.demand import Demand
from geo.impact import Impact
from geo.network import StreetNetwork
from geo.question import WORDS, Question, ask, ask_impact, demand_of, read_question
from layers.analysis import uploads

Words = tuple[tuple[str, str], ...]
STREETS: Final = "streets"


def words_of(given: Mapping[str, str]) -> Words:
    """The words of a question among ``given``, in one order, so that equal questions are equal."""
    return tuple(sorted((name, given[name]) for name in (*WORDS, STREETS) if given.get(name)))


def _read(words: Words) -> tuple[Question, Demand, StreetNetwork | None]:
    atlas = load_atlas()
    given = dict(words)
    token = given.pop(STREETS, "")
    question = read_question(atlas, given)
    streets: StreetNetwork | None = uploads.brought(token, ("streets",)) if token else None
    if question.demand.startswith(("raster-", "residential-")):
        return question, uploads.brought(question.demand, ("raster", "residential")), streets
    return question, demand_of(atlas, question.demand), streets


@lru_cache(maxsize=256)
def coverage_answer(words: Words, lang: str) -> Coverage:
    """The coverage asked for."""
    question, demand, streets = _read(words)
    return ask(load_atlas(), question, demand, streets=streets, lang=lang)


@lru_cache(maxsize=32)
def impact_answer(words: Words, lang: str) -> Impact:
    """What the plan changes, for the same words (set and day do not matter)."""
    question, demand, streets = _read(words)
    return ask_impact(load_atlas(), question, demand, streets=streets, lang=lang)


@lru_cache(maxsize=16)
def gaps_answer(words: Words) -> gpd.GeoDataFrame:
    """Unserved land and residents by nearest named place, for the same words."""
    question, demand, streets = _read(words)
    found = gaps(question.facilities(load_atlas()), demand, question.reach(streets), load_gazetteer())
    if question.district in demand.zones.codes:
        return found[found["district_code"] == question.district]
    return found


@lru_cache(maxsize=64)
def asked(words: Words) -> Question:
    """The question itself, for those who draw it."""
    return read_question(load_atlas(), {name: value for name, value in words if name != STREETS})
