"""Who is served, as a printed map shows it: worked out once, in the city's projection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.atlas import load_atlas
from geo.coverage.question import question_reach
from geo.coverage.reach import levels
from geo.display.labels import minutes_label
from geo.display.view import read_sites
from geo.places.crs import convert
from geo.questions.works import PictureQuestion
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import SET_LABELS
from layers.analysis.answers import facilities_of, gaps_answer
from layers.analysis.edit_marks import scenario_marks
from layers.analysis.questions import Parameters, question_of, scenario_of


@dataclass(frozen=True, eq=False)
class ReachSheet:
    """Facilities, what they serve, what is left out, and what a scenario changed.

    Attributes
    ----------
    x, y : array of float
        Facilities, metres of the city's projection.
    accuracy_m : array of float
    radii : mapping
        ``low``, ``central``, ``high`` -> how far each facility serves, metres, 0 for not at all; empty where people walk along streets.
    gaps : GeoDataFrame
        Land that is left out, the largest first, in the city's projection, with ``rank``; along streets all of it.
    gap_count : int
        How many gaps are outlined.
    marks : list of dict
        Edits of a scenario (:mod:`layers.analysis.edit_marks`).
    best, own : list of (float, float)
        Chosen sites in order, and a person's own: metres of the city's projection.
    site_radius : float
        How far each of them serves, metres.
    title : str
        The question in words.
    credits : tuple of str
        Whom the licences of the facilities' sources ask to be named.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    accuracy_m: NDArray[np.float64]
    radii: dict[str, NDArray[np.float64]]
    gaps: gpd.GeoDataFrame
    gap_count: int
    marks: list[dict[str, Any]]
    best: list[tuple[float, float]]
    own: list[tuple[float, float]]
    site_radius: float
    title: str
    credits: tuple[str, ...]


def reach_sheet(parameters: Parameters, view: PictureQuestion, lang: str) -> ReachSheet:
    """The sheet of a question.

    Parameters
    ----------
    parameters : Parameters
        Of coverage, with a scenario if there is one.
    view : PictureQuestion
        How many gaps are outlined, and sites.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    ReachSheet

    Raises
    ------
    AtlasError
        Whatever the question is refused for.
    """
    atlas, question, gap_count = load_atlas(), question_of(parameters), view.gap_count
    facilities = facilities_of(parameters)
    x, y = facilities.xy
    gaps = gaps_answer(parameters) if gap_count else gpd.GeoDataFrame({"rank": []}, geometry=[], crs=4326)
    shown = gaps if question.walk else gaps.head(gap_count)
    radii = {} if question.walk else levels(question_reach(question, None), facilities.accuracy_m)
    return ReachSheet(
        x=x,
        y=y,
        accuracy_m=facilities.accuracy_m,
        radii=radii,
        gaps=shown.to_crs(atlas.city.projected_crs),
        gap_count=gap_count,
        marks=scenario_marks(parameters, lang),
        best=_projected(view.chosen_sites, atlas.city.projected_crs),
        own=_projected(view.own_sites, atlas.city.projected_crs),
        site_radius=question.radius_m or 0.0,
        title=question_title(parameters, lang),
        credits=facility_credits(facilities.frame),
    )


def _projected(sites: str, projected: str) -> list[tuple[float, float]]:
    places = read_sites(sites)
    if not places:
        return []
    x, y = convert(*zip(*places, strict=True), source="WGS84", target=projected)
    return [(float(east), float(north)) for east, north in zip(x, y, strict=True)]


def question_title(parameters: Parameters, lang: str) -> str:
    """``公交站 · 300 米 · 截至该日``, and the scenario, which is not what the register says."""
    atlas, question, scenario = load_atlas(), question_of(parameters), scenario_of(parameters)
    names = atlas.names("kinds", lang)
    far = (
        minutes_label(question.mode, question.minutes, lang)
        if question.minutes
        else translate(_("{n} 米"), lang).format(n=f"{question.radius_m or 0:g}")
    )
    parts = [
        "、".join(names.get(kind, kind) for kind in question.kinds),
        far,
        translate(SET_LABELS[question.which], lang),
    ]
    if scenario is not None and scenario.edits:
        text = translate(_("推演：{name}（{n} 处改动，不是登记现状）"), lang)
        parts.append(
            text.format(name=scenario.name or translate(_("未命名的方案"), lang), n=len(scenario.edits))
        )
    return " · ".join(parts)


def facility_credits(frame: pd.DataFrame) -> tuple[str, ...]:
    """Publisher and licence of every open source that facilities are from."""
    sources = load_atlas().pack.sources.reindex(frame["source_id"].dropna().unique())
    open_data = sources[(sources["reliability"] == "open_data") & sources["licence"].notna()]
    return tuple(dict.fromkeys(f"{row['publisher']} ({row['licence']})" for _id, row in open_data.iterrows()))
