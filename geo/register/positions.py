"""The place that a question is about: coordinates as given, or what the search finds under a name or an id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from geo.errors import UnknownIdError
from geo.places.gazetteer import Gazetteer
from geo.register.city import Atlas
from geo.register.search import search
from geo.text import mark as _

MOST_CHOICES: Final = 12


@dataclass(frozen=True, slots=True)
class Position:
    """A place: WGS84 degrees, radius of error in metres; its id and names where it has any."""

    lon: float
    lat: float
    accuracy_m: float = 0.0
    place_id: str = ""
    name_zh: str = ""
    name_en: str = ""


def position_of(atlas: Atlas, gazetteer: Gazetteer, place_id: str, as_of: date) -> Position | None:
    """The place of a work, a facility or a named place, as it is known on a day.

    Parameters
    ----------
    atlas : Atlas
    gazetteer : Gazetteer
    place_id : str
        Of a work, a facility, or a place of the gazetteer.
    as_of : date

    Returns
    -------
    Position or None
        None where there is no such id, or where it has no place or is a line, which is at no one place.
    """
    for table in (atlas.register.state(as_of), atlas.register.facilities, gazetteer.places):
        if place_id in table.index:
            return _position(place_id, pd.Series(table.loc[place_id]))
    return None


def _position(place_id: str, row: pd.Series[Any]) -> Position | None:
    if pd.isna(row["lon"]):
        return None
    accuracy = 0.0 if pd.isna(row["accuracy_m"]) else float(row["accuracy_m"])
    names = (str(row["name_zh"]), str(row["name_en"] or ""))
    return Position(float(row["lon"]), float(row["lat"]), accuracy, place_id, *names)


def choices(
    atlas: Atlas, gazetteer: Gazetteer, text: str, *, as_of: date, limit: int = MOST_CHOICES
) -> pd.DataFrame:
    """What ``text`` may mean: works, facilities, places and districts, best first, as :func:`geo.register.search.search`.

    Parameters
    ----------
    atlas : Atlas
    gazetteer : Gazetteer
    text : str
    as_of : date
        Facilities that do not stand on this day are left out.
    limit : int
        How many rows at the most.

    Returns
    -------
    DataFrame
    """
    return search(atlas.register, gazetteer, text, as_of=as_of, limit=limit, districts=atlas.districts)


def resolve(atlas: Atlas, gazetteer: Gazetteer, text: str, as_of: date) -> Position | pd.DataFrame:
    """The one place that a name or an id means, or what it may mean.

    Parameters
    ----------
    atlas : Atlas
    gazetteer : Gazetteer
    text : str
    as_of : date

    Returns
    -------
    Position or DataFrame
        A position where the text is an id with a place, or all answers are at one and the same place; else :func:`choices`.

    Raises
    ------
    UnknownIdError
        Nothing is found.
    """
    exactly = position_of(atlas, gazetteer, text, as_of)
    if exactly is not None:
        return exactly
    rows = choices(atlas, gazetteer, text, as_of=as_of)
    if rows.empty:
        raise UnknownIdError(
            _("没有找到“{place}”。"), hint=_("可试站名、街道名、拼音首字母或编号。"), place=text[:40]
        )
    if len(rows[["lon", "lat"]].drop_duplicates()) == 1:
        only = position_of(atlas, gazetteer, str(rows.iloc[0]["id"]), as_of)
        return rows if only is None else only
    return rows
