"""Names that stand for a place in the register, to place what has a name and no coordinates: estates, schools, hospitals, stops
and street crossings.

A name is found where all that bears it stands together. What is given is never more exact than such names were found to be:
the radius is the rule of its location basis (:mod:`geo.register.calibration`), which tests hold against stations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.places.crs import convert
from geo.register.calibration import accuracy_rules
from geo.register.ids import name_key
from geo.vocabulary import BASES_SEEN_ON_SITE

if TYPE_CHECKING:
    from geo.register.city import Atlas

BASIS: Final = "approximate"
"""Location basis of what is placed by a name."""
TOGETHER_M: Final = 500.0
"""Places of one name within this distance of their middle are one place; else the name says nothing."""
WORST_M: Final = 1000.0
"""A place known less exactly than this is no help for another."""
WITHOUT_RULE_M: Final = 2000.0
"""Radius where the pack has no rule. A judgement."""
_SHORTEST: Final = 4
"""Letters of a name that is looked for inside an address."""
_ROAD: Final = re.compile(r"(?:路|街|大道|国道|省道|巷|弄|公路|高架|线)$")
_CROSSING: Final = re.compile(
    r"([一-鿿0-9]{2,8}?(?:路|街|大道|国道|省道))[与和、/·—\-（(]+([一-鿿0-9]{2,8}?(?:路|街|大道|国道|省道))"
)
_BRACKETS: Final = re.compile(r"[（()）]")


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that a name stands for: WGS84 degrees, radius of error in metres, the name, and the source of the place."""

    lon: float
    lat: float
    accuracy_m: float
    name: str
    source_id: str | None


class NamedPlaces:
    """The names of one atlas on a day; made once for a list."""

    def __init__(self, atlas: Atlas, as_of: date) -> None:
        rows = _known_places(atlas, as_of)
        x, y = convert(rows["lon"], rows["lat"], source="WGS84", target=atlas.city.projected_crs)
        self._rows = rows.assign(x=x, y=y)
        self._projected = atlas.city.projected_crs
        self._least_m = accuracy_rules(atlas.pack.root).get(BASIS, WITHOUT_RULE_M)
        self._names: dict[str, list[int]] = {}
        self._crossings: dict[frozenset[str], list[int]] = {}
        for at, name in enumerate(rows["name_zh"]):
            self._add(at, str(name))

    def _add(self, at: int, name: str) -> None:
        parts = [part for part in (name_key(text, whole=True) for text in _BRACKETS.split(name)) if part]
        if len(parts) == 2 and all(map(_ROAD.search, parts)):
            self._crossings.setdefault(frozenset(parts), []).append(at)
        for part in {name_key(name, whole=True), *parts}:
            if not _ROAD.search(part):  # a road is too long to be a place
                self._names.setdefault(part, []).append(at)

    def by_name(self, name: str, district: str = "") -> NamedPlace | None:
        """What is called exactly so (brackets aside), in a district if one is given; None where nothing or several places are."""
        return self._one(self._names.get(name_key(name), []), district)

    def by_address(self, address: str, district: str = "") -> NamedPlace | None:
        """The crossing that an address names, else the longest name of a place that stands in it; None without."""
        for first, second in _CROSSING.findall(address):
            for start in range(len(first) - 1):  # what stands before the road's name is a district or a town
                roads = frozenset((name_key(first[start:]), name_key(second)))
                if (place := self._one(self._crossings.get(roads, []), district)) is not None:
                    return place
        text = name_key(address, whole=True)
        pieces = sorted(
            {text[i:j] for i in range(len(text)) for j in range(i + _SHORTEST, min(i + 20, len(text)) + 1)},
            key=lambda piece: (-len(piece), text.index(piece)),
        )
        known = (self._one(self._names[piece], district) for piece in pieces if piece in self._names)
        return next((place for place in known if place is not None), None)

    def _one(self, at: list[int], district: str) -> NamedPlace | None:
        if not at:
            return None
        rows = self._rows.iloc[at]
        if district:
            wanted = set(district.split("|"))
            codes = rows["district_code"].fillna("").astype(str).str.split("|")
            rows = rows[codes.map(lambda each: bool(wanted & set(each))).astype(bool)]
        if rows.empty:
            return None
        x, y = float(rows["x"].mean()), float(rows["y"].mean())
        spread = float(np.hypot(rows["x"] - x, rows["y"] - y).max())
        if spread > TOGETHER_M:
            return None
        lon, lat = convert([x], [y], source=self._projected, target="WGS84")
        radius = max(self._least_m, spread + float(rows["accuracy_m"].max()))
        first = rows.iloc[0]
        return NamedPlace(
            round(float(lon[0]), 6),
            round(float(lat[0]), 6),
            round(radius, -1),
            str(first["name_zh"]),
            first["place_source_id"],
        )


def _known_places(atlas: Atlas, as_of: date) -> pd.DataFrame:
    """Facilities and works whose place was seen, published or mapped, exactly enough to help another."""
    columns = ["name_zh", "district_code", "lon", "lat", "accuracy_m", "place_source_id"]
    parts = []
    for table in (atlas.register.facilities_on(as_of), atlas.register.state(as_of)):
        known = (
            table["lon"].notna()
            & table["name_zh"].notna()
            & table["location_basis"].isin(BASES_SEEN_ON_SITE)
            & (table["accuracy_m"] <= WORST_M)
        )
        parts.append(table.loc[known, columns])
    return pd.concat(parts)
