"""One city: its pack, its register and its districts, as one object that pages, routes and commands share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo.places.districts import land_area_km2, load_districts
from geo.register.city_facts import City
from geo.register.pack import Pack
from geo.register.progress import LineShares, line_shares
from geo.register.register import Register
from geo.text_tables import read_city_table

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series


@dataclass(frozen=True, eq=False)
class Atlas:
    """A city pack with what is derived from it. Read only: share it, never change its frames.

    Attributes
    ----------
    pack, register : Pack, Register
        The tables, and the register over them.
    districts : GeoDataFrame
        EPSG:4326, indexed by district code.
    """

    pack: Pack
    register: Register
    districts: GeoDataFrame

    @cached_property
    def line_shares(self) -> LineShares:
        """Drawn kilometres of each line, and its shares by district."""
        return line_shares(self.register, self.districts)

    @cached_property
    def land_km2(self) -> Series[float]:
        """Land of each district, km2."""
        return land_area_km2(self.districts, self.city.projected_crs)

    def names(self, table: str, lang: str) -> dict[str, str]:
        """Id -> name in ``lang`` of the word list ``table`` (``categories`` or ``kinds``), in its own order."""
        return dict(self.vocabulary(table, f"name_{lang}")[f"name_{lang}"])

    def vocabulary(self, table: str, *columns: str) -> DataFrame:
        """The word list ``table`` of the pack, indexed by its first column; ``DataError`` where ``columns`` are missing."""
        return _read_vocabulary(self.pack.root, f"{table}.csv", columns)

    @property
    def city(self) -> City:
        """The whole city, as the pack describes it: names, credits, projected system, days."""
        return self.pack.city

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude (WGS84) of the middle of the city's bounds."""
        west, south, east, north = map(float, self.districts.total_bounds)
        return (west + east) / 2, (south + north) / 2

    @property
    def version(self) -> str:
        """Short digest of the pack or of the store's log: part of every data URL, so nothing is ever served stale."""
        return self.pack.digest[:12]


@lru_cache(maxsize=32)
def _read_vocabulary(root: Path, name: str, columns: tuple[str, ...]) -> DataFrame:
    table = read_city_table(root, name, columns)
    return table.set_index(table.columns[0])


def atlas_of(pack: Pack) -> Atlas:
    """An atlas over a loaded pack."""
    return Atlas(pack=pack, register=Register.from_pack(pack), districts=load_districts(pack.root))
