"""The works near a place as rows for people, by the distance they are possibly within."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.display.labels import district_names, name_of, status_style
from geo.display.near_text import bound_text, length_text
from geo.display.near_texts import NEAR_TEXTS
from geo.display.symbology import StatusStyle
from geo.register.near import BOUNDS_M, Near
from geo.text import translate


@dataclass(frozen=True, slots=True)
class NearRow:
    """One work: names and labels in the language of the table; WGS84 degrees, or those of the place for a line.

    ``certain`` is the smallest bound that it is certainly within, or a word that it is within none.
    """

    work_id: str
    name: str
    districts: str
    status: StatusStyle
    distance: str
    span: str
    certain: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class NearRing:
    """The works that are possibly within a bound and within no smaller one."""

    title: str
    rows: tuple[NearRow, ...]


def rings(near: Near, districts: Mapping[str, str], lang: str) -> list[NearRing]:
    """Works by ring, nearest first; rings without works are left out.

    Parameters
    ----------
    near : Near
    districts : mapping
        District code -> name in ``lang``.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    list of NearRing
    """
    title = translate(NEAR_TEXTS["possibly"], lang)
    made = [
        NearRing(
            title.format(bound=bound_text(bound, lang)),
            tuple(
                _row(near, work, districts, lang)
                for _id, work in near.works[near.works["possible_m"] == bound].iterrows()
            ),
        )
        for bound in BOUNDS_M
    ]
    return [ring for ring in made if ring.rows]


def _row(near: Near, work: pd.Series[Any], districts: Mapping[str, str], lang: str) -> NearRow:
    span = translate(NEAR_TEXTS["span"], lang)
    has_point = pd.notna(work["lon"])
    return NearRow(
        work_id=str(work["work_id"]),
        name=name_of(work, lang),
        districts=district_names(work["district_code"], districts, lang),
        status=status_style(str(work["status"])),
        distance=length_text(float(work["distance_m"]), lang),
        span=span.format(
            least=length_text(float(work["least_m"]), lang), most=length_text(float(work["most_m"]), lang)
        ),
        certain=_certain(work["certain_m"], lang),
        lon=float(work["lon"]) if has_point else near.position.lon,
        lat=float(work["lat"]) if has_point else near.position.lat,
    )


def _certain(bound: float, lang: str) -> str:
    return translate(NEAR_TEXTS["not_certain"], lang) if pd.isna(bound) else bound_text(bound, lang)
